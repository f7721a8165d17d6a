"""The frame: bars, stage, rail, panel, strip, and what joins photographs and volumes in it."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.settings import Loaded
from viewer.actions import Actions, HeldKeys
from viewer.browsing import Browsing
from viewer.chip import Chip
from viewer.client.engine import EngineClient
from viewer.clipboard import PictureClipboard
from viewer.command import Bar, Where
from viewer.doors import Doors
from viewer.drawing_desk import DrawingDesk
from viewer.habits import Habits
from viewer.neighbours import is_photograph_name
from viewer.notices import COPIED, NOT_KEPT, Notice, our_fault
from viewer.pages import Pages
from viewer.panels.bars import EngineChip, ToolBar, TopBar
from viewer.panels.rows import Rows
from viewer.panels.strip import Strip
from viewer.panels.welcome import Welcome
from viewer.phantom import PhantomMaker
from viewer.photograph_desk import PhotographDesk
from viewer.preferences import Preferences
from viewer.presenter import Presenter
from viewer.reading_desk import ReadingDesk
from viewer.tabs import COMPARE, READ, Tabs
from viewer.theme import tokens
from viewer.theme.focus import FocusRing
from viewer.theme.theme import Theme
from viewer.theme.tokens import ThemeName
from viewer.tools.pointing import VoxelProbe
from viewer.training.room import TrainingRoom
from viewer.volume_desk import VolumeDesk
from viewer.volume_export import VolumeExports
from viewer.window_presets import WindowPresets

if TYPE_CHECKING:
    from viewer.compare.page import ComparePage
    from viewer.timeline.desk import TimelineDesk


class Window(QMainWindow):
    """The one window."""

    presenter: Presenter
    preferences: Preferences
    photographs: PhotographDesk
    volumes: VolumeDesk
    doors: Doors
    pages: Pages
    habits: Habits
    training: TrainingRoom
    browsing: Browsing

    def __init__(self, theme: Theme, client: EngineClient, loaded: Loaded, scratch: Path) -> None:
        super().__init__()
        self.theme = theme
        self.presenter = Presenter(client, loaded.settings, scratch)
        self.preferences = self.presenter.preferences
        self.photographs = PhotographDesk(theme, self.presenter, client)
        self.volumes = VolumeDesk(theme, self.presenter, client)
        self.client = client
        self.tabs = Tabs(self)
        self._phantom = PhantomMaker(scratch, self)
        self.training = TrainingRoom(self)
        self._clipboard = PictureClipboard(self)
        self.browsing = Browsing(theme, self.presenter, self.photographs.reading.veils)
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
        photographs, view = self.photographs.view, self.volumes.view
        self._stage = QStackedWidget()
        # Where a file could not be shown: nothing, and the keys go on.
        self._bare = QWidget()
        self._bare.setAccessibleName("No photograph")
        self._bare.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        pages = (self._welcome, photographs, view, self.volumes.list, self.volumes.too_much)
        for page in (*pages, self._bare):
            self._stage.addWidget(page)
        owners: dict[Where, QWidget] = {
            Where.WINDOW: self,
            Where.PICTURE: self._stage,
            Where.PHOTOGRAPH: photographs,
            Where.VOLUME: view,
            Where.COMPARE: self.tabs,
            Where.EYES: photographs,
        }
        self.actions_ = Actions(self, self.theme, owners)
        pictures: dict[QWidget, Where] = dict.fromkeys(photographs.panes, Where.PHOTOGRAPH)
        pictures |= dict.fromkeys(view.panes.values(), Where.VOLUME)
        self.held = HeldKeys(self, pictures)
        self._recent = QMenu("Recent")
        self.pages = Pages(self, self.theme, self.presenter)
        self.habits = Habits(self, self.preferences, self.actions_, self.held, self.pages, view)
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
        bars = (Bar.TOOLS, Bar.HANDS, Bar.STEP, Bar.TOOLS_END)
        self._tools = ToolBar(self.theme, self._recent, *map(self.actions_.buttons, bars))
        self._presets = WindowPresets(self._tools.window_chooser, self.volumes.view)
        self.rows = Rows(self.theme, self._stage)
        self.strip = Strip(self.theme)
        self._exports = VolumeExports(self.theme, self.volumes, self)
        self.setCentralWidget(self._whole(top))
        self._ring = FocusRing(self.theme, self, (*photographs.panes, *view.panes.values()))
        least = QSize(*tokens.WINDOW_LEAST)
        # Most of the screen at a first start: the picture gets every pixel it can.
        room = self.screen().availableSize()
        self.resize((room * 0.9).expandedTo(least).boundedTo(room))
        if room.width() < least.width() or room.height() < 1.1 * least.height():
            # On a small screen a frame around the window would push the strip off its foot.
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _whole(self, top: TopBar) -> QWidget:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self.browsing.stand_in(middle, self.volumes.rail.view)
        middle.addWidget(self.volumes.rail)
        self.foot = QSplitter(Qt.Orientation.Vertical)
        self.foot.setChildrenCollapsible(False)
        self.foot.addWidget(self._stage)
        middle.addWidget(self.foot, 1)
        middle.addWidget(self._panel())
        read = QWidget()
        column = _column(read)
        column.addWidget(self._tools)
        column.addLayout(middle, 1)
        self.tabs.add(READ, read)
        whole = QWidget()
        column = _column(whole)
        column.addWidget(top)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.strip)
        return whole

    def _panel(self) -> QWidget:
        inside = QWidget()
        inside.setProperty("kind", "panel")
        column = _column(inside)
        for block in (*self.photographs.blocks, *self.volumes.blocks):
            column.addWidget(block)
        column.addStretch(1)
        self._side = QScrollArea()
        self._side.setWidgetResizable(True)
        self._side.setFixedWidth(tokens.PANEL_WIDTH)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setAccessibleName("Panel")
        self._side.setWidget(inside)
        return self._side

    def _connect(self) -> None:
        presenter, photographs, volumes = self.presenter, self.photographs, self.volumes
        presenter.picture_changed.connect(self._show_picture)
        presenter.lost_changed.connect(self._show_lost)
        presenter.standing_changed.connect(self._show_standing)
        presenter.packs_changed.connect(self._show_packs)
        presenter.look_changed.connect(self._show_settings)
        presenter.noticed.connect(self.tell)
        presenter.jobs.job_changed.connect(self.rows.show_job)
        presenter.jobs.job_ended.connect(self.rows.end_job)
        presenter.exports.copied.connect(self._clipboard.take)
        self.preferences.not_saved.connect(self._say_not_saved)
        self._clipboard.put.connect(self._say_copied)
        self.rows.cancelled.connect(presenter.cancel)
        self.doors.chosen.connect(lambda paths: self.open(*paths))
        self._welcome.open_wanted.connect(self.doors.choose_picture)
        self._welcome.pack_wanted.connect(self.doors.choose_pack)
        self._welcome.phantom_wanted.connect(self.open_phantom)
        photographs.refusal.another_wanted.connect(self.doors.choose_picture)
        photographs.pack_block.card_wanted.connect(self.pages.show_card)
        photographs.pack_block.stages_card_wanted.connect(
            lambda: self.pages.show_card_of(photographs.stages.pack)
        )
        photographs.pack_block.import_wanted.connect(self.doors.choose_pack)
        for pane in photographs.view.panes:
            pane.picture_stepped.connect(self.step)
            pane.menu_asked.connect(self._show_menu)
            pane.probed.connect(self.strip.show_probe)
        photographs.both.changed.connect(self._show_standing)
        photographs.both.noticed.connect(self.tell)
        photographs.both.said.connect(self.strip.said.setText)
        photographs.both.view.other_wanted.connect(self.choose_other_eye)
        photographs.both.block.other_wanted.connect(self.choose_other_eye)
        photographs.reading.changed.connect(self.actions_.refresh)
        photographs.reading.changed.connect(self.browsing.refresh)
        photographs.reading.veil_changed.connect(self.browsing.refresh)
        photographs.reading.signed.connect(photographs.view.setFocus)
        photographs.reading.said.connect(self.strip.said.setText)
        photographs.reading.noticed.connect(self.tell)
        photographs.regions.changed.connect(self.actions_.refresh)
        photographs.regions.noticed.connect(self.tell)
        volumes.page_changed.connect(self._show_standing)
        volumes.tool_bar_changed.connect(self.actions_.refresh)
        volumes.said.connect(self.strip.said.setText)
        volumes.probed.connect(self._show_voxel)
        volumes.photograph_wanted.connect(self._open_from_list)
        volumes.photographs_found.connect(self._open_photographs)
        volumes.menu_asked.connect(self._show_volume_menu)
        volumes.noticed.connect(self.tell)
        volumes.repairs_asked.connect(self.pages.show_repairs)
        volumes.not_read_asked.connect(self.pages.show_not_read)
        self._exports.copied.connect(self._say_copied)
        self._exports.noticed.connect(self.tell)
        self._phantom.made.connect(self._show_phantom)
        self.training.chip_changed.connect(self.chip.show_training)
        self.training.chip_changed.connect(self.actions_.refresh)
        self.tabs.changed.connect(self._show_tab)

    # ---- what is shown

    @property
    def shows_volume(self) -> bool:
        """Whether the stage is the volumes'."""
        return self.volumes.page is self.volumes.view

    @property
    def compared(self) -> "ComparePage | None":
        """The Compare tab's page while it is on top."""
        if self.tabs.shown != COMPARE:
            return None
        return cast("ComparePage", self.tabs.page(COMPARE))

    @property
    def viewed(self) -> "PhotographDesk | ComparePage":
        """What shows the photograph on the tab that is on top."""
        return self.compared or self.photographs

    @property
    def place(self) -> tuple[int, int]:
        """Which picture or series of how many is shown, counted from 1."""
        return self.volumes.studies.place if self.shows_volume else self.presenter.place

    @property
    def reader(self) -> DrawingDesk | ReadingDesk:
        """Whose acts are undone and redone: those on the volume, or on the photograph."""
        return self.volumes.drawings if self.shows_volume else self.photographs.reading

    # ---- what the commands do

    def open(self, *paths: Path) -> None:
        """Open photographs, the others of a folder can be gone to; or whatever else is in them."""
        self.tabs.show_tab(READ)
        if all(is_photograph_name(path) for path in paths):
            self._open_photographs(paths)
        else:
            self.volumes.find(tuple(Path(path).absolute() for path in paths))

    def open_phantom(self) -> None:
        """Open the drawn eye."""
        self._welcome.phantom_button.setEnabled(False)
        self._phantom.make()

    def step(self, by: int) -> None:
        """The next picture or series, or the one before."""
        if self.shows_volume:
            self.volumes.step(by)
        else:
            self.presenter.walk.step(self.photographs.both.step_over(by))

    def zoom(self, factor: float) -> None:
        """Zoom about the middle of the picture."""
        shown = self.volumes.view.active if self.shows_volume else self.viewed
        shown.zoom_by(factor)

    @property
    def texts(self) -> bool:
        """Whether words stand over the picture."""
        if self.shows_volume:
            return self.volumes.view.arrangement.texts
        return self.viewed.texts

    def show_texts(self, texts: bool) -> None:
        """Show or hide the words over the picture."""
        shown = self.volumes.view if self.shows_volume else self.viewed
        shown.show_texts(texts)

    def reset_view(self) -> None:
        """The picture as it was shown at first."""
        shown = self.volumes.view if self.shows_volume else self.viewed
        shown.reset()

    def escape(self) -> None:
        """Drop what was begun, and give the keys back to the picture."""
        if self.volumes.page is not None:
            self.volumes.escape()
        else:
            if self.tabs.reading:
                self.photographs.escape()
            self.viewed.pane.setFocus()

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

    def save_picture(self) -> None:
        """Let the person choose where the annotated picture goes."""
        if self.compared is not None:
            self.compared.exports.save(self.doors)
        elif self.shows_volume:
            self._exports.save(self.doors)
        else:
            self.doors.choose_export()

    def copy_picture(self) -> None:
        """The annotated picture to the clipboard."""
        if self.compared is not None:
            self.compared.exports.copy()
        elif self.shows_volume:
            self._exports.copy()
        else:
            self.presenter.exports.copy()

    def turn_full_screen(self) -> None:
        """Fill the screen, or go back."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def tell(self, notice: Notice) -> None:
        """Show a row."""
        self.rows.show_notice(notice)

    # ---- photographs and volumes take turns

    def _open_photographs(self, paths: Sequence[Path]) -> None:
        self.volumes.leave(keep_list=False)
        self.presenter.walk.begin(paths)

    def _open_from_list(self, path: Path) -> None:
        self.volumes.leave(keep_list=True)
        self.presenter.walk.begin([path])

    def _show_picture(self) -> None:
        shown = self.presenter.picture
        if shown is None:
            return
        self.volumes.leave(keep_list=True)
        self.photographs.show_picture()
        self.rows.close_notice("refused")  # it was about another file
        self.photographs.view.setFocus()
        self.setWindowTitle(f"{shown.opened.name} – LesionLens")
        self.strip.said.setText(" ".join(shown.opened.warnings))

    def _show_lost(self) -> None:
        self.setWindowTitle("LesionLens")
        self.strip.said.setText("")

    @property
    def _is_bare(self) -> bool:
        """Whether nothing is shown in the place of a file among others that was refused."""
        return self.presenter.lost is not None and self.browsing.is_wanted

    def _show_standing(self) -> None:
        volume = self.volumes.page
        if self.volumes.studies.shown and self.presenter.picture is not None:
            self.presenter.close_picture()
        if volume is not None:
            self.presenter.forget_lost()
        shows_photograph = volume is None and self.presenter.picture is not None
        self._show_stage()
        self._tools.show_place(*self.place)
        self._tools.window_chooser.setVisible(self.shows_volume)
        self.photographs.show_standing()
        self.photographs.show_blocks(shows_photograph)
        for block in self.volumes.blocks:
            block.setVisible(self.shows_volume)
        self._side.setVisible(shows_photograph or bool(self.shows_volume and self.volumes.shown))
        self._tools.setVisible(shows_photograph or self.shows_volume or self._is_bare)
        self._show_rail()
        if self.shows_volume:
            shown = self.volumes.shown
            self.setWindowTitle("LesionLens" if shown is None else _title(shown.entry.title))
        self.actions_.refresh()

    def _show_rail(self) -> None:
        unfolded, volume = self.preferences.settings.rail, self.volumes.page
        listed = bool(self.volumes.studies.listing.entries)
        self.volumes.rail.setVisible(unfolded and listed and volume is not self.volumes.list)
        shows_photograph = volume is None and self.presenter.picture is not None
        shows = shows_photograph or self._is_bare
        wanted = self.browsing.is_wanted and shows and not listed
        self.browsing.set_visible(unfolded and wanted)

    def _show_stage(self) -> None:
        view, presenter = self.photographs.view, self.presenter
        shown = presenter.picture is not None
        loading = presenter.opening and not shown
        if not shown:
            self.photographs.first.set_busy(loading)
        photograph = view if shown or loading else self._welcome
        stage = self.volumes.page or (self._bare if self._is_bare else photograph)
        if stage is not self._stage.currentWidget():
            self._stage.setCurrentWidget(stage)
            if stage is self.volumes.view:
                self.volumes.view.active.setFocus()
            elif stage is self._welcome:
                self._welcome.open_button.setFocus()
            elif stage in (view, self._bare):
                stage.setFocus()

    def _show_tab(self) -> None:
        page = self._stage if self.tabs.reading else self.tabs.page(self.tabs.shown)
        self.rows.move_to(page)
        bare = self._bare if self._is_bare else self.photographs.view
        focused = bare if self.tabs.reading else page
        if self.tabs.reading and self.shows_volume:
            focused = self.volumes.view.active
        focused.setFocus()
        self.strip.show_pointer("")
        self.strip.said.setVisible(self.tabs.reading)
        self.actions_.refresh()

    def _show_packs(self) -> None:
        self.photographs.show_packs()
        self._welcome.show_packs(self.presenter.packs, known=self.presenter.packs_known)

    def _show_settings(self) -> None:
        settings = self.preferences.settings
        self.theme.use(ThemeName(settings.theme))
        self.photographs.show_look()
        self.volumes.show_names(not settings.hide_names)
        self._show_rail()
        self.actions_.refresh()

    def _show_voxel(self, probe: VoxelProbe | None) -> None:
        self.strip.show_pointer("" if probe is None else "   ".join(probe.lines()))

    def _say_not_saved(self, reason: str) -> None:
        title = "The settings could not be saved."
        detail = f"{reason}. They hold until the window is closed."
        self.tell(Notice("settings", title, detail, "settings"))

    def _say_copied(self, copied: bool) -> None:
        lost = our_fault("", "The annotated picture could not be put on the clipboard.")
        self.tell(COPIED if copied else lost)

    def _show_phantom(self, path: str) -> None:
        self._welcome.phantom_button.setEnabled(True)
        if not path:
            self.tell(our_fault("", "The phantom eye could not be drawn."))
        elif self._stage.currentWidget() is self._welcome:
            # It takes seconds to draw; what a person chose meanwhile is what they want to see.
            self.open(Path(path))

    def _show_menu(self, at: QPoint) -> None:
        names = ("fit", "actual-size", "heatmap", "red-free", "texts", "copy-picture")
        menu = self.menu(())
        if self.tabs.reading:
            self.photographs.regions.fill_menu(menu, at, self.photographs.pane)
        if menu.actions():
            menu.addSeparator()
        for name in names:
            menu.addAction(self.actions_.by_name[name])
        menu.popup(at)

    def _show_volume_menu(self, at: QPoint) -> None:
        names = ("layout", "maximise", "invert", "turn", "flip", "reset-view", "copy-picture")
        menu = self.menu(())
        self.volumes.drawings.fill_menu(menu, at)
        if menu.actions():
            menu.addSeparator()
        for name in names:
            menu.addAction(self.actions_.by_name[name])
        menu.popup(at)

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
        kept = [self.volumes.drawings.close(), self.photographs.close()]
        if not all(kept) and not self._warned:
            self._warned = True
            self.tell(NOT_KEPT)
            event.ignore()
            return
        geometry = base64.b64encode(self.saveGeometry().data()).decode()
        self.preferences.change(geometry=geometry)
        self.hide()  # ending an engine that computes takes up to a second
        self.preferences.save()
        self._phantom.close()
        self.training.close()
        self._clipboard.close()
        self.client.close()
        super().closeEvent(event)


def _column(widget: QWidget) -> QVBoxLayout:
    """A widget's parts one beneath the other, without gaps."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def _title(shown: str) -> str:
    return f"{shown} – LesionLens"
