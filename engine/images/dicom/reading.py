"""A DICOM file becomes a Header, or is refused in words."""

from pathlib import Path

from engine.errors import Refusal
from engine.images.dicom import tags
from engine.images.dicom.elements import Parsed, text
from engine.images.dicom.filling import header_of
from engine.images.dicom.header import Header
from engine.images.dicom.kinds import what_it_is
from engine.images.dicom.parsing import NoPictureError, parse
from engine.images.dicom.soundness import check
from engine.images.dicom.spare_bits import with_marks_in_spare_bits
from engine.images.reading import damaged, in_words, name_of


def read_header(path: Path) -> Header:
    """Read what a DICOM file says about itself and draws over its picture, without that.

    Raises:
        Refusal: it is not DICOM, holds no picture, is not whole, or cannot be read here.
    """
    with in_words(path):
        parsed = parse(path)
    if not parsed.pixels:
        raise _without_picture(path, parsed)
    header = header_of(str(path), parsed, check(path, parsed))
    return with_marks_in_spare_bits(header, parsed.elements)


def _without_picture(path: Path, parsed: Parsed) -> Refusal:
    elements = parsed.elements
    what, advice = f"“{name_of(path)}” holds no picture.", "Choose a file that holds a picture."
    kind = what_it_is(text(elements, tags.SOP_CLASS_UID), text(elements, tags.MODALITY))
    if tags.DIRECTORY_RECORD_SEQUENCE in elements:
        kind = "the table of contents of a disc (DICOMDIR)"
    if kind:
        return NoPictureError(what, f"It is {kind}.", advice)
    if parsed.cut:
        return damaged(path, "It ends early, before its picture begins.")
    return Refusal(what, "There are no pixel data in it.", advice)
