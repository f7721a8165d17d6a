"""Who was right where two did not agree: McNemar's exact test."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Disagreed:
    """Of ``total`` pictures, those of which the ``first`` or the ``second`` alone was right.

    ``p`` is two-sided, 1 where they agree on all; it takes pictures as independent.
    """

    first: int
    second: int
    total: int
    p: float


def disagreed(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Disagreed:
    """From whether each was right about a picture, both (n,).

    Source: Q. McNemar, Psychometrika 12 (1947); the binomial distribution itself, not its limit.
    """
    from scipy.stats import binomtest

    one, other = int((first & ~second).sum()), int((~first & second).sum())
    p = float(binomtest(one, one + other).pvalue) if one + other else 1.0
    return Disagreed(one, other, len(first), p)
