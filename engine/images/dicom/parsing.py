"""A DICOM file becomes its elements, or is refused in words."""

import errno
from pathlib import Path

from engine.errors import Refusal
from engine.images.dicom import by_pydicom, walk
from engine.images.dicom.elements import Parsed
from engine.images.reading import COPY_AGAIN, damaged, name_of
from engine.images.recognise import ENOUGH, Kind, describe, kind_of

_LEAST = 128 + 4 + 8
"""Bytes of a preamble with its mark and the head of one element."""


class NoPictureError(Refusal):
    """A DICOM file of a kind that never holds a picture, or no DICOM file at all.

    Nobody who opens a folder expects to be shown it.
    """


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
