"""Views of one size side by side: as many columns as show the photograph largest."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

LEAST = 300
"""A view's least width, for the words above it."""
_NEARLY = 0.85
_NOT_SMALLER = 0.8
"""A further view is shown where it leaves the others this part of their size."""
GAP = 1
"""The line between views; all logical pixels."""


def columns(count: int, room: tuple[int, int], aspect: float, head: int) -> int:
    """In how many columns ``count`` views show a picture largest.

    ``room`` is the width and height of all, ``aspect`` the picture's width over its height,
    ``head`` the height of what stands above each.
    """
    able = [
        each for each in range(1, count + 1) if each == 1 or cell(count, room, each)[0] >= LEAST
    ]
    shown = {each: shown_width(count, room, each, aspect, head) for each in able}
    # Of near equals the one with more columns: views are compared more easily along than down.
    least = _NEARLY * max(shown.values())
    return max(each for each in able if shown[each] >= least)


def cell(count: int, room: tuple[int, int], across: int) -> tuple[int, int]:
    """Width and height of each of ``count`` views in ``across`` columns."""
    down = -(-count // across)
    return (room[0] - (across - 1) * GAP) // across, (room[1] - (down - 1) * GAP) // down


def shown_width(count: int, room: tuple[int, int], across: int, aspect: float, head: int) -> float:
    """How wide a whole picture is shown."""
    width, height = cell(count, room, across)
    return min(width, max(height - head, 1) * aspect)


class Grid(QWidget):
    """Lays its views out anew whenever its size, or which of them are shown, changes."""

    resized = Signal()

    def __init__(self, head: int) -> None:
        super().__init__()
        self._head = head
        self._views: tuple[QWidget, ...] = ()
        self.aspect = 1.5

    @property
    def across(self) -> int:
        """How many columns there are."""
        room = (self.width(), self.height())
        return columns(max(len(self._views), 1), room, self.aspect, self._head)

    def has_room(self, count: int) -> bool:
        """Whether one view more than ``count`` leaves them nearly as large."""
        room, shown = (self.width(), self.height()), []
        for each in (count, count + 1):
            across = columns(each, room, self.aspect, self._head)
            if cell(each, room, across)[0] < LEAST:
                return False
            shown.append(shown_width(each, room, across, self.aspect, self._head))
        return shown[1] >= _NOT_SMALLER * shown[0]

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(960, 480)

    def minimumSizeHint(self) -> QSize:
        """Room for two views with something to see."""
        return QSize(2 * LEAST + GAP, 180)

    def show_views(self, views: Sequence[QWidget]) -> None:
        """Show these, in this order."""
        for view in self._views:
            if view not in views:
                view.hide()
        self._views = tuple(views)
        for view in views:
            view.setParent(self)
            view.show()
        self.arrange()

    def arrange(self) -> None:
        """Give every view its place, all of one size."""
        count, room = len(self._views), (self.width(), self.height())
        if not count:
            return
        across = self.across
        width, height = cell(count, room, across)
        for number, view in enumerate(self._views):
            row, column = divmod(number, across)
            view.setGeometry(QRect(column * (width + GAP), row * (height + GAP), width, height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self.arrange()
        self.resized.emit()
