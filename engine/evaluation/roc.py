"""The area under the ROC curve, A_z, with DeLong's interval (METHODS Q7.1)."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from engine.answers import Interval
from engine.errors import Refusal


@dataclass(frozen=True)
class Area:
    """A_z with its interval, over ``positives`` and ``negatives`` pictures."""

    value: float
    interval: Interval
    positives: int
    negatives: int


def area(scores: NDArray[np.float64], truth: NDArray[np.bool_], level: float = 0.95) -> Area:
    """The Mann-Whitney area, ties one half, with DeLong's variance by midranks.

    ``scores`` and ``truth`` are (n,). The paper prints 95 % intervals; any other level is named by
    whoever asks for it. Raises ``Refusal`` when one of the two classes is empty, or has one
    picture alone, so that there is no variance.

    Source: E. DeLong et al., Biometrics 44 (1988); midranks after X. Sun and W. Xu (2014).
    """
    positive, negative = scores[truth], scores[~truth]
    m, n = len(positive), len(negative)
    if m < 2 or n < 2:
        raise Refusal(
            "The area under the ROC curve cannot be computed.",
            f"It takes two referable and two other pictures; {m} and {n} were given.",
            "Add graded pictures of the class that is short.",
        )
    ranks = _midranks(np.concatenate([positive, negative]))
    below = (ranks[:m] - _midranks(positive)) / n  # V10: share of negatives below each positive
    above = 1 - (ranks[m:] - _midranks(negative)) / m  # V01: share of positives above each negative
    value = float(below.mean())
    deviation = sqrt(below.var(ddof=1) / m + above.var(ddof=1) / n)
    reach = NormalDist().inv_cdf(0.5 + level / 2) * deviation
    interval = Interval(max(0.0, value - reach), min(1.0, value + reach), level)
    return Area(value, interval, m, n)


def _midranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, tied values sharing the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: NDArray[np.float64] = (last - (counts - 1) / 2)[inverse]
    return ranks
