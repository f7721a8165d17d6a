"""Two parts beside each other, each with its own scroll bar; or one beneath the other in one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from viewer.theme import tokens


class Halves(QWidget):
    """``first`` and ``second``; one beneath the other until ``show_beside`` says otherwise."""

    def __init__(self, first: QWidget, second: QWidget) -> None:
        super().__init__()
        self._first, self._second = first, second
        self.columns = (_Column(), _Column())
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(tokens.GAP)
        for column in self.columns:
            across.addWidget(column, 1)
        self.columns[0].add(first)
        self.columns[0].add(second)
        self.columns[1].hide()
        self._name()

    def show_beside(self, beside: bool) -> None:
        """Whether the second stands beside the first."""
        column = self.columns[beside]
        if not column.isAncestorOf(self._second):
            column.add(self._second)
            self.columns[1].setVisible(beside)
            self._name()

    def _name(self) -> None:
        for column in self.columns:
            parts = (self._first, self._second)
            names = [part.accessibleName() for part in parts if column.isAncestorOf(part)]
            column.setAccessibleName(", ".join(names))


class _Column(QScrollArea):
    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("kind", "panel")
        self._parts = QVBoxLayout(inside)
        self._parts.setContentsMargins(0, 0, tokens.GAP, 0)
        self._parts.setSpacing(tokens.PAD_SIDE)
        self._parts.addStretch()
        self.setWidget(inside)

    def add(self, part: QWidget) -> None:
        """A part beneath those that it has; it leaves where it was."""
        self._parts.insertWidget(self._parts.count() - 1, part)
