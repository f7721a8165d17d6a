"""Where the words of drawings stand: beyond an end, off the lesion, within the view, apart.

Every drawing offers places; the one that costs least is taken. Numbers only, logical pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

from engine.drawings import Angle, Arrow, Drawing, Ellipse, Outline, Probe, Rectangle

PROBE_REACH = 9.0
"""How far a point's cross reaches; all logical pixels."""
_GAP = 10.0
"""From a drawing's end to its words."""
_MARGIN = 6.0
"""From the view's edge to words."""
_MOVED, _ON_WORDS, _ON_LINE = 20.0, 10.0, 200.0
"""What it costs: a pixel off the place, a square pixel on other words, a point of a line."""
_SQUARE_FROM = 4.0
"""Directions that lean less than one part in so many from an axis count as nearly along it."""
_ORDER = 60.0
"""What a later place costs, so that words keep still while nothing is in their way."""

Placed = NDArray[np.float64]
_SIDES = np.array([(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)])


@dataclass(frozen=True)
class Place:
    """A place for words: beyond ``at`` in direction ``way``, a unit vector."""

    at: Placed
    way: Placed

    def box(self, size: QSizeF) -> QRectF:
        """The box of words of ``size`` there."""
        # With its nearest corner there, so that all of it lies beyond the line across the end:
        # beyond the lesion, if that is what the drawing measures. Level or upright, its side.
        lean = np.clip(_SQUARE_FROM * self.way, -1, 1)
        middle = self.at + _GAP * self.way + lean * (size.width() / 2, size.height() / 2)
        return QRectF(
            middle[0] - size.width() / 2, middle[1] - size.height() / 2, size.width(), size.height()
        )


def places(drawing: Drawing, points: Placed) -> list[Place]:
    """Where a drawing's words may stand, the usual place first; ``points`` (n, 2) in the view.

    ``points`` are the drawing's own, placed. A line that measures a lesion ends where the lesion
    ends, so beyond its ends nothing of it is covered.
    """
    match drawing:
        case Probe():
            return [Place(points[0] + way * PROBE_REACH, way) for way in _SIDES]
        case Ellipse() | Rectangle() | Outline():
            low, high = points.min(axis=0), points.max(axis=0)
            middle, reach = (low + high) / 2, (high - low) / 2
            return [Place(middle + way * reach, way) for way in _SIDES]
        case Arrow():
            return _beyond(points[1:], points[0]) + [Place(points[1], way) for way in _SIDES]
        case Angle():
            # Opposite to the opening first, then beyond the arms.
            away = _unit(points[1] - (points[0] + points[2]) / 2)
            return [Place(points[1], away), *_beyond(points[[0, 2]], points[1])]
    # The lower right end first, as in reading.
    order = np.argsort(-(points[:, 0] + points[:, 1]))
    beyond = _beyond(points[order], points.mean(axis=0))
    return beyond + [Place(points[order[0]], way) for way in _SIDES]


def settled(
    offered: Sequence[Place], size: QSizeF, view: QSizeF, taken: Sequence[QRectF], lines: Placed
) -> QRectF:
    """The box for words of ``size`` in a view: the cheapest place, moved off the view's edge.

    ``taken`` are boxes of other words; ``lines`` are points (n, 2) along drawings.
    """
    inner = QRectF(_MARGIN, _MARGIN, view.width() - 2 * _MARGIN, view.height() - 2 * _MARGIN)
    boxes = [place.box(size) for place in offered]
    costs = [_cost(box, inner, taken, lines) + _ORDER * number for number, box in enumerate(boxes)]
    return _held(boxes[int(np.argmin(costs))], inner)


def _cost(box: QRectF, inner: QRectF, taken: Sequence[QRectF], lines: Placed) -> float:
    held = _held(box, inner)
    moved = QPointF(held.center() - box.center()).manhattanLength()
    covered = sum(_area(held.intersected(other)) for other in taken)
    on_line = 0
    if len(lines):
        x, y = lines.T
        inside = (x > held.left()) & (x < held.right()) & (y > held.top()) & (y < held.bottom())
        on_line = int(inside.sum())
    return _MOVED * moved + _ON_WORDS * covered + _ON_LINE * on_line


def _held(box: QRectF, inner: QRectF) -> QRectF:
    left = max(min(box.left(), inner.right() - box.width()), inner.left())
    top = max(min(box.top(), inner.bottom() - box.height()), inner.top())
    return QRectF(left, top, box.width(), box.height())


def _area(box: QRectF) -> float:
    return max(box.width(), 0.0) * max(box.height(), 0.0)


def _beyond(ends: Placed, middle: Placed) -> list[Place]:
    return [Place(end, _unit(end - middle)) for end in ends]


def _unit(way: Placed) -> Placed:
    length = float(np.linalg.norm(way))
    return way / length if length else np.array([1.0, 0.0])
