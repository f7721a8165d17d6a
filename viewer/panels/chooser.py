"""A combo box with the house's own arrow, and entries that may carry a picture."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QListView

from viewer.theme import icons
from viewer.theme.theme import Theme


class Chooser(QComboBox):
    """Chooses one of a few. The wheel only turns it while it has the focus."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        # A combo box's own policy takes the focus by the wheel, and so the wheel.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setView(QListView(self))
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, with the arrow as an icon of the theme."""
        super().paintEvent(event)
        painter = QPainter(self)
        size = 14
        colour = self._theme.tokens.text2 if self.isEnabled() else self._theme.tokens.edge
        arrow = icons.pixmap("chevron-down", colour, size, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(self.width() - size - 8, (self.height() - size) // 2), arrow)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel, not the choice, unless the choice has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
