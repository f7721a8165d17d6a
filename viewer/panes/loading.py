"""Grey shapes where a photograph will be: never a spinner over a picture (LOOK 13)."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter

from viewer.theme import tokens

LOADING_AFTER_MS = 200
_SHARE = 0.42


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
