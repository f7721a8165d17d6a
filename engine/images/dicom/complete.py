"""How much of a compressed picture is there, told without decoding any of it."""

from collections.abc import Callable
from struct import unpack

_ITEM = b"\xfe\xff\x00\xe0"
_END = b"\xfe\xff\xdd\xe0"
_MOST = 1 << 20
"""So many pieces are counted, and no more: it takes a moment for each."""

ReadAt = Callable[[int, int], bytes]
"""Gives so many bytes (second) from a place on (first), fewer at the end of the file."""


def count_pieces(read_at: ReadAt, start: int) -> int | None:
    """How many pieces begin at ``start``, without their table; None if no delimiter ends them.

    They are stepped over by their lengths, since the bytes of a delimiter may also stand in one.
    """
    for found in range(-1, _MOST):
        head = read_at(start, 8)
        if head[:4] != _ITEM or len(head) < 8:
            return max(found, 0) if len(head) == 8 and head[:4] == _END else None
        start += 8 + unpack("<I", head[4:])[0]
    return _MOST
