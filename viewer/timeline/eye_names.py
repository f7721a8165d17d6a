"""Which eye each row of the visits' columns is of: names that stand still while they scroll."""

from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from engine.pictures import Laterality
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme
from viewer.timeline.columns import Columns

NAMES = 84
"""What they take at the left, logical pixels."""


class EyeNames(QWidget):
    """Which eye each row of columns is of; stands still while they scroll."""

    _NAMES: ClassVar = {
        Laterality.RIGHT: ("OD", "Right eye"),
        Laterality.LEFT: ("OS", "Left eye"),
        None: ("Eye", "not known"),
    }

    def __init__(self, theme: Theme, columns: Columns) -> None:
        super().__init__()
        self._theme = theme
        self._columns = columns
        self.setFixedWidth(NAMES)
        columns.installEventFilter(self)
        theme.changed.connect(self.update)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The rows are as high as the columns' are."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Paint):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Short and in full."""
        painter, colours = QPainter(self), self._theme.tokens
        top = self._columns.y()
        for row, eye in enumerate(self._columns.eyes):
            middle = top + (row + 0.5) * self._columns.row_height
            short, whole = self._NAMES[eye]
            painter.setFont(lettering.font(tokens.FIGURE))
            painter.setPen(QColor(colours.text1))
            painter.drawText(QPointF(14, middle), short)
            painter.setFont(lettering.font(tokens.SECOND))
            painter.setPen(QColor(colours.text2))
            painter.drawText(QPointF(14, middle + 17), whole)
