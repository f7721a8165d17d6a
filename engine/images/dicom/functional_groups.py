"""The frames of an enhanced multi-frame file, from its functional groups (PS3.3, C.7.6.16)."""

from collections.abc import Sequence

from engine.images.dicom.diffusion import standard_b_value
from engine.images.dicom.elements import (
    Elements,
    decimal,
    decimals,
    item,
    items,
    pair,
    pointers,
    sextuple,
    text,
    triple,
)
from engine.images.dicom.grey import windows_of
from engine.images.dicom.header import FrameHeader
from engine.images.dicom.tags import (
    CARDIAC_SYNCHRONIZATION_SEQUENCE,
    COMPLEX_IMAGE_COMPONENT,
    DIMENSION_INDEX_POINTER,
    DIMENSION_INDEX_SEQUENCE,
    DIMENSION_INDEX_VALUES,
    EFFECTIVE_ECHO_TIME,
    FRAME_CONTENT_SEQUENCE,
    FRAME_VOI_LUT_SEQUENCE,
    IMAGE_ORIENTATION_PATIENT,
    IMAGE_POSITION_PATIENT,
    IN_STACK_POSITION_NUMBER,
    MR_DIFFUSION_SEQUENCE,
    MR_ECHO_SEQUENCE,
    MR_IMAGE_FRAME_TYPE_SEQUENCE,
    NOMINAL_CARDIAC_TRIGGER_DELAY_TIME,
    NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE,
    NOMINAL_PERCENTAGE_OF_RESPIRATORY_PHASE,
    PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
    PIXEL_MEASURES_SEQUENCE,
    PIXEL_SPACING,
    PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
    PLANE_ORIENTATION_SEQUENCE,
    PLANE_POSITION_SEQUENCE,
    REFERENCED_SEGMENT_NUMBER,
    RESCALE_INTERCEPT,
    RESCALE_SLOPE,
    RESPIRATORY_SYNCHRONIZATION_SEQUENCE,
    SEGMENT_IDENTIFICATION_SEQUENCE,
    SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
    SLICE_THICKNESS,
    STACK_ID,
    TEMPORAL_POSITION_INDEX,
    TEMPORAL_POSITION_SEQUENCE,
    TEMPORAL_POSITION_TIME_OFFSET,
)
from engine.images.dicom.text import Letters
from engine.pictures import FrameAxis

Splits = tuple[tuple[str, float], ...]

_COMPONENTS = ("MAGNITUDE", "PHASE", "REAL", "IMAGINARY", "MIXED")
_PLACES = frozenset(
    (
        IMAGE_POSITION_PATIENT,
        IMAGE_ORIENTATION_PATIENT,
        PLANE_POSITION_SEQUENCE,
        PLANE_ORIENTATION_SEQUENCE,
        IN_STACK_POSITION_NUMBER,
        STACK_ID,
    )
)
"""Dimensions along which frames lie at different places."""


class Groups:
    """What a frame says of itself, or else what all frames share, by functional group."""

    def __init__(self, shared: Elements, own: Elements) -> None:
        self._shared = shared
        self._own = own

    def __getitem__(self, tag: int) -> Elements:
        return item(self._own, tag) or item(self._shared, tag)


def grouped_frames(elements: Elements, count: int, letters: Letters) -> tuple[FrameHeader, ...]:
    """One entry for each of ``count`` frames; none if the file has no functional groups.

    A frame that has no group of its own says nothing of where it lies.
    """
    groups = groups_of(elements, count)
    if not groups:
        return ()
    splits = [_splits(each) for each in groups]
    places = [_place(each) for each in groups]
    if len(set(zip(places, splits, strict=True))) < len(groups):
        splits = [
            (*(each for each in own if each[0] != FrameAxis.IMAGE), *more) if more else own
            for own, more in zip(splits, _indices(elements, groups), strict=True)
        ]
    return tuple(_frame(each, own, letters) for each, own in zip(groups, splits, strict=True))


def groups_of(elements: Elements, count: int) -> list[Groups]:
    """The functional groups of each frame; empty if the file has none."""
    shared = item(elements, SHARED_FUNCTIONAL_GROUPS_SEQUENCE)
    own = items(elements, PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)
    if not shared and not own:
        return []
    own = own[:count]
    return [Groups(shared, each) for each in (*own, *[{}] * (count - len(own)))]


def _place(groups: Groups) -> tuple[object, ...]:
    return (
        decimals(groups[PLANE_POSITION_SEQUENCE], IMAGE_POSITION_PATIENT),
        decimals(groups[PLANE_ORIENTATION_SEQUENCE], IMAGE_ORIENTATION_PATIENT),
    )


def _frame(groups: Groups, splits: Splits, letters: Letters) -> FrameHeader:
    measures = groups[PIXEL_MEASURES_SEQUENCE]
    values = groups[PIXEL_VALUE_TRANSFORMATION_SEQUENCE]
    return FrameHeader(
        orientation=sextuple(groups[PLANE_ORIENTATION_SEQUENCE], IMAGE_ORIENTATION_PATIENT),
        position=triple(groups[PLANE_POSITION_SEQUENCE], IMAGE_POSITION_PATIENT),
        pixel_spacing=pair(measures, PIXEL_SPACING),
        slice_thickness=decimal(measures, SLICE_THICKNESS),
        slope=decimal(values, RESCALE_SLOPE),
        intercept=decimal(values, RESCALE_INTERCEPT),
        windows=windows_of(groups[FRAME_VOI_LUT_SEQUENCE], letters),
        splits=splits,
    )


def _splits(groups: Groups) -> Splits:
    found = (
        (FrameAxis.B_VALUE, standard_b_value(groups[MR_DIFFUSION_SEQUENCE])),
        (FrameAxis.ECHO, decimal(groups[MR_ECHO_SEQUENCE], EFFECTIVE_ECHO_TIME)),
        (FrameAxis.TIME, _time(groups)),
        (FrameAxis.PHASE, _phase(groups)),
        (FrameAxis.COMPONENT, _component(groups)),
        (
            FrameAxis.IMAGE,
            decimal(groups[SEGMENT_IDENTIFICATION_SEQUENCE], REFERENCED_SEGMENT_NUMBER),
        ),
    )
    return tuple((axis.value, value) for axis, value in found if value is not None)


def _time(groups: Groups) -> float | None:
    index = decimal(groups[FRAME_CONTENT_SEQUENCE], TEMPORAL_POSITION_INDEX)
    if index is not None:
        return index
    return decimal(groups[TEMPORAL_POSITION_SEQUENCE], TEMPORAL_POSITION_TIME_OFFSET)


def _phase(groups: Groups) -> float | None:
    """Of the heart in ms or per cent, or of the breath in per cent."""
    heart = groups[CARDIAC_SYNCHRONIZATION_SEQUENCE]
    breath = groups[RESPIRATORY_SYNCHRONIZATION_SEQUENCE]
    told = (
        decimal(heart, NOMINAL_CARDIAC_TRIGGER_DELAY_TIME),
        decimal(heart, NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE),
        decimal(breath, NOMINAL_PERCENTAGE_OF_RESPIRATORY_PHASE),
    )
    return next((value for value in told if value is not None), None)


def _component(groups: Groups) -> float | None:
    word = text(groups[MR_IMAGE_FRAME_TYPE_SEQUENCE], COMPLEX_IMAGE_COMPONENT)
    return float(_COMPONENTS.index(word)) if word in _COMPONENTS else None


def _indices(elements: Elements, groups: Sequence[Groups]) -> list[Splits]:
    """What tells frames of one place apart that say nothing else of themselves.

    The rank of their indices along those dimensions that are not of space.
    """
    told = items(elements, DIMENSION_INDEX_SEQUENCE)
    dimensions = [pointers(each, DIMENSION_INDEX_POINTER) for each in told]
    kept = [at for at, pointed in enumerate(dimensions) if not _PLACES.issuperset(pointed)]
    values = [decimals(each[FRAME_CONTENT_SEQUENCE], DIMENSION_INDEX_VALUES) for each in groups]
    if not kept or any(len(each) != len(dimensions) for each in values):
        return [()] * len(groups)
    own = [tuple(each[at] or 0.0 for at in kept) for each in values]
    ranks = {each: rank for rank, each in enumerate(sorted(set(own)), 1)}
    return [((FrameAxis.IMAGE.value, float(ranks[each])),) for each in own]
