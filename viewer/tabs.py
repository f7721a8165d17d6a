"""The tabs of the window in one table; a tab's page is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from viewer.command import Bar, Command, Menu

if TYPE_CHECKING:
    from viewer.window import Window


@dataclass(frozen=True)
class Tab:
    """One row: ``make`` builds the page, which has all of the window between top bar and strip.

    A page learns by its show and hide events whether it is looked at.
    """

    name: str
    words: str
    key: str
    help: str
    make: Callable[[Window], QWidget]


def _train(window: Window) -> QWidget:
    from viewer.training.page import TrainingPage

    return TrainingPage(window, window.training)


READ = "read"
COMPARE = "compare"


def _compare(window: Window) -> QWidget:
    from viewer.compare.page import ComparePage

    return ComparePage(window)


TABS: tuple[Tab, ...] = (
    Tab(
        COMPARE,
        "Compare",
        "Ctrl+3",
        "Shows the photograph under several criteria, packs or checkpoints at once.",
        _compare,
    ),
    Tab("train", "Train", "Ctrl+5", "Trains a network on your own photographs.", _train),
)
"""The tabs beside Read, whose page the window builds itself."""


class Tabs(QStackedWidget):
    """The pages of all tabs that were shown so far, one of them on top."""

    changed = Signal()
    """Another tab is shown."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        self._pages: dict[str, QWidget] = {}
        self.shown = READ
        """The name of the tab on top."""

    @property
    def reading(self) -> bool:
        """Whether the tab with the picture that is read is on top."""
        return self.shown == READ

    def put(self, name: str, page: QWidget) -> None:
        """Take a tab's page, in place of what stood there before."""
        self._pages[name] = page
        self.addWidget(page)
        if name == self.shown:
            self.setCurrentWidget(page)

    def page(self, name: str) -> QWidget:
        """A tab's page, made now if it was never asked for."""
        if name not in self._pages:
            tab = next(tab for tab in TABS if tab.name == name)
            self.put(name, tab.make(self._window))
        return self._pages[name]

    def show_tab(self, name: str) -> None:
        """Put a tab on top."""
        page = self.page(name)
        if name != self.shown:
            self.shown = name
            self.setCurrentWidget(page)
            self.changed.emit()


def _command(name: str, words: str, key: str, help_: str) -> Command:
    return Command(
        f"tab-{name}",
        words,
        (key,),
        help_,
        lambda window: window.tabs.show_tab(name),
        menu=Menu.VIEW,
        bar=Bar.TABS,
        on=lambda window: window.tabs.shown == name,
        gap_before=name == READ,
    )


# Where there is nothing to choose from, there is no tab.
TAB_COMMANDS: tuple[Command, ...] = (
    (
        _command(READ, "Read", "Ctrl+2", "Shows the picture that is read."),
        *(_command(tab.name, tab.words, tab.key, tab.help) for tab in TABS),
    )
    if TABS
    else ()
)
