"""A plain DICOM file's elements by a walk over its first bytes.

Plain is a file with a preamble and meta information, little endian, written as the standard says:
nearly every file. For any other ``parse`` gives None, and pydicom is asked. It takes ten times as
long, since it makes an object of every element and reads the file in small pieces.
"""

import os
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from struct import Struct
from struct import error as TooShort
from typing import NamedTuple

from engine.images.dicom.complete import ReadAt, count_pieces
from engine.images.dicom.elements import PADDING, UNDEFINED, Elements, Parsed, Value
from engine.images.dicom.encodings import BIG_ENDIAN, DEFLATED, is_implicit
from engine.images.dicom.tags import PIXELS, WANTED

_FIRST = 1 << 15
"""Bytes of the first read: nearly every header has fewer."""
_MOST = 1 << 26
"""A header that has more is left to pydicom, which can leave out long values."""
_INFLATED = 1 << 20
"""Of a deflated file so much is inflated at first."""
_PIECE = 1 << 16
_DEEPEST = 16
"""Sequences within sequences; what is wanted stands within three at most."""
_UNBOUNDED = 1 << 62
"""The end of what ends with a delimiter."""

# Tags are compared as they stand in the file: the group, then the element, each little endian.
_SHORT_HEAD = Struct("<I2sH").unpack_from
_HEAD = Struct("<II").unpack_from
_LENGTH = Struct("<I").unpack_from

_LONG = {
    **{b"OB": "OB", b"OD": "OD", b"OF": "OF", b"OL": "OL", b"OV": "OV", b"OW": "OW", b"SQ": "SQ"},
    **{b"SV": "SV", b"UC": "UC", b"UN": "UN", b"UR": "UR", b"UT": "UT", b"UV": "UV"},
}
"""Representations whose length takes four bytes."""
_SHORT = {
    **{b"AE": "AE", b"AS": "AS", b"AT": "AT", b"CS": "CS", b"DA": "DA", b"DS": "DS", b"DT": "DT"},
    **{b"FD": "FD", b"FL": "FL", b"IS": "IS", b"LO": "LO", b"LT": "LT", b"PN": "PN", b"SH": "SH"},
    **{b"SL": "SL", b"SS": "SS", b"ST": "ST", b"TM": "TM", b"UI": "UI", b"UL": "UL", b"US": "US"},
}


def _as_written(tag: int) -> int:
    return tag >> 16 | (tag & 0xFFFF) << 16


_value = partial(tuple.__new__, Value)
"""A ``Value`` of a pair; a third of the time, and every second element is one."""

_META_START = 132
_META_GROUP = 0x0002
_SYNTAX = _as_written(0x00020010)
_ITEM = _as_written(0xFFFEE000)
_ITEM_END = _as_written(0xFFFEE00D)
_SEQUENCE_END = _as_written(0xFFFEE0DD)

Wanted = Mapping[int, tuple[int, str]]
"""Tags as written, each with the tag and the value representation that the standard gives it."""

_NOTHING: Wanted = {}
_ITEMS: Wanted = {_as_written(tag): (tag, vr) for tag, vr in WANTED.items()}
_DATA: Wanted = {**_ITEMS, **{_as_written(tag): (tag, "") for tag in PIXELS}}


class _OddError(Exception):
    """Something that is left to pydicom."""


class _Pixels(NamedTuple):
    """The element that holds the picture: its tag, where its value begins, and its length."""

    tag: int
    start: int
    length: int


class _Walked(NamedTuple):
    elements: Elements
    position: int
    pixels: _Pixels | None = None


Dataset = Callable[[bytes, int, int, Wanted, int], _Walked]


def parse(path: Path) -> Parsed | None:
    """The wanted elements, or None if the file is not plain. Raises ``OSError``."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(handle).st_size
        start = os.read(handle, _FIRST)
        while True:
            try:
                return _parse(start, size, handle)
            except TooShort:
                more = os.read(handle, 3 * len(start)) if len(start) < _MOST else b""
                if not more:
                    return None
                start += more
    except (_OddError, zlib.error):
        return None
    finally:
        os.close(handle)


def _parse(start: bytes, size: int, handle: int) -> Parsed:
    if start[128:132] != b"DICM":
        raise _OddError
    syntax, position = _syntax(start)
    if not syntax or syntax == BIG_ENDIAN:
        raise _OddError
    if syntax == DEFLATED:
        return _deflated(handle, position)
    dataset = _explicit
    if is_implicit(syntax):
        dataset = _implicit
        vr = start[position + 4 : position + 6]
        if vr in _SHORT or vr in _LONG:  # it is not what it says
            raise _OddError
    walked = dataset(start, position, size, _DATA)

    def read_at(place: int, count: int) -> bytes:
        if place + count > len(start):
            os.lseek(handle, place, os.SEEK_SET)
            return os.read(handle, count)
        return start[place : place + count]

    return _parsed(syntax, walked, size, read_at)


def _deflated(handle: int, position: int) -> Parsed:
    """Inflate the start, and of the rest so much as tells whether the picture is whole."""
    os.lseek(handle, position, os.SEEK_SET)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS).decompress
    start = b""
    while len(start) < _INFLATED and (piece := os.read(handle, _PIECE)):
        start += inflate(piece)
    try:
        walked = _explicit(start, 0, _UNBOUNDED, _DATA)
    except TooShort:
        raise _OddError from None
    size = len(start)
    end = walked.pixels.start + walked.pixels.length if walked.pixels else 0
    while size < end and (piece := os.read(handle, _PIECE)):
        size += len(inflate(piece))
    return _parsed(DEFLATED, walked, size, lambda place, count: start[place : place + count])


def _parsed(syntax: str, walked: _Walked, size: int, read_at: ReadAt) -> Parsed:
    if walked.pixels is None:
        return Parsed(syntax, walked.elements, size=size)
    tag, start, length = walked.pixels
    if length != UNDEFINED:
        return Parsed(syntax, walked.elements, tag, start, length, size)
    pieces = count_pieces(read_at, start)
    return Parsed(syntax, walked.elements, tag, start, -1, size, pieces)


def _syntax(data: bytes) -> tuple[str, int]:
    """The transfer syntax, empty if there is none, and where the data set begins."""
    syntax, position = "", _META_START
    while True:
        key, code, length = _SHORT_HEAD(data, position)
        if key & 0xFFFF != _META_GROUP:
            return syntax, position
        position += 8
        if code in _LONG:
            (length,) = _LENGTH(data, position)
            position += 4
        elif code not in _SHORT:
            raise _OddError
        if key == _SYNTAX:
            syntax = data[position : position + length].strip(PADDING).decode("latin-1")
        position += length


def _explicit(data: bytes, position: int, end: int, wanted: Wanted, depth: int = 0) -> _Walked:
    """The elements from ``position`` to ``end``, to the end of an item, or to the picture.

    Raises ``TooShort`` where ``data`` ends before.
    """
    elements: Elements = {}
    while position < end:
        key, code, length = _SHORT_HEAD(data, position)
        position += 8
        if code not in _SHORT:
            if code not in _LONG:
                if key == _ITEM_END and end == _UNBOUNDED:
                    return _Walked(elements, position)
                raise _OddError
            (length,) = _LENGTH(data, position)
            position += 4
        want = wanted.get(key)
        if want is None and length != UNDEFINED:
            position += length
            continue
        if want is None:
            if code != b"SQ":
                raise _OddError
            _, position = _items(data, position, length, _explicit, _NOTHING, depth)
            continue
        tag, vr = want
        if not vr:
            return _Walked(elements, position, _Pixels(tag, position, length))
        if code != b"UN":
            vr = _SHORT.get(code) or _LONG[code]
        if "SQ" in (vr, want[1]):
            if vr != want[1]:
                raise _OddError
            items, position = _items(data, position, length, _explicit, _ITEMS, depth)
            elements[tag] = _value((vr, items))
        else:
            elements[tag] = _value((vr, _content(data, position, length)))
            position += length
    return _ended(elements, position, end)


def _implicit(data: bytes, position: int, end: int, wanted: Wanted, depth: int = 0) -> _Walked:
    """As ``_explicit``, where value representations are known by the standard alone."""
    elements: Elements = {}
    while position < end:
        key, length = _HEAD(data, position)
        position += 8
        want = wanted.get(key)
        if want is None and length != UNDEFINED:
            if key == _ITEM_END and end == _UNBOUNDED:
                return _Walked(elements, position)
            position += length
            continue
        if want is None:  # of what is not known and has no length, only a sequence can be walked
            _, position = _items(data, position, length, _implicit, _NOTHING, depth)
            continue
        tag, vr = want
        if not vr:
            return _Walked(elements, position, _Pixels(tag, position, length))
        if vr == "SQ":
            items, position = _items(data, position, length, _implicit, _ITEMS, depth)
            elements[tag] = _value((vr, items))
        else:
            elements[tag] = _value((vr, _content(data, position, length)))
            position += length
    return _ended(elements, position, end)


def _content(data: bytes, position: int, length: int) -> bytes:
    content = data[position : position + length]
    if len(content) == length:
        return content
    if length == UNDEFINED:
        raise _OddError
    raise TooShort


def _ended(elements: Elements, position: int, end: int) -> _Walked:
    if position != end:
        raise _OddError
    return _Walked(elements, position)


def _items(
    data: bytes, position: int, length: int, dataset: Dataset, wanted: Wanted, depth: int
) -> tuple[list[Elements], int]:
    """The items of a sequence, and where it ends."""
    if depth == _DEEPEST:
        raise _OddError
    items: list[Elements] = []
    end = _UNBOUNDED if length == UNDEFINED else position + length
    while position < end:
        key, size = _HEAD(data, position)
        position += 8
        if key == _SEQUENCE_END and end == _UNBOUNDED:
            return items, position
        if key != _ITEM:
            raise _OddError
        if size != UNDEFINED and not wanted:
            position += size
        else:
            until = _UNBOUNDED if size == UNDEFINED else position + size
            item = dataset(data, position, until, wanted, depth + 1)
            position = item.position
            items.append(item.elements)
    if position != end:
        raise _OddError
    return items, position
