"""A volume in one file, as its header tells it: planned, and read whole or in part."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.laid import laid_dtype
from engine.images.part import Extent, Pictures
from engine.images.placing import Placement
from engine.images.plan import FilePlan
from engine.images.raw_numbers import RawNumbers
from engine.images.recognise import Kind
from engine.images.slabs import Slabs
from engine.images.straight import straighten
from engine.pictures import Repair, RepairKind
from engine.task import Task


@dataclass(frozen=True)
class FileVolume:
    """Where the numbers are, how they lie, and what becomes of them.

    ``values`` turns a picture's numbers, (y, x) or (y, x, channel), into values of ``dtype``,
    (y, x) or (y, x, 3). ``scaled`` says that it goes by way of floats.
    """

    numbers: RawNumbers
    slabs: Slabs
    placed: Placement
    dtype: str
    colour: bool
    values: Callable[[NDArray[Any]], NDArray[Any]]
    scaled: bool = False

    def plan(self, path: Path, kind: Kind) -> FilePlan:
        """How it will be read."""
        sheared = self.placed.sheared is not None
        return FilePlan(
            str(path),
            kind.value,
            laid_dtype(self.dtype, self.colour) if sheared else self.dtype,
            self._shape(self.placed.grid.size),
            held=self._held(),
            passed=self.slabs.all_bytes,
            all_passed=self.numbers.packed or sheared or self.slabs.is_deep,
        )

    def pictures(self, extent: Extent, task: Task) -> Pictures:
        """What ``extent`` holds of it, on the grid that it is planned for.

        Raises:
            Refusal: The file is cut or damaged.
        """
        rows, columns = slice(*extent.y), slice(*extent.x)
        if self.placed.sheared is None:
            found = self._stored(extent.slices, task)
        else:
            found = self._straightened(extent.slices, task)
        return ((frame, at, picture[rows, columns]) for frame, at, picture in found)

    def _stored(self, slices: range, task: Task) -> Pictures:
        with self.numbers.stream(task) as stream:
            for frame, at, picture in self.slabs.pictures(stream, slices, task):
                yield frame, at, self.values(picture)

    def _straightened(self, slices: range, task: Task) -> Pictures:
        """All of it is read for any slice: each is laid across many stored ones."""
        assert self.placed.sheared is not None
        stored = np.empty(self._shape(self.slabs.size), self.dtype)
        for frame, z, picture in self._stored(range(self.slabs.size[2]), task):
            stored[frame, z] = picture
        for frame, values in enumerate(stored):
            laid = straighten(values, self.placed.sheared, self.placed.grid)
            for z, picture in enumerate(laid):
                task.check()
                if z in slices:
                    yield frame, slices.index(z), picture

    def _shape(self, size: tuple[int, int, int]) -> tuple[int, ...]:
        """(frame, z, y, x) or (frame, z, y, x, 3)."""
        return (self.slabs.frames, *size[::-1], *((3,) if self.colour else ()))

    def _held(self) -> int:
        """What is held to make one slice: the slab, and the copies of a picture."""
        itemsize = np.dtype(self.dtype).itemsize
        shape = self._shape(self.slabs.size)
        pixels = math.prod(shape[2:])
        held = self.slabs.slab_bytes + pixels * (self.slabs.dtype.itemsize + itemsize)
        if self.scaled:
            held += pixels * 8
        if np.dtype(self.dtype).kind == "f":
            held += pixels * (itemsize + 1)  # the finite ones, for the range
        if self.placed.sheared is not None:
            floats = np.dtype(laid_dtype(self.dtype, self.colour)).itemsize
            held += math.prod(shape) * itemsize + 2 * math.prod(shape[1:]) * floats
        return held


def over_black(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay straight-alpha pixels (…, 4) over black: (…, 3)."""
    share = pixels[..., 3:].astype(np.uint16)
    laid: NDArray[Any] = (pixels[..., :3] * share + 127) // 255
    return laid.astype(np.uint8)


def magnitude_repair() -> Repair:
    """What is said where complex numbers are shown by their magnitude."""
    detail = "The file holds complex numbers; their magnitude is shown, the phase is not."
    return Repair(RepairKind.VALUES, detail)
