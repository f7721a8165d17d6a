"""What a drawing measures: in millimetres of the patient, from the picture's own geometry.

Lengths and angles are taken between points in patient space, so that neither uneven spacing nor
an oblique stack changes them. Where the spacing is not known there are pixels and no millimetres;
across slices whose distance is not known, or that are missing, nothing is measured.

Which voxels a region counts: those whose *centre* lies within the shape or on its edge, each as a
whole. Its area is that of the shape as drawn, not of the voxels. Voxels without a value (the
picture's padding, or no number) are left out of the statistics and counted apart. The standard
deviation is that of these values (divided by their count), not an estimate for others.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import polygons
from engine.drawings import (
    Angle,
    Arrow,
    Bidirectional,
    Distance,
    Drawing,
    Ellipse,
    Outline,
    Point,
    Probe,
    Rectangle,
    plane_axes,
)
from engine.measured import (
    Area,
    Degrees,
    Diameters,
    Figures,
    Length,
    NotMeasured,
    Place,
    Region,
    Statistics,
    Unit,
)
from engine.pictures import Grid
from engine.polygons import EDGE
from engine.space import to_patient

MISSING = "It lies on slices that are missing."
MISSING_FRAME = "It lies on a picture that could not be read."
GAP = "The distance between the slices is not known."
NOT_SQUARE = "Its pixels are not square, and their size is not known."
NO_ARM = "An arm of the angle has no length."


def measure(
    drawing: Drawing,
    grid: Grid,
    values: NDArray[Any] | None = None,
    padding: float | None = None,
    interpolated: bool = False,
) -> Figures | None:
    """The figures of a drawing; None for an arrow, which measures nothing.

    ``values`` are those of the drawing's frame and slice, (row, column) or (row, column, 3) as
    ``slice_values`` cuts them, None where they are not wanted. ``padding`` is the value that stands
    for "nothing was measured here"; ``interpolated``, that they lie between acquired ones.
    """
    if isinstance(drawing, Arrow):
        return None
    if touches_missing(drawing, grid):
        return NotMeasured(MISSING)
    if not grid.parts or grid.spacing[0] is not None:
        return _measured(drawing, grid, values, padding, interpolated)
    pitch = _pitch_of_part(drawing, grid)
    if pitch is not None:
        grid = replace(grid, spacing=(*pitch, grid.spacing[2]))
        return _measured(drawing, grid, values, padding, interpolated)
    return _as_in_parts(_measured(drawing, grid, values, padding, interpolated))


def _measured(
    drawing: Drawing,
    grid: Grid,
    values: NDArray[Any] | None,
    padding: float | None,
    interpolated: bool,
) -> Figures | None:
    match drawing:
        case Distance(points=(start, end)):
            return length(start, end, grid)
        case Angle(points=(first, vertex, second)):
            return angle(first, vertex, second, grid)
        case Bidirectional(points=points):
            return _diameters(points, grid)
        case Probe(points=(point,)):
            return _place(point, drawing.axis, grid, values, padding)
        case Ellipse() | Rectangle() | Outline():
            told = _statistics(drawing, values, padding)
            if told is not None and interpolated:
                told = replace(told, interpolated=True)
            bare = 0 if told is not None else _voxels_inside(drawing, values)
            return Region(_area(drawing, grid), told, bare)
    return None


def _pitch_of_part(drawing: Drawing, grid: Grid) -> tuple[float, float] | None:
    """The scale of the one part that all of a drawing lies in; None where there is none, or two."""
    points = np.array(drawing.points)[:, :2]
    low, high = points.min(axis=0), points.max(axis=0)
    touched = [
        part
        for part in grid.parts
        if (high >= np.array(part.first) - 0.5).all() and (low <= np.array(part.last) + 0.5).all()
    ]
    whole = all(
        (low >= np.array(part.first) - 0.5).all() and (high <= np.array(part.last) + 0.5).all()
        for part in touched
    )
    pitches = {part.pitch for part in touched}
    return pitches.pop() if whole and len(pitches) == 1 else None


def _as_in_parts(figures: Figures | None) -> Figures | None:
    match figures:
        case Length():
            return replace(figures, in_parts=True)
        case Diameters(long=long):
            return replace(figures, long=replace(long, in_parts=True))
        case Region(area=Area() as area):
            return replace(figures, area=replace(area, in_parts=True))
    return figures


def slice_values(frame: NDArray[Any], drawing: Drawing) -> NDArray[Any] | None:
    """The drawing's slice, (row, column[, 3]), of a frame (z, y, x[, 3]); None if it has none."""
    at = 2 - drawing.axis
    if not 0 <= drawing.slice < frame.shape[at]:
        return None
    cut: NDArray[Any] = frame[(slice(None),) * at + (drawing.slice,)]
    return cut


def touches_missing(drawing: Drawing, grid: Grid) -> bool:
    """Whether any of a drawing lies on a slice that was never found."""
    low = min(point[2] for point in drawing.points)
    high = max(point[2] for point in drawing.points)
    # A slice reaches half a voxel to both sides of its centres.
    return any(low < missing + 0.5 and high > missing - 0.5 for missing in grid.missing)


# ---- lengths and angles


def length(start: Point, end: Point, grid: Grid) -> Length | NotMeasured:
    """The distance between two points."""
    step = np.subtract(end, start)
    found = _metric(grid, step)
    if isinstance(found, NotMeasured):
        return found
    return NotMeasured(NOT_SQUARE) if _is_askew(step, found, grid) else _length(found, step, grid)


def angle(first: Point, vertex: Point, second: Point, grid: Grid) -> Degrees | NotMeasured:
    """The angle at ``vertex`` between the ways to two points, in degrees.

    Without spacing the pixels have the shape that the grid says: square, where the file says none.
    """
    arms = np.subtract((first, second), vertex)
    found = _metric(grid, *arms)
    if isinstance(found, NotMeasured):
        return found
    matrix = _in_proportion(found, grid)
    u, v = (matrix @ arm for arm in arms)
    if not u.any() or not v.any():
        return NotMeasured(NO_ARM)
    # Not the arc cosine, which loses half its digits near 0 and 180 degrees.
    crossed = float(np.linalg.norm(np.cross(u, v)))
    return Degrees(float(np.degrees(np.arctan2(crossed, float(u @ v)))))


def in_plane(grid: Grid, axis: int) -> NDArray[np.float64]:
    """Where one voxel along a plane's columns and one along its rows lead, 3x2, in mm.

    Without spacing in proportion. For drawing at right angles, not for figures.
    """
    columns = list(plane_axes(axis))
    found = _metric(grid, *np.eye(3)[columns])
    matrix = np.eye(3) if isinstance(found, NotMeasured) else _in_proportion(found, grid)
    chosen: NDArray[np.float64] = matrix[:, columns]
    return chosen


@dataclass(frozen=True, eq=False)
class _Metric:
    """Maps a step in voxels to one in ``unit``."""

    matrix: NDArray[np.float64]
    unit: Unit


def _metric(grid: Grid, *steps: NDArray[np.float64]) -> _Metric | NotMeasured:
    """What the grid says about steps in these directions."""
    taken = np.any([np.abs(step) > EDGE for step in steps], axis=0)
    # A step of no length is counted in what its columns are.
    used = np.flatnonzero(taken).tolist() or [0]
    known = [side is not None for side in grid.spacing]
    if all(known[axis] for axis in used):
        if grid.affine is not None:
            return _Metric(grid.affine[:3, :3], Unit.MILLIMETRES)
        sides = [0.0 if side is None else side for side in grid.spacing]
        return _Metric(np.diag(sides), Unit.MILLIMETRES)
    if 2 in used:
        return NotMeasured(GAP)
    return _Metric(np.eye(3), Unit.PIXELS)


def _in_proportion(metric: _Metric, grid: Grid) -> NDArray[np.float64]:
    """A metric that counts pixels, made true to their shape."""
    return metric.matrix if metric.unit is Unit.MILLIMETRES else np.diag([*grid.pixel, 1.0])


def _is_askew(step: NDArray[np.float64], metric: _Metric, grid: Grid) -> bool:
    """Whether a step goes along neither rows nor columns of pixels that are not square."""
    counted = metric.unit is Unit.PIXELS and grid.aspect != 1
    return counted and bool((np.abs(step[:2]) > EDGE).all())


def _length(metric: _Metric, step: NDArray[np.float64], grid: Grid) -> Length:
    value = float(np.linalg.norm(metric.matrix @ step))
    return Length(value, metric.unit, grid.approximate and metric.unit is Unit.MILLIMETRES)


def _diameters(points: tuple[Point, ...], grid: Grid) -> Diameters | NotMeasured:
    start, end, other_start, other_end = points
    steps = np.subtract((end, other_end), (start, other_start))
    found = _metric(grid, *steps)
    if isinstance(found, NotMeasured):
        return found
    if any(_is_askew(step, found, grid) for step in steps):
        return NotMeasured(NOT_SQUARE)
    one, other = (_length(found, step, grid) for step in steps)
    return Diameters(one, other) if one.value >= other.value else Diameters(other, one)


# ---- regions and places


def _area(drawing: Ellipse | Rectangle | Outline, grid: Grid) -> Area | NotMeasured:
    if isinstance(drawing, Outline):
        return _area_within(drawing, grid)
    columns, rows = plane_axes(drawing.axis)
    sides = np.zeros((2, 3))
    one, other = drawing.points
    span = np.abs(np.subtract(one, other))
    sides[0, columns], sides[1, rows] = span[columns], span[rows]
    found = _metric(grid, *sides)
    if isinstance(found, NotMeasured):
        return found
    across, down = (found.matrix @ side for side in sides)
    value = float(np.linalg.norm(np.cross(across, down)))
    if isinstance(drawing, Ellipse):
        value *= np.pi / 4
    return Area(value, found.unit, grid.approximate and found.unit is Unit.MILLIMETRES)


def _area_within(drawing: Outline, grid: Grid) -> Area | NotMeasured:
    """The area that a closed line goes round, on the plane laid flat."""
    points = np.array(drawing.points)
    reach = np.diag(np.ptp(points, axis=0))
    found = _metric(grid, *reach)
    if isinstance(found, NotMeasured):
        return found
    axes = list(plane_axes(drawing.axis))
    of_one = float(np.linalg.norm(np.cross(*found.matrix[:, axes].T)))
    value = polygons.area(points[:, axes]) * of_one
    return Area(value, found.unit, grid.approximate and found.unit is Unit.MILLIMETRES)


def in_disc_diameters(figures: Figures, pixels: float) -> Figures:
    """Lengths and areas in parts of a disc diameter of ``pixels``; anything else as it is."""
    match figures:
        case Length(value=value, unit=Unit.PIXELS):
            return Length(value / pixels, Unit.DISC_DIAMETERS)
        case Diameters(long=Length(unit=Unit.PIXELS) as long, short=short):
            sides = (Length(side.value / pixels, Unit.DISC_DIAMETERS) for side in (long, short))
            return Diameters(*sides)
        case Region(area=Area(value=value, unit=Unit.PIXELS), statistics=told):
            return Region(Area(value / pixels**2, Unit.DISC_DIAMETERS), told)
    return figures


def values_inside(drawing: Ellipse | Rectangle | Outline, values: NDArray[Any]) -> NDArray[Any]:
    """The values, (n,) or (n, 3), of the voxels whose centre lies inside; see the module.

    ``values`` are those of the drawing's slice, (row, column) or (row, column, 3).
    """
    if isinstance(drawing, Outline):
        axes = list(plane_axes(drawing.axis))
        return polygons.values_within(np.array(drawing.points)[:, axes], values)
    columns, rows = plane_axes(drawing.axis)
    x, across = _along(drawing, columns, values.shape[1])
    y, down = _along(drawing, rows, values.shape[0])
    box: NDArray[Any] = values[y, x]
    if isinstance(drawing, Rectangle):
        return box.reshape(-1, *values.shape[2:])
    chosen: NDArray[Any] = box[across[None, :] ** 2 + down[:, None] ** 2 <= 1 + EDGE]
    return chosen


def _along(
    drawing: Ellipse | Rectangle, axis: int, count: int
) -> tuple[slice, NDArray[np.float64]]:
    """The voxels of an axis that lie within the box, and how far out they are: -1 to 1."""
    one, other = (point[axis] for point in drawing.points)
    low, high = min(one, other), max(one, other)
    first = max(int(np.ceil(low - EDGE)), 0)
    last = max(min(int(np.floor(high + EDGE)), count - 1), first - 1)
    at = np.arange(first, last + 1, dtype=np.float64)
    out: NDArray[np.float64] = (at - (low + high) / 2) / max((high - low) / 2, EDGE)
    return slice(first, last + 1), out


def _statistics(
    drawing: Ellipse | Rectangle | Outline, values: NDArray[Any] | None, padding: float | None
) -> Statistics | None:
    if values is None or values.ndim != 2:
        return None
    chosen = values_inside(drawing, values).astype(np.float64)
    measured = chosen[_has_value(chosen, padding)]
    if not measured.size:
        return None
    return Statistics(
        mean=float(measured.mean()),
        deviation=float(measured.std()),
        least=float(measured.min()),
        greatest=float(measured.max()),
        count=measured.size,
        left_out=chosen.size - measured.size,
    )


def _voxels_inside(drawing: Ellipse | Rectangle | Outline, values: NDArray[Any] | None) -> int:
    """How many voxels of a picture in greys lie inside."""
    return values_inside(drawing, values).size if values is not None and values.ndim == 2 else 0


def _has_value(values: NDArray[Any], padding: float | None) -> NDArray[np.bool_]:
    there: NDArray[np.bool_] = np.isfinite(values)
    return there if padding is None else there & (values != padding)


def _place(
    point: Point, axis: int, grid: Grid, values: NDArray[Any] | None, padding: float | None
) -> Place:
    x, y, z = (int(np.floor(side + 0.5)) for side in point)
    position = None
    found = _metric(grid, np.array(point))
    # Slices at an unknown distance from each other lie nowhere, even if the first one does.
    if grid.affine is not None and isinstance(found, _Metric):
        left, back, head = to_patient(grid.affine, np.array([point]))[0].tolist()
        position = left, back, head
    return Place((x, y, z), position, _value((x, y, z), axis, values, padding))


def _value(
    voxel: tuple[int, int, int], axis: int, values: NDArray[Any] | None, padding: float | None
) -> float | tuple[int, int, int] | None:
    column, row = (voxel[other] for other in plane_axes(axis))
    if values is None or not (0 <= row < values.shape[0] and 0 <= column < values.shape[1]):
        return None
    found = values[row, column]
    if values.ndim == 3:
        red, green, blue = (int(channel) for channel in found)
        return red, green, blue
    return float(found) if _has_value(np.asarray(found, np.float64), padding) else None
