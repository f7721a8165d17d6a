"""Where the numbers of a volume lie, plain or packed, in one file or in several."""

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import numpy as np

from engine.errors import Refusal
from engine.images.number_stream import NumberStream, Source
from engine.images.reading import MOST_TIMES_SMALLER, damaged, in_words, name_of, too_short
from engine.images.unpacking import Plain, Unpacked, from_text, inflated, unbzipped
from engine.task import Task

_MOST_TIMES_BY_BZIP2 = 50_000
_MOST_FILES = 100_000


class Encoding(Enum):
    """How the numbers are written."""

    RAW = "raw"
    ZLIB = "gzip"
    BZIP2 = "bzip2"
    TEXT = "text"


@dataclass(frozen=True)
class RawNumbers:
    """Where ``count`` numbers of type ``dtype`` lie, first index fastest.

    ``files`` share them evenly. They begin after ``skip`` bytes of each file, -1: they are its
    last; and after ``unpacked_skip`` bytes of what is unpacked from there. ``header`` is the file
    that said so.
    """

    header: Path
    files: tuple[Path, ...]
    dtype: np.dtype[Any]
    count: int
    encoding: Encoding
    skip: int = 0
    unpacked_skip: int = 0

    def check(self) -> None:
        """Compare sizes, before any memory is taken.

        Raises:
            Refusal: A file is not there, or cannot hold its share.
        """
        if not self.files:
            raise damaged(self.header, "It names no file in which its numbers lie.")
        if self.count % len(self.files):
            raise damaged(
                self.header,
                f"It promises {self.count:,} numbers in {len(self.files)} files, which does not "
                "come out even.",
            )
        for file in self.files:
            with in_words(file):
                size = file.stat().st_size
            if not file.is_file():
                raise Refusal(
                    f"“{name_of(self.header)}” cannot be read.",
                    f"Its numbers would be in “{name_of(file)}”, which is no plain file.",
                    "Put the data file beside it.",
                )
            room = (size - max(self.skip, 0)) * _MOST_TIMES[self.encoding] - self.unpacked_skip
            # A number that is written as a word has a letter or more.
            wanted = self._share * (1 if self.encoding is Encoding.TEXT else self.dtype.itemsize)
            if room < wanted:
                raise too_short(file, wanted, max(room, 0))

    def stream(self, task: Task) -> NumberStream:
        """All numbers as bytes of ``dtype``, in their order.

        Raises:
            Refusal: As ``check``; the stream raises it where a file is cut or does not unpack.
        """
        self.check()
        return NumberStream(self.files, self._share * self.dtype.itemsize, self._source, task)

    @property
    def packed(self) -> bool:
        """Whether what lies before some numbers must be unpacked to come to them."""
        return self.encoding is not Encoding.RAW

    @property
    def _share(self) -> int:
        return self.count // len(self.files)

    def _source(self, file: BinaryIO) -> Source:
        """A file's numbers, from the first on."""
        if self.skip < 0:
            file.seek(-self._share * self.dtype.itemsize, 2)
        else:
            file.seek(self.skip)
        match self.encoding:
            case Encoding.RAW:
                return Plain(file)
            case Encoding.ZLIB:
                source = Unpacked(inflated(file))
            case Encoding.BZIP2:
                source = Unpacked(unbzipped(file))
            case Encoding.TEXT:
                source = Unpacked(from_text(self.header, file, self.dtype, self._share))
        left = self.unpacked_skip
        while left and (gone := source.skip(left)):
            left -= gone
        return source


_MOST_TIMES = {
    Encoding.RAW: 1,
    Encoding.ZLIB: MOST_TIMES_SMALLER,
    Encoding.BZIP2: _MOST_TIMES_BY_BZIP2,
    Encoding.TEXT: 1,
}


def beside(header: Path, name: str) -> Path:
    """A data file by the name that a header gives it.

    Raises:
        Refusal: The name leads out of the header's folder.
    """
    place = PurePosixPath(name.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or ":" in name or "\0" in name or not place.parts:
        raise Refusal(
            f"“{name_of(header)}” was not opened.",
            "It names a data file outside its own folder, and such files are not read.",
            "Put the data file beside it and write its bare name into the header.",
        )
    return header.parent.joinpath(*place.parts)


def numbered(header: Path, pattern: str, first: int, last: int, step: int) -> tuple[Path, ...]:
    """Data files by a pattern such as "slice%03d.raw".

    Raises:
        Refusal: The pattern or the numbers make no list of files.
    """
    match = re.fullmatch(r"([^%]*)%(0?\d{0,2})d([^%]*)", pattern)
    count = (last - first) // step + 1 if step else 0
    if match is None or not 1 <= count <= _MOST_FILES:
        raise damaged(header, "The list of its data files cannot be understood.")
    before, width, after = match.groups()
    numbers = range(first, first + count * step, step)
    return tuple(beside(header, f"{before}{number:{width}d}{after}") for number in numbers)
