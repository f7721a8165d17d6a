"""ROC: the curve, its area A_z with an interval, and two scores compared (METHODS Q7.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from engine.answers import Interval
from engine.errors import Refusal
from engine.evaluation.counted import FEW

Scores = NDArray[np.float64]
Truth = NDArray[np.bool_]


class Method(StrEnum):
    """Whose interval one is."""

    DELONG = "DeLong"
    NEWCOMBE = "Newcombe"


@dataclass(frozen=True)
class Area:
    """A_z with its interval and whose it is, over ``positives`` and ``negatives`` pictures."""

    value: float
    interval: Interval
    positives: int
    negatives: int
    method: Method


@dataclass(frozen=True)
class Comparison:
    """A_z of one score minus that of another on the same pictures, and a two-sided ``p``."""

    difference: float
    interval: Interval
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
    placed = _Placed.of(scores, truth, patients)
    low, high = placed.ends(_times(level))
    interval = Interval(max(0.0, low), min(1.0, high), level)
    return Area(placed.value, interval, len(placed.below), len(placed.above), placed.method)


def compare(
    first: Scores,
    second: Scores,
    truth: Truth,
    level: float = 0.95,
    patients: NDArray[np.intp] | None = None,
) -> Comparison:
    """DeLong's paired test of two scores (n,) of the same pictures, Obuchowski's of patients.

    Two scores that order the pictures alike have difference 0 and p 1. Raises ``Refusal`` as
    ``area`` does.

    decided: where an area's interval is Newcombe's, that of the difference is made of both and of
    their correlation, and p is such that the interval of 1 - p ends at 0.

    Source: as of ``area``; of few, G. Zou, Psychological Methods 12 (2007), 399-413, equation 15.
    """
    one, other = (_Placed.of(scores, truth, patients) for scores in (first, second))
    difference, times = one.value - other.value, _times(level)
    deviations = one.deviation(), other.deviation()
    between = one.deviation(other)
    if one.few or not all(deviations):
        covariance = (deviations[0] ** 2 + deviations[1] ** 2 - between**2) / 2
        spread = deviations[0] * deviations[1]
        alike = min(1.0, max(-1.0, covariance / spread)) if spread else 0.0
        low, high = _apart(one, other, alike, times)
        z = _reach(lambda reach: _apart(one, other, alike, reach), difference)
    else:
        low, high = difference - times * between, difference + times * between
        z = abs(difference) / between if between else 0.0
    return Comparison(difference, Interval(low, high, level), 2 * NormalDist().cdf(-z))


@dataclass(frozen=True, eq=False)
class _Placed:
    """V10, the share of negatives ``below`` each positive, and V01, of positives ``above`` each
    negative, with the numbers of the patients whose they are. ``m`` and ``n`` patients have one.
    """

    below: Scores
    above: Scores
    positive: NDArray[np.intp]
    negative: NDArray[np.intp]
    m: int
    n: int

    @classmethod
    def of(cls, scores: Scores, truth: Truth, patients: NDArray[np.intp] | None) -> "_Placed":
        """The pictures of one score, as ``area`` is given it, and with its refusals."""
        below, above = _placements(scores, truth)
        whose = np.arange(len(truth)) if patients is None else patients
        positive, negative = whose[truth], whose[~truth]
        m, n = len(np.unique(positive)), len(np.unique(negative))
        return cls(below, above, positive, negative, m, n)

    @property
    def value(self) -> float:
        """The area."""
        return float(self.below.mean())

    @property
    def few(self) -> bool:
        """Whether a class has fewer than ``FEW`` patients."""
        return min(self.m, self.n) < FEW

    def deviation(self, less: "_Placed | None" = None) -> float:
        """Of the area, or of the area less another's; 0 of a class with one patient alone."""
        if min(self.m, self.n) < 2:
            return 0.0
        below, above, value = self.below, self.above, self.value
        if less is not None:
            below, above, value = below - less.below, above - less.above, value - less.value
        return _deviation(below - value, above - value, self.positive, self.negative)

    @property
    def method(self) -> Method:
        """Whose interval ``ends`` are."""
        return Method.NEWCOMBE if self.few or not self.deviation() else Method.DELONG

    def ends(self, times: float) -> tuple[float, float]:
        """Those of the interval that reaches ``times`` deviations."""
        value = self.value
        if self.method is Method.NEWCOMBE:
            low, high = (_lowest(each, self.m, self.n, times) for each in (value, 1 - value))
            return low, 1 - high
        reach = times * self.deviation()
        return value - reach, value + reach


def _apart(one: _Placed, other: _Placed, alike: float, times: float) -> tuple[float, float]:
    """The ends of a difference's interval from those of its two areas, correlated by ``alike``."""
    (low, high), (low_other, high_other) = one.ends(times), other.ends(times)
    down, up = one.value - low, high - one.value
    down_other, up_other = other.value - low_other, high_other - other.value
    less = down**2 - 2 * alike * down * up_other + up_other**2
    more = up**2 - 2 * alike * up * down_other + down_other**2
    difference = one.value - other.value
    return difference - sqrt(max(less, 0.0)), difference + sqrt(max(more, 0.0))


def _reach(ends: Callable[[float], tuple[float, float]], difference: float) -> float:
    """So many deviations an interval may reach until it holds 0; 40 of what never does."""
    if abs(difference) < 1e-12:
        return 0.0
    low, high = 0.0, 40.0
    for _ in range(40):
        times = (low + high) / 2
        if (ends(times)[0] > 0) if difference > 0 else (ends(times)[1] < 0):
            low = times
        else:
            high = times
    return low


def _times(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 2)


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
    # What rounding leaves of a difference that is none is no variance.
    return sqrt(variance) if variance > 1e-15 else 0.0


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


def nearest_pair(scores: Scores, truth: Truth) -> tuple[float, float, float | None]:
    """Sensitivity and specificity of the ROC point nearest to (1, 1), and its threshold (Q7.5).

    The threshold is None where nothing is called positive.
    """
    false, sensitivity = curve(scores, truth)
    best = int(np.argmin(false**2 + (1 - sensitivity) ** 2))
    threshold = float(np.unique(scores)[-best]) if best else None
    return float(sensitivity[best]), float(1 - false[best]), threshold


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
