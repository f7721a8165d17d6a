"""What the left rails share: their width, their heading and list, and a picture in its frame."""

from PySide6.QtCore import QAbstractItemModel, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from viewer.panels.parts import label
from viewer.theme import tokens
from viewer.theme.theme import Theme
from viewer.theme.tokens import Tokens

WIDTH = 132
PICTURE = QSize(112, 92)
SIDE = 10


class RailView(QListView):
    """The list of a rail; Space opens as Enter does."""

    def __init__(self, name: str, model: QAbstractItemModel) -> None:
        super().__init__()
        self.setProperty("kind", "rail")
        self.setModel(model)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open by Space."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class Rail(QWidget):
    """A heading and ``view`` beneath it."""

    def __init__(self, theme: Theme, heading: str, view: RailView) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.PAD_TOP, 0, 0)
        column.setSpacing(6)
        words = label(heading, "label")
        words.setContentsMargins(SIDE, 0, 0, 0)
        column.addWidget(words)
        self.view = view
        column.addWidget(self.view, 1)
        theme.changed.connect(self.view.viewport().update)


class Card(QStyledItemDelegate):
    """Draws one entry of a rail."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme


def draw_framed(
    painter: QPainter, colours: Tokens, frame: QRect, small: QImage | None, *, shown: bool
) -> None:
    """A small picture on black, with a white ring on that black while it is on the screen."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.fillRect(frame, QColor(colours.ground))
    if small is not None:
        size = small.size().scaled(PICTURE, Qt.AspectRatioMode.KeepAspectRatio)
        middle = QRect(frame.topLeft(), size)
        middle.moveCenter(frame.center())
        painter.drawImage(middle, small)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.line), 1))
    painter.drawRect(QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5))
    if shown:
        painter.setPen(QPen(QColor(tokens.OVER_TEXT), 2))
        painter.drawRect(QRectF(frame).adjusted(3, 3, -3, -3))


def draw_chosen(painter: QPainter, colours: Tokens, card: QRect) -> None:
    """The ground of the card that is on the screen: a ring alone is lost on a white panel."""
    painter.fillRect(
        QRect(SIDE - 5, card.top(), PICTURE.width() + 10, card.height() - 3),
        QColor(colours.control),
    )


def draw_focus(painter: QPainter, colours: Tokens, card: QRect) -> None:
    """The ring of the keyboard's place, around all of a card."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.text1), 2))
    # The scroll bar takes the rail's right edge.
    right = min(SIDE + PICTURE.width() + 4, card.right() - 1)
    box = QRectF(SIDE - 4, card.top() + 1, right - SIDE + 4, card.height() - 5)
    painter.drawRoundedRect(box, tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)
