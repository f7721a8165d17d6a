"""What the frames of a file say about themselves: where they lie, and what tells them apart."""

from engine.images.dicom.elements import (
    Elements,
    decimal,
    decimals,
    item,
    items,
    vector,
)
from engine.images.dicom.header import FrameHeader
from engine.images.dicom.tags import (
    DIFFUSION_B_VALUE,
    ECHO_TIME,
    EFFECTIVE_ECHO_TIME,
    FRAME_CONTENT_SEQUENCE,
    FRAME_VOI_LUT_SEQUENCE,
    IMAGE_ORIENTATION_PATIENT,
    IMAGE_POSITION_PATIENT,
    MR_DIFFUSION_SEQUENCE,
    MR_ECHO_SEQUENCE,
    PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
    PIXEL_MEASURES_SEQUENCE,
    PIXEL_SPACING,
    PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
    PLANE_ORIENTATION_SEQUENCE,
    PLANE_POSITION_SEQUENCE,
    RESCALE_INTERCEPT,
    RESCALE_SLOPE,
    SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
    SLICE_THICKNESS,
    TEMPORAL_POSITION_IDENTIFIER,
    TEMPORAL_POSITION_INDEX,
    TRIGGER_TIME,
    WINDOW_CENTER,
    WINDOW_CENTER_WIDTH_EXPLANATION,
    WINDOW_WIDTH,
)
from engine.images.dicom.text import Letters
from engine.pictures import FrameAxis, GreyWindow


def frames_of(elements: Elements, count: int) -> tuple[FrameHeader, ...]:
    """One entry a frame, or one that holds for all ``count``."""
    per_frame = items(elements, PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)
    shared = item(elements, SHARED_FUNCTIONAL_GROUPS_SEQUENCE)
    if not per_frame and not shared:
        return (_plain(elements),)
    whole = [*per_frame[:count], *[{}] * (count - len(per_frame))]
    return tuple(_grouped(shared, own) for own in whole)


def _plain(elements: Elements) -> FrameHeader:
    return FrameHeader(
        orientation=vector(elements, IMAGE_ORIENTATION_PATIENT, 6),  # type: ignore[arg-type]
        position=vector(elements, IMAGE_POSITION_PATIENT, 3),  # type: ignore[arg-type]
        pixel_spacing=vector(elements, PIXEL_SPACING, 2),  # type: ignore[arg-type]
        slice_thickness=decimal(elements, SLICE_THICKNESS),
        slope=decimal(elements, RESCALE_SLOPE),
        intercept=decimal(elements, RESCALE_INTERCEPT),
        windows=windows_of(elements),
        splits=_splits(elements),
    )


def _splits(elements: Elements) -> tuple[tuple[str, float], ...]:
    told = (
        (FrameAxis.B_VALUE, decimal(elements, DIFFUSION_B_VALUE)),
        (FrameAxis.ECHO, decimal(elements, ECHO_TIME)),
        (FrameAxis.TIME, decimal(elements, TEMPORAL_POSITION_IDENTIFIER)),
        (FrameAxis.PHASE, decimal(elements, TRIGGER_TIME)),
    )
    return tuple((axis.value, value) for axis, value in told if value is not None)


def _grouped(shared: Elements, own: Elements) -> FrameHeader:
    def group(tag: int) -> Elements:
        return item(own, tag) or item(shared, tag)

    measures = group(PIXEL_MEASURES_SEQUENCE)
    transformation = group(PIXEL_VALUE_TRANSFORMATION_SEQUENCE)
    told = (
        (FrameAxis.B_VALUE, decimal(group(MR_DIFFUSION_SEQUENCE), DIFFUSION_B_VALUE)),
        (FrameAxis.ECHO, decimal(group(MR_ECHO_SEQUENCE), EFFECTIVE_ECHO_TIME)),
        (FrameAxis.TIME, decimal(group(FRAME_CONTENT_SEQUENCE), TEMPORAL_POSITION_INDEX)),
    )
    orientation = group(PLANE_ORIENTATION_SEQUENCE)
    position = group(PLANE_POSITION_SEQUENCE)
    return FrameHeader(
        orientation=vector(orientation, IMAGE_ORIENTATION_PATIENT, 6),  # type: ignore[arg-type]
        position=vector(position, IMAGE_POSITION_PATIENT, 3),  # type: ignore[arg-type]
        pixel_spacing=vector(measures, PIXEL_SPACING, 2),  # type: ignore[arg-type]
        slice_thickness=decimal(measures, SLICE_THICKNESS),
        slope=decimal(transformation, RESCALE_SLOPE),
        intercept=decimal(transformation, RESCALE_INTERCEPT),
        windows=windows_of(group(FRAME_VOI_LUT_SEQUENCE)),
        splits=tuple((axis.value, value) for axis, value in told if value is not None),
    )


def windows_of(elements: Elements) -> tuple[GreyWindow, ...]:
    """The file's own windows, each once."""
    centres = decimals(elements, WINDOW_CENTER)
    widths = decimals(elements, WINDOW_WIDTH)
    names = Letters(elements).text(WINDOW_CENTER_WIDTH_EXPLANATION).split("\\")
    names += [""] * len(centres)
    return tuple(
        dict.fromkeys(
            GreyWindow(centre, width, name.strip())
            for centre, width, name in zip(centres, widths, names, strict=False)
            if centre is not None and width is not None and width > 0
        )
    )
