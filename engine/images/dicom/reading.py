"""A DICOM file becomes a Header, or is refused in words."""

from pathlib import Path

from engine.errors import Refusal
from engine.images.dicom import by_pydicom, tags
from engine.images.dicom.elements import Elements, Parsed, decimal, integer, text, vector, words
from engine.images.dicom.frames import frames_of
from engine.images.dicom.header import Header
from engine.images.dicom.kinds import what_it_is
from engine.images.dicom.text import Letters

_COPY_AGAIN = "Copy it again from its source."


def read_header(path: Path) -> Header:
    """Read what one DICOM file says about itself.

    Raises:
        Refusal: it is not DICOM, holds no picture, or ends too early.
    """
    try:
        parsed = by_pydicom.parse(path)
    except Exception as error:  # whatever pydicom stumbles over
        raise Refusal(
            f"“{path.name}” cannot be read.", "It is not a whole DICOM file.", _COPY_AGAIN
        ) from error
    return header_of(path, parsed)


def header_of(path: Path, parsed: Parsed) -> Header:
    """Raises ``Refusal``."""
    elements = parsed.elements
    if not elements:
        raise Refusal(
            f"“{path.name}” cannot be read.", "It is not a whole DICOM file.", _COPY_AGAIN
        )
    if not parsed.pixels:
        found = what_it_is(text(elements, tags.SOP_CLASS_UID), text(elements, tags.MODALITY))
        raise Refusal(
            f"“{path.name}” holds no picture.",
            f"It is {found}." if found else "No pixel data stand in it.",
            "Choose another file.",
        )
    if parsed.start + parsed.length > parsed.size >= 0:
        raise Refusal(
            f"“{path.name}” is cut off.",
            f"Its picture needs {parsed.length} bytes; {parsed.size - parsed.start} are there.",
            _COPY_AGAIN,
        )
    return _header(str(path), parsed, elements)


def _header(path: str, parsed: Parsed, elements: Elements) -> Header:
    letters = Letters(elements)
    count = _frame_count(path, elements)
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
        acquisition_time=text(elements, tags.ACQUISITION_TIME),
        body_part=text(elements, tags.BODY_PART_EXAMINED),
        laterality=text(elements, tags.IMAGE_LATERALITY) or text(elements, tags.LATERALITY),
        manufacturer=letters.text(tags.MANUFACTURER),
        rows=integer(elements, tags.ROWS) or 0,
        columns=integer(elements, tags.COLUMNS) or 0,
        frame_count=count,
        samples=integer(elements, tags.SAMPLES_PER_PIXEL) or 1,
        photometric=text(elements, tags.PHOTOMETRIC_INTERPRETATION),
        bits_allocated=integer(elements, tags.BITS_ALLOCATED) or 0,
        bits_stored=integer(elements, tags.BITS_STORED) or 0,
        high_bit=integer(elements, tags.HIGH_BIT) or 0,
        signed=integer(elements, tags.PIXEL_REPRESENTATION) == 1,
        pixels=tags.PIXELS[parsed.pixels],
        units=text(elements, tags.UNITS),
        rescale_type=text(elements, tags.RESCALE_TYPE),
        padding=decimal(elements, tags.PIXEL_PADDING_VALUE),
        modality_lut=tags.MODALITY_LUT_SEQUENCE in elements,
        imager_spacing=vector(elements, tags.IMAGER_PIXEL_SPACING, 2),  # type: ignore[arg-type]
        spacing_between=decimal(elements, tags.SPACING_BETWEEN_SLICES),
        gantry_tilt=decimal(elements, tags.GANTRY_DETECTOR_TILT),
        frame_ms=decimal(elements, tags.FRAME_TIME),
        frames=frames_of(elements, count),
    )


def _frame_count(path: str, elements: Elements) -> int:
    told = text(elements, tags.NUMBER_OF_FRAMES)
    found = integer(elements, tags.NUMBER_OF_FRAMES)
    if told and (found is None or found < 0):
        raise Refusal(
            f"“{Path(path).name}” cannot be read.",
            f"It says that it holds “{told}” frames; a whole number was expected.",
            "Ask for it to be exported anew.",
        )
    return found or 1
