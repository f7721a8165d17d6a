"""The lines of a reader's drawing: solid, in the reader's colour, with rings to take hold of."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from engine.drawings import Arrow, Drawing, Ellipse, Outline, Rectangle
from engine.drawings import Probe as DrawnProbe
from viewer.layers.drawing_labels import PROBE_REACH
from viewer.theme import tokens
from viewer.tools.shapes import handles, outlines
from viewer.tools.tool import SliceView

HANDLE = 8.0
"""A ring's width; all logical pixels."""
_WIDTH, _UNDER = 2.0, 4.0
_UNDER_ALPHA = round(0.67 * 255)
_HEAD, _HEAD_HALF = 12.0, 5.0

Placed = NDArray[np.float64]


def draw_drawing(painter: QPainter, view: SliceView, drawing: Drawing, *, chosen: bool) -> None:
    """Draw it where it lies in the view; a box shows its rings only while it is ``chosen``."""
    lines = [view.place(line) for line in outlines(drawing)]
    if isinstance(drawing, Arrow):
        lines.append(_head(lines[0]))
    if isinstance(drawing, DrawnProbe):
        lines += _cross(view.place(np.array(drawing.points))[0])
    under = QColor(tokens.OVER_HALO)
    under.setAlpha(_UNDER_ALPHA)
    rings = _rings(view, drawing, chosen=chosen)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((under, _UNDER), (QColor(tokens.OVER_READER), _WIDTH)):
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for line in lines:
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.tolist()]))
        for ring in rings:
            painter.drawEllipse(ring, HANDLE / 2, HANDLE / 2)
    if chosen:
        # Filled, so that the one that Del would take away is told by more than by its place.
        painter.setBrush(QColor(tokens.OVER_TEXT))
        for ring in rings:
            painter.drawEllipse(ring, HANDLE / 2, HANDLE / 2)
    painter.restore()


def _rings(view: SliceView, drawing: Drawing, *, chosen: bool) -> list[QPointF]:
    if isinstance(drawing, Ellipse | Rectangle | Outline) and not chosen:
        return []
    if isinstance(drawing, DrawnProbe) and not chosen:
        return []
    return [QPointF(x, y) for x, y in view.place(np.array(handles(drawing))).tolist()]


def _head(shaft: Placed) -> Placed:
    """The two strokes of an arrow's head, at the first end of its shaft."""
    way = shaft[1] - shaft[0]
    length = float(np.linalg.norm(way))
    along = way / length if length else np.zeros(2)
    side = np.array([-along[1], along[0]])
    back = shaft[0] + along * _HEAD
    return np.array([back + side * _HEAD_HALF, shaft[0], back - side * _HEAD_HALF])


def _cross(at: Placed) -> list[Placed]:
    """A cross with its middle left bare, so that the spot itself is seen."""
    near, far = PROBE_REACH / 3, PROBE_REACH
    ways = np.array([(1, 0), (-1, 0), (0, 1), (0, -1)])
    return [np.array([at + way * near, at + way * far]) for way in ways]
