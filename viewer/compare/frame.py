"""The Compare tab's widgets and where they lie: bar, views, a panel below."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from viewer.commands.actions import Actions
from viewer.compare.bar import CompareBar
from viewer.compare.empty import Empty
from viewer.compare.grid import Grid
from viewer.compare.swipe import SwipeView
from viewer.compare.view import HEAD, View
from viewer.theme.theme import Theme


class CompareFrame(QWidget):
    """``grid`` has the views side by side, ``swipe`` two maps in one view."""

    open_wanted = Signal()
    pack_wanted = Signal()

    def __init__(self, theme: Theme, actions: Actions) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Compare")
        self.bar = CompareBar(theme, actions)
        self.grid = Grid(HEAD)
        self.swipe = SwipeView(theme)
        self.empty = Empty(theme)
        self._alone = Empty(theme, self.grid)
        self._alone.hide()
        for empty in (self.empty, self._alone):
            empty.open_wanted.connect(self.open_wanted)
            empty.pack_wanted.connect(self.pack_wanted)
        self.stack = QStackedWidget()
        for part in (self.empty, self.grid, self.swipe):
            self.stack.addWidget(part)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.splitter, 1)

    def put_below(self, panel: QWidget) -> None:
        """Give the lower half to ``panel``."""
        self.splitter.addWidget(panel)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)

    def share_height(self) -> None:
        """Two parts in five for what was put below."""
        height = self.splitter.height()
        self.splitter.setSizes([round(0.55 * height), round(0.45 * height)])

    def lay_out(
        self, views: Sequence[View], *, ready: bool, swiping: bool, alone: bool, known: bool
    ) -> None:
        """Show the views side by side, or the one with a line; while not ``ready`` what is missing.

        ``alone`` is whether there is no second pack to compare with, ``known`` whether the packs
        on this computer are.
        """
        self._alone.tell(no_picture=False, known=known, alone=True)
        shown: QWidget = self.swipe if swiping else self.grid
        self.grid.show_views([*views, *([self._alone] if alone else [])])
        # Last, for it may give the grid its size, and that room for a further view.
        self.stack.setCurrentWidget(shown if ready else self.empty)
