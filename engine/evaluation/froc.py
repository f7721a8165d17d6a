"""FROC: lesions found against false positives a picture, its limited area, and a bootstrap.

METHODS Q7.4. x is the number of false positives over all evaluated pictures, y the share of all
lesions, pooled, that are hit; the area is that for 0 <= x <= 10, divided by 10.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.answers import Interval

MU = 10.0
"""False positives a picture up to which the area runs (the paper's)."""

DRAWS = 1000
LEVEL = 0.95

_AT_ONCE = 2_000_000  # numbers that one step of the bootstrap holds

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Found:
    """What a map found of one lesion type in one picture.

    ``false`` holds the scores of the false detections; ``hits`` is (lesions,), each lesion's
    highest detection, minus infinity where it was missed.
    """

    false: Values
    hits: Values


@dataclass(frozen=True, eq=False)
class Curve:
    """``false_positives`` a picture and ``sensitivity``, both (k,), from (0, 0), never falling."""

    false_positives: Values
    sensitivity: Values


class Swept(Protocol):
    """Pictures in which lesions were looked for, at every threshold."""

    @property
    def pictures(self) -> int:
        """How many were evaluated."""

    @property
    def lesions(self) -> NDArray[np.intp]:
        """Lesions of each picture, (pictures,)."""

    @property
    def steps(self) -> int:
        """How many thresholds there are."""

    def sweep(self, weights: Values, steps: int) -> tuple[Values, Values]:
        """False positives a picture and sensitivity at the first ``steps`` thresholds.

        ``weights`` is (draws, pictures), how often each picture counts; both results are
        (draws, steps).
        """


class Peaks:
    """Detections with a score each: every score is a threshold."""

    def __init__(self, found: Sequence[Found]) -> None:
        self.pictures = len(found)
        self.lesions = np.array([len(each.hits) for each in found], np.intp)
        false = [each.false for each in found]
        hits = [each.hits[each.hits > -np.inf] for each in found]
        scores = np.concatenate([*false, *hits, np.zeros(0)])
        pictures = np.repeat(
            np.tile(np.arange(len(found)), 2), [len(part) for part in false + hits]
        )
        is_hit = np.arange(len(scores)) >= sum(map(len, false))
        order = np.argsort(-scores, kind="stable")
        self._picture, self._hit = pictures[order], is_hit[order]
        falling = scores[order]
        # Equal scores pass a threshold together.
        self._last = np.flatnonzero(np.append(falling[1:] != falling[:-1], True)[: len(falling)])

    @property
    def steps(self) -> int:
        """How many different scores there are."""
        return len(self._last)

    def sweep(self, weights: Values, steps: int) -> tuple[Values, Values]:
        """See ``Swept``."""
        last = self._last[:steps]
        upto = last[-1] + 1 if steps else 0
        counted = weights[:, self._picture[:upto]]
        hit = self._hit[:upto]
        false = np.cumsum(counted * ~hit, axis=1)[:, last] / weights.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):  # a draw without a lesion has no sensitivity
            sensitivity = np.cumsum(counted * hit, axis=1)[:, last] / (
                weights @ self.lesions[:, None]
            )
        return false, sensitivity


@dataclass(frozen=True, eq=False)
class LimitedArea:
    """The area for at most ``MU`` false positives a picture, with its bootstrap interval.

    ``draws`` are the areas of the draws, so that two areas of the same draws can be compared.
    """

    value: float
    interval: Interval
    draws: Values


def curve(found: Swept) -> Curve:
    """The whole curve. Sensitivity is not a number where there is no lesion."""
    false, sensitivity = found.sweep(np.ones((1, found.pictures)), found.steps)
    return Curve(np.append(0.0, false[0]), np.append(0.0, sensitivity[0]))


def limited_area(found: Swept, mu: float = MU) -> float:
    """The area alone; not a number where there is no lesion."""
    return float(_areas(found, np.ones((1, found.pictures)), mu)[0])


def draw(
    pictures: int, generator: np.random.Generator, patients: NDArray[np.intp] | None = None
) -> Values:
    """How often each picture counts in each draw of as many pictures, (``DRAWS``, pictures).

    With ``patients``, the number from 0 of each picture's (pictures,), as many patients are drawn
    as there are, each with all of theirs.
    """
    whose = np.arange(pictures) if patients is None else patients
    count = int(whose.max()) + 1
    drawn = generator.multinomial(count, np.full(count, 1 / count), DRAWS)
    return drawn[:, whose].astype(float)


def area(found: Swept, weights: Values, mu: float = MU) -> LimitedArea | None:
    """The limited area with the percentiles of its draws; None where there is no lesion."""
    if not found.lesions.any():
        return None
    return _with_interval(limited_area(found, mu), _areas(found, weights, mu))


def mean(areas: Sequence[LimitedArea]) -> LimitedArea | None:
    """The mean over lesion types, of areas of the same draws; None of none."""
    if not areas:
        return None
    drawn = np.ma.masked_invalid(np.stack([each.draws for each in areas]))
    # A draw may hold no lesion of a rare type: its mean is that of the others.
    draws = drawn.mean(axis=0).filled(np.nan)
    return _with_interval(float(np.mean([each.value for each in areas])), draws)


def difference(first: LimitedArea, second: LimitedArea) -> LimitedArea:
    """The first area minus the second, of the same draws: a paired interval."""
    return _with_interval(first.value - second.value, first.draws - second.draws)


def _with_interval(value: float, draws: Values) -> LimitedArea:
    low, high = np.nanquantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return LimitedArea(value, Interval(float(low), float(high), LEVEL), draws)


def _areas(found: Swept, weights: Values, mu: float) -> Values:
    """The area of each draw, (draws,). Nothing beyond ``mu`` matters, and most lies there."""
    whole = found.sweep(np.ones((1, found.pictures)), found.steps)[0][0]
    steps = min(int(np.searchsorted(whole, 2 * mu)) + 1, found.steps)
    while True:
        together = max(1, _AT_ONCE // max(steps, 1))
        parts = [
            found.sweep(weights[start : start + together], steps)
            for start in range(0, len(weights), together)
        ]
        reached = steps == 0 or min(float(false[:, -1].min()) for false, _ in parts) >= mu
        if reached or steps == found.steps:
            areas = np.concatenate([_under(false, hit, mu) for false, hit in parts])
            return np.where(weights @ found.lesions > 0, areas, np.nan)
        steps = min(2 * steps, found.steps)


def _under(false: Values, sensitivity: Values, mu: float) -> Values:
    """Trapezoids up to ``mu``, cut there, and level beyond the last point; (draws,)."""
    start = np.zeros((len(false), 1))
    x, y = np.hstack([start, false]), np.hstack([start, sensitivity])
    width, rise = np.diff(x, axis=1), np.diff(y, axis=1)
    kept = np.clip(mu - x[:, :-1], 0, width)
    part = np.divide(kept, width, out=np.zeros_like(kept), where=width > 0)
    trapezoids = kept * (y[:, :-1] + rise * part / 2)
    area: Values = trapezoids.sum(axis=1) + np.maximum(mu - x[:, -1], 0) * y[:, -1]
    return area / mu
