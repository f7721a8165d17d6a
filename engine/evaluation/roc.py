"""ROC: the curve, its area A_z with an interval, and two scores compared (METHODS Q7.1)."""

from dataclasses import dataclass
from math import copysign, inf, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from engine.answers import Interval
from engine.errors import Refusal
from engine.evaluation.counted import FEW

Scores = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Area:
    """A_z with its interval, over ``positives`` and ``negatives`` pictures."""

    value: float
    interval: Interval
    positives: int
    negatives: int


@dataclass(frozen=True)
class Comparison:
    """A_z of one score minus that of another on the same pictures, and how sure that is.

    ``covariance`` is that of the two areas; ``p`` is two-sided.
    """

    difference: float
    interval: Interval
    covariance: float
    z: float
    p: float


def area(
    scores: Scores, truth: Truth, level: float = 0.95, patients: NDArray[np.intp] | None = None
) -> Area:
    """The Mann-Whitney area, ties one half, with DeLong's interval, or Newcombe's of few.

    ``scores`` and ``truth`` are (n,), and so are the numbers of the ``patients``, whose pictures
    belong together; without them each picture stands for itself. The paper prints 95 % intervals;
    any other level is named by whoever asks for it. Raises ``Refusal`` when one of the two classes
    is empty, or has one picture alone, so that there is no variance.

    decided: with fewer than ``FEW`` patients of a class, or scores that part the classes wholly,
    DeLong's is too narrow, and at an area of 1 has no width at all.

    Source: E. DeLong et al., Biometrics 44 (1988); midranks after X. Sun and W. Xu (2014); of
    patients with several pictures, N. Obuchowski, Biometrics 53 (1997).
    """
    below, above = _placements(scores, truth)
    value = float(below.mean())
    whose = np.arange(len(truth)) if patients is None else patients
    m, n = len(np.unique(whose[truth])), len(np.unique(whose[~truth]))
    deviation = 0.0
    if min(m, n) >= FEW:
        deviation = _deviation(below - value, above - value, whose[truth], whose[~truth])
    times = NormalDist().inv_cdf(0.5 + level / 2)
    low, high = value - times * deviation, value + times * deviation
    if not deviation:
        low, high = _lowest(value, m, n, times), 1 - _lowest(1 - value, m, n, times)
    interval = Interval(max(0.0, low), min(1.0, high), level)
    return Area(value, interval, len(below), len(above))


def _deviation(
    below: Scores, above: Scores, positive: NDArray[np.intp], negative: NDArray[np.intp]
) -> float:
    """Of the area, from each picture's distance to it and the number of its patient."""
    _, numbers = np.unique(np.concatenate([positive, negative]), return_inverse=True)
    first, second = numbers[: len(below)], numbers[len(below) :]
    everyone = int(numbers.max()) + 1
    sums_below = np.bincount(first, below, everyone)
    sums_above = np.bincount(second, above, everyone)
    m, n = len(np.unique(first)), len(np.unique(second))
    variance = (
        m / (m - 1) * (sums_below**2).sum() / len(below) ** 2
        + n / (n - 1) * (sums_above**2).sum() / len(above) ** 2
        + 2 * everyone / (everyone - 1) * (sums_below @ sums_above) / (len(below) * len(above))
    )
    return sqrt(max(variance, 0.0))


def _lowest(value: float, m: int, n: int, times: float) -> float:
    """The least area from which ``value`` is no further than ``times`` *its* deviation.

    The deviation at an area A of m and n pictures is that of Hanley and McNeil with both counts
    replaced by their mean: A (1 - A) (1 + N (1 - A) / (2 - A) + N A / (1 + A)) / (m n), with
    N = (m + n) / 2 - 1.

    Source: R. Newcombe, Statistics in Medicine 25 (2006), 559-573, method 5.
    """
    others = (m + n) / 2 - 1
    low, high = 0.0, value
    for _ in range(60):
        a = (low + high) / 2
        pairs = 1 + others * ((1 - a) / (2 - a) + a / (1 + a))
        if value - a > times * sqrt(a * (1 - a) * pairs / (m * n)):
            low = a
        else:
            high = a
    return low


def compare(first: Scores, second: Scores, truth: Truth, level: float = 0.95) -> Comparison:
    """DeLong's paired test of two scores (n,) of the same pictures.

    Two scores that order the pictures alike have difference 0 and p 1. Raises ``Refusal`` as
    ``area`` does.
    """
    below_first, above_first = _placements(first, truth)
    below_second, above_second = _placements(second, truth)
    m, n = len(below_first), len(above_first)
    covariances = np.cov(below_first, below_second) / m + np.cov(above_first, above_second) / n
    difference = float(below_first.mean() - below_second.mean())
    variance = float(covariances[0, 0] + covariances[1, 1] - 2 * covariances[0, 1])
    # What rounding leaves of a difference that is none is no variance.
    deviation = sqrt(variance) if variance > 1e-15 else 0.0
    if deviation:
        z = difference / deviation
    else:
        z = copysign(inf, difference) if abs(difference) > 1e-12 else 0.0
    reach = NormalDist().inv_cdf(0.5 + level / 2) * deviation
    interval = Interval(difference - reach, difference + reach, level)
    return Comparison(
        difference, interval, float(covariances[0, 1]), z, 2 * NormalDist().cdf(-abs(z))
    )


def curve(scores: Scores, truth: Truth) -> tuple[Scores, Scores]:
    """The ROC curve: 1 - specificity and sensitivity, both (k,), from (0, 0) to (1, 1).

    A picture is called positive when its score is the threshold or more. Raises ``Refusal`` as
    ``area`` does.
    """
    _check(truth)
    order = np.argsort(-scores, kind="stable")
    falling, called = scores[order], truth[order]
    last = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))  # tied scores go together
    sensitivity = np.cumsum(called)[last] / called.sum()
    false = np.cumsum(~called)[last] / (~called).sum()
    return np.concatenate([[0.0], false]), np.concatenate([[0.0], sensitivity])


def nearest_pair(scores: Scores, truth: Truth) -> tuple[float, float]:
    """Sensitivity and specificity of the ROC point nearest to (1, 1) (METHODS Q7.5)."""
    false, sensitivity = curve(scores, truth)
    best = int(np.argmin(false**2 + (1 - sensitivity) ** 2))
    return float(sensitivity[best]), float(1 - false[best])


def _placements(scores: Scores, truth: Truth) -> tuple[Scores, Scores]:
    """V10, the share of negatives below each positive, and V01, of positives above each negative.

    Ties count one half.
    """
    _check(truth)
    positive, negative = scores[truth], scores[~truth]
    m, n = len(positive), len(negative)
    ranks = _midranks(np.concatenate([positive, negative]))
    return (ranks[:m] - _midranks(positive)) / n, 1 - (ranks[m:] - _midranks(negative)) / m


def _check(truth: Truth) -> None:
    positives = int(truth.sum())
    negatives = len(truth) - positives
    if positives < 2 or negatives < 2:
        raise Refusal(
            "The area under the ROC curve cannot be computed.",
            f"It takes two referable and two other pictures; {positives} and {negatives} were "
            "given.",
            "Add graded pictures of the class that is short.",
        )


def _midranks(values: Scores) -> Scores:
    """Ranks from 1, tied values sharing the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Scores = (last - (counts - 1) / 2)[inverse]
    return ranks
