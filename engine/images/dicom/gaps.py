"""How slices follow each other along their normal: evenly, with some missing, unevenly, in blocks.

Measured distances alone decide: what a header says of thickness or spacing is never the distance
between two slices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

ROUNDING = 0.01
"""mm. Decided: headers often round positions to two decimals; up to this nothing is said."""

LOOSE = 0.05
"""Parts of the distance. Decided: a slice that lies this near to its even place is left as it is,
which is said; interpolating would cost sharpness and gain nothing that an eye could see."""

BRIDGED = 2.05
"""Distances. Decided: interpolated is across twice the usual distance at most (with ``LOOSE``)."""

FEW = 3
"""Decided: so many slices may be missing in a row, or a fourth of those there are; across more,
what lies on both sides is no longer one volume."""

_MOST_OF_ALL = 3
"""Decided: in all, so many times as many slices may be missing as there are."""

_SPARSE = 2000
"""Decided: so many slices may be without anything drawn, which is more than any body has."""

_SIMILAR = 1.5
"""Decided: where the largest gap is less than so many times the smallest, as many slices are
interpolated as there are; else they lie as close as the smallest gap, so that none is lost."""

_THICKER = 1.5
"""Decided: where slices are so many times thicker than elsewhere, a wide gap was meant."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """Slices from ``start`` to before ``stop`` that make one volume.

    ``places`` are their indices along z, ``step`` the distance in mm between two indices (None for
    one slice). ``interpolated``: they lie too unevenly, and ``places`` are where they lie among
    the indices of an even grid of ``count``. ``gaps`` is the least and the greatest distance,
    ``astray`` how far a slice lies at most from its place.
    """

    start: int
    stop: int
    places: tuple[float, ...] = (0.0,)
    step: float | None = None
    count: int = 1
    interpolated: bool = False
    gaps: tuple[float, float] = (0.0, 0.0)
    astray: float = 0.0

    @property
    def missing(self) -> tuple[int, ...]:
        """The indices at which there is no slice."""
        if self.interpolated:
            return ()
        return tuple(sorted(set(range(self.count)) - {int(place) for place in self.places}))

    @property
    def loose(self) -> bool:
        """Whether slices are shown at an even distance that lie at a slightly uneven one."""
        return not self.interpolated and self.astray > ROUNDING


def runs(
    depths: Sequence[float], thicknesses: Sequence[float | None], *, sparse: bool = False
) -> tuple[Run, ...]:
    """Part slices at increasing ``depths`` (mm along the normal) into volumes, in their order.

    Of a ``sparse`` volume many more slices may be missing: nothing was to be seen there.
    """
    most = _SPARSE if sparse else max(FEW, len(depths) // 4)
    return tuple(_runs(np.array(depths, np.float64), thicknesses, 0, most, None))


def _runs(
    depths: Floats,
    thicknesses: Sequence[float | None],
    start: int,
    most: int,
    around: float | None,
) -> list[Run]:
    """``start`` counts the slices before; ``around`` is the usual distance in all of the series."""
    if len(depths) == 1:
        return [Run(start, start + 1)]
    gaps = np.diff(depths)
    usual = _finest_gap(gaps)
    if usual is None:
        usual = around if around and _steps(gaps, around)[1].all() else usual_gap(gaps)
    steps, whole = _steps(gaps, usual)
    whole &= ~_meant(steps, thicknesses)
    few = steps - 1 <= most
    if (steps - 1)[whole & few].sum() > max(most, _MOST_OF_ALL * len(depths)):
        few &= steps < steps[whole & few].max()
    apart = np.flatnonzero(~((whole & few) | (gaps <= BRIDGED * usual)))
    if len(apart):
        ends = [0, *(apart + 1).tolist(), len(depths)]
        return [
            run
            for low, high in pairwise(ends)
            for run in _runs(
                depths[low:high], thicknesses[low:high], start + low, most, around or usual
            )
        ]
    even = _even(depths, steps, start) if whole.all() else None
    return [even or _uneven(depths, start)]


def _even(depths: Floats, steps: Floats, start: int) -> Run | None:
    """Slices that lie at whole numbers of one distance, None if one strays too far from there."""
    places = np.concatenate([[0.0], np.cumsum(steps)])
    step = float((depths[-1] - depths[0]) / places[-1])
    astray = float(np.abs(depths - depths[0] - places * step).max())
    if astray > LOOSE * step:
        return None
    count, stop = int(places[-1]) + 1, start + len(depths)
    return Run(start, stop, _tuple(places), step, count, gaps=_span(depths), astray=astray)


def _uneven(depths: Floats, start: int) -> Run:
    """Slices to be interpolated: at the mean distance if they are similar, else the smallest."""
    least, greatest = _span(depths)
    length = float(depths[-1] - depths[0])
    mean = length / (len(depths) - 1)
    finest = least if greatest >= _SIMILAR * least else mean
    count = min(round(length / finest), 2 * (len(depths) - 1)) + 1
    step = length / (count - 1)
    places = _tuple((depths - depths[0]) / step)
    stop = start + len(depths)
    return Run(start, stop, places, step, count, interpolated=True, gaps=(least, greatest))


def _span(depths: Floats) -> tuple[float, float]:
    gaps = np.diff(depths)
    return float(gaps.min()), float(gaps.max())


def _steps(gaps: Floats, usual: float) -> tuple[Floats, NDArray[np.bool_]]:
    """How many usual distances each gap has, and whether it has a whole number of them."""
    steps = np.rint(gaps / usual)
    # Both ends of a gap may lie beside their places.
    return steps, (steps >= 1) & (np.abs(gaps - steps * usual) <= 2 * LOOSE * usual)


def _finest_gap(gaps: Floats) -> float | None:
    """The smallest distance if all others have a whole number of it, and few slices are missing."""
    usual = float(gaps[gaps < _SIMILAR * gaps.min()].mean())
    steps, whole = _steps(gaps, usual)
    return usual if whole.all() and 2 * (steps - 1).sum() <= len(gaps) + 1 else None


def usual_gap(gaps: Floats) -> float:
    """The distance that most neighbours have, the smaller one of two; else the middle one."""
    ordered = np.sort(gaps)
    first = np.searchsorted(ordered, ordered / (1 + LOOSE), side="left")
    last = np.searchsorted(ordered, ordered * (1 + LOOSE), side="right")
    alike = last - first
    best = int(alike.argmax())
    if 3 * alike[best] <= len(gaps) and len(gaps) > 2:
        return float(np.median(gaps))
    usual = np.median(ordered[first[best] : last[best]])
    # Not the middle one alone: gaps that were rounded alternate between two values.
    return float(gaps[np.rint(gaps / usual) == 1].mean())


def _meant(steps: Floats, thicknesses: Sequence[float | None]) -> NDArray[np.bool_]:
    """Which wide gaps lie beside thicker slices: there nothing is missing."""
    told = [thickness for thickness in thicknesses if thickness is not None]
    wide = steps > 1
    if len(told) < len(thicknesses) or wide.all():
        return np.zeros(len(steps), bool)
    thicker = np.maximum(told[:-1], told[1:])
    meant: NDArray[np.bool_] = wide & (thicker >= _THICKER * np.median(thicker[~wide]))
    return meant


def _tuple(numbers: Floats) -> tuple[float, ...]:
    return tuple(numbers.tolist())
