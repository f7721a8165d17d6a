"""A switch for settings that act at once."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from viewer.theme.theme import Theme

_WIDTH, _HEIGHT, _HIT = 36, 20, 28


class Switch(QAbstractButton):
    """36 by 20, on or off, in a target of 28."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setAccessibleName(name)
        # A click leaves the keys to the picture: S, F and the arrows go on working.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(self.sizeHint())
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """The target, not the drawing."""
        return QSize(_WIDTH, _HIT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """On: filled, thumb at the right. Off: outline, thumb at the left."""
        colours = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - _HEIGHT) / 2
        box = QRectF(0.5, top + 0.5, _WIDTH - 1, _HEIGHT - 1)
        on = self.isChecked()
        edge = colours.text1 if on else colours.edge
        painter.setPen(QColor(edge if self.isEnabled() else colours.line))
        painter.setBrush(QColor(colours.text1 if on and self.isEnabled() else colours.control))
        painter.drawRoundedRect(box, _HEIGHT / 2, _HEIGHT / 2)
        thumb = QRectF((_WIDTH - _HEIGHT if on else 0) + 3, top + 3, _HEIGHT - 6, _HEIGHT - 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.panel if on and self.isEnabled() else colours.edge))
        painter.drawEllipse(thumb)
