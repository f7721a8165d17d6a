"""A field for a whole number that the wheel does not turn by accident."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSpinBox


class WholeNumber(QSpinBox):
    """A spin box with a name. The wheel only turns it while it has the focus."""

    def __init__(self, name: str) -> None:
        super().__init__()
        # A spin box's own policy takes the focus by the wheel, and so the wheel.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        # What is typed into is a field of its own, which a screen reader comes to.
        self.lineEdit().setAccessibleName(name)
        # The style sheet's padding does not reach it.
        self.lineEdit().setTextMargins(5, 0, 5, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, not the number, unless the number has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
