"""What a hand can take hold of on a drawing, and what becomes of the drawing then.

Numbers only: points are voxels, and what must be at right angles or round is so in millimetres.
"""

import numpy as np
from numpy.typing import NDArray

from engine import measures
from engine.drawings import (
    Bidirectional,
    Drawing,
    Ellipse,
    Outline,
    Point,
    Probe,
    Rectangle,
    plane_axes,
    with_points,
)
from engine.pictures import Grid

_SHORT = 2 / 3
"""How long the short diameter is at first, in parts of the long one."""
# For each handle of a box, which corner gives its column and which its row; None is the middle.
_BOX: tuple[tuple[int | None, int | None], ...] = (
    (0, 0), (None, 0), (1, 0), (1, None), (1, 1), (None, 1), (0, 1), (0, None),
)  # fmt: skip
_ROUND_STEPS = 72

Places = NDArray[np.float64]


def handles(drawing: Drawing) -> tuple[Point, ...]:
    """The points that can be taken hold of, voxels: those of a closed shape lie round its box."""
    if not isinstance(drawing, Ellipse | Rectangle | Outline):
        return drawing.points
    return tuple(_box_place(drawing, columns, rows) for columns, rows in _BOX)


def outlines(drawing: Drawing) -> tuple[Places, ...]:
    """The lines that a drawing consists of, each (n, 3) voxels; a closed one ends where it began.

    A probe has none.
    """
    points = np.array(drawing.points)
    match drawing:
        case Probe():
            return ()
        case Bidirectional():
            return points[:2], points[2:]
        case Rectangle():
            corners = [_box_place(drawing, *_BOX[number]) for number in (0, 2, 4, 6, 0)]
            return (np.array(corners),)
        case Ellipse():
            return (_round(drawing),)
        case Outline():
            return (np.concatenate([points, points[:1]]),)
    return (points,)


def moved(drawing: Drawing, step: Places) -> Drawing:
    """The whole drawing further by ``step``, voxels (3,), which lies in its plane."""
    points = np.array(drawing.points) + step
    return with_points(drawing, _points(points, drawing))


def with_handle(drawing: Drawing, number: int, to: Point, grid: Grid) -> Drawing:
    """The drawing with one of its handles elsewhere in its plane."""
    match drawing:
        case Ellipse() | Rectangle():
            points = np.array(drawing.points)
            for axis, corner in zip(plane_axes(drawing.axis), _BOX[number], strict=True):
                if corner is not None:
                    points[corner, axis] = to[axis]
        case Outline():
            points = _stretched(drawing, number, to)
        case Bidirectional():
            return _diameter_moved(drawing, number, to, grid)
        case _:
            points = np.array(drawing.points)
            points[number] = to
    return with_points(drawing, _points(points, drawing))


def both_diameters(start: Point, end: Point, axis: int, grid: Grid) -> tuple[Point, ...]:
    """A first short diameter through the middle of a long one, at a right angle to it."""
    flat = _Flat(grid, axis, start)
    one, other = flat.down(np.array([start, end]))
    side = _across(other - one) * np.linalg.norm(other - one) * _SHORT / 2
    middle = (one + other) / 2
    return flat.up(np.array([one, other, middle + side, middle - side]))


def squared(start: Point, to: Point, axis: int, grid: Grid) -> Point:
    """``to`` moved so that the box between the two is as wide as high, in millimetres."""
    step = np.subtract(to, start)
    sides = np.linalg.norm(measures.in_plane(grid, axis), axis=0)
    columns, rows = plane_axes(axis)
    wide = max(abs(step[columns]) * sides[0], abs(step[rows]) * sides[1])
    point = list(to)
    for which, side in ((columns, sides[0]), (rows, sides[1])):
        point[which] = start[which] + float(np.copysign(wide / side, step[which]))
    return point[0], point[1], point[2]


def held_within(point: Point, grid: Grid, axis: int) -> Point:
    """The nearest point on the slice: a drawing ends where the picture ends."""
    held = list(point)
    for which in plane_axes(axis):
        held[which] = min(max(held[which], -0.5), grid.size[which] - 0.5)
    return held[0], held[1], held[2]


# ---- two diameters at a right angle


class _Flat:
    """A plane laid flat: voxels of a slice to (right, down) in mm, and back."""

    def __init__(self, grid: Grid, axis: int, point: Point) -> None:
        self._axes = list(plane_axes(axis))
        self._depth = np.array(point)
        # The triangular part keeps all lengths and angles, also where the axes are not square.
        self._forth = np.linalg.qr(measures.in_plane(grid, axis))[1]

    def down(self, voxels: Places) -> Places:
        """(n, 3) voxels to (n, 2) mm."""
        placed: Places = voxels[:, self._axes] @ self._forth.T
        return placed

    def up(self, places: Places) -> tuple[Point, ...]:
        """(n, 2) mm to voxels."""
        voxels = np.tile(self._depth, (len(places), 1))
        voxels[:, self._axes] = np.linalg.solve(self._forth, places.T).T
        return tuple((x, y, z) for x, y, z in voxels.tolist())


def _across(way: Places) -> Places:
    """The unit vector at a right angle to ``way``; nothing where there is no way."""
    length = float(np.linalg.norm(way))
    turned = np.array([-way[1], way[0]])
    return turned / length if length else turned


def _diameter_moved(drawing: Bidirectional, number: int, to: Point, grid: Grid) -> Drawing:
    """An end of the long one takes the short one with it; of the short one, along and out.

    The short diameter stays at a right angle to the long one and crosses it: its foot goes along
    with the hand, and the hand's own end goes out to it.
    """
    flat = _Flat(grid, drawing.axis, drawing.points[0])
    ends = flat.down(np.array(drawing.points))
    hand = flat.down(np.array([to]))[0]
    way = ends[1] - ends[0]
    length = float(np.linalg.norm(way))
    side = _across(way)
    out = [float((end - ends[0]) @ side) for end in ends[2:]]
    foot = float((ends[2] - ends[0]) @ way) / length**2 if length else 0.5
    if number < 2:
        ends[number] = hand
    else:
        first = number == 2
        # Which side each half lies on was decided when it was drawn; neither goes to the other.
        sign = (np.sign(out[0] - out[1]) or 1) * (1 if first else -1)
        reach = float((hand - ends[0]) @ side)
        out[number - 2] = reach if reach * sign > 0 else 0.0
        foot = min(max(float((hand - ends[0]) @ way) / length**2, 0.0), 1.0) if length else 0.5
    way = ends[1] - ends[0]
    side, middle = _across(way), ends[0] + foot * way
    ends[2], ends[3] = middle + out[0] * side, middle + out[1] * side
    return with_points(drawing, flat.up(ends))


# ---- boxes


def _ends(drawing: Ellipse | Rectangle | Outline, axis: int) -> tuple[float, float]:
    """Where a closed shape begins and ends along an axis."""
    if isinstance(drawing, Outline):
        sides = [point[axis] for point in drawing.points]
        return min(sides), max(sides)
    one, other = (point[axis] for point in drawing.points)
    return one, other


def _stretched(drawing: Outline, number: int, to: Point) -> Places:
    """A closed line with a side or corner of its box elsewhere; the side opposite stays."""
    points = np.array(drawing.points)
    for axis, corner in zip(plane_axes(drawing.axis), _BOX[number], strict=True):
        ends = _ends(drawing, axis)
        if corner is not None and ends[0] != ends[1]:
            fixed, moving = ends[1 - corner], ends[corner]
            points[:, axis] = fixed + (points[:, axis] - fixed) * (to[axis] - fixed) / (
                moving - fixed
            )
    return points


def _box_place(
    drawing: Ellipse | Rectangle | Outline, columns: int | None, rows: int | None
) -> Point:
    place = list(drawing.points[0])
    for axis, corner in zip(plane_axes(drawing.axis), (columns, rows), strict=True):
        one, other = _ends(drawing, axis)
        place[axis] = (one + other) / 2 if corner is None else (one, other)[corner]
    return place[0], place[1], place[2]


def _round(drawing: Ellipse) -> Places:
    one, other = np.array(drawing.points)
    turns = np.linspace(0, 2 * np.pi, _ROUND_STEPS + 1)
    middle, reach = (one + other) / 2, (other - one) / 2
    line = np.tile(middle, (len(turns), 1))
    for axis, part in zip(plane_axes(drawing.axis), (np.cos(turns), np.sin(turns)), strict=True):
        line[:, axis] += reach[axis] * part
    return line


def _points(points: Places, drawing: Drawing) -> tuple[Point, ...]:
    # On its slice exactly, whatever the arithmetic left there.
    points[:, drawing.axis] = drawing.points[0][drawing.axis]
    return tuple((x, y, z) for x, y, z in points.tolist())
