"""A DICOM file becomes a Header, or is refused in words."""

import errno
from pathlib import Path

from engine.errors import Refusal
from engine.images.dicom import by_pydicom, tags, walk
from engine.images.dicom.elements import Parsed, text
from engine.images.dicom.filling import header_of
from engine.images.dicom.header import Header
from engine.images.dicom.kinds import what_it_is
from engine.images.dicom.soundness import check
from engine.images.reading import COPY_AGAIN, damaged, in_words, name_of
from engine.images.recognise import ENOUGH, Kind, describe, kind_of

_LEAST = 128 + 4 + 8
"""Bytes of a preamble with its mark and the head of one element."""


class NoPictureError(Refusal):
    """A DICOM file of a kind that never holds a picture, or no DICOM file at all.

    Nobody who opens a folder expects to be shown it.
    """


def read_header(path: Path) -> Header:
    """Read what a DICOM file says about itself, without its picture.

    Raises:
        Refusal: it is not DICOM, holds no picture, is not whole, or cannot be read here.
    """
    with in_words(path):
        parsed = parse(path)
    if not parsed.pixels:
        raise _without_picture(path, parsed)
    return header_of(str(path), parsed, check(path, parsed))


def parse(path: Path) -> Parsed:
    """The wanted elements of any DICOM file.

    Raises:
        Refusal: it is not DICOM, or damaged.
        OSError: the system does not hand it over.
    """
    try:
        return walk.parse(path) or _odd(path)
    except IsADirectoryError:
        what = f"“{name_of(path)}” cannot be opened."
        raise Refusal(what, "It is a folder, not a file.", "Choose a file in it.") from None


def _odd(path: Path) -> Parsed:
    """The elements of a file that is not written plainly."""
    with path.open("rb") as file:
        start = file.read(ENOUGH)
    what = f"“{name_of(path)}” cannot be opened."
    if not start:
        raise Refusal(what, "The file is empty: it holds 0 bytes.", COPY_AGAIN)
    if kind_of(start) not in (Kind.DICOM, Kind.DICOMDIR):
        why = f"It is {describe(start)}, not DICOM."
        raise NoPictureError(what, why, "Choose a DICOM file.")
    headed = start[128:132] == b"DICM"
    if headed and len(start) < _LEAST:
        raise damaged(path, "Nothing follows its preamble.")
    if not headed and kind_of(start[1:]) is Kind.DICOM:
        raise damaged(path, "One stray byte stands before its first element.")
    try:
        return by_pydicom.parse(path)
    except Exception as fault:  # pydicom raises whatever the bytes make it stumble over
        if isinstance(fault, OSError) and fault.errno not in (None, errno.EINVAL):
            raise  # the system's, where pydicom's own have no number
        raise damaged(path, "Its elements do not follow one another as DICOM's do.") from fault


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
