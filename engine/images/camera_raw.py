"""Whether a TIFF is a camera's raw file, told by what it holds and never by its name.

The makers' formats (CR2, NEF, ARW, DNG, PEF and others) are TIFFs. What a TIFF reader finds first
in one is a preview, as the camera pleased to make it, or the sensor's bare numbers.
"""

import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from PIL.TiffImagePlugin import ImageFileDirectory_v2

from engine.errors import Refusal
from engine.images.recognise import CAMERA_RAW

_BIG = b"+"
_MARKS = (b"CR\x02", b"IIIICwaR", b"MMMMRaw")
"""What stands behind the header of Canon's and of Phase One's files."""

_PHOTOMETRIC, _SAMPLES, _SUB_DIRECTORIES, _DNG_VERSION = 262, 277, 330, 50706
_OF_A_PICTURE = (256, 513)
"""A width, or a JPEG's place: one of them is told of any preview."""

_OF_A_SENSOR = (32803, 34892)
"""Values of a colour filter array (TIFF/EP) and of its linear colours (DNG)."""

_FILTERS = (33421, 33422)
"""TIFF/EP: how the colour filters before a sensor repeat, and their colours."""

_PREVIEW = "what can be seen in it is a preview, not the photograph."
_BARE = "it holds the sensor's bare numbers, not the photograph."

_MOST = 64
"""Directories looked at: a camera writes at most a dozen, a damaged file may go in circles."""


def refuse_camera_raw(file: IO[bytes], name: str) -> None:
    """Refuse an open TIFF called ``name`` if it is a raw file.

    A maker's name alone, as scanners write it, is no sign. A directory that makes no sense tells
    nothing: that the file is damaged is its reader's to say.

    Raises:
        Refusal: It is one.
    """
    file.seek(0)
    start = file.read(16)
    found = list(_directories(file, start))
    sensors = [_is_of_a_sensor(tags) for tags in found]
    marked = start[8:].startswith(_MARKS) or any(_DNG_VERSION in tags for tags in found)
    if not (marked or any(sensors)):
        return
    shown = [tags for tags, sensor in zip(found, sensors, strict=True) if not sensor]
    preview = any(tag in tags for tags in shown for tag in _OF_A_PICTURE)
    raise Refusal(
        f"“{name}” cannot be opened.",
        f"It is {CAMERA_RAW}: {_PREVIEW if preview else _BARE}",
        "Export the photograph with the camera's program, and open what that saves.",
    )


def _directories(file: IO[bytes], start: bytes) -> Iterator[ImageFileDirectory_v2]:
    """A TIFF's directories as far as they make sense, and those within them."""
    if len(start) < 16:
        return
    head = start if start[2:3] == _BIG else start[:8]
    waiting, seen = [ImageFileDirectory_v2(head).next], set[int]()
    while waiting and len(seen) < _MOST:
        at = waiting.pop(0)
        if not at or at in seen:
            continue
        seen.add(at)
        tags = ImageFileDirectory_v2(head)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                file.seek(at)
                tags.load(file)
                waiting += [*_numbers(tags.get(_SUB_DIRECTORIES, ()))[:_MOST], tags.next]
        except Exception:  # the reader raises whatever it trips over
            continue
        yield tags


def _is_of_a_sensor(tags: ImageFileDirectory_v2) -> bool:
    """Whether a directory is of a sensor's numbers, whatever else it calls them.

    A developed photograph may have kept the words on filters, but has three numbers a pixel.
    """
    with suppress(Exception), warnings.catch_warnings():  # values are read when they are asked for
        warnings.simplefilter("ignore")
        one = tags.get(_SAMPLES, 1) == 1
        filters = one and all(tag in tags for tag in _FILTERS)
        return filters or tags.get(_PHOTOMETRIC) in _OF_A_SENSOR
    return False


def _numbers(value: int | tuple[int, ...]) -> tuple[int, ...]:
    return (value,) if isinstance(value, int) else value
