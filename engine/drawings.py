"""What a reader draws on a picture: frozen, in the picture's own voxels, kept as JSON.

A point is a voxel (x, y, z) with centres at whole numbers, of the picture as it is held; a
photograph's is (x, y, 0). A drawing lies in one plane: all its points have the same coordinate
along ``axis``. It is drawn on one frame.
"""

from math import isfinite
from typing import Annotated, Any, ClassVar, TypeVar

import msgspec
from msgspec import Meta, Struct

Point = tuple[float, float, float]

TEXT_MOST = 200
"""How many letters a drawing's text may have."""


class Drawn(Struct, frozen=True, tag_field="kind", kw_only=True):
    """What all drawings have.

    ``id`` stays the same when it is changed. ``axis`` is the voxel axis along which the plane's
    slices are counted: 2 for x and y, 1 for x and z, 0 for y and z. Raises ``ValueError`` for
    another number of points, for points that are no numbers or do not lie in one plane.
    """

    id: str
    points: tuple[Point, ...]
    axis: Annotated[int, Meta(ge=0, le=2)] = 2
    frame: Annotated[int, Meta(ge=0)] = 0
    text: Annotated[str, Meta(max_length=TEXT_MOST)] = ""

    COUNT: ClassVar[int] = 0
    MOST: ClassVar[int] = 0

    def __post_init__(self) -> None:
        least, most = self.COUNT, max(self.COUNT, self.MOST)
        if not least <= len(self.points) <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}"
            raise ValueError(f"{wanted} points are wanted, {len(self.points)} were given")
        if not all(isfinite(side) for point in self.points for side in point):
            raise ValueError("a point is no place")
        if len({point[self.axis] for point in self.points}) != 1:
            raise ValueError("the points do not lie in one plane")

    @property
    def slice(self) -> int:
        """The index along ``axis`` of the slice that it lies on."""
        return round(self.points[0][self.axis])


class Distance(Drawn, frozen=True, tag="distance"):
    """A straight line: its two ends."""

    COUNT: ClassVar[int] = 2


class Angle(Drawn, frozen=True, tag="angle"):
    """Two arms: the end of the first, the vertex, the end of the second."""

    COUNT: ClassVar[int] = 3


class Ellipse(Drawn, frozen=True, tag="ellipse"):
    """The ellipse within a box along the plane's axes: two opposite corners of the box."""

    COUNT: ClassVar[int] = 2


class Rectangle(Drawn, frozen=True, tag="rectangle"):
    """A box along the plane's axes: two opposite corners."""

    COUNT: ClassVar[int] = 2


class Bidirectional(Drawn, frozen=True, tag="bidirectional"):
    """A diameter and one at a right angle (in mm) to it: the two ends of each."""

    COUNT: ClassVar[int] = 4


class Probe(Drawn, frozen=True, tag="probe"):
    """One place."""

    COUNT: ClassVar[int] = 1


class Arrow(Drawn, frozen=True, tag="arrow"):
    """An arrow with a text: its tip, and the end that the text stands at."""

    COUNT: ClassVar[int] = 2


class Outline(Drawn, frozen=True, tag="outline"):
    """A closed line, the last point joined to the first; ``text`` is the reader's name for it."""

    COUNT: ClassVar[int] = 3
    MOST: ClassVar[int] = 4000


Drawing = Distance | Angle | Ellipse | Rectangle | Bidirectional | Probe | Arrow | Outline
_Any = TypeVar("_Any", bound=Drawn)


def plane_axes(axis: int) -> tuple[int, int]:
    """The two voxel axes of a plane: that of its columns, then that of its rows.

    So a plane's values are (row, column): ``volume[z]``, ``volume[:, y]`` or ``volume[:, :, x]``.
    """
    column, row = (other for other in (0, 1, 2) if other != axis)
    return column, row


def with_points(drawing: _Any, points: tuple[Point, ...]) -> _Any:
    """The same drawing elsewhere."""
    return msgspec.structs.replace(drawing, points=points)


def with_text(drawing: _Any, text: str) -> _Any:
    """The same drawing with another text."""
    return msgspec.structs.replace(drawing, text=text)


def to_json(drawing: Drawing) -> Any:
    """Plain lists, names and numbers, as JSON has them."""
    return msgspec.to_builtins(drawing)
