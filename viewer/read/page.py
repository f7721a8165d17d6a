"""The Read tab's page: tool bar, rail, stage and panel, where photographs and volumes take turns.

It is made when something is first opened: until then the window is its frame and the welcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMenu,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from viewer.command import Bar, Where
from viewer.notices import LOST, Notice
from viewer.panels.bars import ToolBar
from viewer.panels.not_shown import NotShown
from viewer.panels.parts import Panel, tight_column
from viewer.panels.sight import bring_into_sight
from viewer.panels.welcome import Welcome
from viewer.read.browsing import Browsing
from viewer.read.photograph import PhotographDesk
from viewer.read.seeking import Seeking
from viewer.read.volume_export import VolumeExports
from viewer.read.volumes import VolumeDesk
from viewer.read.window_presets import WindowPresets
from viewer.theme import tokens
from viewer.tools.pointing import VoxelProbe

if TYPE_CHECKING:
    from viewer.window import Window


class ReadPage(QWidget):
    """``photographs`` and ``volumes`` are its two halves; ``stage`` shows a page of one of them."""

    def __init__(self, window: Window, welcome: Welcome, recent: QMenu) -> None:
        super().__init__()
        self._window = window
        self._presenter = window.presenter
        self._welcome = welcome
        self.photographs = PhotographDesk(window.theme, window.presenter, window.client)
        self.volumes = VolumeDesk(window.theme, window.presenter, window.client)
        self.browsing = Browsing(
            window.theme,
            window.presenter,
            self.photographs.reading.veils,
            self.photographs.store.tell_shown,
            self.photographs.reading.signature,
        )
        self.seeking = Seeking(
            window.presenter, self.photographs.reading.signature, self.photographs.store.is_read
        )
        self.exports = VolumeExports(window.theme, self.volumes, self)
        self._build(recent)
        self._connect()

    # ---- building

    def _build(self, recent: QMenu) -> None:
        view = self.volumes.view
        self.stage = QStackedWidget()
        self.bare = NotShown(self._window.theme)
        pages = (self.photographs.view, view, self.volumes.list, self.volumes.too_much, self.bare)
        for page in (self._welcome, *pages):
            self.stage.addWidget(page)
        # Pages that want more stand where there is no panel.
        self.stage.setMinimumWidth(tokens.PICTURE_LEAST)
        bars = (Bar.TOOLS, Bar.HANDS, Bar.VIEWS, Bar.STEP, Bar.TOOLS_END)
        actions = self._window.actions_
        self.tools = ToolBar(self._window.theme, recent, *map(actions.buttons, bars))
        self._presets = WindowPresets(self.tools.window_chooser, view)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self.browsing.stand_in(middle, self.volumes.rail.view)
        middle.addWidget(self.volumes.rail)
        self.foot = QSplitter(Qt.Orientation.Vertical)
        self.foot.setChildrenCollapsible(False)
        self.foot.addWidget(self.stage)
        middle.addWidget(self.foot, 1)
        middle.addWidget(self._panel())
        column = tight_column(self)
        column.addWidget(self.tools)
        column.addLayout(middle, 1)

    def _panel(self) -> QWidget:
        inside = QWidget()
        inside.setProperty("kind", "panel")
        column = tight_column(inside)
        for block in (*self.photographs.blocks, *self.volumes.blocks):
            column.addWidget(block)
        column.addStretch(1)
        self.side = Panel("Panel", inside)
        return self.side

    def _join(self) -> None:
        """The window's keys, mouse and focus ring act on what is there now."""
        window, photographs, view = self._window, self.photographs.view, self.volumes.view
        owners: dict[Where, QWidget] = {
            Where.PICTURE: self.stage,
            Where.PHOTOGRAPH: photographs,
            Where.VOLUME: view,
            Where.EYES: photographs,
        }
        window.actions_.act_in(owners)
        # Also from the panel, the rail and the form itself.
        into_form = window.actions_.by_name["reading-form"]
        self.addAction(into_form)
        pictures: dict[QWidget, Where] = dict.fromkeys(photographs.panes, Where.PHOTOGRAPH)
        pictures |= dict.fromkeys(view.panes.values(), Where.VOLUME)
        for picture, where in pictures.items():
            window.held.add(picture, where)
        window.ring.lie_inside(*pictures)
        window.habits.changed.connect(self._take_buttons)
        self._take_buttons()

    def _connect(self) -> None:
        window, photographs, volumes = self._window, self.photographs, self.volumes
        doors, said = window.doors, window.strip.said.show_words
        self._presenter.picture_changed.connect(self._show_picture)
        self._presenter.lost_changed.connect(self._say_lost)
        self.bare.another_wanted.connect(doors.choose_picture)
        photographs.refusal.another_wanted.connect(doors.choose_picture)
        photographs.pack_block.card_wanted.connect(window.pages.show_card)
        photographs.pack_block.stages_card_wanted.connect(
            lambda: window.pages.show_card_of(photographs.stages.pack)
        )
        photographs.pack_block.import_wanted.connect(doors.choose_pack)
        for pane in photographs.view.panes:
            pane.picture_stepped.connect(window.on_top.step)
            pane.menu_asked.connect(self._show_menu)
            pane.probed.connect(window.strip.show_probe)
        photographs.both.changed.connect(self.show_standing)
        photographs.both.noticed.connect(window.tell)
        self.seeking.noticed.connect(window.tell)
        self.seeking.said.connect(self._say_sought)
        photographs.store.was_read.connect(self.seeking.go_on)
        photographs.both.said.connect(said)
        photographs.both.view.other_wanted.connect(window.choose_other_eye)
        photographs.both.block.other_wanted.connect(window.choose_other_eye)
        photographs.reading.changed.connect(window.actions_.refresh)
        photographs.reading.changed.connect(self.browsing.refresh)
        photographs.reading.veil_changed.connect(self.browsing.refresh)
        # What was still to be said may be said now.
        photographs.reading.block.changed.connect(lambda *_: window.rows.close_notice("sign"))
        photographs.reading.signed.connect(photographs.view.setFocus)
        photographs.reading.said.connect(said)
        photographs.reading.noticed.connect(window.tell)
        photographs.regions.changed.connect(window.actions_.refresh)
        photographs.regions.noticed.connect(window.tell)
        volumes.page_changed.connect(self.show_standing)
        volumes.tool_bar_changed.connect(window.actions_.refresh)
        volumes.tool_bar_changed.connect(self._show_title)
        volumes.said.connect(said)
        volumes.probed.connect(self._show_voxel)
        volumes.photograph_wanted.connect(self._open_from_list)
        volumes.photographs_found.connect(self.open_photographs)
        volumes.menu_asked.connect(self._show_volume_menu)
        volumes.noticed.connect(window.tell)
        volumes.repairs_asked.connect(window.pages.show_repairs)
        volumes.not_read_asked.connect(window.pages.show_not_read)
        # It was about another mask.
        volumes.masks.masks.changed.connect(lambda _: window.rows.close_notice("mask"))
        # It was about what is listed no more.
        volumes.studies.listing_changed.connect(lambda: window.rows.close_notice("rest"))
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_keys)
        self.exports.copied.connect(window.say_copied)
        self.exports.noticed.connect(window.tell)

    def begin(self) -> None:
        """Take the window's keys, and show what was known before there was a page to show it."""
        self._join()
        self.photographs.show_packs()
        self.show_settings()
        self.show_standing()

    def close_records(self) -> bool:
        """Write what a reader drew and said; whether all is kept."""
        return all([self.volumes.drawings.close(), self.photographs.close()])

    # ---- photographs and volumes take turns

    @property
    def shows_volume(self) -> bool:
        """Whether the stage is the volumes'."""
        return self.volumes.page is self.volumes.view

    @property
    def is_welcome(self) -> bool:
        """Whether nothing of either is shown."""
        return self.stage.currentWidget() is self._welcome

    @property
    def has_rail(self) -> bool:
        """Whether there is something for the rail at the left to show."""
        return bool(self.volumes.studies.listing.entries) or self.browsing.is_wanted

    @property
    def is_bare(self) -> bool:
        """Whether a file was refused, and its refusal stands in its place."""
        return self._presenter.shown.lost is not None

    def open_photographs(self, paths: Sequence[Path]) -> None:
        """Show the first photograph; the others, or those of its folder, can be gone to."""
        self.volumes.leave(keep_list=False)
        self._presenter.walk.begin(paths)

    def _open_from_list(self, path: Path) -> None:
        self.volumes.leave(keep_list=True)
        self._presenter.walk.begin([path])

    def _show_picture(self) -> None:
        shown = self._presenter.picture
        if shown is None:
            return
        self.volumes.leave(keep_list=True)
        self.photographs.show_picture()
        for topic in (LOST, "refused", "sign", "rest"):
            self._window.rows.close_notice(topic)  # it was about another file
        if self._window.tabs.reading:  # from what is not seen no key would act
            self.photographs.view.setFocus()
        # The keys left the form for the picture, so its word comes next, and F6 leads back to the
        # form; where the word waits for a signature, the form stays in sight.
        if not self.photographs.reading.veils(shown.opened.content_hash):
            self.side.verticalScrollBar().setValue(0)
        self._window.setWindowTitle(f"{shown.opened.name} – LesionLens")
        self._say_warnings()

    def _say_warnings(self) -> None:
        """What the reader of the file on the screen said of it."""
        shown = self._presenter.picture
        warnings = () if shown is None else shown.opened.warnings
        self._window.strip.said.show_words(" ".join(warnings))

    def _say_sought(self, words: str) -> None:
        if words:
            self._window.strip.said.show_words(words)
        else:
            self._say_warnings()
        self._window.actions_.refresh()  # Esc may end it

    def _say_lost(self) -> None:
        lost = self._presenter.shown.lost
        if lost is not None:
            self.bare.say(Notice(LOST, f"“{lost.name}” is not shown."))

    # ---- what is shown

    def show_standing(self) -> None:
        """Another picture, answer or series, or another state of it."""
        volume = self.volumes.page
        if self.volumes.studies.shown and self._presenter.picture is not None:
            self._presenter.shown.close()
        # What is looked through may hold nothing: then the refusal before it stands there again.
        if volume is not None and not self.volumes.studies.finding:
            self._presenter.shown.forget_lost()
        shows_photograph = volume is None and self._presenter.picture is not None
        self._show_stage()
        kind = "Series" if self.shows_volume else "Picture"
        self.tools.show_place(*self._window.on_top.place, kind)
        self.tools.window_chooser.setVisible(self.shows_volume)
        self.photographs.show_standing()
        self.photographs.show_blocks(shows_photograph)
        self.volumes.show_blocks(shown=self.shows_volume)
        self.side.setVisible(shows_photograph or bool(self.shows_volume and self.volumes.shown))
        self.tools.setVisible(shows_photograph or self.shows_volume or self.is_bare)
        self._show_rail()
        self._show_title()
        self._window.actions_.refresh()

    def _show_title(self) -> None:
        if self.shows_volume and not self.volumes.studies.finding:
            shown = self.volumes.shown
            name = "" if shown is None else f"{self.volumes.told(shown).entry.title} – "
            self._window.setWindowTitle(f"{name}LesionLens")

    def show_settings(self) -> None:
        """Another look, and whether names and rails are seen."""
        self.photographs.show_look()
        names = not self._presenter.settings.hide_names
        if names is not self.volumes.names:
            self.volumes.show_names(names)
            self._show_title()
        self._show_rail()

    def take_keys(self) -> None:
        """Give the keys to what is read: this tab is on top."""
        shown: QWidget = self.bare if self.is_bare else self.photographs.view
        (self.volumes.view.active if self.shows_volume else shown).setFocus()

    def _show_rail(self) -> None:
        unfolded, volume = self._presenter.settings.rail, self.volumes.page
        listed = bool(self.volumes.studies.listing.entries)
        self.volumes.rail.setVisible(unfolded and listed and volume is not self.volumes.list)
        shows_photograph = volume is None and self._presenter.picture is not None
        shows = shows_photograph or self.is_bare
        wanted = self.browsing.is_wanted and shows and not listed
        self.browsing.set_visible(unfolded and wanted)

    def _show_stage(self) -> None:
        view, presenter = self.photographs.view, self._presenter
        shown = presenter.picture is not None
        loading = presenter.opening and not shown
        if not shown:
            self.photographs.first.set_busy(loading)
        photograph = view if shown or loading else self._welcome
        stage = self.volumes.page or (self.bare if self.is_bare else photograph)
        if stage is not self.stage.currentWidget():
            self.stage.setCurrentWidget(stage)
            self._window.rows.raise_()
            if not self._window.tabs.reading:
                return  # the keys are for the tab on top
            if stage is self.volumes.view:
                self.volumes.view.active.setFocus()
            elif stage is self._welcome:
                self._welcome.open_button.setFocus()
            elif stage in (view, self.bare):
                stage.setFocus()

    def _show_voxel(self, probe: VoxelProbe | None) -> None:
        self._window.strip.show_pointer("" if probe is None else "   ".join(probe.lines()))

    def _take_buttons(self) -> None:
        self.volumes.view.set_buttons(self._window.habits.buttons)

    def _follow_keys(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Tab from the picture enters the panel at its top, which may be scrolled away."""
        # What was clicked is seen already, and must not move beneath the pointer.
        if now is not None and self.side.isAncestorOf(now) and now.visibleRegion().isEmpty():
            bring_into_sight(now)

    # ---- menus

    def _show_menu(self, at: QPoint) -> None:
        names = ("fit", "actual-size", "heatmap", "red-free", "texts", "copy-picture")
        menu = self._window.menu(())
        if self._window.tabs.reading:
            self.photographs.regions.fill_menu(menu, at, self.photographs.pane)
        self._end_menu(menu, names, at)

    def _show_volume_menu(self, at: QPoint) -> None:
        names = ("layout", "maximise", "invert", "turn", "flip", "reset-view", "copy-picture")
        menu = self._window.menu(())
        self.volumes.drawings.fill_menu(menu, at)
        self._end_menu(menu, names, at)

    def _end_menu(self, menu: QMenu, names: Sequence[str], at: QPoint) -> None:
        if menu.actions():
            menu.addSeparator()
        for name in names:
            menu.addAction(self._window.actions_.by_name[name])
        menu.popup(at)
