"""The badge on a picture whose geometry was mended: "Repairs: 2", and a click shows them."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from viewer.layers.corners import below_upper_left
from viewer.layers.over_text import draw_line, width_of
from viewer.layers.slice_words import corner_words
from viewer.seen.slice_state import SliceState
from viewer.theme import icons, tokens

_ICON = 14
_PAD = 7
_GAP = 6
_UNDER_ALPHA = 150


class RepairsBadge(QAbstractButton):
    """An outlined chip over the picture, in the tab order."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pane = parent
        self.setToolTip("What was mended in this picture's geometry when it was read")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    def show_repairs(self, state: SliceState | None) -> None:
        """Tell how many repairs the volume has, below the words; without any there is no badge."""
        count = 0 if state is None else len(state.facts.repairs)
        self.setVisible(count > 0)
        if state is None or not count:
            return
        words = f"Repairs: {count}"
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.resize(self.sizeHint())
        told = corner_words(state, chief=True, pointed=())
        below = below_upper_left(QSizeF(self._pane.size()), told)
        self.move(tokens.CORNER, round(below + _GAP))

    def sizeHint(self) -> QSize:
        """Room for icon and words."""
        return QSize(round(width_of(self.text())) + _ICON + 3 * _PAD, tokens.CHIP)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The outline, the icon and the words; light, since a picture lies beneath."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        under = QColor(tokens.OVER_HALO)
        under.setAlpha(_UNDER_ALPHA)
        painter.setBrush(under)
        painter.setPen(QColor(tokens.OVER_TEXT))
        radius = tokens.RADIUS_CONTROL
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        middle = self.height() / 2
        drawn = icons.pixmap("tools", tokens.OVER_TEXT, _ICON, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(_PAD, middle - _ICON / 2), drawn)
        draw_line(painter, (2 * _PAD + _ICON, middle + 4.5), self.text())
