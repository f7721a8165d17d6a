"""Which regions of two visits are new, grown, gone, stayed or uncertain.

A map scatters: that the model looked at no region there before does not make one new. It is new
where the photographs themselves differ within it, and gone likewise.
"""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import Region
from engine.followup.appearance import Appearance
from engine.geometry import Affine, Circle
from engine.visits.change import Fate, RegionChange

CERTAIN = 3.5
"""Standard deviations from which a spot came or went.

Decided on pairs of photographs of one eye from IDRiD: of a whole pair some five spots reach it,
where nothing is known to have changed.
"""
DOUBTFUL = 2.5
"""From here up to ``CERTAIN`` it is not told whether anything changed."""
_SEEN = 0.8  # share of a region that must lie in both fields
_BENEATH = 4  # grid pixels around what came in which what went may be covered
_LEEWAY = 1  # grid pixels by which a region is widened


def changes(
    earlier: Sequence[Region],
    later: Sequence[Region],
    appearance: Appearance,
    matrix: Affine,
    assessed: tuple[Circle, Circle],
) -> tuple[RegionChange, ...]:
    """What became of each region: first those of the later photograph, then the earlier's others.

    ``matrix`` lays the earlier photograph on the later one; ``assessed`` are the areas that the
    network was given, the earlier's and the later's. Decided: a region in which something came has
    grown where a part of it was there before and did not go, else it is new; one that nothing came
    into stayed, also where the model looked at it at one visit alone. An earlier region is told
    once: as gone, or else with a later one that lies on it.
    """
    onto = np.asarray(np.linalg.inv(appearance.way_back), np.float64)
    shape = appearance.seen.shape
    both = appearance.seen & _disc(shape, onto, assessed[1])
    both &= _disc(shape, onto @ matrix, assessed[0])
    then = [_mask(region, onto @ matrix, shape) for region in earlier]
    went = _uncovered(appearance)
    ends = [_fate(mask, both, went, Fate.GONE) for mask in then]
    left = {place: then[place] for place, end in enumerate(ends) if end is not Fate.GONE}
    found: list[RegionChange] = []
    for place, region in enumerate(later):
        mask = _mask(region, onto, shape)
        before = _most(mask, left)
        fate = _fate(mask, both, appearance.came, Fate.NEW if before is None else Fate.GROWN)
        found.append(RegionChange(fate, before, place))
    told = {each.earlier for each in found}
    found += [RegionChange(end, at, None) for at, end in enumerate(ends) if at not in told]
    return tuple(found)


def _uncovered(appearance: Appearance) -> NDArray[np.float32]:
    """What went, in doubt where something came: an old spot may lie beneath a new one."""
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _BENEATH + 1, 2 * _BENEATH + 1))
    covered = cv2.dilate((appearance.came >= DOUBTFUL).astype(np.uint8), near) > 0
    covered |= appearance.covered
    doubt = np.minimum(appearance.went, np.float32(DOUBTFUL))
    return np.asarray(np.where(covered, doubt, appearance.went), np.float32)


def untold(earlier: Sequence[Region], later: Sequence[Region]) -> tuple[RegionChange, ...]:
    """All of them uncertain, where how the photographs lie on each other was not checked."""
    return (
        *(RegionChange(Fate.UNCERTAIN, None, place) for place in range(len(later))),
        *(RegionChange(Fate.UNCERTAIN, place, None) for place in range(len(earlier))),
    )


def _fate(
    mask: NDArray[np.bool_], both: NDArray[np.bool_], change: NDArray[np.float32], certain: Fate
) -> Fate:
    """``certain`` where something changed within; uncertain where too little of it was seen."""
    area = int(np.count_nonzero(mask))
    within = mask & both
    strongest = float(change[within].max()) if within.any() else 0.0
    if strongest >= CERTAIN:
        return certain
    if np.count_nonzero(within) < _SEEN * area or not area or strongest >= DOUBTFUL:
        return Fate.UNCERTAIN
    return Fate.STAYED


def _most(mask: NDArray[np.bool_], others: Mapping[int, NDArray[np.bool_]]) -> int | None:
    """Which of the others covers most of it; None where none lies on it."""
    shared = {place: int(np.count_nonzero(mask & other)) for place, other in others.items()}
    best = max(shared, key=lambda place: shared[place], default=None)
    return best if best is not None and shared[best] else None


def _mask(region: Region, onto: Affine, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """A region on the grid, a little wider; where it is smaller than a pixel, the pixel."""
    whole = onto @ region.way_back
    size = (shape[1], shape[0])
    cells = np.pad(region.cells.astype(np.float32), 2)
    shift = np.array([[1.0, 0.0, -2.0], [0.0, 1.0, -2.0], [0.0, 0.0, 1.0]])
    laid = cv2.warpAffine(cells, (whole @ shift)[:2], size, flags=cv2.INTER_LINEAR)
    near = np.ones((2 * _LEEWAY + 1, 2 * _LEEWAY + 1), np.uint8)
    return np.asarray(cv2.dilate((laid >= 0.5).astype(np.uint8), near) > 0, np.bool_)


def _disc(shape: tuple[int, ...], onto: Affine, circle: Circle) -> NDArray[np.bool_]:
    """Which grid pixels lie within a circle of a photograph."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    back = np.linalg.inv(onto)
    across = back[0, 0] * x + back[0, 1] * y + back[0, 2] - circle.x
    down = back[1, 0] * x + back[1, 1] * y + back[1, 2] - circle.y
    return np.asarray(np.hypot(across, down) <= circle.radius, np.bool_)
