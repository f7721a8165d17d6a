"""The outline of the area that a network was given, in the model's line (LOOK 6)."""

from math import acos, atan2, floor, hypot, pi

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

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
    starts, turn = dashes(circle, size)
    if not starts.size:
        return
    under = QColor(tokens.OVER_HALO)
    under.setAlpha(_UNDER_ALPHA)
    dash = turn * _DASH / (_DASH + _GAP)
    # The black line is parted beneath the middles of the dashes, where it is not seen.
    middles = starts + dash / 2
    painter.save()
    # Where the camera cuts the eye off, nothing was there to be assessed.
    painter.setClipRect(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width, first, last in (
        (under, _UNDER, middles, middles + turn),
        (QColor(tokens.OVER_MODEL), WIDTH, starts, starts + dash),
    ):
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        # Chords, not arcs: strokes of a long path take Qt five times as long.
        painter.drawLines(_chords(circle, first, last))
    painter.restore()


def dashes(circle: Circle, size: QSizeF) -> tuple[NDArray[np.float64], float]:
    """Where each dash begins that can be in the view, and from one to the next: radians."""
    # Whole dashes from a fixed beginning keep them in place on the circle while the view moves.
    number = max(round(2 * pi * circle.radius / (_DASH + _GAP)), 1)
    turn = 2 * pi / number
    middle = QPointF(size.width() / 2, size.height() / 2)
    across, down = middle.x() - circle.x, middle.y() - circle.y
    away, reach = hypot(across, down), hypot(middle.x(), middle.y()) + _UNDER
    if abs(away - circle.radius) > reach:
        return np.empty(0), turn
    first, last = 0, number
    if away > 0 and away + circle.radius > reach:
        # At a large zoom a whole circle would be tens of thousands of dashes. Half the angle that
        # the circle around the view cuts off, by the law of cosines.
        cosine = (away**2 + circle.radius**2 - reach**2) / (2 * away * circle.radius)
        half = acos(min(max(cosine, -1.0), 1.0))
        first = floor((atan2(down, across) - half) / turn)
        last = first + min(floor(2 * half / turn) + 2, number)
    starts = turn * np.arange(first, last)
    x, y = circle.x + circle.radius * np.cos(starts), circle.y + circle.radius * np.sin(starts)
    far = 2 * (_DASH + _GAP)
    seen = (np.abs(x - middle.x()) < middle.x() + far) & (np.abs(y - middle.y()) < middle.y() + far)
    return starts[seen], turn


def _chords(circle: Circle, first: NDArray[np.float64], last: NDArray[np.float64]) -> list[QLineF]:
    ends = [
        way(angle) * circle.radius + middle
        for angle in (first, last)
        for way, middle in ((np.cos, circle.x), (np.sin, circle.y))
    ]
    return [QLineF(*chord) for chord in np.stack(ends, axis=1).tolist()]
