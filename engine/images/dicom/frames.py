"""What the frames of a file say about themselves: where they lie, and what tells them apart."""

import math

from msgspec.structs import replace

from engine.images.dicom.diffusion import b_value
from engine.images.dicom.elements import Elements, decimal, decimals, pair, sextuple, text, triple
from engine.images.dicom.functional_groups import grouped_frames
from engine.images.dicom.grey import windows_of
from engine.images.dicom.header import FrameHeader
from engine.images.dicom.tags import (
    CINE_RATE,
    ECHO_NUMBERS,
    ECHO_TIME,
    FRAME_REFERENCE_TIME,
    FRAME_TIME,
    FRAME_TIME_VECTOR,
    IMAGE_ORIENTATION_PATIENT,
    IMAGE_POSITION_PATIENT,
    MODALITY,
    PIXEL_SPACING,
    RECOMMENDED_DISPLAY_FRAME_RATE,
    RESCALE_INTERCEPT,
    RESCALE_SLOPE,
    SLICE_THICKNESS,
    TEMPORAL_POSITION_IDENTIFIER,
    TRIGGER_TIME,
)
from engine.images.dicom.text import Letters
from engine.images.dicom.vectors import dose_frames, reconstructed_frames
from engine.pictures import FrameAxis


def frames_of(elements: Elements, count: int, letters: Letters) -> tuple[FrameHeader, ...]:
    """One entry for each of ``count`` frames, or one that holds for all of them."""
    plain = _plain(elements, letters)
    grouped = grouped_frames(elements, count, letters)
    if grouped:
        return tuple(_completed(each, plain, count) for each in grouped)
    if count == 1:
        return (plain,)
    return (
        dose_frames(elements, plain, count)
        or reconstructed_frames(elements, plain, count)
        or (plain,)
    )


def frame_ms(elements: Elements) -> float | None:
    """Milliseconds from frame to frame: as they were taken, else as they are to be shown."""
    steps = [step for step in decimals(elements, FRAME_TIME_VECTOR)[1:] if step is not None]
    rates = (decimal(elements, tag) for tag in (CINE_RATE, RECOMMENDED_DISPLAY_FRAME_RATE))
    found = (
        decimal(elements, FRAME_TIME),
        sum(steps) / len(steps) if steps else None,
        *(1000 / rate if rate else None for rate in rates),
    )
    return next((time for time in found if time is not None and 0 < time < math.inf), None)


def _plain(elements: Elements, letters: Letters) -> FrameHeader:
    """What the file says of all its frames together."""
    return FrameHeader(
        orientation=sextuple(elements, IMAGE_ORIENTATION_PATIENT),
        position=triple(elements, IMAGE_POSITION_PATIENT),
        pixel_spacing=pair(elements, PIXEL_SPACING),
        slice_thickness=decimal(elements, SLICE_THICKNESS),
        slope=decimal(elements, RESCALE_SLOPE),
        intercept=decimal(elements, RESCALE_INTERCEPT),
        windows=windows_of(elements, letters),
        splits=_splits(elements),
    )


def _splits(elements: Elements) -> tuple[tuple[str, float], ...]:
    modality = text(elements, MODALITY)
    found = (
        (FrameAxis.B_VALUE, b_value(elements) if modality == "MR" else None),
        (FrameAxis.ECHO, _first(elements, ECHO_TIME, ECHO_NUMBERS)),
        (FrameAxis.TIME, _first(elements, TEMPORAL_POSITION_IDENTIFIER, FRAME_REFERENCE_TIME)),
        (FrameAxis.PHASE, decimal(elements, TRIGGER_TIME)),
    )
    return tuple((axis.value, value) for axis, value in found if value is not None)


def _first(elements: Elements, *tags: int) -> float | None:
    found = (decimal(elements, tag) for tag in tags)
    return next((value for value in found if value is not None), None)


def _completed(frame: FrameHeader, plain: FrameHeader, count: int) -> FrameHeader:
    """With what the file says of all its frames where their groups do not say it.

    A place holds for one frame alone.
    """
    return replace(
        frame,
        orientation=frame.orientation or plain.orientation,
        position=frame.position or (plain.position if count == 1 else None),
        pixel_spacing=frame.pixel_spacing or plain.pixel_spacing,
        slice_thickness=frame.slice_thickness or plain.slice_thickness,
        slope=frame.slope if frame.slope is not None else plain.slope,
        intercept=frame.intercept if frame.intercept is not None else plain.intercept,
        windows=frame.windows or plain.windows,
    )
