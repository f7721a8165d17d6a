"""Disc and fovea over a photograph: a ring and a cross, taken hold of and moved by the reader.

Grey and dashed as the program found them, solid in the reader's colour where the reader placed
them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import hypot

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.geometry import Circle, ring
from engine.telling.measure_words import YOU
from viewer.eyes.marks import EyeMarks
from viewer.layers.around import Around
from viewer.layers.over_text import LINE, draw_line, width_of
from viewer.theme import tokens
from viewer.tools.pan_zoom import CLICK_REACH
from viewer.tools.tool import Hand, SliceView, Tool

_REACH = 8.0
_RING_REACH = 5.0
"""Logical pixels at which a mark is taken hold of."""
_NEAR, _FAR = 5.0, 12.0
"""Of a cross, from its bare middle outward, logical pixels."""
_DESCENT = 4.0
"""What letters reach below their base line."""
_LEAST_RADIUS = 0.005
"""Of the picture's longer side: a disc is not made smaller by a slip."""


class EyeMarksLayer:
    """One for one photograph's view; ``shown`` is whether the reader wants to see them.

    ``taken`` are boxes in which no name is written.
    """

    def __init__(
        self,
        marks: EyeMarks,
        shown: Callable[[], bool],
        taken: Callable[[SliceView], Sequence[QRectF]] = lambda _: (),
    ) -> None:
        self._marks = marks
        self._shown = shown
        self._taken = taken
        self.held: tuple[Circle | None, tuple[float, float] | None] | None = None
        """Disc and fovea as a hand has them now."""

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """Ring, crosses, and whose they are."""
        if view.state.bare or not self._shown():
            return
        disc, fovea = self._now()
        yours = self._marks.placed
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if disc is not None:
            mine = yours.disc is not None
            at, radius = _middle(view, disc.x, disc.y), _radius(view, disc)
            for pen in _pens(mine):
                painter.setPen(pen)
                painter.drawEllipse(at, radius, radius)
            _draw_cross(painter, at, mine)
        if fovea is not None:
            mine = yours.fovea is not None
            _draw_cross(painter, _middle(view, *fovea), mine)
        for at, words, mine in self._named(view):
            colour = tokens.OVER_READER if mine else tokens.OVER_CROSS
            draw_line(painter, (at.x(), at.y()), _told(words, mine), colour=colour)
        painter.restore()

    def around(self, view: SliceView) -> Around:
        """Crosses, words and ring, for what is to keep off them."""
        if view.state.bare or not self._shown():
            return Around()
        disc, fovea = self._now()
        crosses, rings = [], []
        if disc is not None:
            at = _middle(view, disc.x, disc.y)
            crosses.append(at)
            rings.append(ring(Circle(at.x(), at.y(), _radius(view, disc))))
        if fovea is not None:
            crosses.append(_middle(view, *fovea))
        boxes = [QRectF(at.x() - _FAR, at.y() - _FAR, 2 * _FAR, 2 * _FAR) for at in crosses]
        return Around([*boxes, *(_room(*named) for named in self._named(view))], rings)

    def grab(self, view: SliceView, hand: Hand) -> Tool | None:
        """A press on a mark moves it, one on the ring makes it larger or smaller."""
        if view.state.bare or not self._shown():
            return None
        disc, fovea = self._marks.landmarks.disc, self._marks.landmarks.fovea
        x, y = ((side + 0.5) / view.ratio for side in hand.at)
        if fovea is not None and _away(_middle(view, *fovea), x, y) <= _REACH:
            return _Move(self, self._marks, disc, fovea, "fovea")
        if disc is not None:
            away = _away(_middle(view, disc.x, disc.y), x, y)
            if away <= _REACH:
                return _Move(self, self._marks, disc, fovea, "disc")
            if abs(away - _radius(view, disc)) <= _RING_REACH:
                return _Move(self, self._marks, disc, fovea, "ring")
        return None

    def _now(self) -> tuple[Circle | None, tuple[float, float] | None]:
        if self.held is not None:
            return self.held
        return self._marks.landmarks.disc, self._marks.landmarks.fovea

    def _named(self, view: SliceView) -> list[tuple[QPointF, str, bool]]:
        """The names that are written: where their base line begins, and whether they are yours."""
        if not view.state.texts:
            return []
        disc, fovea = self._now()
        yours = self._marks.placed
        found = []
        if disc is not None:
            at = _below(_middle(view, disc.x, disc.y), _radius(view, disc))
            found.append((at, "disc", yours.disc is not None))
        if fovea is not None:
            found.append((_above(_middle(view, *fovea)), "fovea", yours.fovea is not None))
        taken = self._taken(view)
        return [each for each in found if not any(map(_room(*each).intersects, taken))]


def _room(at: QPointF, words: str, mine: bool) -> QRectF:
    """What a name takes whose base line begins at ``at``."""
    return QRectF(at.x(), at.y() + _DESCENT - LINE, width_of(_told(words, mine)), LINE)


class _Move(Tool):
    """A mark in the hand; kept at the release, once it went further than a click does."""

    def __init__(
        self,
        layer: EyeMarksLayer,
        marks: EyeMarks,
        disc: Circle | None,
        fovea: tuple[float, float] | None,
        part: str,
    ) -> None:
        self._layer = layer
        self._marks = marks
        self._disc, self._fovea, self._part = disc, fovea, part
        self._start: tuple[float, float] | None = None

    def press(self, view: SliceView, hand: Hand) -> None:  # noqa: ARG002
        """Take hold of it."""
        self._start = hand.at

    def move(self, view: SliceView, hand: Hand) -> None:
        """It goes with the hand."""
        if self._start is None or not hand.pressed:
            return
        away = np.abs(np.subtract(hand.at, self._start)).max()
        if self._layer.held is None and away < CLICK_REACH * view.ratio:
            return
        self._layer.held = self._at(view, hand)
        view.refresh()

    def release(self, view: SliceView, hand: Hand) -> None:  # noqa: ARG002
        """Keep it."""
        held, self._layer.held, self._start = self._layer.held, None, None
        if held is not None:
            disc, fovea = held
            if self._part == "fovea":
                self._marks.place(fovea=fovea)
            else:
                self._marks.place(disc=disc)
        view.refresh()

    def cancel(self, view: SliceView) -> bool:
        """Back to where it was."""
        held, self._layer.held, self._start = self._layer.held, None, None
        view.refresh()
        return held is not None

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """All ways for a place, across for the ring."""
        ring = self._part == "ring"
        return Qt.CursorShape.SizeHorCursor if ring else Qt.CursorShape.SizeAllCursor

    def _at(self, view: SliceView, hand: Hand) -> tuple[Circle | None, tuple[float, float] | None]:
        assert self._start is not None
        then, now = view.state.plane.to_voxel(np.array([self._start, hand.at]))[:, :2]
        step = now - then
        width, height, _ = view.state.facts.grid.size
        if self._part == "fovea" and self._fovea is not None:
            return self._disc, _held(self._fovea, step, width, height)
        assert self._disc is not None
        if self._part == "disc":
            x, y = _held((self._disc.x, self._disc.y), step, width, height)
            return replace(self._disc, x=x, y=y), self._fovea
        radius = hypot(now[0] - self._disc.x, now[1] - self._disc.y)
        least = _LEAST_RADIUS * max(width, height)
        return replace(self._disc, radius=max(float(radius), least)), self._fovea


def _held(
    place: tuple[float, float], step: np.ndarray[tuple[int], np.dtype[np.float64]], width: int,
    height: int,
) -> tuple[float, float]:  # fmt: skip
    x, y = place[0] + float(step[0]), place[1] + float(step[1])
    return min(max(x, 0.0), width - 1.0), min(max(y, 0.0), height - 1.0)


def _told(words: str, mine: bool) -> str:
    return f"{words} {YOU}" if mine else words


def _below(at: QPointF, radius: float) -> QPointF:
    """Where the base line of the disc's name begins."""
    return QPointF(at.x() + 6, at.y() + radius + 16)


def _above(at: QPointF) -> QPointF:
    """Where the base line of the fovea's name begins."""
    return QPointF(at.x() + 6, at.y() - _FAR - 4)


def _middle(view: SliceView, x: float, y: float) -> QPointF:
    placed = view.place(np.array([[x, y, 0.0]]))[0]
    return QPointF(float(placed[0]), float(placed[1]))


def _radius(view: SliceView, disc: Circle) -> float:
    return disc.radius * view.state.plane.scale / view.ratio


def _away(at: QPointF, x: float, y: float) -> float:
    return hypot(at.x() - x, at.y() - y)


def _pens(mine: bool) -> tuple[QPen, QPen]:
    under = QColor(tokens.OVER_HALO)
    under.setAlphaF(0.67)
    line = QPen(QColor(tokens.OVER_READER if mine else tokens.OVER_CROSS), 2.0 if mine else 1.0)
    if not mine:
        line.setDashPattern([6.0, 4.0])
    return QPen(under, 4.0 if mine else 3.0), line


def _draw_cross(painter: QPainter, at: QPointF, mine: bool) -> None:
    """Four strokes with the spot itself left bare."""
    for pen in _pens(mine):
        pen.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way = QPointF(across, down)
            painter.drawLine(at + way * _NEAR, at + way * _FAR)
