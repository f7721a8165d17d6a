"""A file's elements become its Header."""

from engine.images.dicom import tags
from engine.images.dicom.elements import (
    Elements,
    Parsed,
    decimal,
    integer,
    items,
    pair,
    text,
    words,
)
from engine.images.dicom.frames import frame_ms, frames_of
from engine.images.dicom.functional_groups import Groups, groups_of
from engine.images.dicom.header import Header
from engine.images.dicom.overlays import overlays_of
from engine.images.dicom.siemens import mosaic_of
from engine.images.dicom.text import Letters
from engine.images.dicom.ultrasound import regions_of


def header_of(path: str, parsed: Parsed, frame_count: int) -> Header:
    """What the elements of a file with a picture say."""
    elements = parsed.elements
    letters = Letters(elements)
    groups = next(iter(groups_of(elements, 1)), Groups({}, {}))
    measures = groups[tags.PIXEL_MEASURES_SEQUENCE]
    bits = integer(elements, tags.BITS_ALLOCATED) or 0
    stored = integer(elements, tags.BITS_STORED) or bits
    high = integer(elements, tags.HIGH_BIT)
    rows, columns = (integer(elements, tag) or 0 for tag in (tags.ROWS, tags.COLUMNS))
    tiles, tile_normal = mosaic_of(elements)
    return Header(
        path=path,
        transfer_syntax=parsed.transfer_syntax,
        sop_class=text(elements, tags.SOP_CLASS_UID),
        sop_instance=text(elements, tags.SOP_INSTANCE_UID),
        study_uid=text(elements, tags.STUDY_INSTANCE_UID),
        series_uid=text(elements, tags.SERIES_INSTANCE_UID),
        frame_of_reference=text(elements, tags.FRAME_OF_REFERENCE_UID),
        modality=text(elements, tags.MODALITY),
        image_type=words(elements, tags.IMAGE_TYPE),
        patient_id=letters.text(tags.PATIENT_ID),
        patient_name=letters.name(tags.PATIENT_NAME),
        patient_sex=text(elements, tags.PATIENT_SEX),
        patient_age=text(elements, tags.PATIENT_AGE),
        study_date=text(elements, tags.STUDY_DATE),
        study_time=text(elements, tags.STUDY_TIME),
        study_description=letters.text(tags.STUDY_DESCRIPTION),
        series_number=integer(elements, tags.SERIES_NUMBER),
        series_description=letters.text(tags.SERIES_DESCRIPTION),
        instance_number=integer(elements, tags.INSTANCE_NUMBER),
        acquisition_number=integer(elements, tags.ACQUISITION_NUMBER),
        acquisition_time=_acquisition_time(elements),
        body_part=text(elements, tags.BODY_PART_EXAMINED),
        laterality=_laterality(elements, groups),
        manufacturer=letters.text(tags.MANUFACTURER),
        rows=rows,
        columns=columns,
        frame_count=frame_count,
        samples=integer(elements, tags.SAMPLES_PER_PIXEL) or 1,
        photometric=text(elements, tags.PHOTOMETRIC_INTERPRETATION),
        presentation=text(elements, tags.PIXEL_PRESENTATION),
        bits_allocated=bits,
        bits_stored=stored,
        high_bit=stored - 1 if high is None else high,
        signed=_is_signed(elements),
        pixels=tags.PIXELS[parsed.pixels],
        units=text(elements, tags.UNITS),
        rescale_type=text(elements, tags.RESCALE_TYPE)
        or text(groups[tags.PIXEL_VALUE_TRANSFORMATION_SEQUENCE], tags.RESCALE_TYPE),
        padding=_padding(elements),
        modality_lut=bool(items(elements, tags.MODALITY_LUT_SEQUENCE)),
        imager_spacing=pair(elements, tags.IMAGER_PIXEL_SPACING),
        aspect_ratio=pair(elements, tags.PIXEL_ASPECT_RATIO),
        spacing_between=_spacing_between(elements, measures),
        gantry_tilt=decimal(elements, tags.GANTRY_DETECTOR_TILT),
        kernel=" ".join(words(elements, tags.CONVOLUTION_KERNEL)),
        regions=regions_of(elements),
        frame_ms=frame_ms(elements),
        frames=frames_of(elements, frame_count, letters),
        overlays=overlays_of(elements, parsed.transfer_syntax, frame_count, (rows, columns)),
        tiles=tiles,
        tile_normal=tile_normal,
    )


def _acquisition_time(elements: Elements) -> str:
    """When the picture was taken, "hhmmss.ffffff"; else when its series of pictures was begun."""
    date_time = text(elements, tags.ACQUISITION_DATE_TIME)
    return (
        text(elements, tags.ACQUISITION_TIME)
        or date_time[8:].partition("+")[0].partition("-")[0]
        or text(elements, tags.CONTENT_TIME)
    )


def _laterality(elements: Elements, groups: Groups) -> str:
    return (
        text(elements, tags.IMAGE_LATERALITY)
        or text(elements, tags.LATERALITY)
        or text(groups[tags.FRAME_ANATOMY_SEQUENCE], tags.FRAME_LATERALITY)
    )


def _spacing_between(elements: Elements, measures: Elements) -> float | None:
    told = decimal(elements, tags.SPACING_BETWEEN_SLICES)
    return decimal(measures, tags.SPACING_BETWEEN_SLICES) if told is None else told


def _is_signed(elements: Elements) -> bool:
    return integer(elements, tags.PIXEL_REPRESENTATION) == 1


def _padding(elements: Elements) -> float | None:
    """The stored number of what was not measured.

    It is written with or without a sign, as the pixels are; files say the wrong of the two.
    """
    told = decimal(elements, tags.PIXEL_PADDING_VALUE)
    if told is not None and _is_signed(elements) and told > 0x7FFF:
        return told - 0x10000
    if told is not None and not _is_signed(elements) and told < 0:
        return told + 0x10000
    return told
