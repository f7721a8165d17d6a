"""One picture of a series: a frame of a file or a tile of a mosaic, and where it says it lies."""

import math
from dataclasses import dataclass

from engine.images.dicom.header import FrameHeader, Header, Vector
from engine.images.dicom.planes import Orientation
from engine.images.dicom.values import rescale_of
from engine.images.plan import Source

_FAR = 1e5
"""mm. A patient lies within a hundred metres of the scanner."""


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """A picture of ``header``'s file.

    ``own`` is what its frame says of itself. ``position`` is where the centre of its first pixel
    lies in LPS mm, None if that is not told or no number. ``order`` sorts the pictures of one
    place as they were taken.
    """

    header: Header
    own: FrameHeader
    number: int
    tile: int | None
    orientation: Orientation | None
    position: Vector | None

    @property
    def placed(self) -> bool:
        """Whether it says where in the patient it lies."""
        return self.position is not None and self.orientation is not None

    @property
    def order(self) -> tuple[int, str, int, str, str, int]:
        """Acquisition, time, number, then what only makes the order a firm one."""
        header = self.header
        return (
            header.acquisition_number or 0,
            header.acquisition_time,
            header.instance_number or 0,
            header.sop_instance,
            header.path,
            self.number,
        )

    @property
    def source(self) -> Source:
        """Where its pixels stand."""
        slope, intercept = rescale_of(self.own)
        return Source(
            self.header.path,
            self.number,
            slope,
            intercept,
            self.tile,
            0 if self.tile is None else self.header.tiles,
        )


def pictures_of(header: Header) -> list[Picture]:
    """The frames of one file, in their order; a frame that has no entry says nothing."""
    told, count = header.frames, header.frame_count
    frames = told * count if len(told) == 1 else told + (FrameHeader(),) * (count - len(told))
    return [
        Picture(header, own, number, None, _direction(own.orientation), _place(own.position))
        for number, own in enumerate(frames[:count])
    ]


def _direction(orientation: Orientation | None) -> Orientation | None:
    """None too if all are 0: so says who does not know."""
    known = orientation is not None and any(orientation) and all(map(math.isfinite, orientation))
    return orientation if known else None


def _place(position: Vector | None) -> Vector | None:
    known = position is not None and all(abs(each) < _FAR for each in position)
    return position if known else None
