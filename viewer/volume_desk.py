"""The volumes' part of the window: rail, list, views and panel, kept to the studies."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from engine.drawings import Angle, Arrow, Bidirectional, Distance, Drawing, Ellipse, Rectangle
from engine.drawings import Probe as PointValue
from engine.errors import Refusal
from engine.listing import SeriesEntry, SeriesKind
from engine.service.messages import Part
from viewer.client.engine import EngineClient
from viewer.drawings import Drawings
from viewer.layers.drawings import DrawingsLayer
from viewer.marking import Marking
from viewer.notices import Notice
from viewer.panels.measurements import MeasurementsBlock
from viewer.panels.series import SeriesModel
from viewer.panels.series_block import SeriesBlock
from viewer.panels.series_list import SeriesList
from viewer.panels.series_rail import SeriesRail
from viewer.panels.too_much import TooMuchPage
from viewer.panes.arrangement import Layout
from viewer.panes.slice_state import ShownVolume
from viewer.panes.volume_view import VolumeView
from viewer.presenter import Presenter
from viewer.studies import Choice, Shown, Side, Studies, Wanted
from viewer.theme import tokens
from viewer.theme.theme import Theme
from viewer.tools.drawing_menu import menu_items
from viewer.tools.measuring import Draw
from viewer.tools.moving import Pan, Scroll, Zoom
from viewer.tools.pointing import Crosshair, Pointer
from viewer.tools.tool import Tool
from viewer.tools.windowing import RegionWindow, WindowDrag

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
        self.tool_name = FIRST_TOOL
        self.studies = Studies(client, presenter.jobs, self)
        self.model = SeriesModel(self)
        self.rail = SeriesRail(theme, self.model)
        self.list = SeriesList(theme, self.model)
        self.too_much = TooMuchPage(theme)
        self.view = VolumeView()
        self.view.setMinimumWidth(tokens.PICTURE_LEAST)
        self.series_block = SeriesBlock(theme)
        self.measurements = MeasurementsBlock(theme)
        self.drawings = Drawings()
        self.marking = Marking(self.drawings, self)
        self.tools: dict[str, Tool] = {
            "crosshair": Crosshair(),
            "pan": Pan(),
            "zoom": Zoom(),
            "window": WindowDrag(),
            "scroll": Scroll(),
            "probe": Pointer(),
            "region-window": RegionWindow(),
            **{name: Draw(self.marking, kind) for name, kind in _DRAWN.items()},
        }
        self.view.set_layers((DrawingsLayer(self.marking),))
        self._connect()

    def _connect(self) -> None:
        studies, view, marking = self.studies, self.view, self.marking
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
        self.measurements.chosen.connect(self.go_to)
        view.changed.connect(self._on_view_changed)
        view.moved.connect(self._show_active)
        view.probed.connect(self.probed)
        view.menu_asked.connect(self.menu_asked)
        view.repairs_asked.connect(self._show_repairs)
        view.dropped.connect(lambda key, side: self._open(studies.entry(key), Side(side)))
        marking.changed.connect(view.refresh)
        marking.changed.connect(self._show_measurements)
        self.drawings.saved.connect(self.said)
        self.drawings.not_saved.connect(self._say_not_saved)

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

    @property
    def blocks(self) -> tuple[QWidget, ...]:
        """Of the panel, from top to bottom."""
        return self.series_block, self.measurements

    def leave(self, *, keep_list: bool) -> None:
        """Take all volumes off the screen: something else is shown."""
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

    def undo(self) -> None:
        """Take the last drawing of the active series back."""
        if (volume := self._volume()) is not None:
            self.marking.undo(volume)

    def redo(self) -> None:
        """Do again what was undone."""
        if (volume := self._volume()) is not None:
            self.marking.redo(volume)

    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        volume = self._volume()
        return volume is not None and self.marking.reading(volume).to_undo is not None

    def can_redo(self) -> bool:
        """Whether something was taken back."""
        volume = self._volume()
        return volume is not None and self.marking.reading(volume).to_redo is not None

    def remove_chosen(self) -> None:
        """Take the chosen drawing away."""
        self.marking.remove_chosen()

    def go_to(self, drawing: Drawing) -> None:
        """Show the slice that a drawing lies on."""
        volume = self._volume()
        if volume is not None:
            side = self.view.active_side
            self.view.set_frame(drawing.frame, side)
            count = len(drawing.points)
            x, y, z = (sum(point[axis] for point in drawing.points) / count for axis in range(3))
            self.view.go_to((x, y, z), side)
            self.marking.choose(volume, drawing)

    def show_names(self, names: bool) -> None:
        """Whether patients' names may be read on the screen."""
        self.view.show_names(names)
        self.rail.show_names(names)
        self.list.show_names(names)

    def fill_menu(self, menu: QMenu, at: QPoint) -> None:
        """Rows about the drawing under the pointer."""
        pane = self.view.active
        inside = pane.mapFromGlobal(at)
        place = (inside.x() * pane.ratio - 0.5, inside.y() * pane.ratio - 0.5)
        for item in menu_items(self.marking, pane, place):
            menu.addAction(item.words, _calling(item.do))

    def close(self) -> bool:
        """Write what waits to be saved; whether all is."""
        return self.drawings.close()

    # ---- what the studies say

    def _open(self, entry: SeriesEntry | None, side: Side) -> None:
        if entry is None:
            return
        self._choosing, self._choice = False, None
        if entry.kind is SeriesKind.PHOTOGRAPH:
            self.photograph_wanted.emit(Path(entry.path))
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
        entries = self.studies.listing.entries
        patients = {entry.origin.patient_key for entry in entries}
        self.list.begin(self.studies.where, len(patients))

    def _show(self, side: Side) -> None:
        shown = self.studies.shown.get(side)
        if shown is None:
            if (begun := self._volume_on(side)) is not None:
                self.marking.forget(begun)
            self.view.clear(side)
        else:
            self._lay_out(shown)
            if shown.whole:
                self._mark(side)
            self.view.active.setFocus()
        self.model.show_shown([each.entry.key for each in self.studies.shown.values()])
        self._show_active()
        self.page_changed.emit()

    def _lay_out(self, shown: Shown) -> None:
        """Show a series in the layout that was last used for its kind of study."""
        side, origin = shown.wanted.side, shown.entry.origin
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
        self._arranging = False

    def _complete(self, side: Side) -> None:
        shown = self.studies.shown[side]
        begun = self._volume_on(side)
        if begun is not None:
            # Before the views get it: what was drawn meanwhile then belongs to the whole volume.
            self.marking.settle(begun, replace(begun, facts=shown.facts, read=None))
        self.view.complete(shown.facts, side)
        self._mark(side)
        self._show_active()

    def _mark(self, side: Side) -> None:
        volume = self._volume_on(side)
        if volume is not None:
            self.marking.show(volume)

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
            self.series_block.show_series(shown)
            if self.view.active.has_state:
                self.series_block.show_frame(self.view.active.state.plane.frame)
        self._show_measurements()

    def _show_repairs(self, side: int) -> None:
        shown = self.studies.shown[Side(side)]
        self.repairs_asked.emit(shown.entry.title, shown.facts.repairs)

    def _show_measurements(self) -> None:
        pane = self.view.active
        if not pane.has_state:
            return
        state, marking = pane.state, self.marking
        unreadable = self.drawings.unreadable(marking.subject(state.volume))
        note = f"{unreadable} drawings of a newer version cannot be shown." if unreadable else ""
        drawn = [
            (drawing, marking.lines(state, drawing)) for drawing in marking.all_of(state.volume)
        ]
        self.measurements.show_drawings(drawn, note)
        self.tool_bar_changed.emit()

    def _say_not_saved(self, refusal: Refusal) -> None:
        detail = f"{refusal.why} {refusal.advice}"
        self.noticed.emit(Notice("records", refusal.what, detail, "alert-circle"))

    def _volume_on(self, side: Side) -> ShownVolume | None:
        return self.view.volume(side)

    def _volume(self) -> ShownVolume | None:
        return self._volume_on(Side(self.view.active_side))


_DRAWN: dict[str, type[Drawing]] = {
    "distance": Distance,
    "angle": Angle,
    "ellipse": Ellipse,
    "rectangle": Rectangle,
    "bidirectional": Bidirectional,
    "point-value": PointValue,
    "arrow": Arrow,
}


def kind_of_study(entry: SeriesEntry) -> str:
    """What a layout is remembered by: modality, body part, and how the slices lie."""
    orientation = entry.facts.grid.orientation or "unknown"
    parts = (entry.facts.modality or "volume", entry.origin.body_part, orientation[2:])
    return " ".join(part for part in parts if part).casefold()


def _calling(do: Callable[[], object]) -> Callable[[], None]:
    def call() -> None:
        do()

    return call
