"""The bytes of a volume's numbers in their order: what is wanted is taken, the rest left out."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from engine.images.reading import in_words, too_short
from engine.task import Task

PIECE = 2**20
"""Bytes between two looks at whether the work is still wanted."""


class Source(Protocol):
    """One opened file. Both raise ``EOFError`` where what is packed ends within."""

    def read(self, most: int) -> bytes:
        """Between 1 and ``most`` bytes; none at the end."""

    def skip(self, most: int) -> int:
        """Leave out up to ``most`` bytes, and say how many; 0 at the end."""


class NumberStream:
    """Bytes of ``files``, of which each has ``share``, one file behind another; for one ``with``.

    ``begin`` makes a source of an opened file. A file of which nothing is wanted is not opened.
    What is taken or unpacked to a packed file's end has its checksum compared.
    """

    def __init__(
        self, files: tuple[Path, ...], share: int, begin: Callable[[BinaryIO], Source], task: Task
    ) -> None:
        self._waiting = list(reversed(files))
        self._share = share
        self._begin = begin
        self._task = task
        self._open = ExitStack()
        self._file = files[0]
        self._source: Source | None = None
        self._left = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def take(self, count: int) -> NDArray[np.uint8]:
        """The next ``count`` bytes.

        Raises:
            Refusal: A file is cut, damaged or not handed over.
        """
        content = np.empty(count, np.uint8)
        done = 0

        def read(source: Source, most: int) -> int:
            piece = source.read(min(most, PIECE))
            content[done : done + len(piece)] = np.frombuffer(piece, np.uint8)
            return len(piece)

        while done < count:
            done += self._step(read, count - done)
        return content

    def skip(self, count: int) -> None:
        """Leave out the next ``count`` bytes. Raises ``Refusal`` as ``take``."""
        while count:
            if self._source is None and count >= self._share:
                self._waiting.pop()
                count -= self._share
            else:
                count -= self._step(lambda source, most: source.skip(most), count)

    def _step(self, go: Callable[[Source, int], int], most: int) -> int:
        """Go on by no more than ``most`` bytes of the file that the next one lies in."""
        self._task.check()
        source = self._source or self._next()
        with in_words(self._file):
            try:
                gone = go(source, min(most, self._left))
            except EOFError:
                gone = 0
            if not gone:
                raise too_short(self._file, self._share, self._share - self._left)
            self._left -= gone
            if not self._left:
                source.read(1)
                self._open.close()
                self._source = None
        return gone

    def _next(self) -> Source:
        self._file = self._waiting.pop()
        self._left = self._share
        with in_words(self._file):
            file = self._open.enter_context(self._file.open("rb"))
            self._source = self._begin(file)
        return self._source
