"""MetaImage (.mha, .mhd): what the header says, and its values.

Source: the format's description at itk.org/Wiki/ITK/MetaIO/Documentation.
"""

import math
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.images.placing import Placement, Spacing, is_volume, place, unplaced
from engine.images.plan import Planned
from engine.images.raw_numbers import Encoding, RawNumbers, beside, numbered
from engine.images.reading import damaged, in_words, name_of
from engine.images.recognise import Kind
from engine.images.slabs import Slabs
from engine.images.text_volume import TextVolume
from engine.images.whole_files import FileVolume
from engine.pictures import FrameAxis, Repair, RepairKind

_LONGEST_HEADER = 2**16

_TYPES = {
    "MET_CHAR": "i1",
    "MET_ASCII_CHAR": "i1",
    "MET_UCHAR": "u1",
    "MET_SHORT": "i2",
    "MET_USHORT": "u2",
    "MET_INT": "i4",
    "MET_UINT": "u4",
    "MET_LONG": "i4",
    "MET_ULONG": "u4",
    "MET_LONG_LONG": "i8",
    "MET_ULONG_LONG": "u8",
    "MET_FLOAT": "f4",
    "MET_DOUBLE": "f8",
}

_MODALITIES = {"MET_MOD_CT": "CT", "MET_MOD_MR": "MR", "MET_MOD_NM": "NM", "MET_MOD_US": "US"}

_UNITS = {"mm": 1.0, "cm": 10.0, "um": 0.001, "m": 1000.0}


def plan(path: Path, kind: Kind, key: str) -> Planned:
    """How the file will be read. Raises ``Refusal``."""
    return parse(path).plan(kind, key)


def volume(path: Path, _kind: Kind) -> FileVolume:
    """How its values are read. Raises ``Refusal``."""
    return parse(path).volume


def files(path: Path, _kind: Kind) -> tuple[Path, ...]:
    """The files in which its numbers lie. Raises ``Refusal``."""
    return parse(path).numbers.files


def parse(path: Path) -> TextVolume:
    """Read and check a header.

    Raises:
        Refusal: It is damaged, or in a form that this build does not know.
    """
    header = _Header(path)
    lengths = header.lengths()
    channels = header.whole("ElementNumberOfChannels", 1)
    numbers = header.numbers(lengths, channels)
    numbers.check()
    space = tuple(range(1, 1 + min(len(lengths), 3)))
    colour = channels in (3, 4) and numbers.dtype == np.uint8
    longer = len(lengths) > 3
    return TextVolume(
        numbers=numbers,
        slabs=Slabs(numbers.dtype, (channels, *lengths), space, 0 if colour else None),
        placed=header.placed(lengths),
        colour=colour,
        frame_axis=FrameAxis.IMAGE if longer else FrameAxis.COMPONENT,
        modality=_MODALITIES.get(header.fields.get("Modality", "")),
    )


class _Header:
    """The fields of a header, understood one by one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with in_words(path), path.open("rb") as file:
            start = file.read(_LONGEST_HEADER)
        last = re.search(rb"^[ \t]*ElementDataFile[ \t]*=([^\r\n]*)\r?\n?", start, re.M)
        if last is None:
            raise damaged(path, "Its header ends before it says where the numbers are.")
        self._end = last.end()
        self._data = last.group(1).decode("utf-8", "replace").strip()
        self._after = start[last.end() :]
        lines = start[: last.start()].decode("utf-8", "replace").splitlines()
        parts = (line.partition("=") for line in lines)
        self.fields = {name.strip(): value.strip() for name, mark, value in parts if mark}

    def lengths(self) -> tuple[int, ...]:
        """How many voxels there are along each axis."""
        count = self.whole("NDims", 0)
        lengths = tuple(int(number) for number in self._numbers("DimSize") if number.is_integer())
        if not 2 <= count <= 10 or len(lengths) != count:
            raise damaged(self.path, "It does not say how many voxels it has.")
        if min(lengths) < 1 or self.whole("ElementNumberOfChannels", 1) < 1:
            sizes = " × ".join(str(length) for length in lengths)
            raise damaged(self.path, f"Its header says that it has {sizes} voxels.")
        return lengths

    def numbers(self, lengths: tuple[int, ...], channels: int) -> RawNumbers:
        """Where the numbers lie."""
        name = self.fields.get("ElementType", "").removesuffix("_ARRAY")
        if name not in _TYPES:
            raise Refusal(
                f"“{name_of(self.path)}” cannot be read.",
                f"Its numbers are of type “{name}”, which this build does not know.",
                "Save it anew with numbers of 8, 16, 32 or 64 bits.",
            )
        big = self._true("BinaryDataByteOrderMSB") or self._true("ElementByteOrderMSB")
        encoding = Encoding.RAW
        if "BinaryData" in self.fields and not self._true("BinaryData"):
            encoding = Encoding.TEXT
        elif self._true("CompressedData"):
            encoding = Encoding.ZLIB
        files, skip = self._files()
        return RawNumbers(
            self.path,
            files,
            np.dtype((">" if big else "<") + _TYPES[name]),
            math.prod(lengths) * channels,
            encoding,
            skip,
        )

    def placed(self, lengths: tuple[int, ...]) -> Placement:
        """Where the voxels lie: LPS mm, as ITK takes it."""
        unit = self.fields.get("DistanceUnits", "").lower()
        scale = _UNITS.get(unit, 1.0)
        repairs: tuple[Repair, ...] = ()
        if scale != 1:
            detail = f"Lengths in the header are in “{unit}”; they were converted to millimetres."
            repairs = (Repair(RepairKind.UNITS, detail),)
        size = (lengths[0], lengths[1], lengths[2] if len(lengths) > 2 else 1)
        steps = self._steps(scale)
        x, y, z = (None if step is None else abs(step) for step in steps)
        spacing: Spacing = x, y, z
        directions = self._directions(len(lengths))
        if directions is None or None in spacing:
            return unplaced(size, spacing, repairs, ())
        origin = self._first("Offset", "Origin", "Position")
        warnings: tuple[str, ...] = ()
        if len(origin) < 3:
            warnings = ("The file says how the picture is turned, but not where it lies.",)
            origin = [0.0, 0.0, 0.0]
        affine = np.eye(4)
        affine[:3, :3] = directions * np.array(steps, np.float64)
        affine[:3, 3] = np.array(origin[:3]) * scale
        if not is_volume(affine):
            return unplaced(size, spacing, repairs, ())
        return place(affine, size, repairs, warnings)

    def whole(self, field: str, missing: int) -> int:
        """A whole number, ``missing`` where there is none."""
        found = self._numbers(field)
        return int(found[0]) if found and found[0].is_integer() else missing

    def _files(self) -> tuple[tuple[Path, ...], int]:
        """The data files, and the bytes to leave out of each."""
        skip = self.whole("HeaderSize", 0)
        words = self._data.split()
        if not words:
            raise damaged(self.path, "Its header ends before it says where the numbers are.")
        if words[0].upper() == "LOCAL":
            return (self.path,), self._end + max(skip, 0)
        if words[0].upper() == "LIST":
            # A number behind it says how many dimensions one file has; files share evenly anyway.
            names = self._after.decode("utf-8", "replace").splitlines()
            return tuple(beside(self.path, name.strip()) for name in names if name.strip()), skip
        if "%" in words[0]:
            given = [int(word) for word in words[1:4] if word.isdecimal()]
            first, last, step = (*given, 1, 1, 1)[:3]
            return numbered(self.path, words[0], first, last, step), skip
        return (beside(self.path, self._data),), skip

    def _directions(self, dimensions: int) -> NDArray[np.float64] | None:
        """3x3, its columns the directions of x, y and z; None where the header has none."""
        found = self._first("TransformMatrix", "Rotation", "Orientation")
        if dimensions < 3 or len(found) != dimensions**2:
            return None
        # The header writes one axis behind the other.
        matrix = np.array(found).reshape(dimensions, dimensions).T
        beyond = matrix.copy()
        beyond[:3, :3] = 0
        np.fill_diagonal(beyond, 0)
        return matrix[:3, :3] if not beyond.any() else None

    def _steps(self, scale: float) -> Spacing:
        """From voxel to voxel in mm; below 0, as ITK reads it, against the direction."""
        found = self._first("ElementSpacing", "ElementSize")[:3]
        good = [long * scale if math.isfinite(long) and long else None for long in found]
        x, y, z = (*good, None, None, None)[:3]
        return x, y, z

    def _first(self, *fields: str) -> list[float]:
        """The numbers of the first of these fields that is there."""
        return next((self._numbers(field) for field in fields if field in self.fields), [])

    def _numbers(self, field: str) -> list[float]:
        try:
            return [float(word) for word in self.fields.get(field, "").split()]
        except ValueError:
            return []

    def _true(self, field: str) -> bool:
        return self.fields.get(field, "").lower() in ("true", "1", "t")
