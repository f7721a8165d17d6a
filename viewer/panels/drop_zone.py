"""Where something may be dropped: the window takes it, the dashed edge says so."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.theme import tokens
from viewer.theme.theme import Theme


class DropZone(QWidget):
    """``column`` holds the words."""

    def __init__(self, theme: Theme, height: int) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(height)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(4)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The dashed edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(self._theme.tokens.panel))
        pen = QPen(QColor(self._theme.tokens.edge), 2)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        radius = tokens.RADIUS_DIALOG
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
