"""A slider that a hand and a keyboard reach alike: click jumps, digits type a value."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider

from viewer.theme.theme import Theme

_TRACK, _THUMB, _HIT = 4, 16, 28
_LEAST = 84


class ValueSlider(QAbstractSlider):
    """A whole number from ``minimum`` to ``maximum``; ``words`` turns it into what is read.

    Digits are gathered while it has the focus and taken by Enter, by leaving, or when no further
    digit can follow; Escape drops them.
    """

    typed = Signal(str)
    """The digits gathered so far, empty when they were taken or dropped."""

    def __init__(
        self, theme: Theme, name: str, highest: int, usual: int, words: Callable[[int], str]
    ) -> None:
        super().__init__()
        self._theme = theme
        self._usual = usual
        self._words = words
        self._digits = ""
        self._tick: int | None = None
        self.setRange(0, highest)
        self.setSingleStep(1)
        self.setPageStep(10)
        self.setValue(usual)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setAccessibleName(name)
        # A click leaves the keys to the picture: S, F and the arrows go on working.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(_LEAST, _HIT)
        self.setFixedHeight(_HIT)
        self.valueChanged.connect(self._describe)
        self._describe()
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(140, _HIT)

    def reset(self) -> None:
        """Back to the usual value."""
        self.setValue(self._usual)

    def set_usual(self, usual: int) -> None:
        """What a double click goes back to."""
        self._usual = usual

    def set_tick(self, tick: int | None, words: str = "") -> None:
        """A tick below the track at a value that matters; ``words`` say which in the tool tip."""
        self.setToolTip(words)
        if tick != self._tick:
            self._tick = tick
            self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(self._words(self.value()))
        self.update()

    # ---- the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click jumps."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._jump(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The thumb follows."""
        if self.isSliderDown():
            self._jump(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        """Let go."""
        self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        """A double click resets."""
        self.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With the focus by 1, with Shift by 10; without it the panel scrolls."""
        if not self.hasFocus():
            event.ignore()
            return
        delta = event.angleDelta()
        turned = delta.y() or delta.x()
        many = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if turned:
            self._step(1 if turned > 0 else -1, many)
        event.accept()

    def _jump(self, x: float) -> None:
        part = (x - _THUMB / 2) / max(self.width() - _THUMB, 1)
        self.setValue(round(self.minimum() + part * (self.maximum() - self.minimum())))

    def _step(self, direction: int, many: bool) -> None:
        self.setValue(self.value() + direction * (self.pageStep() if many else self.singleStep()))

    # ---- the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step, Shift makes it ten, digits type."""
        key = event.key()
        many = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Up):
            self._step(1, many)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Down):
            self._step(-1, many)
        elif event.text().isdecimal() and not control:  # "²" is a digit, and no decimal
            self._digits += event.text()
            self.typed.emit(self._digits)
            if int(self._digits) * 10 > self.maximum():
                self._take()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._digits:
            self._take()
        elif key == Qt.Key.Key_Escape and self._digits:
            self._digits = ""
            self.typed.emit("")
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was typed."""
        if self._digits:
            self._take()
        super().focusOutEvent(event)

    def _take(self) -> None:
        self.setValue(int(self._digits))
        self._digits = ""
        self.typed.emit("")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Track, the part up to the thumb, the thumb."""
        colours = self._theme.tokens
        ink = colours.text1 if self.isEnabled() else colours.line
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        room = self.width() - _THUMB
        part = (self.value() - self.minimum()) / max(self.maximum() - self.minimum(), 1)
        x = _THUMB / 2 + part * room
        track = QRectF(_THUMB / 2, middle - _TRACK / 2, room, _TRACK)
        painter.setBrush(QColor(colours.edge if self.isEnabled() else colours.line))
        painter.drawRoundedRect(track, _TRACK / 2, _TRACK / 2)
        painter.setBrush(QColor(ink))
        painter.drawRoundedRect(
            QRectF(track.left(), track.top(), x - track.left(), _TRACK), _TRACK / 2, _TRACK / 2
        )
        if self._tick is not None:
            place = (self._tick - self.minimum()) / max(self.maximum() - self.minimum(), 1)
            at = _THUMB / 2 + place * room
            painter.drawRect(QRectF(at - 0.75, middle + _THUMB / 2 - 1, 1.5, 5))
        painter.drawEllipse(QRectF(x - _THUMB / 2, middle - _THUMB / 2, _THUMB, _THUMB))
