"""The frame: bar, tabs and strip, what is opened in them, what is kept, and the end."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from engine import folders
from engine.settings import Loaded
from viewer.chip import Chip
from viewer.client.engine import EngineClient
from viewer.command import Bar, Where
from viewer.commands.actions import Actions, HeldKeys
from viewer.files.clipboard import PictureClipboard
from viewer.habits import Habits
from viewer.notices import COPIED, ENGINE, LOST, Notice, not_kept, our_fault
from viewer.on_top import OnTop
from viewer.pages import Pages
from viewer.panels.bars import EngineChip, TopBar
from viewer.panels.parts import tight_column
from viewer.panels.rows import Rows
from viewer.panels.strip import Strip
from viewer.panels.welcome import Welcome
from viewer.phantom import PhantomMaker
from viewer.photograph.neighbours import is_photograph_name
from viewer.photograph.presenter import Presenter
from viewer.preferences import Preferences
from viewer.read.doors import Doors
from viewer.tabs import READ, Tabs
from viewer.theme import tokens
from viewer.theme.focus import FocusRing
from viewer.theme.theme import Theme
from viewer.theme.tokens import ThemeName
from viewer.training.room import TrainingRoom

if TYPE_CHECKING:
    from viewer.read.browsing import Browsing
    from viewer.read.page import ReadPage
    from viewer.read.photograph import PhotographDesk
    from viewer.read.volumes import VolumeDesk
    from viewer.timeline.desk import TimelineDesk


class Window(QMainWindow):
    """The one window."""

    presenter: Presenter
    preferences: Preferences
    on_top: OnTop
    doors: Doors
    pages: Pages
    habits: Habits
    training: TrainingRoom

    def __init__(self, theme: Theme, client: EngineClient, loaded: Loaded, scratch: Path) -> None:
        super().__init__()
        self.theme = theme
        self.presenter = Presenter(client, loaded.settings, scratch, self)
        self.preferences = self.presenter.preferences
        self.client = client
        self.tabs = Tabs(self)
        self.on_top = OnTop(self)
        self._phantom = PhantomMaker(scratch, self)
        self.training = TrainingRoom(self)
        self._clipboard = PictureClipboard(self)
        self._read_page: ReadPage | None = None
        self.timeline: TimelineDesk | None = None
        self._warned = False
        self.setWindowTitle("LesionLens")
        self._build()
        self._connect()
        self._restore_geometry()
        self._show_settings()
        self._show_packs()
        self._show_standing()
        if loaded.fault:
            self.tell(Notice("settings", loaded.fault, "", "settings"))

    # ---- building

    def _build(self) -> None:
        self._welcome = Welcome(self.theme)
        self.actions_ = Actions(self, self.theme)
        self.actions_.act_in({Where.WINDOW: self, Where.COMPARE: self.tabs})
        self.held = HeldKeys(self)
        self._recent = QMenu("Recent", self)
        self.pages = Pages(self, self.theme, self.presenter)
        self.habits = Habits(self, self.preferences, self.actions_, self.held, self.pages)
        self.doors = Doors(self, self.theme, self.presenter, self._recent)
        chip = EngineChip(self.theme)
        self.chip = Chip(chip, self.presenter, self.client)
        top = TopBar(
            self.theme,
            self.actions_.menu_bar(self._recent),
            self.actions_.buttons(Bar.TABS),
            chip,
            self.actions_.buttons(Bar.TOP),
        )
        self.rows = Rows(self.theme, self._welcome)
        self.strip = Strip(self.theme)
        self.tabs.put(READ, self._welcome)
        whole = QWidget()
        column = tight_column(whole)
        column.addWidget(top)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.strip)
        self.setCentralWidget(whole)
        self.ring = FocusRing(self.theme, self)
        least = QSize(*tokens.WINDOW_LEAST)
        # Most of the screen at a first start: the picture gets every pixel it can.
        room = self.screen().availableSize()
        self.resize((room * 0.9).expandedTo(least).boundedTo(room))
        if room.width() < least.width() or room.height() < 1.1 * least.height():
            # On a small screen a frame around the window would push the strip off its foot.
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.lost_changed.connect(self._show_lost)
        presenter.standing_changed.connect(self._show_standing)
        presenter.packs_changed.connect(self._show_packs)
        presenter.look_changed.connect(self._show_settings)
        presenter.noticed.connect(self.tell)
        presenter.jobs.job_changed.connect(self.rows.show_job)
        presenter.jobs.job_ended.connect(self.rows.end_job)
        presenter.exports.copied.connect(self._clipboard.take)
        self.preferences.not_saved.connect(self._say_not_saved)
        self._clipboard.put.connect(self.say_copied)
        self.rows.cancelled.connect(presenter.cancel)
        self.client.settled.connect(self._let_restart_pass)
        self.doors.chosen.connect(lambda paths: self.open(*paths))
        self._welcome.open_wanted.connect(self.doors.choose_picture)
        self._welcome.folder_wanted.connect(self.doors.choose_folder)
        self._welcome.pack_wanted.connect(self.doors.choose_pack)
        self._welcome.recent_wanted.connect(self.open_last)
        self._welcome.came.connect(self._show_recent)
        self._welcome.phantom_wanted.connect(self.open_phantom)
        self._phantom.made.connect(self._show_phantom)
        self.training.chip_changed.connect(self.chip.show_training)
        self.training.chip_changed.connect(self.actions_.refresh)
        self.tabs.changed.connect(self._show_tab)

    # ---- what is shown

    @property
    def read_page(self) -> "ReadPage":
        """The Read tab's page, made now if nothing was opened before."""
        if self._read_page is None:
            # Here and not above: a start needs nothing of it.
            from viewer.read.page import ReadPage

            self._read_page = ReadPage(self, self._welcome, self._recent)
            self.tabs.put(READ, self._read_page)
            if self.tabs.reading:
                self.rows.move_to(self._read_page.stage)
            self._read_page.begin()
        return self._read_page

    @property
    def photographs(self) -> "PhotographDesk":
        """The half of the Read tab that shows photographs."""
        return self.read_page.photographs

    @property
    def volumes(self) -> "VolumeDesk":
        """The half of the Read tab that shows volumes."""
        return self.read_page.volumes

    @property
    def browsing(self) -> "Browsing":
        """The rail of photographs."""
        return self.read_page.browsing

    @property
    def shows_volume(self) -> bool:
        """Whether the Read tab shows volumes, and no photograph."""
        return self._read_page is not None and self._read_page.shows_volume

    @property
    def has_rail(self) -> bool:
        """Whether there is something for the rail at the left to show."""
        return self._read_page is not None and self._read_page.has_rail

    @property
    def found(self) -> int:
        """How many series and photographs there are to choose from in what was opened."""
        page = self._read_page
        return 0 if page is None else len(page.volumes.studies.listing.entries)

    # ---- what is opened

    def open(self, *paths: Path) -> None:
        """Open photographs, the others of a folder can be gone to; or whatever else is in them."""
        self.tabs.show_tab(READ)
        for topic in ("unread", "refused"):
            self.rows.close_notice(topic)  # it was about what was opened before
        if all(is_photograph_name(path) for path in paths):
            self.read_page.open_photographs(paths)
        else:
            self.volumes.find(tuple(Path(path).absolute() for path in paths))

    def open_last(self) -> None:
        """Open what was opened last, again."""
        self.open(Path(self.preferences.settings.recent[0]))

    def open_phantom(self) -> None:
        """Open the drawn eye."""
        self._welcome.phantom_button.setEnabled(False)
        self._phantom.make()

    def turn_timeline(self) -> None:
        """Show the patient's visits under the pictures, or not; made when first shown."""
        if self.timeline is None:
            from viewer.timeline.desk import TimelineDesk

            self.timeline = TimelineDesk(self)
        self.timeline.turn()

    def choose_other_eye(self) -> None:
        """Let the person choose the photograph of the other eye."""
        path = self.doors.choose_other_eye()
        if path is not None:
            self.photographs.both.pair_with(path)

    def turn_full_screen(self) -> None:
        """Fill the screen, or go back."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def tell(self, notice: Notice) -> None:
        """Show a row, or why a file is not shown in the picture's place."""
        page = self._read_page
        if notice.topic == LOST and page is not None and page.is_bare:
            page.bare.say(notice)
            if self.tabs.reading:
                return
        self.rows.show_notice(notice)

    # ---- what is shown

    def _let_restart_pass(self) -> None:
        self.rows.let_pass(ENGINE)

    def _show_lost(self) -> None:
        self.setWindowTitle("LesionLens")
        self.strip.said.show_words("")

    def _show_standing(self) -> None:
        opens = self.presenter.opening or self.presenter.picture is not None
        if opens or self._read_page is not None:
            self.read_page.show_standing()

    def _show_tab(self) -> None:
        page = self.tabs.page(self.tabs.shown)
        if self.tabs.reading and self._read_page is not None:
            self.rows.move_to(self._read_page.stage)
            self._read_page.take_keys()
            self.rows.close_notice(LOST)  # it stands in the picture's place
        else:
            self.rows.move_to(page)
            page.setFocus()
        self.strip.show_pointer("")
        self.strip.show_reading(self.tabs.reading)
        self.actions_.refresh()

    def _show_packs(self) -> None:
        offered = self.presenter.offered
        packs = (*offered.packs, *offered.stage_packs)
        self._welcome.show_packs(packs, known=self.presenter.packs_known)

    def _show_recent(self) -> None:
        self._welcome.show_recent(self.preferences.settings.recent)

    def _show_settings(self) -> None:
        self.theme.use(ThemeName(self.preferences.settings.theme))
        self._show_recent()
        if self._read_page is not None:
            self._read_page.show_settings()
        self.actions_.refresh()

    def _say_not_saved(self, why: str) -> None:
        title = "The settings could not be saved."
        detail = f"{why} They hold until the window is closed."
        self.tell(Notice("settings", title, detail, "settings"))

    def say_copied(self, copied: bool) -> None:
        """Say whether the annotated picture is on the clipboard."""
        lost = our_fault("", "The annotated picture could not be put on the clipboard.")
        self.tell(COPIED if copied else lost)

    def _show_phantom(self, path: str) -> None:
        self._welcome.phantom_button.setEnabled(True)
        if not path:
            self.tell(our_fault("", "The phantom eye could not be drawn."))
        elif self._read_page is None or self._read_page.is_welcome:
            # It takes seconds to draw; what a person chose meanwhile is what they want to see.
            self.open(Path(path))

    def menu(self, names: Sequence[str]) -> QMenu:
        """A menu of these commands."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in names:
            menu.addAction(self.actions_.by_name[name])
        return menu

    # ---- what is kept, and the end

    def _restore_geometry(self) -> None:
        try:
            geometry = base64.b64decode(self.presenter.settings.geometry, validate=True)
        except (binascii.Error, ValueError):
            return
        if geometry:
            self.restoreGeometry(QByteArray(geometry))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the settings and the drawings, end the engine; stay once if a drawing would go."""
        kept = self._read_page is None or self._read_page.close_records()
        if not kept and not self._warned:
            self._warned = True
            self.tell(not_kept(folders.records()))
            event.ignore()
            return
        geometry = base64.b64encode(self.saveGeometry().data()).decode()
        self.preferences.change(geometry=geometry)
        self.hide()  # ending an engine that computes takes up to a second
        self.preferences.save()
        self._phantom.close()
        self.training.close()
        self.presenter.offered.folder.close()
        if self._read_page is not None:
            self.photographs.both.eyes.tables.close()
        self._clipboard.close()
        self.client.close()
        super().closeEvent(event)
