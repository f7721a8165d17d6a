"""Numbers as they lie in a file, plain or packed, brought out piece by piece."""

import bz2
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from engine.images.number_stream import PIECE
from engine.images.reading import damaged

_PACKED_PIECE = 2**16
"""Bytes of a packed file that are read at once: they become up to a thousand times more."""
_LONGEST_WORD = 1000
"""An array of words has room in each for the longest."""
_NO_NUMBERS = "Among its numbers are words that are none."


class Plain:
    """The bytes of a file as they are; what is left out is not read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, most: int) -> bytes:
        """Up to ``most`` bytes."""
        return self._file.read(most)

    def skip(self, most: int) -> int:
        """Go on by ``most`` bytes."""
        self._file.seek(most, 1)
        return most


class Unpacked:
    """Bytes that come in ``pieces``; what is left out is unpacked, too."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._piece = memoryview(b"")

    def read(self, most: int) -> bytes:
        """Up to ``most`` bytes."""
        return bytes(self._next(most))

    def skip(self, most: int) -> int:
        """Leave out up to ``most`` bytes."""
        return len(self._next(most))

    def _next(self, most: int) -> memoryview:
        if not self._piece:
            self._piece = memoryview(next(self._pieces, b""))
        piece, self._piece = self._piece[:most], self._piece[most:]
        return piece


def inflated(file: BinaryIO) -> Iterator[bytes]:
    """What a file holds by zlib or gzip, whichever it is.

    Gzip files may stand one behind another; what stands behind the last is left out. Raises
    ``zlib.error`` on changed bytes, ``EOFError`` where it ends early.
    """
    packed = file.read(_PACKED_PIECE)
    first = True
    while packed:
        state = zlib.decompressobj(wbits=47)
        begun = False
        while not state.eof:
            try:
                piece = state.decompress(packed, PIECE)
            except zlib.error:
                if first or begun:
                    raise
                return
            begun = begun or bool(piece)
            if piece:
                yield piece
            packed = state.unconsumed_tail or (b"" if state.eof else file.read(_PACKED_PIECE))
            if not packed and not state.eof and not piece:
                if first or begun:
                    raise EOFError
                return
        packed = state.unused_data or file.read(_PACKED_PIECE)
        first = False


def unbzipped(file: BinaryIO) -> Iterator[bytes]:
    """What a file holds by bzip2. Raises ``Refusal`` on changed bytes, ``EOFError`` as above."""
    state = bz2.BZ2Decompressor()
    while not state.eof:
        packed = file.read(_PACKED_PIECE) if state.needs_input else b""
        if state.needs_input and not packed:
            raise EOFError
        try:
            piece = state.decompress(packed, PIECE)
        except OSError as fault:
            why = "Bytes of its compressed content were changed."
            raise damaged(Path(file.name), why) from fault
        if piece:
            yield piece


def from_text(path: Path, file: BinaryIO, dtype: np.dtype[Any], count: int) -> Iterator[bytes]:
    """``count`` numbers that are written as words, as bytes of ``dtype``. Raises ``Refusal``."""
    found = 0
    word = b""
    while found < count:
        piece = file.read(_PACKED_PIECE)
        words = (word + piece).split()
        # The last word may go on in the next piece.
        word = words.pop() if words and piece and not piece[-1:].isspace() else b""
        if max(map(len, (*words, word))) > _LONGEST_WORD:
            raise damaged(path, _NO_NUMBERS)
        words = words[: count - found]
        found += len(words)
        if words:
            try:
                yield np.array(words).astype(dtype).tobytes()
            except ValueError as fault:
                raise damaged(path, _NO_NUMBERS) from fault
        if not piece and found < count:
            said = f"It ends early: it promises {count:,} numbers, {found:,} are there."
            raise damaged(path, said)
