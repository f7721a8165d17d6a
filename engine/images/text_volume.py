"""A volume whose header is text (NRRD, MetaImage): its facts, and its values."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom.frame_names import numbered
from engine.images.placing import Placement
from engine.images.plan import Planned
from engine.images.raw_numbers import RawNumbers
from engine.images.recognise import Kind
from engine.images.slabs import Slabs
from engine.images.whole_files import FileVolume, magnitude_repair, over_black
from engine.pictures import FrameAxis, VolumeFacts


@dataclass(frozen=True)
class TextVolume:
    """What a header of text says.

    The channels of ``slabs`` are the colours, or the real and the imaginary part, of a voxel.
    """

    numbers: RawNumbers
    slabs: Slabs
    placed: Placement
    colour: bool = False
    frame_axis: FrameAxis = FrameAxis.NONE
    frame_ms: float | None = None
    unit: str | None = None
    modality: str | None = None

    @property
    def is_complex(self) -> bool:
        """Whether its voxels are complex numbers."""
        return self.slabs.channels is not None and not self.colour

    @property
    def volume(self) -> FileVolume:
        """How its values are read."""
        return FileVolume(
            self.numbers,
            self.slabs,
            self.placed,
            self._dtype,
            self.colour,
            self._values,
            scaled=self.is_complex,
        )

    def plan(self, kind: Kind, key: str) -> Planned:
        """How it will be read."""
        frames = self.slabs.frames
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
        return Planned(key, self.volume.plan(self.numbers.header, kind), facts)

    def _values(self, stored: NDArray[Any]) -> NDArray[Any]:
        """Of one picture."""
        plain = stored.astype(stored.dtype.newbyteorder("="), copy=False)
        if self.is_complex:
            size: NDArray[Any] = np.hypot(plain[..., 0], plain[..., 1])
            return size.astype(self._dtype)
        return over_black(plain) if self.colour and plain.shape[-1] == 4 else plain

    @property
    def _dtype(self) -> str:
        plain = self.numbers.dtype.newbyteorder("=")
        if self.is_complex:
            return "float32" if plain.itemsize <= 4 and plain.kind == "f" else "float64"
        return plain.name
