"""The header of a NRRD file: its fields, its axes, and where its numbers lie.

Source: the format's definition at teem.sourceforge.net/nrrd/format.html.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.images.raw_numbers import Encoding, RawNumbers, beside, numbered
from engine.images.reading import damaged, in_words, name_of

_LONGEST_HEADER = 2**20

_TYPES = {
    name: dtype
    for dtype, names in {
        "i1": "signed char|int8|int8_t",
        "u1": "uchar|unsigned char|uint8|uint8_t",
        "i2": "short|short int|signed short|signed short int|int16|int16_t",
        "u2": "ushort|unsigned short|unsigned short int|uint16|uint16_t",
        "i4": "int|signed int|int32|int32_t",
        "u4": "uint|unsigned int|uint32|uint32_t",
        "i8": "longlong|long long|long long int|signed long long|signed long long int|"
        "int64|int64_t",
        "u8": "ulonglong|unsigned long long|unsigned long long int|uint64|uint64_t",
        "f4": "float",
        "f8": "double",
    }.items()
    for name in names.split("|")
}

_ENCODINGS = {
    "raw": Encoding.RAW,
    "gzip": Encoding.ZLIB,
    "gz": Encoding.ZLIB,
    "bzip2": Encoding.BZIP2,
    "bz2": Encoding.BZIP2,
    "txt": Encoding.TEXT,
    "text": Encoding.TEXT,
    "ascii": Encoding.TEXT,
}

TIMED = {"rast": "ras", "last": "las", "lpst": "lps"}
"""Short names of spaces whose fourth axis is time, and those of the space alone."""

_IN_MS = {"s": 1000.0, "sec": 1000.0, "second": 1000.0, "ms": 1.0, "msec": 1.0, "us": 0.001}


@dataclass(frozen=True)
class Axis:
    """One stored axis. ``direction`` is in the header's own space, its time left out."""

    length: int
    kind: str
    direction: NDArray[np.float64] | None
    spacing: float | None
    step_ms: float | None


class NrrdHeader:
    """The fields of a header, understood one by one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fields, self._listed, self._end = _fields(path)

    def axes(self) -> tuple[Axis, ...]:
        """All stored axes, fastest first."""
        lengths = self._integers("sizes")
        if not lengths or len(lengths) != self._integer("dimension", len(lengths)):
            raise damaged(self.path, "It does not say how many voxels it has.")
        if min(lengths) < 1:
            sizes = " × ".join(str(length) for length in lengths)
            raise damaged(self.path, f"Its header says that it has {sizes} voxels.")
        count = len(lengths)
        kinds = self.words("kinds", count)
        vectors = self._vectors(count)
        spacings = self.words("spacings", count)
        units = self.words("units", count)
        timed = self.space in TIMED or "-time" in self.space
        axes = []
        for axis in range(count):
            vector, kind, step = vectors[axis], kinds[axis].lower(), _number(spacings[axis])
            per_unit = _IN_MS.get(units[axis])
            if vector is not None and timed and len(vector) == 4:
                if vector[3] and not vector[:3].any():
                    kind, step = "time", abs(float(vector[3]))
                    per_unit = _IN_MS.get(self.words("space units", 4)[3])
                    vector = None
                else:
                    vector = vector[:3]
            step_ms = step * per_unit if step and per_unit else None
            axes.append(Axis(lengths[axis], kind, vector, step, step_ms))
        return tuple(axes)

    def numbers(self, axes: tuple[Axis, ...]) -> RawNumbers:
        """Where the numbers lie."""
        dtype = _TYPES.get(self.fields.get("type", "").lower())
        encoding = _ENCODINGS.get(self.fields.get("encoding", "").lower())
        if dtype is None or encoding is None:
            what = "type" if dtype is None else "encoding"
            raise Refusal(
                f"“{name_of(self.path)}” cannot be read.",
                f"Its {what} is “{self.fields.get(what, '')}”, which this build does not know.",
                "Save it anew, raw or compressed by gzip, with plain numbers.",
            )
        files, skip = self._files()
        if self.fields.get("line skip", "0") not in ("", "0"):
            raise Refusal(
                f"“{name_of(self.path)}” cannot be read.",
                "It asks for lines of its data file to be left out, which this build cannot.",
                "Save it anew in one file.",
            )
        big = self.fields.get("endian", "").lower() == "big"
        order = ">" if big else "<"
        count = math.prod(axis.length for axis in axes)
        return RawNumbers(self.path, files, np.dtype(order + dtype), count, encoding, skip)

    def _files(self) -> tuple[tuple[Path, ...], int]:
        """The data files, and the bytes to leave out of each."""
        named = self.fields.get("data file", "")
        skip = self._integer("byte skip", 0)
        if not named:
            return (self.path,), self._end + skip if skip >= 0 else -1
        words = named.split()
        if words[0].upper() == "LIST":
            return tuple(beside(self.path, name) for name in self._listed), skip
        if "%" in words[0] and len(words) >= 4:
            first, last, step = (int(_number(word) or 0) for word in words[1:4])
            return numbered(self.path, words[0], first, last, step), skip
        return (beside(self.path, named),), skip

    @property
    def space(self) -> str:
        """The name of the space that directions are given in."""
        return self.fields.get("space", "").lower()

    def _vectors(self, count: int) -> list[NDArray[np.float64] | None]:
        found = re.findall(r"none|\([^)]*\)", self.fields.get("space directions", ""), re.I)
        return [vector(word) for word in found] if len(found) == count else [None] * count

    def words(self, field: str, count: int) -> list[str]:
        """The field's words, without quotes; empty ones where it has not ``count`` of them."""
        quoted = re.findall(r'"([^"]*)"|(\S+)', self.fields.get(field, ""))
        words = [quotes or plain for quotes, plain in quoted]
        return words if len(words) >= count else [""] * count

    def _integers(self, field: str) -> list[int]:
        try:
            return [int(word) for word in self.fields.get(field, "").split()]
        except ValueError:
            return []

    def _integer(self, field: str, missing: int) -> int:
        found = self._integers(field)
        return found[0] if found else missing


def _fields(path: Path) -> tuple[dict[str, str], tuple[str, ...], int]:
    """Fields by their lower-case names, the listed data files, and where the header ends."""
    with in_words(path), path.open("rb") as file:
        start = file.read(_LONGEST_HEADER)
    end = re.search(rb"\r?\n\r?\n", start)
    text = (start[: end.start()] if end else start).decode("utf-8", "replace")
    fields: dict[str, str] = {}
    listed: list[str] = []
    for line in text.splitlines()[1:]:
        name, mark, value = line.partition(":")
        if "data file" in fields and fields["data file"].upper().startswith("LIST"):
            listed.append(line.strip())
        elif mark and not line.startswith("#") and not value.startswith("="):
            field = name.strip().lower()
            fields["data file" if field == "datafile" else field] = value.strip()
    return fields, tuple(name for name in listed if name), end.end() if end else len(start)


def vector(word: str) -> NDArray[np.float64] | None:
    """Numbers from a word such as "(1,0,0)", or None."""
    numbers = [_number(part) for part in word.strip("() ").split(",")]
    if any(number is None for number in numbers):
        return None
    return np.array(numbers, np.float64)


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
