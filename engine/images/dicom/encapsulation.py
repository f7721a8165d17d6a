"""Which bytes of encapsulated pixel data belong to which picture (PS3.5, A.4)."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from struct import unpack
from typing import NamedTuple

import numpy as np

Read = Callable[[int, int], bytes]
"""Bytes of a file from an offset on: fewer where it ends."""

_ITEM = 0xE000FFFE
_STARTS = (b"\xff\xd8", b"\xff\x4f", b"\x00\x00\x00\x0cjP")
_UNDEFINED = 0xFFFFFFFF


class Piece(NamedTuple):
    """A fragment: where its value lies and how long it should be."""

    start: int
    length: int


def pictures(
    read: Read, start: int, count: int, table: Sequence[int] | None = None
) -> tuple[tuple[Piece, ...], ...]:
    """The pieces of each of ``count`` pictures, in order; fewer if there are fewer.

    ``start`` is where the pixel data's value begins. ``table`` are the offsets of an extended
    offset table; else the basic one is used. A table that does not fit the fragments is not.
    """
    first = read(start, 8)
    if first[:4] != _ITEM.to_bytes(4, "little") or len(first) < 8:
        return ()
    length = unpack("<4xI", first)[0]
    told = read(start + 8, length)
    offsets = table or np.frombuffer(told[: len(told) // 4 * 4], "<u4").tolist()
    origin = start + 8 + length
    pieces = _pieces(read, origin)
    if count == 1:
        return (tuple(pieces),) if pieces else ()
    return _by_table(pieces, [origin + offset for offset in offsets], count) or (
        _by_starts(read, pieces) if len(pieces) > count else tuple((piece,) for piece in pieces)
    )


def _pieces(read: Read, at: int) -> list[Piece]:
    """All fragments up to the delimiter, or to where the file ends."""
    found: list[Piece] = []
    while True:
        head = read(at, 8)
        if len(head) < 8:
            return found
        tag, length = unpack("<II", head)
        if tag != _ITEM or length == _UNDEFINED:
            return found
        found.append(Piece(at + 8, length))
        at += 8 + length


def _by_table(
    pieces: list[Piece], starts: list[int], count: int
) -> tuple[tuple[Piece, ...], ...] | None:
    """The pictures that a table tells apart; None if it does not fit."""
    places = {piece.start - 8: number for number, piece in enumerate(pieces)}
    if len(starts) < count or any(start not in places for start in starts):
        return None
    numbers = [*(places[start] for start in starts), len(pieces)]
    if any(here >= there for here, there in pairwise(numbers)):
        return None
    return tuple(tuple(pieces[here:there]) for here, there in pairwise(numbers))


def _by_starts(read: Read, pieces: list[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """Fragments parted where one begins like a codestream."""
    found: list[list[Piece]] = []
    for piece in pieces:
        if not found or read(piece.start, 6).startswith(_STARTS):
            found.append([])
        found[-1].append(piece)
    return tuple(map(tuple, found))
