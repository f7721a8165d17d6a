"""The Train tab: a folder is dropped, a network learns, is watched, stopped and shipped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.runs import Check
from viewer.notices import Notice
from viewer.panels.chooser import Chooser
from viewer.panels.drop import DropEdge
from viewer.panels.parts import Button, Panel, label
from viewer.read.doors import dropped_paths, holds_pack
from viewer.training import steps
from viewer.training.curves import Curves
from viewer.training.looks import LooksView
from viewer.training.plots import area_plot, error_plot
from viewer.training.progress import ON_OFFER, NotesBlock, RunBlock, ShipBlock, step_words
from viewer.training.room import TrainingRoom, Wish
from viewer.training.setup import Setup
from viewer.training.watch import Listed, Watched, title_of

if TYPE_CHECKING:
    from viewer.window import Window


class TrainingPage(QWidget):
    """Shows either what is to be begun or the run that is watched."""

    def __init__(self, window: Window, room: TrainingRoom) -> None:
        super().__init__()
        self._window = window
        self._theme = theme = window.theme
        self._room = room
        self._folder: Path | None = None
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Train")
        self.steps = steps.Steps(theme)
        self.chooser = Chooser(theme, "Trainings")
        self.chooser.setMinimumContentsLength(22)
        self.chooser.setPlaceholderText("Earlier trainings")
        self.chooser.hide()
        self.steps.across.addWidget(self.chooser)
        self.new_button = Button(theme, "New", "folder-open", small=True)
        self.new_button.setAccessibleName("New training")
        self.steps.across.addWidget(self.new_button)
        self.setup = Setup(theme)
        self.run = QWidget()
        self.run_block = RunBlock(theme)
        self.notes = NotesBlock(theme)
        self.ship_block = ShipBlock(theme)
        self.error_curves = Curves(theme, "Error")
        self.area_curves = Curves(theme, "Held-out A_z")
        self.looks = LooksView(theme)
        self._fill_run()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.setup)
        self._stack.addWidget(self.run)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.steps)
        column.addWidget(self._stack, 1)
        self._edge = DropEdge(theme, self)
        self._connect()
        self._show_setup()
        if room.folder is not None:
            self._show_run()

    def _fill_run(self) -> None:
        curves = QWidget()
        across = QHBoxLayout(curves)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(1)
        across.addWidget(self.error_curves)
        across.addWidget(self.area_curves)
        below = QWidget()
        below.setProperty("kind", "panel")
        under = QVBoxLayout(below)
        under.setContentsMargins(0, 10, 0, 8)
        under.setSpacing(6)
        title = label("What it looks at, same held-out pictures every round", "title")
        title.setContentsMargins(16, 0, 16, 0)
        second = label("Heatmap π, each on its own scale.", "hint")
        second.setContentsMargins(16, 0, 16, 0)
        under.addWidget(title)
        under.addWidget(second)
        under.addWidget(self.looks, 1)
        left = QSplitter(Qt.Orientation.Vertical)
        left.setChildrenCollapsible(False)
        left.addWidget(curves)
        left.addWidget(below)
        left.setStretchFactor(0, 3)
        left.setStretchFactor(1, 5)
        left.setHandleWidth(1)
        left.setSizes([260, 540])
        side = QWidget()
        side.setProperty("kind", "panel")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for block in (self.run_block, self.notes, self.ship_block):
            column.addWidget(block)
        column.addStretch(1)
        whole = QHBoxLayout(self.run)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(1)
        whole.addWidget(left, 1)
        whole.addWidget(Panel("Training panel", side))

    def _connect(self) -> None:
        room, setup = self._room, self.setup
        room.checked.connect(self._take_check)
        room.check_failed.connect(self._take_fault)
        room.begun.connect(self._show_run)
        room.seen.connect(self._take_run)
        room.listed.connect(self._show_runs)
        room.said.connect(setup.show_fault)
        room.shipped.connect(self._take_pack)
        room.ship_failed.connect(self._take_no_pack)
        setup.choose_wanted.connect(self.choose)
        setup.check_wanted.connect(self._check_again)
        setup.cancel_wanted.connect(self._stop_checking)
        setup.start_wanted.connect(self._begin)
        self.run_block.pause_wanted.connect(room.pause)
        self.run_block.go_on_wanted.connect(room.go_on)
        self.run_block.stop_wanted.connect(room.stop)
        self.ship_block.ship_wanted.connect(room.ship)
        self.ship_block.use_wanted.connect(self._use_pack)
        self.new_button.clicked.connect(self.begin_anew)
        self.chooser.activated.connect(self._choose_run)

    # ---- what the commands do

    def choose(self) -> None:
        """Let the person choose a folder, and check it."""
        name = QFileDialog.getExistingDirectory(
            self.window(), "A folder with a subfolder for each class", self._window.doors.folder
        )
        if name:
            self.check(Path(name))

    def check(self, folder: Path) -> None:
        """Look through a folder."""
        if self._stack.currentWidget() is not self.setup:
            self._room.leave()
            self._show_setup()
        self._folder = folder
        self.setup.clear()
        self.setup.show_looking(True)
        self._room.check(folder)

    def begin_anew(self) -> None:
        """Another training; one that goes on does so."""
        self._room.leave()
        self.setup.clear()
        self._show_setup()
        self.setup.choose_button.setFocus()

    # ---- what the room says

    def _take_check(self, check: Check) -> None:
        self.setup.show_check(check)
        self._show_setup()

    def _take_fault(self, words: str) -> None:
        self.setup.show_looking(False)
        self.setup.show_fault(words)

    def _take_run(self, watched: Watched) -> None:
        seen = watched.seen
        if seen.folder != self._room.folder:
            return
        self._show_run()
        now = steps.RUN  # also of one that goes on behind its first pack
        if seen.shippable and not seen.status.going_on:
            now = steps.DONE if seen.shipped else steps.SHIP
        self.steps.show_step(now, step_words(watched))
        self.run_block.show_run(seen)
        self.notes.show_notes(watched.notes)
        self.ship_block.show_run(seen)
        self.error_curves.show_plot(error_plot(seen))
        self.area_curves.show_plot(area_plot(seen))
        self.looks.show_looks(watched)
        self._show_runs(watched.runs)

    def _take_pack(self, run: Path, path: Path) -> None:
        # decided: what reads patients' pictures changes by a person's word alone.
        if run == self.ship_block.run:
            self.ship_block.offer(path)
            self._room.look()  # its step is done
        self._tell_elsewhere(run, "was shipped.", ON_OFFER, "package")
        # The engine that answers checks it once more, and tells of it as of any pack.
        self._window.presenter.install_pack(path, use=False)

    def _take_no_pack(self, run: Path, words: str) -> None:
        if run == self.ship_block.run:
            self.ship_block.say(words)
        self._tell_elsewhere(run, "was not shipped.", words, "alert-circle")

    def _tell_elsewhere(self, run: Path, what: str, detail: str, icon: str) -> None:
        """Tell what became of a run that is not the one on the page."""
        if run != self._room.folder:
            title = f"The training “{title_of(run)}” {what}"
            self._window.tell(Notice("ship", title, detail, icon))

    def _use_pack(self, path: Path) -> None:
        presenter = self._window.presenter
        found = next((each for each in presenter.packs if Path(each.path) == path), None)
        if found is None:
            presenter.install_pack(path)
        else:
            presenter.choose_pack(found)

    # ---- what is shown

    def _show_setup(self) -> None:
        self._stack.setCurrentWidget(self.setup)
        check = self.setup.check
        words = "a folder by class" if check is None else f"{check.pictures} pictures"
        if check is not None and check.warnings:
            count = len(check.warnings)
            words += f", {count} {'warning' if count == 1 else 'warnings'}"
        now = steps.DATA if check is None or not self.setup.may_start else steps.PLAN
        self.steps.show_step(now, (words, "network, size, rounds", "", ""))
        self.new_button.hide()
        self._room.list_runs()

    def _show_run(self) -> None:
        if self._stack.currentWidget() is not self.run:
            self._stack.setCurrentWidget(self.run)
        self.new_button.show()

    def _show_runs(self, found: tuple[Listed, ...]) -> None:
        entries = [(each.words, str(each.folder)) for each in found]
        shown = [
            (self.chooser.itemText(at), self.chooser.itemData(at))
            for at in range(self.chooser.count())
        ]
        if entries != shown:
            self.chooser.clear()
            for words, folder in entries:
                self.chooser.addItem(words, folder)
        self.chooser.setCurrentIndex(self.chooser.findData(str(self._room.folder)))
        self.chooser.setVisible(bool(entries))

    # ---- what a hand does

    def _choose_run(self, at: int) -> None:
        folder = self.chooser.itemData(at)
        if folder:
            self._stop_checking()
            self._room.watch(Path(folder))

    def _check_again(self, referable: tuple[str, ...]) -> None:
        if self._folder is not None:
            self.setup.show_looking(True)
            self._room.check(self._folder, referable)

    def _stop_checking(self) -> None:
        self._room.stop_checking()
        self.setup.show_looking(False)

    def _begin(self, wish: Wish) -> None:
        self.setFocus()  # what had it goes
        self._room.begin(wish)

    # ---- Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Look more often while it is on the screen."""
        super().showEvent(event)
        self._room.be_looked_at(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Look seldom."""
        super().hideEvent(event)
        self._room.be_looked_at(False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a folder; anything else is the window's."""
        folder = _folder_of(event)
        if folder is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self._edge.say(f"Check {folder.name} for training")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """As before."""
        super().dragLeaveEvent(event)
        self._edge.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Check it."""
        self._edge.hide()
        folder = _folder_of(event)
        if folder is not None:
            event.acceptProposedAction()
            self.check(folder)


def _folder_of(event: QDropEvent) -> Path | None:
    paths = dropped_paths(event.mimeData())
    if len(paths) != 1:
        return None
    if paths[0].suffix.lower() == ".csv":
        return paths[0].parent
    return paths[0] if paths[0].is_dir() and not holds_pack(paths[0]) else None
