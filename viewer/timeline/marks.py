"""What is new or gone since the visit before, over a photograph: told apart by shape and word.

New has four corners round it and the word "new", or "grown" where a part was there before; what is
gone has a dotted ring where it was, and the word "gone". Both are the model's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from engine.geometry import Affine, apply
from engine.tags import Box, Ground
from engine.visits.change import Fate
from viewer.layers.around import Around
from viewer.layers.over_text import draw_line, width_of
from viewer.theme import tokens
from viewer.timeline.changes import Compared
from viewer.tools.tool import Hand, SliceView, Tool

_WIDTH = 2.0
_DOT = 2.8
_UNDER = 2.0
_UNDER_ALPHA = 0.67
_CORNER = 0.28
"""Of a side, from each corner."""
_AROUND = 5.0
_LEAST = 14.0
"""Logical pixels that a mark has at least."""
_HIGH = 14.0
"""Of a word."""
_OFF = 3.0
"""Between a frame and its word."""
_APART = 6.0
"""Between two words on a line."""


@dataclass(frozen=True)
class ChangeMark:
    """``box`` is left, top, right, bottom in the photograph's pixels."""

    fate: Fate
    box: tuple[float, float, float, float]


class ChangeMarksLayer:
    """One for one view; ``shown`` tells whether the model's marks are.

    ``others`` is what else stands there, and words keep off.
    """

    def __init__(
        self,
        shown: Callable[[], bool],
        others: Callable[[SliceView], Around] = lambda _: Around(),
    ) -> None:
        self._shown = shown
        self._others = others
        self.marks: tuple[ChangeMark, ...] = ()

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """Corners and rings, then the words that have room."""
        if view.state.bare or not self.marks or not self._shown():
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for mark, box in zip(self.marks, _placed(view, self.marks), strict=True):
            _draw(painter, mark.fate, box)
        for room, words in self._told(view):
            at = (room.left(), room.bottom() - 3)
            draw_line(painter, at, words, colour=tokens.OVER_MODEL)
        painter.restore()

    def around(self, view: SliceView) -> Around:
        """Its words and frames, for what is to keep off them."""
        frames = self.frames(view)
        words = self._told(view) if frames else []
        return Around([room for room, _ in words], [_frame(box) for box in frames])

    def frames(self, view: SliceView) -> list[QRectF]:
        """Its frames alone."""
        return [] if view.state.bare or not self._shown() else _placed(view, self.marks)

    def _told(self, view: SliceView) -> list[tuple[QRectF, str]]:
        """The words that have room, and where they stand: on no other word, frame or outline."""
        if not view.state.texts:
            return []
        width, height = (side / view.ratio for side in view.state.plane.view)
        seen = QRectF(0, 0, width, height)
        placed = zip(self.marks, _placed(view, self.marks), strict=True)
        marked = [(mark, box) for mark, box in placed if box.intersects(seen)]
        others, ground = self._others(view), Ground((width, height))
        for box in (*others.boxes, *(box for _, box in marked)):
            ground.take(_sides(box))
        ground.draw(others.lines)
        found: list[tuple[QRectF, str]] = []
        for mark, box in marked:
            words = str(mark.fate)
            for room in _rooms(box, width_of(words)):
                if ground.is_free(_sides(room)) and ground.is_bare(_sides(room)):
                    found.append((room, words))
                    ground.take(_sides(room.adjusted(-_APART, 0, _APART, 0)))
                    break
        return found

    def grab(self, view: SliceView, hand: Hand) -> Tool | None:  # noqa: ARG002
        """Nothing is taken hold of."""
        return None


def marks_of(compared: Compared, matrix: Affine | None) -> tuple[ChangeMark, ...]:
    """The marks on the later photograph; ``matrix`` maps the earlier one's pixels to its own."""
    change, found = compared.change, []
    for region in () if change is None else change.regions:
        if region.fate in (Fate.NEW, Fate.GROWN) and region.later is not None:
            found.append(ChangeMark(region.fate, compared.later[region.later].box))
        elif region.fate is Fate.GONE and region.earlier is not None and matrix is not None:
            box = compared.earlier[region.earlier].box
            found.append(ChangeMark(Fate.GONE, _moved(box, matrix)))
    return tuple(found)


def _moved(
    box: tuple[float, float, float, float], matrix: Affine
) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    moved = apply(matrix, corners)
    (low_x, low_y), (high_x, high_y) = moved.min(axis=0).tolist(), moved.max(axis=0).tolist()
    return low_x, low_y, high_x, high_y


def _placed(view: SliceView, marks: Sequence[ChangeMark]) -> list[QRectF]:
    """The frame of each; all are placed at once, for this is done several times a frame."""
    ends = np.array([mark.box for mark in marks], np.float64).reshape(-1, 2)
    found = view.place(np.column_stack([ends, np.zeros(len(ends))])).reshape(-1, 4)
    low, high = found[:, :2], found[:, 2:]
    wide = np.maximum(_LEAST - (high - low), 0) / 2 + _AROUND
    sides = np.column_stack([low - wide, high - low + 2 * wide]).tolist()
    return [QRectF(*each) for each in sides]


def _rooms(box: QRectF, wide: float) -> Sequence[QRectF]:
    """Beneath a frame, above it, at its right, at its left."""
    at, middle = box.center().x() - wide / 2, box.center().y() - _HIGH / 2
    corners = (
        (at, box.bottom() + _OFF),
        (at, box.top() - _OFF - _HIGH),
        (box.right() + _OFF, middle),
        (box.left() - _OFF - wide, middle),
    )
    return [QRectF(x, y, wide, _HIGH) for x, y in corners]


def _sides(box: QRectF) -> Box:
    return box.left(), box.top(), box.right(), box.bottom()


def _frame(box: QRectF) -> NDArray[np.float64]:
    corners = (box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft())
    return np.array([(at.x(), at.y()) for at in corners], np.float64)


def _draw(painter: QPainter, fate: Fate, box: QRectF) -> None:
    under = QColor(tokens.OVER_HALO)
    under.setAlphaF(_UNDER_ALPHA)
    drawn = _DOT if fate is Fate.GONE else _WIDTH
    for colour, width in ((under, drawn + _UNDER), (QColor(tokens.OVER_MODEL), drawn)):
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if fate is Fate.GONE:
            pen.setDashPattern([0.1, 2.6 * _DOT / width])
            painter.setPen(pen)
            side = max(box.width(), box.height())
            ring = QRectF(0, 0, side, side)
            ring.moveCenter(box.center())
            painter.drawEllipse(ring)
        else:
            painter.setPen(pen)
            for corner in _corners(box):
                painter.drawPolyline(corner)


def _corners(box: QRectF) -> Sequence[QPolygonF]:
    across, down = _CORNER * box.width(), _CORNER * box.height()
    found = []
    for x, way_x in ((box.left(), 1), (box.right(), -1)):
        for y, way_y in ((box.top(), 1), (box.bottom(), -1)):
            found.append(
                QPolygonF(
                    [
                        QPointF(x + way_x * across, y),
                        QPointF(x, y),
                        QPointF(x, y + way_y * down),
                    ]
                )
            )
    return found
