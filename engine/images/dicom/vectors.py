"""The frames of multi-frame files that tell by a vector where they lie: doses, nuclear medicine."""

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from engine.images.dicom.elements import Elements, decimal, decimals, item, sextuple, triple
from engine.images.dicom.header import FrameHeader, Vector
from engine.images.dicom.tags import (
    DETECTOR_INFORMATION_SEQUENCE,
    DETECTOR_VECTOR,
    ENERGY_WINDOW_VECTOR,
    GRID_FRAME_OFFSET_VECTOR,
    IMAGE_ORIENTATION_PATIENT,
    IMAGE_POSITION_PATIENT,
    PHASE_VECTOR,
    RR_INTERVAL_VECTOR,
    SLICE_VECTOR,
    SPACING_BETWEEN_SLICES,
    TIME_SLOT_VECTOR,
)
from engine.pictures import FrameAxis

Directions = tuple[float, float, float, float, float, float]

_AXES = (
    (FrameAxis.TIME, (PHASE_VECTOR,)),
    (FrameAxis.PHASE, (RR_INTERVAL_VECTOR, TIME_SLOT_VECTOR)),
    (FrameAxis.IMAGE, (ENERGY_WINDOW_VECTOR, DETECTOR_VECTOR)),
)


def dose_frames(
    elements: Elements, plain: FrameHeader, count: int
) -> tuple[FrameHeader, ...] | None:
    """The planes of a dose (PS3.3, C.8.8.3.2), or None if it does not tell where they lie.

    ``plain`` is what holds for all of the ``count`` frames.
    """
    offsets = _whole(elements, GRID_FRAME_OFFSET_VECTOR, count)
    if offsets is None or plain.position is None or plain.orientation is None:
        return None
    x, y, z = plain.position
    if offsets[0] == 0:
        places = _along(plain.position, plain.orientation, offsets)
    elif offsets[0] == z and _is_axial(plain.orientation):
        places = [(x, y, offset) for offset in offsets]
    else:
        return None
    return tuple(replace(plain, position=place) for place in places)


def reconstructed_frames(
    elements: Elements, plain: FrameHeader, count: int
) -> tuple[FrameHeader, ...] | None:
    """The slices of a reconstruction from a gamma camera, or None if they cannot be placed.

    The sign of the spacing between slices says on which side of the first the others lie (PS3.3,
    C.8.4.15).
    """
    slices = _whole(elements, SLICE_VECTOR, count)
    spacing = decimal(elements, SPACING_BETWEEN_SLICES)
    detector = item(elements, DETECTOR_INFORMATION_SEQUENCE)
    orientation = sextuple(detector, IMAGE_ORIENTATION_PATIENT) or plain.orientation
    first = triple(detector, IMAGE_POSITION_PATIENT) or plain.position
    if not slices or not spacing or orientation is None or first is None:
        return None
    places = _along(first, orientation, [(number - 1) * spacing for number in slices])
    splits = _splits(elements, count)
    return tuple(
        replace(plain, position=place, orientation=orientation, splits=own)
        for place, own in zip(places, splits, strict=True)
    )


def _splits(elements: Elements, count: int) -> list[tuple[tuple[str, float], ...]]:
    """The ranks of each frame along what differs other than its place."""
    found: list[tuple[tuple[str, float], ...]] = [()] * count
    for axis, tags in _AXES:
        vectors = [each for tag in tags if (each := _whole(elements, tag, count)) is not None]
        own = list(zip(*vectors, strict=True)) if vectors else []
        ranks = {each: float(rank) for rank, each in enumerate(sorted(set(own)), 1)}
        if len(ranks) > 1:
            found = [(*told, (axis.value, ranks[at])) for told, at in zip(found, own, strict=True)]
    return found


def _whole(elements: Elements, tag: int, count: int) -> list[float] | None:
    """A number for each frame, or None if one is missing."""
    found = [number for number in decimals(elements, tag) if number is not None]
    return found if len(found) == count == len(decimals(elements, tag)) else None


def _along(first: Vector, orientation: Directions, offsets: Sequence[float]) -> list[Vector]:
    """Places along the normal of the first."""
    normal = np.cross(orientation[:3], orientation[3:])
    return [
        (float(x), float(y), float(z)) for x, y, z in np.array(first) + np.outer(offsets, normal)
    ]


def _is_axial(orientation: Directions) -> bool:
    return bool(np.allclose(np.abs(orientation), (1, 0, 0, 0, 1, 0), atol=1e-6))
