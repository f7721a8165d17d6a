"""The volumes' part of the window: rail, list, views and panel, kept to the studies."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from engine.listing import SeriesEntry, SeriesKind, nameless
from engine.service.messages import Part
from engine.space import to_patient, to_voxel
from viewer.client.engine import EngineClient
from viewer.panels.series import SeriesModel
from viewer.panels.series_block import SeriesBlock
from viewer.panels.series_list import SeriesList
from viewer.panels.series_rail import SeriesRail
from viewer.panels.too_much import TooMuchPage
from viewer.panes.volume_view import VolumeView
from viewer.photograph.presenter import Presenter
from viewer.read.drawings import DrawingDesk
from viewer.read.masks import MaskDesk
from viewer.seen.arrangement import Layout
from viewer.seen.hanging import Axis
from viewer.seen.link import LinkKind, Voxel, is_beyond, natural_link
from viewer.seen.slice_state import ShownVolume
from viewer.theme import tokens
from viewer.theme.theme import Theme
from viewer.tools.moving import Pan, Scroll, Zoom
from viewer.tools.pointing import Crosshair, Pointer
from viewer.tools.tool import Tool
from viewer.tools.windowing import RegionWindow, WindowDrag
from viewer.volumes.studies import Choice, Shown, Side, Studies, Wanted

FIRST_TOOL = "crosshair"


class VolumeDesk(QObject):
    """``page`` is what belongs on the stage, None while there is nothing of volumes to see."""

    page_changed = Signal()
    """Another page, another series, another state of what is shown."""
    tool_bar_changed = Signal()
    said = Signal(str)
    """For the strip."""
    probed = Signal(object)
    photograph_wanted = Signal(object)
    """The ``Path`` of a photograph that was chosen in the list."""
    photographs_found = Signal(object)
    """The paths that were given hold photographs alone."""
    menu_asked = Signal(QPoint)
    repairs_asked = Signal(str, object)
    """A series' title, and its repairs."""
    noticed = Signal(object)
    not_read_asked = Signal(object)
    """The ``RefusedFile``s of which all reasons are wanted."""

    def __init__(self, theme: Theme, presenter: Presenter, client: EngineClient) -> None:
        super().__init__(presenter)
        self._preferences = presenter.preferences
        self._choosing = False
        self._choice: Choice | None = None
        self._arranging = False
        self._laid: dict[Side, str] = {}
        self._hashes: dict[tuple[str, Part, bool], str] = {}
        """What was whole once: by series, part, and whether it was laid straight."""
        self.tool_name = FIRST_TOOL
        self.names = True
        self.studies = Studies(client, presenter.jobs, self)
        self.model = SeriesModel(self)
        self.rail = SeriesRail(theme, self.model)
        self.list = SeriesList(theme, self.model)
        self.too_much = TooMuchPage(theme)
        self.view = VolumeView()
        self.view.setMinimumWidth(tokens.PICTURE_LEAST)
        self.series_block = SeriesBlock(theme)
        self.drawings = DrawingDesk(theme, self.view, self)
        self.masks = MaskDesk(
            theme, self.view, self.studies, client, presenter.jobs, presenter.preferences
        )
        self.tools: dict[str, Tool] = {
            "crosshair": Crosshair(),
            "pan": Pan(),
            "zoom": Zoom(),
            "window": WindowDrag(),
            "scroll": Scroll(),
            "probe": Pointer(),
            "region-window": RegionWindow(),
            **self.drawings.tools,
        }
        self._connect()

    def _connect(self) -> None:
        studies, view = self.studies, self.view
        studies.listing_changed.connect(self._show_listing)
        studies.shown_changed.connect(self._show)
        studies.slices_came.connect(lambda side, slices: view.slices_read(slices, side))
        studies.completed.connect(self._complete)
        studies.opening_changed.connect(self._show_busy)
        studies.choice_wanted.connect(self._offer)
        studies.photographs_found.connect(self.photographs_found)
        studies.thumbnail_came.connect(self.model.show_thumbnail)
        studies.noticed.connect(self.noticed)
        studies.not_read_asked.connect(self.not_read_asked)
        studies.opened.connect(self._preferences.add_recent)
        self.rail.chosen.connect(self.choose)
        self.rail.beside_wanted.connect(self.choose_beside)
        self.list.chosen.connect(self.choose)
        self.too_much.part_chosen.connect(self._take_part)
        self.too_much.stopped.connect(self._take_nothing)
        self.series_block.frame_chosen.connect(
            lambda number: view.set_frame(number, view.active_side)
        )
        view.changed.connect(self._on_view_changed)
        view.moved.connect(self._show_active)
        view.probed.connect(self.probed)
        view.menu_asked.connect(self.menu_asked)
        view.repairs_asked.connect(self._show_repairs)
        view.dropped.connect(lambda key, side: self._open(studies.entry(key), Side(side)))
        self.rail.mask_wanted.connect(self.masks.lay_series)
        self.masks.changed.connect(self.page_changed)
        self.masks.noticed.connect(self.noticed)
        self.drawings.changed.connect(self.tool_bar_changed)
        self.drawings.said.connect(self.said)
        self.drawings.noticed.connect(self.noticed)

    # ---- what is on the stage

    @property
    def page(self) -> QWidget | None:
        """The page of volumes that belongs on the stage."""
        if self._choice is not None:
            return self.too_much
        if self._choosing:
            return self.list
        studies = self.studies
        return self.view if studies.shown or studies.opening or studies.finding else None

    @property
    def shown(self) -> Shown | None:
        """The series in the active view."""
        return self.studies.shown.get(Side(self.view.active_side))

    def told(self, shown: Shown) -> Shown:
        """A series as it may be told on the screen: without names where they are hidden."""
        if self.names:
            return shown
        return replace(shown, wanted=replace(shown.wanted, entry=nameless(shown.entry)))

    @property
    def blocks(self) -> tuple[QWidget, ...]:
        """Of the panel, from top to bottom."""
        return self.series_block, self.masks.block, self.drawings.block

    def show_blocks(self, *, shown: bool) -> None:
        """Show the panel's blocks or not; that of a mask only where there is one."""
        for block in self.blocks:
            block.setVisible(shown and (block is not self.masks.block or bool(self.masks.mask)))

    def leave(self, *, keep_list: bool) -> None:
        """Take all volumes off the screen: something else is shown."""
        listed = bool(self.studies.listing.entries)
        if self.page is None and (keep_list or not listed):
            return
        self._choosing, self._choice = False, None
        self.studies.close_all()
        if not keep_list:
            self.studies.clear()
        self.page_changed.emit()

    # ---- what a person does

    def find(self, paths: tuple[Path, ...]) -> None:
        """Open what these files and folders hold."""
        self.studies.find(paths)

    def choose(self, key: str) -> None:
        """Open a series of the list."""
        self._open(self.studies.entry(key), Side.LEFT)

    def choose_beside(self, key: str) -> None:
        """Open a series beside what is shown."""
        beside = Side.LEFT in self.studies.shown
        self._open(self.studies.entry(key), Side.RIGHT if beside else Side.LEFT)

    def step(self, by: int) -> None:
        """The next series of the list, or the one before."""
        self._open(self.studies.beside(by), Side.LEFT)

    def straighten(self) -> None:
        """The active series along the patient's own axes, or again as it was acquired."""
        shown = self.shown
        if shown is not None:
            wanted = shown.wanted
            self.studies.open(
                Wanted(wanted.entry, wanted.side, wanted.part, straight=not wanted.straight)
            )

    def close_beside(self) -> None:
        """Take the second series away."""
        self.studies.close(Side.RIGHT)

    def take_tool(self, name: str) -> None:
        """Put a tool into the hand."""
        self.tool_name = name
        self.view.set_tool(self.tools[name])
        self.tool_bar_changed.emit()

    def escape(self) -> None:
        """Drop what was begun; else the tool; else a page that asks."""
        if self._choosing and self.studies.shown:
            self._choosing = False
            self.page_changed.emit()
        elif not self.view.active.drop_tool() and self.tool_name != FIRST_TOOL:
            self.take_tool(FIRST_TOOL)
        page = self.page
        if page is not None:
            (self.view.active if page is self.view else page).setFocus()

    def show_list(self) -> None:
        """The list to choose from."""
        if len(self.studies.listing.entries) > 1:
            self._choosing = True
            self._begin_list()
            self.page_changed.emit()

    def show_names(self, names: bool) -> None:
        """Whether patients' names may be read on the screen."""
        self.names = self.too_much.names = self.studies.names = names
        self.model.show_names(names)
        self.view.show_names(names)
        self.rail.show_names(names)
        self.list.show_names(names)
        self._show_active()

    # ---- what the studies say

    def _open(self, entry: SeriesEntry | None, side: Side) -> None:
        if entry is None:
            return
        self._choosing, self._choice = False, None
        if entry.kind is SeriesKind.PHOTOGRAPH:
            self.studies.at_key = entry.key
            self.photograph_wanted.emit(Path(entry.path))
            self.model.show_shown(self.studies.ringed)
        else:
            self.studies.open(Wanted(entry, side))
        self.page_changed.emit()

    def _show_listing(self) -> None:
        entries = self.studies.listing.entries
        self.model.show_entries(entries)
        self._choice = None
        self._choosing = len(entries) > 1
        if self._choosing:
            self._begin_list()
        self.page_changed.emit()

    def _begin_list(self) -> None:
        patients = {entry.origin.patient_key for entry in self.studies.listing.entries}
        self.list.begin(self.studies.where, len(patients), self.studies.place[0])

    def _show(self, side: Side) -> None:
        shown = self.studies.shown.get(side)
        if shown is None:
            if (begun := self._volume_on(side)) is not None:
                self.drawings.marking.forget(begun)
            self.view.clear(side)
            self._laid.pop(side, None)
        else:
            self._lay_out(shown)
            if shown.whole:
                self._mark(side)
            self.view.active.setFocus()
        self.model.show_shown(self.studies.ringed)
        self._show_active()
        self.page_changed.emit()

    def _lay_out(self, shown: Shown) -> None:
        """Show a series in the layout that was last used for its kind of study."""
        side, origin = shown.wanted.side, shown.entry.origin
        before = self._place_in(shown)
        self._arranging = True  # what the views tell meanwhile is not what a person chose
        if shown.whole:
            self.view.show_volume(shown.values, shown.facts, origin, side)
        else:
            self.view.begin(shown.values, shown.facts, shown.read, origin, side)
        if side is Side.RIGHT:
            self.view.set_layout(Layout.BESIDE)
        elif self.view.arrangement.layout is not Layout.BESIDE:
            kept = self._preferences.settings.layouts.get(kind_of_study(shown.entry), "")
            self.view.set_layout(Layout.__members__.get(kept.upper(), Layout.ONE))
        if before is not None:
            frame, voxel = before
            self.view.set_frame(frame, side)
            self.view.go_to(voxel, side)
        self._arranging = False

    def _place_in(self, shown: Shown) -> tuple[int, Voxel] | None:
        """The frame and the place that are looked at, where the same series is laid anew.

        In another series of the same patient and space the place alone, where it lies within.
        """
        side = shown.wanted.side
        old = self._volume_on(side)
        is_same = self._laid.get(side) == shown.entry.key
        self._laid[side] = shown.entry.key
        if old is None or not (is_same or _is_beside(old, shown)):
            return None
        forth, to = old.facts.grid.affine, shown.facts.grid.affine
        if forth is None or to is None:
            return None
        state = self.view.panes[side, Axis.Z].state
        x, y, z = to_voxel(to, to_patient(forth, np.array([state.cross])))[0].tolist()
        if is_same:
            return state.plane.frame, (x, y, z)
        return None if is_beyond((x, y, z), shown.facts) else (0, (x, y, z))

    def _complete(self, side: Side) -> None:
        shown = self.studies.shown[side]
        begun = self._volume_on(side)
        if begun is not None:
            # Before the views get it: what was drawn meanwhile then belongs to the whole volume.
            self.drawings.marking.settle(begun, replace(begun, facts=shown.facts, read=None))
        self.view.complete(shown.facts, side)
        self._mark(side)
        self._show_active()

    def _mark(self, side: Side) -> None:
        volume = self._volume_on(side)
        if volume is None:
            return
        wanted, own = self.studies.shown[side].wanted, volume.facts.content_hash
        of = wanted.entry.key, wanted.part
        if own:
            self._hashes[(*of, wanted.straight)] = own
            if other := self._hashes.get((*of, not wanted.straight)):
                self.drawings.link_planes(own, other)
        self.drawings.marking.show(volume)

    def _show_busy(self) -> None:
        self.view.set_busy(bool(self.studies.opening) or self.studies.finding)
        self.page_changed.emit()

    def _offer(self, choice: Choice) -> None:
        self._choice = choice
        self.too_much.begin(choice)
        self.page_changed.emit()

    def _take_part(self, choice: Choice, part: Part) -> None:
        self._choice = None
        wanted = choice.wanted
        self.studies.open(Wanted(wanted.entry, wanted.side, part, wanted.straight))
        self.page_changed.emit()

    def _take_nothing(self) -> None:
        self._choice = None
        self.page_changed.emit()

    # ---- what the views say

    def _on_view_changed(self) -> None:
        shown = self.studies.shown.get(Side.LEFT)
        layout = self.view.arrangement.layout
        if shown is not None and layout is not Layout.BESIDE and not self._arranging:
            kept, kind = self._preferences.settings.layouts, kind_of_study(shown.entry)
            if kept.get(kind, Layout.ONE.name.lower()) != layout.name.lower():
                self._preferences.change(layouts={**kept, kind: layout.name.lower()})
        self._show_active()
        self.tool_bar_changed.emit()

    def _show_active(self) -> None:
        """The panel tells about the series in the active view."""
        shown = self.shown
        if shown is not None:
            self.series_block.show_series(self.told(shown))
            if self.view.active.has_state:
                self.series_block.show_frame(self.view.active.state.plane.frame)
        self.masks.show_active()
        self.drawings.show_active()

    def _show_repairs(self, side: int) -> None:
        shown = self.studies.shown[Side(side)]
        self.repairs_asked.emit(self.told(shown).entry.title, shown.facts.repairs)

    def _volume_on(self, side: Side) -> ShownVolume | None:
        return self.view.volume(side)


def _is_beside(old: ShownVolume, shown: Shown) -> bool:
    """Whether two series are one patient's, and in one space."""
    same = old.origin.patient_key == shown.entry.origin.patient_key
    return same and natural_link(old.facts, shown.facts).kind is LinkKind.SPACE


def kind_of_study(entry: SeriesEntry) -> str:
    """What a layout is remembered by: modality, body part, and how the slices lie."""
    orientation = entry.facts.grid.orientation or "unknown"
    parts = (entry.facts.modality or "volume", entry.origin.body_part, orientation[2:])
    return " ".join(part for part in parts if part).casefold()
