"""The numbers of a volume as they lie in a file, slab by slab: as many as make whole slices."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.number_stream import NumberStream
from engine.images.part import Pictures
from engine.task import Task


@dataclass(frozen=True)
class Slabs:
    """In which order the numbers, of type ``dtype``, lie.

    ``lengths`` are those of all stored axes, fastest first. ``space`` are the two or three of
    them that are x, y and z, in their order; ``channels`` the one along which the numbers of one
    voxel lie. The others number the frames, the fastest of them first.
    """

    dtype: np.dtype[Any]
    lengths: tuple[int, ...]
    space: tuple[int, ...]
    channels: int | None = None

    @property
    def size(self) -> tuple[int, int, int]:
        """(x, y, z); z is 1 for a single picture."""
        x, y, z = (*(self.lengths[axis] for axis in self.space), 1)[:3]
        return x, y, z

    @property
    def frames(self) -> int:
        """How many there are."""
        return math.prod(self.lengths[axis] for axis in self._frame_axes)

    @property
    def slab_bytes(self) -> int:
        """The bytes that must be held to make one slice."""
        return math.prod(self.lengths[: self._top]) * self.dtype.itemsize

    @property
    def all_bytes(self) -> int:
        """The bytes of all numbers."""
        return math.prod(self.lengths) * self.dtype.itemsize

    def pictures(self, stream: NumberStream, slices: range, task: Task) -> Pictures:
        """The numbers of ``slices``, (y, x) or (y, x, channel), as the file has them.

        They come in the file's order, and what lies behind the last is not looked at.

        Raises:
            Refusal: As ``stream``.
        """
        deep = self.is_deep
        depth = 1 if deep else self.size[2]
        behind = 0 if deep else depth - 1 - slices[-1]
        last = math.prod(self.lengths[self._top :]) - behind
        for number in range(last):
            task.progress("Reading the file", number, last)
            later, z = divmod(number, depth)
            if not deep and z not in slices:
                stream.skip(self.slab_bytes)
                continue
            stacks = self._ordered(stream.take(self.slab_bytes).view(self.dtype))
            sooner = stacks.shape[: len(self._sooner)]
            for frame, index in enumerate(np.ndindex(*sooner), later * math.prod(sooner)):
                stack = stacks[index]
                if not deep:
                    yield frame, slices.index(z), stack
                    continue
                for at, z in enumerate(slices):
                    yield frame, at, stack[z]

    @property
    def is_deep(self) -> bool:
        """Whether all slices lie within each slab: those of one channel behind those of another."""
        return self.channels is not None and self.channels > self.space[-1]

    @property
    def _top(self) -> int:
        """So many axes, the fastest, make a slab."""
        if self.is_deep:
            return len(self.lengths)
        return self.space[2] if len(self.space) == 3 else self.space[1] + 1

    @property
    def _sooner(self) -> tuple[int, ...]:
        """The axes of frames that lie within a slab, slowest first."""
        return tuple(axis for axis in self._frame_axes[::-1] if axis < self._top)

    @property
    def _frame_axes(self) -> tuple[int, ...]:
        used = {*self.space, self.channels}
        return tuple(axis for axis in range(len(self.lengths)) if axis not in used)

    def _ordered(self, slab: NDArray[Any]) -> NDArray[Any]:
        """(frame axes …, y, x) or (…, y, x, channel); where it is deep, z stands before y."""
        top = self._top
        stored = slab.reshape(self.lengths[:top][::-1])
        space = self.space if self.is_deep else self.space[:2]
        last = () if self.channels is None else (self.channels,)
        order = (*self._sooner, *space[::-1], *last)
        ordered = stored.transpose([top - 1 - axis for axis in order])
        if self.is_deep and len(space) == 2:
            ordered = np.expand_dims(ordered, len(self._sooner))
        return ordered
