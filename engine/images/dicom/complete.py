"""Whether all of a compressed picture is there: told without decoding any of it."""

from collections.abc import Callable
from struct import unpack

_ITEM = b"\xfe\xff\x00\xe0"
_END = b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"

ReadAt = Callable[[int, int], bytes]
"""Gives so many bytes (second) from a place on (first), fewer at the end of the file."""


def is_complete(read_at: ReadAt, start: int, size: int) -> bool:
    """Whether the pieces that begin at ``start`` of ``size`` bytes end with their delimiter.

    The delimiter is nearly always the file's last eight bytes. Else it is looked for behind the
    pieces, by their lengths: its bytes may also stand in the middle of one.
    """
    if read_at(size - len(_END), len(_END)) == _END:
        return True
    while (head := read_at(start, 8))[:4] == _ITEM and len(head) == 8:
        start += 8 + unpack("<I", head[4:])[0]
    return head == _END
