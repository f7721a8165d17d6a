"""A mask that somebody drew elsewhere, brought onto the grid of the volume that it is laid over."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.pictures import Grid, VolumeFacts
from engine.space import Affine4
from viewer.seen.label_colours import LABEL_COLOURS
from viewer.seen.volume_overlay import VolumeOverlay

TOLERANCE = 0.25
"""Decided: two grids are one where no corner voxel lies further off than so much of a voxel, which
is what single precision leaves of a NIfTI file's qform."""

SPACING_TOLERANCE = 0.005
"""The share by which spacings are told to differ; more may hide in ``TOLERANCE`` of few voxels."""

TURNED = 0.05
"""Degrees from which a grid is said to be turned, and no longer to lie elsewhere."""

MOST_LABELS = 1000
"""Decided: more different values are a picture, not a mask."""

_GREATEST = 2**20
"""No label is greater: they are counted by their numbers."""

_WHAT = "The mask was not laid over this series."


@dataclass(frozen=True)
class Label:
    """A value above 0, how many voxels have it, and its place among the labels."""

    number: int
    voxels: int
    place: int


@dataclass(frozen=True, eq=False)
class Mask:
    """What is laid over a volume, and its labels, least number first.

    ``millilitres`` are those of a voxel, None where the spacing is not known.
    """

    overlay: VolumeOverlay
    labels: tuple[Label, ...]
    millilitres: float | None


def mask_onto(values: NDArray[Any], facts: VolumeFacts, onto: VolumeFacts, name: str) -> Mask:
    """The mask in ``values``, (frame, z, y, x), laid over a volume with the facts ``onto``.

    Where it is the same grid but for the order and direction of its axes, these are changed; no
    value is interpolated. What is above 0 is the mask.

    Raises:
        Refusal: It lies on another grid or in another space, or is no mask.
    """
    if facts.colour or len(values) > 1:
        why = "It holds colours." if facts.colour else f"It holds {len(values)} frames, not one."
        raise Refusal(_WHAT, why, "Choose a file with one whole number for each voxel.")
    order, flips = _way(facts, onto)
    # The axes are told as x, y, z, and lie as z, y, x.
    turned = values[0].transpose([2 - axis for axis in reversed(order)])
    turned = np.flip(turned, tuple(2 - axis for axis in flips))
    counts = _counts(turned)
    numbers = np.flatnonzero(counts)
    if not numbers.size:
        raise Refusal(_WHAT, "It holds no value above 0.", "Choose another file.")
    if numbers.size > MOST_LABELS:
        why = f"It holds {numbers.size:,} different values above 0, as a picture does."
        raise Refusal(_WHAT, why, "Choose a file that holds labels.")
    rows = np.zeros(len(counts), np.uint8)
    rows[numbers] = np.arange(numbers.size) % len(LABEL_COLOURS) + 1
    painted = np.empty(turned.shape, np.uint8)
    for target, slice_ in zip(painted, turned, strict=True):
        target[:] = rows[_labels(slice_)]
    labels = tuple(
        Label(number, int(counts[number]), place) for place, number in enumerate(numbers.tolist())
    )
    return Mask(VolumeOverlay(painted, 255.0, name, labels=True), labels, _voxel(onto.grid))


def _way(mask: VolumeFacts, series: VolumeFacts) -> tuple[tuple[int, int, int], tuple[int, ...]]:
    """Which axis of the mask is each of the series', and which of the series' run against it."""
    one, other = mask.frame_of_reference, series.frame_of_reference
    if one and other and one != other:
        why = "Its header names another frame of reference: it is another patient or another scan."
        raise Refusal(_WHAT, why, "Choose a mask of this series.")
    laid, onto = mask.grid.affine, series.grid.affine
    if (laid is None) is not (onto is None):
        which = "The mask's file" if laid is None else "This series"
        why = f"{which} does not say how it lies in the patient, so that they cannot be compared."
        raise Refusal(_WHAT, why, "Choose a mask that was saved with this series' place.")
    straight = (0, 1, 2)
    if laid is None or onto is None:
        _refuse_if(_differences(mask.grid, series.grid, straight))
        return straight, ()
    cosines = _directions(onto).T @ _directions(laid)
    x, y, z = np.abs(cosines).argmax(axis=1).tolist()
    order = (x, y, z)
    if sorted(order) != [0, 1, 2]:
        _refuse_if(["it is turned by about 45° against the series"])
    along = cosines[straight, order]
    flips = tuple(axis for axis in straight if along[axis] < 0)
    differences = _differences(mask.grid, series.grid, order)
    apart = _apart(laid, onto, mask.grid.size, series.grid.size, order, flips)
    turn = float(np.degrees(np.arccos(np.clip((np.abs(along).sum() - 1) / 2, -1, 1))))
    if np.abs(apart).max() > TOLERANCE and turn > TURNED:
        differences.append(f"it is turned by {turn:.1f}° against the series")
    elif not differences and np.abs(apart).max() > TOLERANCE:
        millimetres = np.linalg.norm(onto[:3, :3] @ apart, axis=0).max()
        differences.append(f"it lies {millimetres:.1f} mm beside the series")
    _refuse_if(differences)
    return order, flips


def _directions(affine: Affine4) -> NDArray[np.float64]:
    directions: NDArray[np.float64] = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    return directions


def _apart(
    laid: Affine4,
    onto: Affine4,
    size: tuple[int, int, int],
    series: tuple[int, int, int],
    order: tuple[int, int, int],
    flips: tuple[int, ...],
) -> NDArray[np.float64]:
    """How far each corner of the mask lies off its voxel of the series: (3, 8), in voxels."""
    corners = np.array(np.meshgrid(*((0, side - 1) for side in size))).reshape(3, -1)
    found = (np.linalg.inv(onto) @ laid @ np.vstack([corners, np.ones(8)]))[:3]
    wanted = corners[list(order)].astype(float)
    for axis in flips:
        wanted[axis] = series[axis] - 1 - wanted[axis]
    apart: NDArray[np.float64] = found - wanted
    return apart


def _differences(mask: Grid, series: Grid, order: tuple[int, int, int]) -> list[str]:
    """What differs of size and spacing, each in words."""
    told = []
    size = tuple(mask.size[axis] for axis in order)
    if size != series.size:
        one, other = (" × ".join(map(str, each)) for each in (size, series.size))
        told.append(f"it has {one} voxels and the series {other}")
    spacing = tuple(mask.spacing[axis] for axis in order)
    if not all(map(_is_same, spacing, series.spacing)):
        one, other = (" × ".join(map(_length, each)) for each in (spacing, series.spacing))
        told.append(f"its voxels are {one} mm and the series' {other} mm")
    return told


def _is_same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one / other - 1) <= SPACING_TOLERANCE


def _length(millimetres: float | None) -> str:
    return "unknown" if millimetres is None else f"{millimetres:.3g}"


def _refuse_if(differences: list[str]) -> None:
    if differences:
        why = f"It lies on another grid: {'; '.join(differences)}."
        advice = "Choose a mask of this series, or save it anew on this series' grid."
        raise Refusal(_WHAT, why, advice)


def _counts(values: NDArray[Any]) -> NDArray[np.int64]:
    """How often each number above 0 stands there, by the number; slice by slice."""
    counts = np.zeros(1, np.int64)
    for slice_ in values:
        found = np.bincount(_labels(slice_).ravel())
        if found.size > counts.size:
            counts = np.pad(counts, (0, found.size - counts.size))
        counts[: found.size] += found
    counts[0] = 0
    return counts


def _labels(slice_: NDArray[Any]) -> NDArray[np.int64]:
    """Whole numbers from 0, what is below is 0. Raises ``Refusal`` where there are others."""
    if slice_.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            broken = slice_[slice_ != np.rint(slice_)]
        if broken.size:
            first = "no numbers" if np.isnan(broken[0]) else f"{broken[0]:g}"
            why = f"It holds values that are not whole numbers ({first})."
            raise Refusal(_WHAT, why, "Choose a file with one whole number for each voxel.")
    held: NDArray[np.int64] = np.clip(slice_, 0, _GREATEST + 1).astype(np.int64)
    if held.max(initial=0) > _GREATEST:
        why = f"It holds values above {_GREATEST:,}, as a picture does."
        raise Refusal(_WHAT, why, "Choose a file that holds labels.")
    return held


def _voxel(grid: Grid) -> float | None:
    """The millilitres of a voxel."""
    x, y, z = grid.spacing
    return None if x is None or y is None or z is None else x * y * z / 1000
