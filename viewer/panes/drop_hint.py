"""What a drop will do while a series is dragged over the views: told where it will be shown."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from viewer.panels.drop import draw_edge
from viewer.theme import tokens


class DropHint(QWidget):
    """A dashed edge with two words, over the part of the picture area where a series opens."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, where: QRect, *, beside: bool) -> None:
        """Tell that the series opens ``where``, in the area's pixels: there, or beside another."""
        self._words = "Open beside" if beside else "Open here"
        self.setGeometry(where)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Edge and words, dark in both themes as all that lies on pictures."""
        painter = QPainter(self)
        draw_edge(painter, QRectF(self.rect()), self._words, tokens.DARK)
