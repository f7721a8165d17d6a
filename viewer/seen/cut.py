"""What a plane cuts out of a volume: the values of a slice or of a slab, and what is not there."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.seen.display import Projection, Slab
from viewer.seen.hanging import Axis
from viewer.seen.plane import Plane
from viewer.seen.slice_state import ShownVolume


class Held(IntEnum):
    """What is known of a row of a cut."""

    THERE = 0
    UNREAD = 1
    MISSING = 2


@dataclass(frozen=True, eq=False)
class Cut:
    """A slice's values, (down, across) or uint8 (down, across, 3), as ``Plane.axes`` has them.

    ``held`` is a ``Held`` for each row, uint8 (down,): across slices, rows come from other slices.
    Rows that are not there repeat the nearest that is, so that nothing blends into them.
    """

    values: NDArray[Any]
    held: NDArray[np.uint8]

    def runs(self) -> list[tuple[int, int, Held]]:
        """The rows that are not there: first, last and why, run by run."""
        edges = np.flatnonzero(np.diff(self.held)) + 1
        starts = [0, *edges.tolist()]
        ends = [*(edges - 1).tolist(), len(self.held) - 1]
        return [
            (start, end, Held(self.held[start]))
            for start, end in zip(starts, ends, strict=True)
            if self.held[start] != Held.THERE
        ]

    @property
    def whole(self) -> Held:
        """What is known of all of it: ``THERE`` if any row is."""
        return Held(int(self.held.min()))


def cut(volume: ShownVolume, plane: Plane, slab: Slab | None = None) -> Cut:
    """Cut a plane out of a volume; a slab is projected along the plane's axis."""
    frame = volume.values[plane.frame]
    held = _held(volume, plane.frame)
    reach = reached(plane, slab)
    if plane.axis is Axis.Z:
        return _stacked(frame, held, reach, slab, volume.facts.padding)
    along = (slice(None),) * (2 - plane.axis)
    if len(reach) == 1:
        values = np.ascontiguousarray(frame[(*along, plane.index)])
    else:
        thick = frame[(*along, slice(reach.start, reach.stop))]
        values = _projected(thick, 2 - int(plane.axis), slab, volume.facts.padding)
    return Cut(_closed(values, held), held)


def reached(plane: Plane, slab: Slab | None) -> range:
    """The slices that a slab takes in: as many on both sides, fewer at an end of the volume.

    An odd number, so that the slab lies about the slice that it is stated at: the one that comes
    nearest to its thickness, at least one.
    """
    aside = 0
    if slab is not None:
        spacing = plane.grid.spacing[plane.axis]
        step = 1.0 if slab.in_slices or spacing is None else spacing
        aside = max(int((slab.thickness / step - 1) / 2 + 0.5), 0)
    return range(max(plane.index - aside, 0), min(plane.index + aside + 1, plane.count))


def _held(volume: ShownVolume, frame: int) -> NDArray[np.uint8]:
    held = np.zeros(volume.facts.grid.size[2], np.uint8)
    if volume.read is not None:
        held[~volume.read[frame]] = Held.UNREAD
    missing = list(volume.facts.grid.missing)
    held[missing] = Held.MISSING
    if frame in volume.facts.blank_frames:
        held[:] = Held.MISSING
    return held


def _stacked(
    frame: NDArray[Any],
    held: NDArray[np.uint8],
    reach: range,
    slab: Slab | None,
    padding: float | None,
) -> Cut:
    """Along z: slices that were not found take no part; one that is still read holds all up."""
    within = held[reach.start : reach.stop]
    there = np.flatnonzero(within == Held.THERE) + reach.start
    if (within == Held.UNREAD).any() or not there.size:
        worst = Held.UNREAD if (within == Held.UNREAD).any() else Held.MISSING
        blank = frame[reach.start]
        return Cut(np.zeros_like(blank), np.full(len(blank), worst, np.uint8))
    if there.size == 1:
        values = frame[int(there[0])]
    elif there.size == len(reach):
        values = _projected(frame[reach.start : reach.stop], 0, slab, padding)
    else:
        values = _projected(frame[there], 0, slab, padding)
    return Cut(np.ascontiguousarray(values), np.zeros(len(values), np.uint8))


def _projected(
    values: NDArray[Any], axis: int, slab: Slab | None, padding: float | None
) -> NDArray[Any]:
    """One slice of several; what was not measured takes no part, and stays where nothing was."""
    blank = np.isnan(values) if np.issubdtype(values.dtype, np.floating) else None
    if padding is not None:
        blank = values == padding if blank is None else blank | (values == padding)
    if blank is None or not blank.any():
        return _projected_whole(values, axis, slab)
    if slab is None or slab.projection is Projection.MEAN:
        total = np.where(blank, 0, values).sum(axis=axis, dtype=np.float32)
        count = values.shape[axis] - np.count_nonzero(blank, axis=axis)
        found = _as_stored(total / np.maximum(count, 1), values.dtype)
    else:
        least, greatest = _ends(values.dtype)
        end = least if slab.projection is Projection.MAXIMUM else greatest
        found = _projected_whole(np.where(blank, end, values), axis, slab)
    found[blank.all(axis=axis)] = np.nan if padding is None else padding
    return found


def _ends(dtype: np.dtype[Any]) -> tuple[Any, Any]:
    """The least and the greatest value of a type, in that type."""
    if np.issubdtype(dtype, np.floating):
        return dtype.type(-np.inf), dtype.type(np.inf)
    limits = np.iinfo(dtype)
    return dtype.type(limits.min), dtype.type(limits.max)


def _projected_whole(values: NDArray[Any], axis: int, slab: Slab | None) -> NDArray[Any]:
    if slab is None or slab.projection is Projection.MEAN:
        return _as_stored(values.mean(axis=axis, dtype=np.float32), values.dtype)
    found: NDArray[Any] = (
        values.max(axis=axis) if slab.projection is Projection.MAXIMUM else values.min(axis=axis)
    )
    return found


def _as_stored(mean: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """A mean as whole numbers where the values are."""
    whole = np.issubdtype(dtype, np.integer)
    found: NDArray[Any] = np.rint(mean).astype(dtype) if whole else mean.astype(np.float32)
    return found


def _closed(values: NDArray[Any], held: NDArray[np.uint8]) -> NDArray[Any]:
    there = np.flatnonzero(held == Held.THERE)
    if there.size == len(held) or not there.size:
        return values
    rows = np.arange(len(held))
    after = np.clip(np.searchsorted(there, rows), 0, there.size - 1)
    before = np.maximum(after - 1, 0)
    nearer = np.where(
        np.abs(there[before] - rows) < np.abs(there[after] - rows), there[before], there[after]
    )
    closed: NDArray[Any] = values[nearer]
    return closed
