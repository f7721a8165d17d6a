"""Grey shapes where a picture will be: never a spinner over a picture (LOOK 13)."""

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from viewer.theme import tokens

LOADING_AFTER_MS = 200
_SHARE = 0.42


class Loading(QObject):
    """Whether a view that waits for its picture shows the shapes: after a moment it does."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.is_shown = False
        self._view = view
        self._timer = QTimer(self, singleShot=True, interval=LOADING_AFTER_MS)
        self._timer.timeout.connect(self._show)

    def begin(self) -> None:
        """The view waits."""
        if not self.is_shown and not self._timer.isActive():
            self._timer.start()

    def end(self) -> None:
        """There is a picture, or none is waited for."""
        self._timer.stop()
        self.is_shown = False

    def _show(self) -> None:
        self.is_shown = True
        self._view.update()


def draw_loading(painter: QPainter, size: QSizeF) -> None:
    """The disc of an eye and two lines of text, in greys."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.DARK.panel))
    radius = _SHARE * min(size.width(), size.height())
    painter.drawEllipse(QPointF(size.width() / 2, size.height() / 2), radius, radius)
    painter.setBrush(QColor(tokens.DARK.raised))
    for number, width in enumerate((96.0, 64.0)):
        line = QRectF(tokens.CORNER, tokens.CORNER + 18 * number, width, 10)
        painter.drawRoundedRect(line, 3, 3)
