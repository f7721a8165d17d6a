"""The small parts that panels are built of: labels, buttons, blocks."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from viewer.theme import tokens
from viewer.theme.theme import Theme


def label(text: str, kind: str = "", *, wrap: bool = False) -> QLabel:
    """Words of one kind of the style sheet; never rich text, so that names stay names."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty("kind", kind)
    return made


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and have it looked at again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Button(QPushButton):
    """A button whose icon follows the theme. ``kind`` is "", "primary" or "plain"."""

    def __init__(
        self, theme: Theme, words: str, icon: str = "", *, kind: str = "", small: bool = False
    ) -> None:
        super().__init__(words)
        self._theme = theme
        self._icon_name = icon
        self._primary = kind == "primary"
        self.setIconSize(QSize(tokens.ICON, tokens.ICON))
        self.setAccessibleName(words.rstrip("…"))
        if kind:
            self.setProperty("kind", kind)
        if small:
            self.setProperty("size", "small")
        self._draw_icon()
        theme.changed.connect(self._draw_icon)

    def _draw_icon(self) -> None:
        if self._icon_name:
            drawn = self._theme.icon_on_primary if self._primary else self._theme.icon
            self.setIcon(drawn(self._icon_name))


class Block(QFrame):
    """One block of the right panel; ``by_model`` gives it the model's bar at its left."""

    def __init__(self, theme: Theme, name: str, *, by_model: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._by_model = by_model
        self.setProperty("kind", "block")
        self.setAccessibleName(name)
        self.body = QVBoxLayout(self)
        side, top = tokens.PAD_SIDE, tokens.PAD_TOP
        self.body.setContentsMargins(side, top, side, top)
        self.body.setSpacing(tokens.GAP)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The author's bar."""
        super().paintEvent(event)
        if self._by_model:
            painter = QPainter(self)
            colour = QColor(self._theme.tokens.model)
            painter.fillRect(0, 0, tokens.AUTHOR_BAR, self.height() - 1, colour)
