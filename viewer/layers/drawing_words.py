"""The words beside drawings, in the reader's colour with a halo."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from engine.drawings import Drawing
from viewer.layers.drawing_labels import places, settled
from viewer.layers.over_text import LINE, draw_line, width_of
from viewer.layers.scale_bar import place_scale_bar
from viewer.theme import tokens
from viewer.tools.shapes import outlines
from viewer.tools.tool import SliceView

_ASCENT = 12.0
_CORNER = QSizeF(230.0, 64.0)
"""What the words in a corner of the view may take."""
_RAISED = 70.0
"""How much further up the scale bar may stand: above three lines and two of the pointer's."""
_EVERY = 6.0
"""Points along a line that words keep off, logical pixels apart."""


Told = Sequence[tuple[Drawing, tuple[str, ...]]]
"""Drawings, and the lines that stand beside each."""


def draw_words(
    painter: QPainter, view: SliceView, told: Told, taken: Sequence[QRectF] = ()
) -> list[QRectF]:
    """Write the lines of each drawing beside it; where they stand, for those who have any."""
    boxes = boxes_of(view, told, taken)
    for box, lines in zip(boxes, (lines for _, lines in told if lines), strict=True):
        for number, line in enumerate(lines):
            at = (box.left(), box.top() + _ASCENT + number * LINE)
            draw_line(painter, at, line, colour=tokens.OVER_READER)
    return boxes


def boxes_of(view: SliceView, told: Told, others: Sequence[QRectF] = ()) -> list[QRectF]:
    """Where those lines stand, for the drawings that have any; logical pixels.

    ``others`` are boxes of what else is written on the view.
    """
    plane = view.state.plane
    size = QSizeF(plane.view[0] / view.ratio, plane.view[1] / view.ratio)
    taken, written = [*_corners(size), _scale_bar(view, size), *others], []
    in_way = _points_along(view, [drawing for drawing, _ in told])
    for drawing, lines in told:
        if not lines:
            continue
        points = view.place(np.array(drawing.points))
        room = QSizeF(max(width_of(line) for line in lines), LINE * len(lines))
        box = settled(places(drawing, points), room, size, taken, in_way)
        taken.append(box)
        written.append(box)
    return written


def _corners(size: QSizeF) -> list[QRectF]:
    left, top = size.width() - _CORNER.width(), size.height() - _CORNER.height()
    return [
        QRectF(x, y, _CORNER.width(), _CORNER.height()) for x in (0.0, left) for y in (0.0, top)
    ]


def _scale_bar(view: SliceView, size: QSizeF) -> QRectF:
    """What the scale bar may take, also above whatever the pointer lets the corners tell."""
    box = place_scale_bar(size, view.state.plane, view.ratio).box
    return box.adjusted(0, -_RAISED, 0, 0)


def _points_along(view: SliceView, drawings: Sequence[Drawing]) -> NDArray[np.float64]:
    parts = [np.empty((0, 2))]
    for drawing in drawings:
        for line in outlines(drawing):
            placed = view.place(line)
            steps = np.linalg.norm(np.diff(placed, axis=0), axis=1)
            for start, end, length in zip(placed[:-1], placed[1:], steps, strict=True):
                count = min(int(length / _EVERY) + 2, 400)
                parts.append(start + np.linspace(0, 1, count)[:, None] * (end - start))
    return np.concatenate(parts)
