"""The header of a NIfTI or Analyze file: read, and checked before anything in it is believed."""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import Refusal
from engine.images.reading import (
    damaged,
    in_words,
    is_compressed,
    most_bytes,
    name_of,
    unpacked,
)
from engine.images.recognise import Kind

_COMPLEX_256 = 2048
_FLOAT_128 = 1536
_BINARY = 1
_CIFTI = range(3000, 3100)

_LONG = 540
"""Bytes of a NIfTI-2 header; the others have 348."""

_SHORT = 348

_LINE_ENDS = b"\r\n\x1a\n"
"""Stand in a NIfTI-2 header, because they are what a transfer as text would change."""


@dataclass(frozen=True, eq=False)
class NiftiHeader:
    """A checked header.

    ``fields`` is nibabel's header, read by name. ``shape`` is (x, y, z, …), three to seven
    numbers; ``dtype`` is that of the file, its byte order included. The numbers begin ``offset``
    bytes into the file ``data``, which is ``path`` itself or the .img beside it, once unpacked
    where it is ``packed``; ``left_over`` bytes follow them in a file that is not.
    """

    path: Path
    data: Path
    kind: Kind
    fields: Any
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    offset: int
    packed: bool = False
    left_over: int = 0

    @property
    def byte_count(self) -> int:
        """How many bytes of numbers there must be."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def is_analyze(self) -> bool:
        """Whether it is Analyze 7.5, which has no orientation."""
        return self.kind is Kind.ANALYZE


def read_header(path: Path, kind: Kind) -> NiftiHeader:
    """Read and check a header.

    Raises:
        Refusal: It is damaged, belongs to no picture, or promises more than the file can hold.
    """
    with in_words(path):
        with unpacked(path) as file:
            try:
                block = file.read(_LONG)
            except EOFError:
                raise damaged(path, "Its compressed content ends within the header.") from None
        fields = _fields(path, kind, block)
        shape = _shape(path, fields)
        dtype = _dtype(path, fields)
        data = path if kind is Kind.NIFTI else _data_beside(path)
    header = NiftiHeader(path, data, kind, fields, shape, dtype, _offset(path, kind, fields))
    with in_words(data):
        room, packed = most_bytes(data) - header.offset, is_compressed(data)
    if room < header.byte_count:
        raise damaged(
            data,
            f"Its header promises {' × '.join(str(length) for length in shape)} voxels, "
            f"{header.byte_count:,} bytes; the file can hold {max(room, 0):,}.",
        )
    left_over = 0 if packed else room - header.byte_count
    return replace(header, packed=packed, left_over=left_over)


def partner(path: Path, ending: str) -> Path | None:
    """The file of the same name but for its ``ending`` (".img"), compressed or not, or None."""
    wanted = {name.lower() for name in (_stem(path) + ending, _stem(path) + ending + ".gz")}
    try:
        beside = sorted(path.parent.iterdir())
    except OSError:
        return None
    return next((other for other in beside if other.name.lower() in wanted), None)


def _stem(path: Path) -> str:
    name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    return name.rpartition(".")[0] or name


def _data_beside(path: Path) -> Path:
    found = partner(path, ".img")
    if found is None or not found.is_file():
        raise Refusal(
            f"“{name_of(path)}” is only a header.",
            f"Its numbers would be in a file “{_stem(path)}.img” beside it, which is not there.",
            "Put both files into one folder, under one name.",
        )
    return found


def _fields(path: Path, kind: Kind, block: bytes) -> Any:
    from nibabel.nifti1 import Nifti1Header
    from nibabel.nifti2 import Nifti2Header
    from nibabel.spm2analyze import Spm2AnalyzeHeader

    if kind is Kind.ANALYZE:
        if len(block) != _SHORT:  # a bare header; whatever is longer is something else
            magic = block[344:348].decode("ascii", "replace").replace("\0", "")
            raise damaged(
                path,
                f"Its header is as long as that of a NIfTI file, but is marked “{magic}” "
                "where “n+1” or “ni1” must stand.",
            )
        return Spm2AnalyzeHeader(block, check=False)  # type: ignore[no-untyped-call]
    length = _LONG if block[4:7] in (b"n+2", b"ni2") else _SHORT
    if length == _LONG and block[8:12] != _LINE_ENDS:
        raise damaged(path, "Bytes in it were changed, as when a file is sent as text.")
    if len(block) < length:
        raise damaged(path, f"Its header has {len(block)} bytes; {length} are needed.")
    header: Any = Nifti2Header if length == _LONG else Nifti1Header
    return header(block[:length], check=False)


def _shape(path: Path, fields: Any) -> tuple[int, ...]:
    lengths = [int(length) for length in fields["dim"]]
    count, used = lengths[0], lengths[1 : lengths[0] + 1]
    if not 1 <= count <= 7:
        raise damaged(path, f"Its header says that it has {count} dimensions; 2 to 7 are possible.")
    # As the reference reader does: a dimension beyond the third that is 0 is not there.
    used[3:] = [length or 1 for length in used[3:]]
    if min(used) < 1:
        sizes = " × ".join(str(length) for length in used)
        raise damaged(path, f"Its header says that it has {sizes} voxels.")
    intent = int(fields["intent_code"]) if "intent_code" in fields.keys() else 0  # noqa: SIM118
    if intent in _CIFTI or count == 1:
        raise Refusal(
            f"“{name_of(path)}” is not a picture.",
            "It holds values of a surface or a list of numbers, not of voxels.",
            "Choose a file that holds a volume.",
        )
    return tuple(used) + (1,) * (3 - len(used))


def _dtype(path: Path, fields: Any) -> np.dtype[Any]:
    from nibabel.spatialimages import HeaderDataError

    code = int(fields["datatype"])
    too_wide = {_COMPLEX_256, _FLOAT_128}
    try:
        found: np.dtype[Any] = np.dtype(fields.get_data_dtype())
    except (HeaderDataError, KeyError, TypeError):
        found = np.dtype("V")
    if code in too_wide or code == _BINARY or found.itemsize == 0:
        raise Refusal(
            f"“{name_of(path)}” cannot be read.",
            f"Its numbers are of type {code}, which this build does not know"
            f"{' (128 bits)' if code in too_wide else ''}.",
            "Save it anew with numbers of 8, 16, 32 or 64 bits.",
        )
    return found


def _offset(path: Path, kind: Kind, fields: Any) -> int:
    found = float(fields["vox_offset"])
    header = len(fields.binaryblock)
    if kind is Kind.NIFTI and found == 0:
        return header + 4  # 0 means right behind the header and its four bytes for extensions
    least = header if kind is Kind.NIFTI else 0
    if not math.isfinite(found) or found < least or found != int(found):
        raise damaged(path, f"Its header says that the numbers begin at byte {found:g}.")
    return int(found)
