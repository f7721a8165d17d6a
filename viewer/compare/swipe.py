"""Two maps in one view, parted by a line that a hand moves."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.answers import Heatmap
from viewer.compare.card import Card
from viewer.compare.paint import Marks, draw_marks
from viewer.compare.pane import ComparePane, draw_black
from viewer.compare.removed import Removed
from viewer.compare.view import Header
from viewer.layers.captions import Captions
from viewer.panes.state import PaneState
from viewer.seen.frame import Composer
from viewer.seen.heatmap import HeatmapLayer
from viewer.theme import tokens
from viewer.theme.theme import Theme

_REACH = 8.0
_GRIP = QSizeF(16, 30)
_ARROW = 4.0
"""Logical pixels: what a hand catches, the grip, and the arrows in it."""
STEP = 0.05
"""How far a key moves the line, in parts of the width."""


class SwipePane(ComparePane):
    """Its own map lies left of the line, ``right`` of it the other."""

    line_moved = Signal(float)
    side_pressed = Signal(bool)
    """Whether the right of the line was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.line = 0.5
        """Where the line is, in parts of the width."""
        self.marks = Marks(lead=False, legend_at_left=True)
        self._layer: HeatmapLayer | None = None
        self._right_laid: tuple[Heatmap | None, float | None] = (None, None)
        self._captions = Captions()
        self._right_composer = Composer()
        self._right_removed: Removed | None = None
        self._right_black: QImage | None = None
        self._right_shared = False
        self._holds_line = False

    # ---- what is shown

    def lay_right(
        self, heatmap: Heatmap | None, upper_end: float | None, captions: Captions
    ) -> None:
        """The map right of the line, as ``lay`` does at the left."""
        laid = (heatmap, upper_end)
        if self._right_laid[0] is not heatmap or self._right_laid != laid:
            self._right_laid = laid
            self._layer = None if heatmap is None else HeatmapLayer.of(heatmap, upper_end)
        self._captions, self._right_shared = captions, upper_end is not None
        self.update()

    def remove_right(self, removed: Removed | None) -> None:
        """Black out a part right of the line."""
        if removed != self._right_removed:
            self._right_removed = removed
            self._right_black = None if removed is None else removed.image()
            self.update()

    def move_line(self, line: float) -> None:
        """Put the line elsewhere, in parts of the width."""
        held = min(max(line, 0.0), 1.0)
        if held != self.line:
            self.line = held
            self.update()
            self.line_moved.emit(held)

    @property
    def right_removed(self) -> Removed | None:
        """What is blacked out right of the line."""
        return self._right_removed

    @property
    def right(self) -> PaneState:
        """What is right of the line."""
        return replace(self.state, heatmap=self._layer, captions=self._captions)

    # ---- the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the line, or do as any view does."""
        at = event.position().x()
        if event.button() is Qt.MouseButton.LeftButton and abs(at - self._x) <= _REACH:
            self._holds_line = True
            return
        self.side_pressed.emit(at > self._x)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The line follows."""
        if self._holds_line:
            self.move_line(event.position().x() / max(self.width(), 1))
            return
        super().mouseMoveEvent(event)
        if not event.buttons():
            near = abs(event.position().x() - self._x) <= _REACH
            self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the line go."""
        if self._holds_line:
            self._holds_line = False
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the line: back to the middle."""
        if abs(event.position().x() - self._x) <= _REACH:
            self.move_line(0.5)
            return
        super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere."""
        self.unsetCursor()
        super().leaveEvent(event)

    # ---- drawing

    @property
    def _x(self) -> float:
        return self.line * self.width()

    def _draw_layers(self, painter: QPainter, ratio: float) -> None:
        draw_sides(
            painter,
            QSizeF(self.size()),
            (self.state, self.right),
            (self.marks, replace(self.marks, legend_at_left=False, shared=self._right_shared)),
            ((self._removed, self._black), (self._right_removed, self._right_black)),
            self._right_composer,
            self.line,
            ratio,
        )
        self._draw_line(painter)

    def _draw_line(self, painter: QPainter) -> None:
        x, middle = self._x, self.height() / 2
        light, dark = QColor(tokens.OVER_TEXT), QColor(tokens.OVER_HALO)
        painter.fillRect(QRectF(x - 2, 0, 4, self.height()), dark)
        painter.fillRect(QRectF(x - 1, 0, 2, self.height()), light)
        box = QRectF(x - _GRIP.width() / 2, middle - _GRIP.height() / 2, *_GRIP.toTuple())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(dark)
        painter.setBrush(light)
        painter.drawRoundedRect(box, 4, 4)
        painter.setBrush(dark)
        for way in (-1, 1):
            tip = QPointF(x + way * (_ARROW + 2), middle)
            back = tip.x() - way * _ARROW
            ends = (QPointF(back, middle - _ARROW), QPointF(back, middle + _ARROW))
            painter.drawPolygon(QPolygonF([tip, *ends]))
        painter.restore()


def draw_sides(
    painter: QPainter,
    size: QSizeF,
    states: tuple[PaneState, PaneState],
    marks: tuple[Marks, Marks],
    black: tuple[tuple[Removed | None, QImage | None], tuple[Removed | None, QImage | None]],
    composer: Composer,
    line: float,
    ratio: float,
) -> None:
    """Draw the right side over a painted left one, then what lies on both.

    ``size`` is the view's in logical pixels, ``line`` where they part, in parts of its width.
    """
    left, right = states
    x = line * size.width()
    halves = QRectF(0, 0, x, size.height()), QRectF(x, 0, size.width() - x, size.height())
    if right.view is not None:
        pixels = composer.compose(right.scene, right.view)
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        painter.save()
        painter.setClipRect(halves[1])
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(0, 0, image)
        painter.restore()
    for half, state, (removed, gone) in zip(halves, states, black, strict=True):
        painter.save()
        painter.setClipRect(half)
        draw_black(painter, state, removed, gone, ratio)
        painter.restore()
    # The outline, the words and the pointer once; a legend for each side.
    draw_marks(painter, size, left, marks[0], ratio)
    bare = replace(right, assessed=None)
    draw_marks(painter, size, bare, replace(marks[1], lead=False, at=None, chosen=False), ratio)


class SwipeView(QWidget):
    """The view with a header over each side."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.pane = SwipePane()
        self.card = Card(theme, self.pane)
        self.left, self.right = Header(theme), Header(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        heads = QHBoxLayout()
        heads.setSpacing(1)
        heads.addWidget(self.left, 1)
        heads.addWidget(self.right, 1)
        column.addLayout(heads)
        column.addWidget(self.pane, 1)
