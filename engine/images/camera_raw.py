"""Whether a TIFF is a camera's raw file, told by what it holds and never by its name.

The makers' formats (CR2, NEF, ARW, DNG, PEF and others) are TIFFs. What a TIFF reader finds first
in one is a preview, as the camera pleased to make it, or the sensor's bare numbers.
"""

import warnings
from contextlib import suppress
from typing import IO

from PIL.TiffImagePlugin import ImageFileDirectory_v2

from engine.errors import Refusal
from engine.images.recognise import CAMERA_RAW

_BIG = b"+"
_MARKS = (b"CR\x02", b"IIIICwaR", b"MMMMRaw")
"""What stands behind the header of Canon's and of Phase One's files."""

_PHOTOMETRIC, _SUB_DIRECTORIES, _DNG_VERSION = 262, 330, 50706
_OF_A_SENSOR = (32803, 34892)
"""Values of a colour filter array (TIFF/EP) and of its linear colours (DNG)."""

_MOST = 64
"""Directories looked at: a camera writes at most a dozen, a damaged file may go in circles."""


def is_camera_raw(file: IO[bytes]) -> bool:
    """Whether an open TIFF is a raw file; a maker's name alone, as scanners write it, is no sign.

    A directory that makes no sense tells nothing: that the file is damaged is its reader's to say.
    """
    file.seek(0)
    start = file.read(16)
    if start[8:].startswith(_MARKS):
        return True
    if len(start) < 16:
        return False
    head = start if start[2:3] == _BIG else start[:8]
    waiting, seen = [ImageFileDirectory_v2(head).next], set[int]()
    while waiting and len(seen) < _MOST:
        at = waiting.pop(0)
        if not at or at in seen:
            continue
        seen.add(at)
        tags = ImageFileDirectory_v2(head)
        with suppress(Exception), warnings.catch_warnings():  # as the reader trips over damage
            warnings.simplefilter("ignore")
            file.seek(at)
            tags.load(file)
            if _DNG_VERSION in tags or tags.get(_PHOTOMETRIC) in _OF_A_SENSOR:
                return True
            waiting += [*_numbers(tags.get(_SUB_DIRECTORIES, ()))[:_MOST], tags.next]
    return False


def _numbers(value: int | tuple[int, ...]) -> tuple[int, ...]:
    return (value,) if isinstance(value, int) else value


def not_developed(name: str) -> Refusal:
    """What is said of a raw file called ``name``."""
    return Refusal(
        f"“{name}” cannot be opened.",
        f"It is {CAMERA_RAW}: what can be seen in it is a preview, not the photograph.",
        "Export the photograph with the camera's program, and open what that saves.",
    )
