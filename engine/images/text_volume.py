"""A volume whose header is text (NRRD, MetaImage): planned, and its numbers put in order."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom.frame_names import numbered
from engine.images.placing import Placement
from engine.images.plan import FilePlan, Planned
from engine.images.raw_numbers import RawNumbers
from engine.images.recognise import Kind
from engine.images.whole_files import magnitude_repair, over_black, shape_of
from engine.pictures import FrameAxis, VolumeFacts
from engine.task import Task


@dataclass(frozen=True)
class TextVolume:
    """What a header of text says.

    ``lengths`` are those of all stored axes, fastest first. ``space`` are the two or three of
    them that are x, y and z; ``channels`` the one along which the colours, or the real and the
    imaginary part, of one voxel lie. The others number the frames.
    """

    numbers: RawNumbers
    lengths: tuple[int, ...]
    space: tuple[int, ...]
    placed: Placement
    channels: int | None = None
    colour: bool = False
    frame_axis: FrameAxis = FrameAxis.NONE
    frame_ms: float | None = None
    unit: str | None = None
    modality: str | None = None

    @property
    def is_complex(self) -> bool:
        """Whether its voxels are complex numbers."""
        return self.channels is not None and not self.colour

    @property
    def size(self) -> tuple[int, int, int]:
        """(x, y, z); z is 1 for a single picture."""
        x, y, z = (*(self.lengths[axis] for axis in self.space), 1)[:3]
        return x, y, z

    @property
    def frame_lengths(self) -> tuple[int, ...]:
        """The lengths of the axes that number the frames, fastest first."""
        return tuple(self.lengths[axis] for axis in self._frame_axes)

    @property
    def _frame_axes(self) -> tuple[int, ...]:
        used = {*self.space, self.channels}
        return tuple(axis for axis in range(len(self.lengths)) if axis not in used)

    def plan(self, kind: Kind, key: str) -> Planned:
        """How it will be read."""
        frames = math.prod(self.frame_lengths)
        repairs = (magnitude_repair(),) if self.is_complex else ()
        facts = VolumeFacts(
            grid=self.placed.grid,
            modality=self.modality,
            unit=self.unit,
            frames=numbered(frames, self.frame_axis),
            frame_axis=self.frame_axis if frames > 1 else FrameAxis.NONE,
            frame_ms=self.frame_ms if frames > 1 else None,
            colour=self.colour,
            interpolated=self.placed.sheared is not None,
            repairs=(*self.placed.repairs, *repairs),
            warnings=self.placed.warnings,
        )
        shape = shape_of(frames, self.placed.grid.size, self.colour)
        path = str(self.numbers.header)
        dtype = self.placed.dtype(self._dtype(), self.colour)
        return Planned(key, FilePlan(path, kind.value, dtype, shape), facts)

    def read(self, task: Task) -> NDArray[Any]:
        """The values, (frame, z, y, x) or (frame, z, y, x, 3)."""
        stored = self.numbers.read(task).reshape(self.lengths[::-1])
        last = () if self.channels is None else (self.channels,)
        order = (*self._frame_axes[::-1], *self.space[::-1], *last)
        values = stored.transpose([len(self.lengths) - 1 - axis for axis in order])
        channels = tuple(self.lengths[axis] for axis in last)
        values = values.reshape(-1, *self.size[::-1], *channels)
        if self.is_complex:
            values = np.hypot(values[..., 0], values[..., 1]).astype(self._dtype())
        elif self.colour and values.shape[-1] == 4:
            values = over_black(values)
        return self.placed.laid(np.ascontiguousarray(values))

    def _dtype(self) -> str:
        plain = self.numbers.dtype.newbyteorder("=")
        if self.is_complex:
            return "float32" if plain.itemsize <= 4 and plain.kind == "f" else "float64"
        return plain.name
