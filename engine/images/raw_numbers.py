"""Numbers that lie plain or compressed in files beside a header of text: found, counted, read."""

import bz2
import re
import zlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.images.reading import MOST_TIMES_SMALLER, damaged, in_words, name_of, too_short
from engine.task import Task

_PIECE = 2**20
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

    ``files`` share them evenly. They begin after ``skip`` bytes of each file; -1: they are its
    last. ``header`` is the file that said so.
    """

    header: Path
    files: tuple[Path, ...]
    dtype: np.dtype[Any]
    count: int
    encoding: Encoding
    skip: int = 0

    def check(self) -> None:
        """Compare sizes, before any memory is taken.

        Raises:
            Refusal: A file is not there, or cannot hold its share.
        """
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
            room = (size - max(self.skip, 0)) * _MOST_TIMES[self.encoding]
            if room < self._share_bytes:
                raise too_short(file, self._share_bytes, max(room, 0))

    def read(self, task: Task) -> NDArray[Any]:
        """All numbers, flat, in the byte order of this computer.

        Raises:
            Refusal: A file is cut or does not unpack.
        """
        self.check()
        content = b"".join(self._read(file, task) for file in self.files)
        if self.encoding is Encoding.TEXT:
            return self._from_text(content)
        numbers = np.frombuffer(content, self.dtype)
        return numbers.astype(self.dtype.newbyteorder("="), copy=False)

    @property
    def _share_bytes(self) -> int:
        each = 1 if self.encoding is Encoding.TEXT else self.dtype.itemsize
        return self.count // len(self.files) * each

    def _read(self, file: Path, task: Task) -> bytes:
        with in_words(file), file.open("rb") as opened:
            wanted = self._share_bytes
            if self.skip < 0:
                opened.seek(-wanted, 2)
            else:
                opened.seek(self.skip)
            if self.encoding is Encoding.TEXT:
                return opened.read()
            unpack = _UNPACKERS[self.encoding]()
            pieces: list[bytes] = []
            done = 0
            while done < wanted and (packed := opened.read(_PIECE)):
                task.check()
                try:
                    pieces.append(unpack(packed, wanted - done))
                except (zlib.error, OSError) as fault:
                    raise damaged(file, "Bytes of its compressed content were changed.") from fault
                done += len(pieces[-1])
        if done < wanted:
            raise too_short(file, wanted, done)
        return b"".join(pieces)

    def _from_text(self, content: bytes) -> NDArray[Any]:
        words = content.split()
        if len(words) < self.count:
            raise damaged(
                self.header,
                f"It ends early: it promises {self.count:,} numbers, {len(words):,} are there.",
            )
        try:
            return np.array(words[: self.count]).astype(self.dtype.newbyteorder("="))
        except ValueError as fault:
            raise damaged(self.header, "Among its numbers are words that are none.") from fault


class _Unpack(Protocol):
    def __call__(self, packed: bytes, most: int) -> bytes: ...


def _plain() -> _Unpack:
    return lambda packed, most: packed[:most]


def _zlib() -> _Unpack:
    # 47: zlib's or gzip's frame, whichever it is.
    state = zlib.decompressobj(wbits=47)

    def unpack(packed: bytes, most: int) -> bytes:
        nonlocal state
        out = state.decompress(packed, most)
        while state.unused_data and len(out) < most:  # gzip files may stand one behind another
            packed, state = state.unused_data, zlib.decompressobj(wbits=47)
            out += state.decompress(packed, most - len(out))
        return out

    return unpack


def _bzip2() -> _Unpack:
    state = bz2.BZ2Decompressor()
    return lambda packed, most: b"" if state.eof else state.decompress(packed, most)


_UNPACKERS = {Encoding.RAW: _plain, Encoding.ZLIB: _zlib, Encoding.BZIP2: _bzip2}

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
