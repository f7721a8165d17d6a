"""The outline of the area that a network was given, in the model's line (LOOK 6)."""

from math import acos, atan2, degrees, hypot, pi

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine.geometry import Circle
from viewer.theme import tokens

WIDTH = 1.4
_UNDER = WIDTH + 2
_UNDER_ALPHA = round(0.67 * 255)
_DASH, _GAP = 4.0, 2.6
"""Logical pixels."""


def draw_circle(painter: QPainter, circle: Circle, picture: QRectF, size: QSizeF) -> None:
    """Draw the part of ``circle`` that lies on ``picture`` in a view of ``size``.

    All in logical pixels. Dashed in the model's colour, over a black line that makes it readable
    on the fundus.
    """
    path = visible_arc(circle, size)
    if path is None:
        return
    under = QColor(tokens.OVER_HALO)
    under.setAlpha(_UNDER_ALPHA)
    line = QPen(QColor(tokens.OVER_MODEL), WIDTH)
    line.setCapStyle(Qt.PenCapStyle.FlatCap)
    # Qt counts dashes in widths of the line.
    line.setDashPattern([_DASH / WIDTH, _GAP / WIDTH])
    painter.save()
    # Where the camera cuts the eye off, nothing was there to be assessed.
    painter.setClipRect(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(under, _UNDER), line):
        painter.setPen(pen)
        painter.drawPath(path)
    painter.restore()


def visible_arc(circle: Circle, size: QSizeF) -> QPainterPath | None:
    """The circle, or the arc of it that can be in the view; None if none can.

    At a large zoom a whole circle would be tens of thousands of dashes outside the view.
    """
    middle = QPointF(size.width() / 2, size.height() / 2)
    across, down = middle.x() - circle.x, middle.y() - circle.y
    away, reach = hypot(across, down), hypot(middle.x(), middle.y()) + _UNDER
    if abs(away - circle.radius) > reach:
        return None
    frame = QRectF(
        circle.x - circle.radius, circle.y - circle.radius, 2 * circle.radius, 2 * circle.radius
    )
    path = QPainterPath()
    if away == 0 or away + circle.radius <= reach:
        path.addEllipse(frame)
        return path
    # Half the angle that the circle around the view cuts off, by the law of cosines.
    cosine = (away**2 + circle.radius**2 - reach**2) / (2 * away * circle.radius)
    half = acos(min(max(cosine, -1.0), 1.0))
    if half >= pi:
        path.addEllipse(frame)
        return path
    # Qt turns anticlockwise on a screen whose y goes down. Whole dashes from a fixed beginning
    # keep them in place on the circle while the view moves.
    turn = degrees((_DASH + _GAP) / circle.radius)
    start = degrees(-atan2(down, across) - half)
    start = turn * (start // turn)
    path.arcMoveTo(frame, start)
    path.arcTo(frame, start, 2 * degrees(half) + turn)
    return path
