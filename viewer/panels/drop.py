"""The edge round a window that something is dragged over: it says what a drop will do."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme


class DropEdge(QWidget):
    """A dashed edge round the window while something is dragged over it, with one sentence."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._around = window
        self._sentence = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        window.installEventFilter(self)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show the edge with what a drop will do."""
        self._sentence = sentence
        self.setGeometry(self._around.rect())
        self.raise_()
        self.show()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(self._around.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Edge and sentence."""
        draw_edge(QPainter(self), QRectF(self.rect()), self._sentence, self._theme.tokens)


def draw_edge(painter: QPainter, area: QRectF, sentence: str, colours: tokens.Tokens) -> None:
    """A dashed edge within ``area``, and the sentence in its middle; in logical pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colours.text1), 2)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawRect(area.adjusted(2, 2, -2, -2))
    painter.setFont(lettering.font(tokens.TITLE))
    wide = painter.fontMetrics().horizontalAdvance(sentence) + 40
    middle = area.center()
    box = QRectF(middle.x() - wide / 2, middle.y() - 22, wide, 44)
    painter.setPen(QColor(colours.edge))
    painter.setBrush(QColor(colours.panel))
    painter.drawRoundedRect(box, tokens.RADIUS_DIALOG, tokens.RADIUS_DIALOG)
    painter.setPen(QColor(colours.text1))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sentence)
