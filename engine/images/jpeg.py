"""A JPEG photograph is decoded, and much of what is missing or damaged in it is noticed.

The JPEG library fills in what makes no sense, prints a line, and calls the picture read; over
zeros, which are codes like any others, it does not even print. A single changed byte may leave no
trace at all: its codes fall back into step (of 60 such changes on an IDRiD photograph, 9 to 14
moved more than a hundredth of the pixels unnoticed).
"""

import re
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.images.overheard import overheard, tells_of_bytes_left_over, tells_of_damage

LEFT_OVER = (
    "The file holds bytes that its picture does not need, as one with a damaged byte may: if the "
    "picture looks shifted or discoloured, copy it again from its source."
)

# Any marker but a stuffed zero, a restart within a scan, and a byte that fills up.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_TEMPORARY, _TABLES, _BEGIN, _END, _SCAN = 0x01, 0xC4, 0xD8, 0xD9, 0xDA

_HOLE = 512
"""Zeros that make a hole: a sector of a disc. Where they are no flat blocks, sound data would have
twenty and more blocks of one odd pattern in a row."""


class DamagedJpeg(ValueError):
    """Its data end early, or make no sense."""


def decode_jpeg(content: bytes, flag: int) -> tuple[NDArray[np.uint8] | None, tuple[str, ...]]:
    """The pixels as ``cv2.imdecode`` gives them, not yet upright, and warnings.

    None for a picture of a kind that OpenCV does not read. Raises ``DamagedJpeg``.
    """
    if not is_whole(content):
        raise DamagedJpeg
    with overheard() as said:
        try:
            decoded = cv2.imdecode(
                np.frombuffer(content, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION
            )
        except cv2.error:
            decoded = None
        words = said()
    if tells_of_damage(words):
        raise DamagedJpeg
    warnings = (LEFT_OVER,) if tells_of_bytes_left_over(words) else ()
    return None if decoded is None else np.asarray(decoded, np.uint8), warnings


def is_whole(content: bytes) -> bool:
    """Whether a JPEG file's picture has its own end, and no hole of zeros before.

    The end of a small picture in its header counts as little as that of another one behind it.
    """
    begun = False
    first_symbols: dict[int, int] = {}
    for marker, segment, behind in _segments(content):
        if marker == _END:
            return begun
        if marker == _TABLES:
            first_symbols |= _first_symbols(segment)
        elif marker == _SCAN:
            begun = True
            if _has_no_flat_zeros(segment, first_symbols):
                following = _MARKER.search(content, behind)
                if _has_hole(content[behind : following.start() if following else None]):
                    return False
    return False


def _has_hole(data: bytes) -> bool:
    # A look at a few bytes spares nearly every file the search.
    return b"\0\0" in data[:: _HOLE // 2] and bytes(_HOLE) in data


def _segments(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Markers, what their segments hold, and where those end (ITU-T T.81, B.1.1).

    A segment says how long it is, and no marker can stand within a scan's data.
    """
    at = 2
    while found := _MARKER.search(content, at):
        begin = at = found.end()
        marker = content[at - 1]
        if marker not in (_TEMPORARY, _BEGIN, _END):
            at += int.from_bytes(content[at : at + 2], "big")
        yield marker, content[begin + 2 : at], at


def _first_symbols(tables: bytes) -> dict[int, int]:
    """To each Huffman table, those of means left out, what a code of zeros says (C.2)."""
    found = {}
    at = 0
    while at + 17 < len(tables):
        kind, number = tables[at] >> 4, tables[at] & 15
        if kind == 1:
            found[number] = tables[at + 17]
        at += 17 + sum(tables[at + 1 : at + 17])
    return found


def _has_no_flat_zeros(scan: bytes, first_symbols: dict[int, int]) -> bool:
    """Whether zeros in a scan's data are other than blocks without any pattern (B.2.3).

    They may be these, one after the other, where a code of zeros ends a block. Not asked of the
    progressive coding's means and later bits, which are there without a code.
    """
    count = int.from_bytes(scan[:1], "big")
    used = {each & 15 for each in scan[2 : 1 + 2 * count : 2]}
    last, bits = scan[2 + 2 * count :][:1], scan[3 + 2 * count :][:1]
    if last in (b"", b"\0") or bits > b"\x0f":
        return False
    return any(first_symbols.get(number, 0) != 0 for number in used)
