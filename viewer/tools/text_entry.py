"""A text typed where it will stand: a field over the picture, no dialog."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from shiboken6 import isValid

from engine.drawings import TEXT_MOST

_WIDE, _HIGH, _MARGIN = 220, 28, 6


class TextEntry(QLineEdit):
    """Enter and leaving take what was typed, Esc takes nothing; told once."""

    def __init__(
        self,
        parent: QWidget,
        at: tuple[float, float],
        words: str,
        done: Callable[[str | None], object],
    ) -> None:
        super().__init__(words, parent)
        self._done: Callable[[str | None], object] | None = done
        self._pane = parent
        self.setMaxLength(TEXT_MOST)
        self.setAccessibleName("Text of the drawing")
        self.setPlaceholderText("Text, then Enter")
        left = min(max(round(at[0]), _MARGIN), max(parent.width() - _WIDE - _MARGIN, 0))
        top = min(max(round(at[1]), _MARGIN), max(parent.height() - _HIGH - _MARGIN, 0))
        self.setGeometry(left, top, _WIDE, _HIGH)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Esc is the field's own, whatever it means to the window."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take it, drop it, or go on typing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._leave(self.text().strip())
        elif event.key() == Qt.Key.Key_Escape:
            self._leave(None)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Another place was chosen: what was typed stands."""
        super().focusOutEvent(event)
        # A pane that is being deleted takes the focus away as well, and can be told nothing.
        if event.reason() is not Qt.FocusReason.PopupFocusReason and isValid(self._pane):
            self._end(self.text().strip())

    def _leave(self, words: str | None) -> None:
        self._end(words)
        self._pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self, words: str | None) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(words)
            self.hide()
            self.deleteLater()
