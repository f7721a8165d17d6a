"""The frame: bars, picture, panel, strip, and what joins them to the presenter."""

import base64
import binascii
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.answers import Heatmap
from engine.settings import Loaded
from viewer.actions import Actions, HeldKeys
from viewer.client.engine import EngineClient, EngineState
from viewer.clipboard import PictureClipboard
from viewer.command import Bar, key_words
from viewer.commands import COMMANDS
from viewer.doors import Doors
from viewer.keymap import Keymap
from viewer.layers.captions import Captions
from viewer.notices import COPIED, Job, Notice, our_fault
from viewer.pages import Pages
from viewer.panels.bars import EngineChip, ToolBar, TopBar
from viewer.panels.command_box import CommandBox, Entry
from viewer.panels.heatmap import CRITERIA, HeatmapBlock
from viewer.panels.model import ModelBlock
from viewer.panels.pack import PackBlock
from viewer.panels.refusal import RefusalCard
from viewer.panels.rows import Rows
from viewer.panels.strip import Strip
from viewer.panels.welcome import Welcome
from viewer.panes.photograph import PhotographPane
from viewer.phantom import PhantomMaker
from viewer.preferences import Preferences
from viewer.presenter import Presenter
from viewer.standing import Standing
from viewer.theme import tokens
from viewer.theme.focus import FocusRing
from viewer.theme.theme import Theme
from viewer.theme.tokens import ThemeName
from viewer.tools.buttons import Buttons, Deed, Gesture

_STALE = 0.5
"""What is left of the heatmap's opacity while a new answer is made."""


class Window(QMainWindow):
    """The one window."""

    presenter: Presenter
    preferences: Preferences
    doors: Doors
    pages: Pages
    pane: PhotographPane
    keymap: Keymap
    buttons: Buttons
    red_free: bool
    texts: bool

    def __init__(self, theme: Theme, client: EngineClient, loaded: Loaded, scratch: Path) -> None:
        super().__init__()
        self.theme = theme
        self.presenter = Presenter(client, loaded.settings, scratch)
        self.red_free = False
        self.texts = True
        self._client = client
        self._phantom = PhantomMaker(scratch, self)
        self._clipboard = PictureClipboard(self)
        self._keys: tuple[object, object] | None = None
        self._engine_words = ""
        self._engine_state = EngineState.OFF
        self._jobs: dict[int, Job] = {}
        self._shown_heatmap: Heatmap | None = None
        self.setWindowTitle("LesionLens")
        self.preferences = self.presenter.preferences
        self._build()
        self._connect()
        self._restore_geometry()
        self._show_chip()
        self._show_settings()
        self._show_packs()
        self._show_standing()
        if loaded.fault:
            self.tell(Notice("settings", loaded.fault, "", "settings"))

    # ---- building

    def _build(self) -> None:
        self._welcome = Welcome(self.theme)
        self.pane = PhotographPane()
        self.pane.setMinimumWidth(tokens.PICTURE_LEAST)
        self._refusal = RefusalCard(self.theme, self.pane)
        self.actions_ = Actions(self, self.theme, self.pane)
        self._held = HeldKeys(self, self.pane)
        self._recent = QMenu("Recent")
        self.pages = Pages(self, self.theme, self.presenter)
        self.doors = Doors(self, self.theme, self.presenter, self._recent)
        self.chip = EngineChip(self.theme)
        menus = self.actions_.menu_bar(self._recent)
        top = TopBar(self.theme, menus, self.chip, self.actions_.buttons(Bar.TOP))
        self._tools = ToolBar(
            self.theme,
            self._recent,
            self.actions_.buttons(Bar.TOOLS),
            self.actions_.buttons(Bar.STEP),
            self.actions_.buttons(Bar.TOOLS_END),
        )
        self._stage = QStackedWidget()
        self._stage.addWidget(self._welcome)
        self._stage.addWidget(self.pane)
        self.rows = Rows(self.theme, self._stage)
        self.strip = Strip(self.theme)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._stage, 1)
        middle.addWidget(self._panel())
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self._tools)
        column.addLayout(middle, 1)
        column.addWidget(self.strip)
        self.setCentralWidget(whole)
        self._ring = FocusRing(self.theme, self, (self.pane,))
        least = QSize(*tokens.WINDOW_LEAST)
        # Most of the screen at a first start: the picture gets every pixel it can.
        room = self.screen().availableSize()
        self.resize((room * 0.9).expandedTo(least).boundedTo(room))
        if room.width() < least.width() or room.height() < 1.1 * least.height():
            # On a small screen a frame around the window would push the strip off its foot.
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _panel(self) -> QWidget:
        self.pack_block = PackBlock(self.theme)
        self.model_block = ModelBlock(self.theme)
        self.heatmap_block = HeatmapBlock(self.theme)
        inside = QWidget()
        inside.setProperty("kind", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for block in (self.pack_block, self.model_block, self.heatmap_block):
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
        presenter, client = self.presenter, self._client
        presenter.picture_changed.connect(self._show_picture)
        presenter.standing_changed.connect(self._show_standing)
        presenter.packs_changed.connect(self._show_packs)
        presenter.look_changed.connect(self._show_settings)
        self.preferences.not_saved.connect(self._say_not_saved)
        self.pages.keys_chosen.connect(self._choose_keys)
        self.pages.mouse_chosen.connect(self._choose_mouse)
        self.pages.usual_keys_wanted.connect(lambda: self.preferences.change(keys={}, mouse={}))
        presenter.jobs.job_changed.connect(self._show_job)
        presenter.jobs.job_ended.connect(self._end_job)
        presenter.noticed.connect(self.tell)
        presenter.exports.copied.connect(self._clipboard.take)
        self._clipboard.put.connect(self._say_copied)
        client.state_changed.connect(self._show_engine)
        self.rows.cancelled.connect(presenter.cancel)
        self._welcome.open_wanted.connect(self.doors.choose_picture)
        self._welcome.pack_wanted.connect(self.doors.choose_pack)
        self._welcome.phantom_wanted.connect(self.open_phantom)
        self._refusal.another_wanted.connect(self.doors.choose_picture)
        self.pack_block.chosen.connect(presenter.choose_pack)
        self.pack_block.card_wanted.connect(self.pages.show_card)
        self.pack_block.import_wanted.connect(self.doors.choose_pack)
        self.model_block.asked_again.connect(presenter.ask)
        block = self.heatmap_block
        block.switched.connect(presenter.show_heatmap)
        block.criterion_chosen.connect(presenter.choose_criterion)
        block.colour_map_chosen.connect(lambda name: self.preferences.set_look(colour_map=name))
        block.opacity_changed.connect(lambda value: self.preferences.set_look(opacity=value))
        block.threshold_changed.connect(lambda value: self.preferences.set_look(threshold=value))
        self._phantom.made.connect(self._show_phantom)
        self.pane.opacity_stepped.connect(lambda steps: self.preferences.step_opacity(steps / 100))
        self.pane.picture_stepped.connect(presenter.walk.step)
        self.pane.menu_asked.connect(self._show_menu)
        self.pane.probed.connect(self.strip.show_probe)

    # ---- what the commands do

    def open(self, *paths: Path) -> None:
        """Open the first of these pictures, or of a folder's; the others can be gone to."""
        self.presenter.walk.begin(paths)

    def open_phantom(self) -> None:
        """Open the drawn eye."""
        self._welcome.phantom_button.setEnabled(False)
        self._phantom.make()

    def zoom(self, factor: float) -> None:
        """Zoom about the middle of the picture."""
        self.pane.zoom_by(factor, QPointF(self.pane.rect().center()))

    def hold_hidden(self, held: bool) -> None:
        """Hide the heatmap while the key is held."""
        self.pane.hold_hidden(held)

    def hold_red_free(self, held: bool) -> None:
        """Red-free while the key is held; the other way round while it is kept."""
        self.pane.hold_red_free(held != self.red_free)

    def keep_red_free(self, red_free: bool) -> None:
        """Red-free until told otherwise."""
        self.red_free = red_free
        self.pane.hold_red_free(red_free)

    def show_texts(self, texts: bool) -> None:
        """Show or hide the words over the picture."""
        self.texts = texts
        self.pane.show_texts(texts)

    def next_criterion(self) -> None:
        """Draw the heatmap by the next criterion."""
        names = list(CRITERIA)
        now = names.index(self.presenter.criterion)
        self.presenter.choose_criterion(names[(now + 1) % len(names)])

    def reset_view(self) -> None:
        """The whole picture, in colour, with the usual heatmap."""
        self.keep_red_free(False)
        self.presenter.show_heatmap(True)
        self.preferences.reset_look()
        self.pane.reset()

    def turn_full_screen(self) -> None:
        """Fill the screen, or go back."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def show_command_box(self) -> None:
        """Let the person find a command by its words."""
        entries = [
            Entry(
                command.name,
                command.words.rstrip("…"),
                command.help,
                " or ".join(key_words(key) for key in self.keymap.keys(command)),
                command.may(self),
            )
            for command in COMMANDS
            if command.let_go is None
        ]
        box = CommandBox(self.theme, self, entries)
        box.chosen.connect(lambda name: self.actions_.by_name[name].trigger())

    def tell(self, notice: Notice) -> None:
        """Show a row."""
        self.rows.show_notice(notice)

    # ---- what the presenter says

    def _show_picture(self) -> None:
        shown = self.presenter.picture
        if shown is None:
            return
        self.pane.show_heatmap(None)
        self.pane.set_assessed(None)
        opened = shown.opened
        self.pane.show_photograph(self._client.mapped(opened.file), opened.name, opened.laterality)
        self.keep_red_free(False)
        self._show_stage()
        self.rows.close_notice("refused")  # it was about another file
        self.pane.setFocus()
        self.setWindowTitle(f"{shown.opened.name} – LesionLens")
        self.strip.said.setText(" ".join(shown.opened.warnings))
        self._show_standing()

    def _show_standing(self) -> None:
        presenter = self.presenter
        self._tools.show_place(*presenter.place)
        standing, answer = presenter.standing, presenter.answer
        shown = standing is not Standing.NO_PICTURE
        self._show_stage()
        self._side.setVisible(shown)
        self._tools.setVisible(shown)
        self.model_block.show_standing(standing, answer, asking=presenter.asking)
        self.heatmap_block.setVisible(answer is None or presenter.heatmap is not None)
        self._refusal.show_answer(answer if standing is Standing.ANSWERED else None)
        heatmap = presenter.heatmap
        if heatmap is not self._shown_heatmap:
            self._shown_heatmap = heatmap
            self.pane.show_heatmap(heatmap)
        self.pane.set_assessed(None if answer is None else answer.assessed)
        self.pane.set_captions(self._captions())
        self.pane.set_dimmed(self._refusal.isVisibleTo(self.pane))
        self._show_look()
        self.actions_.refresh()

    def _show_stage(self) -> None:
        shown = self.presenter.picture is not None
        loading = self.presenter.opening and not shown
        if not shown:
            self.pane.set_busy(loading)
        stage = self.pane if shown or loading else self._welcome
        if stage is not self._stage.currentWidget():
            self._stage.setCurrentWidget(stage)
            (self.pane if stage is self.pane else self._welcome.open_button).setFocus()

    def _captions(self) -> Captions:
        shown, answer = self.presenter.picture, self.presenter.answer
        if shown is None:
            return Captions()
        if answer is None:
            return Captions(shown.opened.name, shown.opened.laterality)
        return Captions(
            shown.opened.name,
            shown.opened.laterality,
            f"{answer.pack.name} {answer.pack.version}",
            answer.criterion,
            answer.resolution,
        )

    def _show_look(self) -> None:
        presenter = self.presenter
        look = presenter.look
        self.heatmap_block.show_look(look, presenter.criterion)
        if presenter.standing is Standing.STALE:
            look = replace(look, opacity=look.opacity * _STALE)
        self.pane.set_look(look)

    def _show_packs(self) -> None:
        presenter = self.presenter
        self.pack_block.show_packs(presenter.packs, presenter.pack, known=presenter.packs_known)
        self._welcome.show_packs(presenter.packs, known=presenter.packs_known)

    def _show_settings(self) -> None:
        self.theme.use(ThemeName(self.preferences.settings.theme))
        settings = self.preferences.settings
        if self._keys != (settings.keys, settings.mouse):
            self._show_keys()
        self._show_look()
        self.actions_.refresh()

    def _show_keys(self) -> None:
        settings = self.preferences.settings
        self._keys = settings.keys, settings.mouse
        self.keymap = Keymap(COMMANDS, settings.keys)
        self.buttons = Buttons.read(settings.mouse)
        self.actions_.show_keymap(self.keymap)
        self._held.show_keymap(self.keymap)
        self.pages.show_keymap(self.keymap, self.buttons)

    def _choose_keys(self, name: str, keys: tuple[str, ...]) -> None:
        command = next(command for command in COMMANDS if command.name == name)
        self.preferences.change(keys=self.keymap.with_keys(command, keys).chosen)

    def _choose_mouse(self, gesture: Gesture, deed: Deed) -> None:
        self.preferences.change(mouse=self.buttons.put(gesture, deed).written())

    def _say_not_saved(self, reason: str) -> None:
        title = "The settings could not be saved."
        detail = f"{reason}. They hold until the window is closed."
        self.tell(Notice("settings", title, detail, "settings"))

    def _say_copied(self, copied: bool) -> None:
        lost = our_fault("", "The annotated picture could not be put on the clipboard.")
        self.tell(COPIED if copied else lost)

    def _show_job(self, job: Job) -> None:
        self.rows.show_job(job)
        self._jobs[job.id] = job
        self._show_chip()

    def _end_job(self, number: int) -> None:
        self.rows.end_job(number)
        self._jobs.pop(number, None)
        self._show_chip()

    def _show_engine(self, state: EngineState, said: str) -> None:
        self._engine_words = said
        self._engine_state = state
        self._show_chip()

    def _show_chip(self) -> None:
        job = next(iter(self._jobs.values()), None)
        busy = job is not None and self._engine_state is EngineState.READY
        said = self._engine_words
        if busy and job is not None:
            said = "Stopping" if job.stopping else job.title.split(" ", 1)[0]
        self.chip.show_words(said or "Engine starting", self.presenter.device_reason)

    def _show_phantom(self, path: str) -> None:
        self._welcome.phantom_button.setEnabled(True)
        if not path:
            self.tell(our_fault("", "The phantom eye could not be drawn."))
        elif self.presenter.picture is None and not self.presenter.opening:
            # It takes seconds to draw; what a person chose meanwhile is what they want to see.
            self.open(Path(path))

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ("fit", "actual-size", "heatmap", "red-free", "texts", "copy-picture"):
            menu.addAction(self.actions_.by_name[name])
        menu.popup(at)

    # ---- what is kept, and the end

    def _restore_geometry(self) -> None:
        try:
            geometry = base64.b64decode(self.presenter.settings.geometry, validate=True)
        except (binascii.Error, ValueError):
            return
        if geometry:
            self.restoreGeometry(QByteArray(geometry))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the settings, end the engine."""
        geometry = base64.b64encode(self.saveGeometry().data()).decode()
        self.preferences.change(geometry=geometry)
        self.hide()  # ending an engine that computes takes up to a second
        self.preferences.save()
        self._phantom.close()
        self._clipboard.close()
        self._client.close()
        super().closeEvent(event)
