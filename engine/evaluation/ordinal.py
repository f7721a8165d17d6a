"""How well ordered stages are told, and whether one way beats another over splits (METHODS L3)."""

from collections.abc import Callable
from dataclasses import dataclass
from math import copysign, inf, isnan, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from engine.answers import Interval

Stages = NDArray[np.intp]


@dataclass(frozen=True)
class ResampledTest:
    """The mean of paired differences over splits, their deviation, and the corrected test."""

    mean: float
    deviation: float
    t: float
    p: float


def confusion(truth: Stages, told: Stages, stages: int) -> NDArray[np.intp]:
    """Counts (K, K), a row for each true stage."""
    return np.bincount(truth * stages + told, minlength=stages * stages).reshape(stages, stages)


def quadratic_kappa(counts: NDArray[np.number]) -> float:
    """Cohen's kappa with quadratic weights of a confusion matrix (K, K); nan where 0/0."""
    observed = np.asarray(counts, np.float64)
    steps = np.arange(len(observed))
    weights = (steps[:, None] - steps[None]) ** 2.0
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / max(observed.sum(), 1)
    by_chance = float((weights * expected).sum())
    return 1 - float((weights * observed).sum()) / by_chance if by_chance else nan


def kappa_interval(
    truth: Stages,
    told: Stages,
    stages: int,
    draw: np.random.Generator,
    *,
    groups: NDArray[np.intp] | None = None,
    level: float = 0.95,
    draws: int = 1000,
) -> Interval:
    """The bootstrap interval of the kappa: ``drawn``."""

    def kappa(rows: NDArray[np.intp]) -> float:
        return quadratic_kappa(confusion(truth[rows], told[rows], stages))

    return drawn(kappa, len(truth), draw, groups=groups, level=level, draws=draws)


def drawn(
    figure: Callable[[NDArray[np.intp]], float],
    count: int,
    draw: np.random.Generator,
    *,
    groups: NDArray[np.intp] | None = None,
    level: float = 0.95,
    draws: int = 1000,
) -> Interval:
    """The interval of a figure of some rows out of ``count``: percentiles over draws of pictures.

    ``groups`` (n,) holds what is drawn together, such as a patient's pictures. Draws in which the
    figure is nan are left out.
    """
    members = np.arange(count) if groups is None else np.unique(groups, return_inverse=True)[1]
    of_group = [np.flatnonzero(members == group) for group in range(members.max() + 1)]
    found = []
    for _ in range(draws):
        chosen = draw.integers(len(of_group), size=len(of_group))
        rows = np.concatenate([of_group[group] for group in chosen])
        found.append(figure(rows))
    known = [each for each in found if not isnan(each)]
    ends = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(known, ends) if known else (nan, nan)
    return Interval(float(low), float(high), level)


def resampled_test(differences: NDArray[np.float64], test_over_train: float) -> ResampledTest:
    """The corrected resampled t-test of differences over J random splits, (J,), two-sided.

    ``test_over_train`` is n_test / n_train; 0 is the uncorrected test. Where all differences are
    the same, t is infinite with their sign, or nan if they are 0.

    Source: C. Nadeau and Y. Bengio, Machine Learning 52 (2003).
    """
    from scipy import stats

    mean = float(differences.mean())
    # By themselves: the deviation of what cannot be told exactly in binary is not quite 0.
    alike = bool((differences == differences[0]).all())
    deviation = 0.0 if alike else float(differences.std(ddof=1))
    if deviation == 0:
        t = copysign(inf, mean) if mean else nan
        return ResampledTest(mean, 0.0, t, nan if mean == 0 else 0.0)
    t = mean / (deviation * sqrt(1 / len(differences) + test_over_train))
    return ResampledTest(mean, deviation, t, 2 * float(stats.t.sf(abs(t), len(differences) - 1)))


def stage_error(truth: Stages, expected: NDArray[np.float64]) -> float:
    """The mean absolute difference of expected stages (n,) from true ones."""
    return float(np.abs(expected - truth).mean())


def recalls(counts: NDArray[np.number]) -> NDArray[np.float64]:
    """The share of each true stage that was told, (K,); nan where there is none."""
    totals = np.asarray(counts, np.float64).sum(axis=1)
    found = np.full(len(totals), nan)
    np.divide(np.diag(counts), totals, out=found, where=totals > 0)
    return found
