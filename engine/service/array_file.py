"""An ``.npy`` file that several processes fill, slice by slice, by plain writes at its place.

A mapping of the whole would count against the memory limit of a decoder, a write does not.
"""

import math
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from msgspec import Struct
from numpy.lib import format as npy
from numpy.typing import NDArray

from engine.errors import Refusal


class ArrayFile(Struct, frozen=True):
    """``shape`` is (frame, z, y, x) or (frame, z, y, x, 3); values begin at byte ``start``."""

    path: str
    dtype: str
    shape: tuple[int, ...]
    start: int

    @property
    def picture(self) -> tuple[int, ...]:
        """The shape of one slice."""
        return self.shape[2:]

    @property
    def picture_bytes(self) -> int:
        """The bytes of one slice."""
        return math.prod(self.picture) * np.dtype(self.dtype).itemsize


def size_of(shape: tuple[int, ...], dtype: str) -> int:
    """The bytes of an array's values."""
    return math.prod(shape) * np.dtype(dtype).itemsize


def create(path: Path, shape: tuple[int, ...], dtype: str) -> ArrayFile:
    """Make the file at its full length; its values are 0.

    Raises ``OSError`` where the disk has no room for it, on systems that can tell beforehand.
    """
    header = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape}
    with path.open("wb") as file:
        npy.write_array_header_1_0(file, header)
        start = file.tell()
        length = start + size_of(shape, dtype)
        if sys.platform == "linux":
            file.flush()
            os.posix_fallocate(file.fileno(), 0, length)
        else:
            file.truncate(length)
    return ArrayFile(str(path), dtype, shape, start)


def write_slice(
    file: BinaryIO, array: ArrayFile, frame: int, z: int, picture: NDArray[Any]
) -> None:
    """Write one slice, contiguous and of the array's type, into a file without a buffer.

    Raises ``OSError``.
    """
    assert picture.shape == array.picture and picture.dtype == array.dtype
    file.seek(array.start + (frame * array.shape[1] + z) * array.picture_bytes)
    left = picture.data.cast("B")
    while left:  # a disk that is nearly full takes a part, and complains only of the rest
        left = left[file.write(left) :]


def disk_is_full(what: str, output: Path) -> Refusal:
    """What is said where the disk takes no more; ``output`` is a file in the session's folder."""
    return Refusal(
        what,
        f"Open pictures lie in {output.parent.parent}, and its disk is full.",
        "Free some space and open it again.",
    )
