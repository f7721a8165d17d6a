"""Whether all of a compressed picture is there, told without decoding any of it."""

from collections.abc import Callable
from struct import unpack

_ITEM = b"\xfe\xff\x00\xe0"
_END = b"\xfe\xff\xdd\xe0"
_MOST = 1 << 17
"""Pieces that are counted; nobody's picture has more."""

ReadAt = Callable[[int, int], bytes]
"""Gives so many bytes (second) from a place on (first), fewer at the end of the file."""


def is_complete(read_at: ReadAt, start: int) -> bool:
    """Whether the pieces that begin at ``start`` end with their delimiter.

    They are stepped over by their lengths, since the bytes of a delimiter may also stand in one.
    """
    for _ in range(_MOST):
        head = read_at(start, 8)
        if head[:4] != _ITEM or len(head) < 8:
            return len(head) == 8 and head[:4] == _END
        start += 8 + unpack("<I", head[4:])[0]
    return True
