"""What a reader drew on a photograph as outlines of lesions: closed lines in its own pixels."""

from collections.abc import Iterable
from math import cos, pi, sin

from engine.drawings import Drawing, Ellipse, Outline, Point, Rectangle

_CORNERS = 48
"""Of an ellipse: within a five-hundredth of its axes."""

Line = tuple[tuple[float, float], ...]


def outlines(drawings: Iterable[Drawing]) -> tuple[Line, ...]:
    """The closed lines among drawings; a length or an arrow goes round nothing."""
    return tuple(line for each in drawings if len(line := _outline(each)) > 2)


def _outline(drawing: Drawing) -> Line:
    match drawing:
        case Rectangle(points=(one, other)):
            return (one[0], one[1]), (other[0], one[1]), (other[0], other[1]), (one[0], other[1])
        case Ellipse(points=(one, other)):
            return _ellipse(one, other)
        case Outline(points=points):
            return tuple((x, y) for x, y, _ in points)
    return ()


def _ellipse(one: Point, other: Point) -> Line:
    x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    across, down = abs(other[0] - one[0]) / 2, abs(other[1] - one[1]) / 2
    angles = (2 * pi * corner / _CORNERS for corner in range(_CORNERS))
    return tuple((x + across * cos(angle), y + down * sin(angle)) for angle in angles)
