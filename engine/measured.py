"""What a measure may be: the figures alone, not how they come about (``engine.measures``)."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a length is counted in."""

    MILLIMETRES = "mm"
    PIXELS = "px"
    DISC_DIAMETERS = "DD"


@dataclass(frozen=True)
class Length:
    """A length. ``approximate``: the spacing is the detector's, not the body's.

    ``in_parts``: it is in pixels, but would be in millimetres within one part of the picture.
    """

    value: float
    unit: Unit = Unit.MILLIMETRES
    approximate: bool = False
    in_parts: bool = False


@dataclass(frozen=True)
class Area:
    """An area in the square of ``unit``; the others as a length's."""

    value: float
    unit: Unit = Unit.MILLIMETRES
    approximate: bool = False
    in_parts: bool = False


@dataclass(frozen=True)
class NotMeasured:
    """Why there is no figure, in a sentence."""

    why: str


@dataclass(frozen=True)
class Degrees:
    """The angle between two arms, from 0 to 180."""

    value: float


@dataclass(frozen=True)
class Statistics:
    """The values of the ``count`` voxels inside; ``left_out`` more have none.

    ``interpolated``: between acquired ones, which lie further apart than their ``deviation`` says.
    """

    mean: float
    deviation: float
    least: float
    greatest: float
    count: int
    left_out: int = 0
    interpolated: bool = False


@dataclass(frozen=True)
class Region:
    """An area, and what lies in it: None for a colour picture, or if nothing does.

    ``without_value`` counts the voxels inside where none of them has a value.
    """

    area: Area | NotMeasured
    statistics: Statistics | None
    without_value: int = 0


@dataclass(frozen=True)
class Diameters:
    """Two at a right angle, the longer first."""

    long: Length
    short: Length


@dataclass(frozen=True)
class Place:
    """One voxel: its index, where its picked point lies in LPS mm, and its value.

    ``value`` is one number, red, green and blue of a colour picture, or None if nothing was
    measured there; ``position`` is None where the picture's place in the patient is not known.
    """

    voxel: tuple[int, int, int]
    position: tuple[float, float, float] | None
    value: float | tuple[int, int, int] | None


Figures = Length | Degrees | Region | Diameters | Place | NotMeasured
