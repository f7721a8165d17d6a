"""A combo box with the house's own arrow, and entries that may carry a picture."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QListView, QStyle, QStyleOptionComboBox, QStylePainter

from viewer.theme import icons
from viewer.theme.theme import Theme


class Chooser(QComboBox):
    """Chooses one of a few. The wheel only turns it while it has the focus."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        # A click leaves the keys where they are, with the picture: letters such as S would search
        # the list, and the wheel would turn it.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setView(QListView(self))
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        theme.changed.connect(self.update)

    @property
    def whole_width(self) -> int:
        """The width from which on its words are not cut."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        beside = self.width() - self._room(option)
        return beside + option.fontMetrics.horizontalAdvance(option.currentText) + 1

    def _room(self, option: QStyleOptionComboBox) -> int:
        box, words = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        return self.style().subControlRect(box, option, words, self).width()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The box, its words cut where there is no room, with the theme's icon as its arrow."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        words_now = self.placeholderText() if self.currentIndex() < 0 else option.currentText
        right = Qt.TextElideMode.ElideRight
        option.currentText = option.fontMetrics.elidedText(words_now, right, self._room(option))
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
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
