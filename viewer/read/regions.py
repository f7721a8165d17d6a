"""The reader's hand on a photograph: regions, disc and fovea, drawings and tools, kept together."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QRectF, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu, QWidget

from engine.answers import Mark
from engine.drawings import Drawing
from engine.geometry import Circle, ring
from engine.records.regions import Verdict
from engine.telling.measure_words import for_others
from viewer.client.engine import EngineClient
from viewer.drawings.marking import Marking
from viewer.drawings.store import Drawings
from viewer.eyes.found_marks import FoundMarks
from viewer.eyes.marks import EyeMarks
from viewer.layers.around import Around
from viewer.layers.drawings import DrawingsLayer
from viewer.layers.eye_marks import EyeMarksLayer
from viewer.layers.regions import RegionsLayer
from viewer.panels.measurements import Drawn, MeasurementsBlock
from viewer.panels.regions import RegionsBlock
from viewer.panels.sight import bring_into_sight
from viewer.panes.photograph import PhotographPane
from viewer.photograph.presenter import Presenter
from viewer.regions.drawn import DrawnRegions
from viewer.regions.pictures import cropped
from viewer.regions.shown import Listed, RegionList
from viewer.theme.theme import Theme
from viewer.tools.drawing_menu import menu_items
from viewer.tools.measuring import measuring_tools
from viewer.tools.outlining import Lasso, Polygon
from viewer.tools.pan_zoom import Grip
from viewer.tools.shapes import outlines as drawn_lines
from viewer.tools.tool import SliceView, Tool
from viewer.worker import Worker

FIRST_TOOL = "pan"
_AROUND = 4.0
"""Times a region's longer side that a double click shows of the picture."""
_USUAL_DISC = 0.07
"""Of the picture's shorter side: the radius of a disc that a reader places where none was found."""

_OFF_WORDS = 8.0
"""Beside other words and marks, so that a number there is not read as one of them."""


class RegionDesk(QObject):
    """``blocks`` stand in the panel; the pane's layers and tool are this desk's."""

    changed = Signal()
    """Another tool, another chosen region or drawing: commands may do other things now."""
    noticed = Signal(object)
    _made = Signal(object, object)

    def __init__(
        self,
        theme: Theme,
        presenter: Presenter,
        client: EngineClient,
        store: Drawings,
        found: FoundMarks,
        panes: Sequence[PhotographPane],
    ) -> None:
        super().__init__(presenter)
        self._presenter = presenter
        self._store = store
        self._panes = panes
        self._pane = pane = panes[0]
        self.tool_name = FIRST_TOOL
        self.keep_off: list[Callable[[SliceView], Around]] = []
        """What regions' numbers and words keep off, beside all that is always there."""
        self.frames: list[Callable[[SliceView], Sequence[QRectF]]] = []
        """What disc and fovea are not named over, beside the words in the corners."""
        self.marks = EyeMarks(presenter, found, store)
        self.list = RegionList(presenter, client, store, self.marks)
        self.on_picture = DrawnRegions(self.list, presenter.preferences)
        self.marking = Marking(store, self)
        self.block = RegionsBlock(theme)
        self.drawn_block = MeasurementsBlock(theme)
        self._small = Worker("thumbnails")
        self._marks_layer = marks_layer = EyeMarksLayer(
            self.marks, lambda: presenter.settings.landmarks, self._no_names
        )
        drawn = DrawingsLayer(self.marking, lambda view: marks_layer.around(view).boxes)
        self._drawn_layer = drawn
        self._outlines = RegionsLayer(
            self.list,
            self.on_picture,
            lambda: presenter.visible,
            pane,
            lambda view: _around(
                view, pane, [marks_layer.around, drawn.around, self._measured, *self.keep_off]
            ),
        )
        self._outlines.picked = self._pick
        pane.set_layers((self._outlines, marks_layer, drawn))
        for other in panes[1:]:
            other.set_layers((DrawingsLayer(self.marking),))  # disc and fovea are not there
        self.tools: dict[str, Tool | Grip] = {
            "pan": Grip.PAN,
            "zoom": Grip.ZOOM,
            "lasso": Lasso(self.marking),
            "polygon": Polygon(self.marking),
            **measuring_tools(self.marking, self._written),
        }
        self._connect()

    @property
    def blocks(self) -> tuple[QWidget, ...]:
        """From top to bottom."""
        return self.block, self.drawn_block

    def _connect(self) -> None:
        listed, block = self.list, self.block
        listed.changed.connect(self.show)
        listed.chosen_changed.connect(self._show_chosen)
        listed.cut_changed.connect(self._make_pictures)
        listed.cut_changed.connect(lambda: self._point(0))
        listed.noticed.connect(self.noticed)
        self.marks.changed.connect(self._on_marks)
        self.marking.changed.connect(self._on_marking)
        self._presenter.preferences.changed.connect(self.show)
        block.threshold_changed.connect(listed.set_threshold)
        block.clicked.connect(lambda number: self.go_to(listed.rows[number - 1]))
        block.double_clicked.connect(lambda number: self.zoom_to(listed.rows[number - 1]))
        block.hovered.connect(self._point)
        block.all_wanted.connect(self.turn_all)
        block.accepted.connect(listed.accept)
        block.rejected.connect(listed.reject)
        block.tagged.connect(listed.tag)
        block.marks_switched.connect(
            lambda shown: self._presenter.preferences.change(landmarks=shown)
        )
        self.drawn_block.chosen.connect(self._go_to_drawing)
        self._made.connect(self._show_pictures)

    def around(self, view: SliceView) -> Around:
        """Disc, fovea, their names and all outlines, for words that others write over them."""
        marks = self._marks_layer.around(view)
        return Around(marks.boxes, [*marks.lines, *self._outlines.lines(view)])

    def _written(self, view: SliceView) -> list[QRectF]:
        """What is written over the picture, for the words of what is being measured."""
        marks = self._marks_layer.around(view).boxes if view is self._pane.slice else ()
        return [*marks, *self._drawn_layer.around(view).boxes]

    def _measured(self, view: SliceView) -> Around:
        """Where what is being measured is told."""
        tool = self.tools[self.tool_name]
        return tool.around(view) if isinstance(tool, Tool) else Around()

    def _no_names(self, view: SliceView) -> list[QRectF]:
        return [*self._pane.word_boxes(), *(box for each in self.frames for box in each(view))]

    # ---- regions

    def step(self, by: int) -> None:
        """The next region, or the one before."""
        row = self.list.step(by)
        if row is not None:
            self._bring(row)
            bring_into_sight(self.block)

    def go_to(self, row: Listed) -> None:
        """Choose a region and bring it to the middle."""
        self.list.choose(row)
        self._bring(row)

    def turn_all(self) -> None:
        """Draw every region on the picture, or the strongest again."""
        now = self._presenter.settings.all_regions
        self._presenter.preferences.change(all_regions=not now)

    def _pick(self, row: Listed) -> None:
        self.go_to(row)
        bring_into_sight(self.block)

    def _point(self, number: int) -> None:
        self.on_picture.pointed = number
        if number:
            self._outlines.pulse(number)
        self._show_drawn()
        self._pane.update()

    def zoom_to(self, row: Listed) -> None:
        """Show a region large, with what lies around it."""
        self.list.choose(row)
        left, top, right, bottom = row.region.box
        ratio = self._pane.devicePixelRatioF()
        room = min(self._pane.width(), self._pane.height()) * ratio
        self._bring(row, room / (_AROUND * max(right - left, bottom - top, 1.0)))

    def _bring(self, row: Listed, scale: float | None = None) -> None:
        left, top, right, bottom = row.region.box
        self._pane.centre_on(((left + right) / 2, (top + bottom) / 2), scale)
        self._outlines.pulse(row.number)

    def edit_tag(self) -> None:
        """Give the keys to the field for the chosen region's name."""
        self.block.tag.setFocus()
        self.block.tag.selectAll()

    # ---- tools

    def take_tool(self, name: str) -> None:
        """Put a tool into the hand."""
        self.tool_name = name
        for pane in self._panes:
            pane.set_tool(self.tools[name])
        self.changed.emit()

    def escape(self) -> bool:
        """Drop what was begun, else the tool, else the choice; whether there was anything."""
        if any(pane.drop_tool() for pane in self._panes):
            return True
        if self.tool_name != FIRST_TOOL:
            self.take_tool(FIRST_TOOL)
            return True
        if self.list.chosen is not None:
            self.list.choose(None)
            return True
        return False

    def fill_menu(self, menu: QMenu, at: QPoint, pane: PhotographPane) -> None:
        """Rows about the drawing under the pointer, and about disc and fovea."""
        view, inside = pane.slice, pane.mapFromGlobal(at)
        if view.volume is None or not view.update(pane.state, self._ratio):
            return
        place = (inside.x() * view.ratio - 0.5, inside.y() * view.ratio - 0.5)
        for item in menu_items(self.marking, view, place):
            menu.addAction(item.words, _calling(item.do))
        voxel = view.state.plane.voxel_at(place)
        if voxel is None or pane is not self._pane:
            return
        menu.addSeparator()
        x, y = float(voxel[0]), float(voxel[1])
        menu.addAction("The disc is here", partial(self.place_disc, x, y))
        menu.addAction("The fovea is here", lambda: self.marks.place(fovea=(x, y)))
        if (self.marks.placed.disc, self.marks.placed.fovea) != (None, None):
            menu.addAction("Disc and fovea as found", self.marks.as_found)

    def place_disc(self, x: float, y: float) -> None:
        """The disc lies here, as large as before, or of the usual size."""
        shown = self._pane.state.pixels
        if shown is not None:
            before = self.marks.landmarks.disc
            radius = _USUAL_DISC * min(shown.shape[:2]) if before is None else before.radius
            self.marks.place(disc=Circle(x, y, radius))

    @property
    def _ratio(self) -> float:
        return self._pane.devicePixelRatioF()

    # ---- what is shown

    def show(self) -> None:
        """The list and the drawings as they are now."""
        self.block.show_list(self.list, marks_shown=self._presenter.settings.landmarks)
        self._show_drawn()
        self._pane.update()
        self.changed.emit()

    def show_picture(self) -> None:
        """Another photograph is on the screen: what was drawn on it comes with it."""
        self._on_marks()
        self.show()

    def show_blocks(self, visible: bool) -> None:
        """The list where there is or may be one; the drawings once there are any."""
        presenter = self._presenter
        may = presenter.heatmap is not None and not self.list.is_hidden
        self.block.setVisible(visible and may)
        volume = self._pane.slice.volume
        drawn = volume is not None and bool(self.marking.all_of(volume))
        self.drawn_block.setVisible(visible and drawn)

    def _show_drawn(self) -> None:
        everything = self._presenter.settings.all_regions
        self.block.show_drawn(self.on_picture.words, everything=everything)

    def _show_chosen(self) -> None:
        self.block.show_chosen(self.list)
        self._show_drawn()
        self._pane.update()
        self.changed.emit()

    def _on_marks(self) -> None:
        disc = self.marks.landmarks.disc
        subject = self.marks.subject
        if disc is None:
            self.marking.disc_diameters.pop(subject, None)
        else:
            self.marking.disc_diameters[subject] = 2 * disc.radius
        self._on_marking()

    def _on_marking(self) -> None:
        view = self._pane.slice
        if view.volume is not None and view.update(self._pane.state, self._ratio):
            drawn = [
                Drawn(drawing, "", self.marking.lines(view.state, drawing))
                for drawing in self.marking.all_of(view.volume)
            ]
            was = not self.drawn_block.isHidden()
            self.drawn_block.show_drawings(drawn, self._unread(view.volume.facts.content_hash))
            if was != bool(drawn):
                self.drawn_block.setVisible(bool(drawn) and self._pane.isVisible())
        for pane in self._panes:
            pane.update()
        self.changed.emit()

    def _unread(self, subject: str) -> str:
        newer = self._store.unreadable(subject)
        return f"{newer} acts of a newer version are not shown." if newer else ""

    def _go_to_drawing(self, drawing: Drawing) -> None:
        volume = self._pane.slice.volume
        if volume is not None:
            self.marking.choose(volume, drawing)
            x, y = np.array(drawing.points)[:, :2].mean(axis=0).tolist()
            self._pane.centre_on((x, y))

    # ---- what leaves the window

    def exported(self, pane: PhotographPane) -> tuple[Mark, ...]:
        """What the annotated picture shows beside the heatmap, as it is on this view now."""
        presenter, view = self._presenter, pane.slice
        marks: list[Mark] = []
        if pane is self._pane and presenter.visible and not self.list.is_stale:
            marks += [
                Mark(tuple(_closed(line) for line in row.outline), row.number, _kind(row))
                for row in self.on_picture.kept
                if row.verdict is not Verdict.REJECTED
            ]
        if view.volume is not None and view.update(pane.state, self._ratio):
            for drawing in self.marking.all_of(view.volume):
                lines = tuple(_points(line[:, :2]) for line in drawn_lines(drawing))
                if lines:
                    words = map(for_others, self.marking.lines(view.state, drawing))
                    marks.append(Mark(lines, 0, tuple(words)))
        return tuple(marks)

    # ---- small pictures

    def _make_pictures(self) -> None:
        shown, found = self._presenter.picture, self.list.found
        self.block.show_pictures({})
        if shown is None or found is None:
            return
        pixels = shown.pixels
        boxes = [region.thumbnail for region in found.regions]
        self._small.start(lambda: self._made.emit(found, cropped(pixels, boxes)))

    def _show_pictures(self, found: object, pictures: dict[int, QImage]) -> None:
        if found is self.list.found:
            self.block.show_pictures(pictures)


def _around(
    view: SliceView, pane: PhotographPane, others: Sequence[Callable[[SliceView], Around]]
) -> Around:
    """The words in the corners, the assessed area, disc and fovea, and what else there is."""
    circle = pane.state.shown_outline(view.ratio)
    area = [] if circle is None else [ring(circle)]
    found = [other(view) for other in others]
    boxes = [*pane.word_boxes(), *(box for each in found for box in each.boxes)]
    lines = [line for each in found for line in each.lines]
    apart = [box.adjusted(-_OFF_WORDS, 0, _OFF_WORDS, 0) for box in boxes]
    return Around(apart, [*area, *lines])


def _kind(row: Listed) -> tuple[str, ...]:
    return (row.region.kind,) if row.region.kind else ()


def _closed(line: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    return _points(np.concatenate([line, line[:1]]))


def _points(line: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    return tuple((round(x, 2), round(y, 2)) for x, y in line.tolist())


def _calling(do: Callable[[], object]) -> Callable[[], None]:
    def call() -> None:
        do()

    return call
