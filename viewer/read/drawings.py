"""The reader's drawings in the window: store, tools, list and menu, kept to the views."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

from engine.drawings import Drawing
from engine.errors import Refusal
from engine.telling.measure_words import mean_words
from viewer.drawings.marking import Marking
from viewer.drawings.store import Drawings
from viewer.files.json_files import JsonFiles
from viewer.layers.drawings import DrawingsLayer
from viewer.layers.overprint import OverprintLayer
from viewer.layers.slice_words import frame_kind, frame_words
from viewer.notices import Notice
from viewer.panels.measurements import Drawn, MeasurementsBlock
from viewer.panes.volume_view import VolumeView
from viewer.seen.hanging import Axis
from viewer.seen.slice_state import ShownVolume
from viewer.theme.theme import Theme
from viewer.tools.drawing_menu import menu_items
from viewer.tools.measuring import measuring_tools
from viewer.tools.outlining import Lasso, Polygon
from viewer.tools.tool import Tool

if TYPE_CHECKING:
    from viewer.read.doors import Doors


class DrawingDesk(QObject):
    """What is drawn on the volume in the active view; ``block`` lists it."""

    changed = Signal()
    """Something is drawn, or can be undone, that was not before."""
    said = Signal(str)
    noticed = Signal(object)

    def __init__(self, theme: Theme, view: VolumeView, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._store = Drawings(parent=self)
        self._files = JsonFiles(self)
        self._files.noticed.connect(self.noticed)
        self._other_planes: dict[str, str] = {}
        self.marking = Marking(self._store, self)
        self.block = MeasurementsBlock(theme)
        drawn = DrawingsLayer(self.marking)
        self.tools: dict[str, Tool] = {
            "lasso": Lasso(self.marking),
            "polygon": Polygon(self.marking),
            **measuring_tools(self.marking, lambda view: drawn.around(view).boxes),
        }
        view.set_layers((OverprintLayer(), drawn))
        self.marking.changed.connect(view.refresh)
        self.marking.changed.connect(self.show_active)
        self.block.chosen.connect(self.go_to)
        self._store.saved.connect(self.said)
        self._store.not_saved.connect(self._say_not_saved)

    # ---- what a person does

    def undo(self) -> None:
        """Take the last change of the active volume's drawings back."""
        if (volume := self._volume()) is not None:
            self.marking.undo(volume)

    def redo(self) -> None:
        """Do again what was undone."""
        if (volume := self._volume()) is not None:
            self.marking.redo(volume)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        volume = self._volume()
        return volume is not None and self.marking.reading(volume).to_undo is not None

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        volume = self._volume()
        return volume is not None and self.marking.reading(volume).to_redo is not None

    def go_to(self, drawing: Drawing) -> None:
        """Show the slice that a drawing lies on."""
        volume = self._volume()
        if volume is not None:
            side = self._view.active_side
            self._view.set_frame(drawing.frame, side)
            count = len(drawing.points)
            x, y, z = (sum(point[axis] for point in drawing.points) / count for axis in range(3))
            self._view.go_to((x, y, z), side)
            self.marking.choose(volume, drawing)

    def fill_menu(self, menu: QMenu, at: QPoint) -> None:
        """Rows about the drawing under the pointer."""
        pane = self._view.active
        inside = pane.mapFromGlobal(at)
        place = (inside.x() * pane.ratio - 0.5, inside.y() * pane.ratio - 0.5)
        for item in menu_items(self.marking, pane, place):
            menu.addAction(item.words, _calling(item.do))

    def link_planes(self, one: str, other: str) -> None:
        """One series as it was acquired and laid straight, by content hash: each tells of both."""
        if one != other:
            self._other_planes |= {one: other, other: one}

    @property
    def has_any(self) -> bool:
        """Whether anything is drawn on the active volume."""
        volume = self._volume()
        return volume is not None and bool(self.marking.all_of(volume))

    def save(self, doors: "Doors") -> None:
        """What is drawn on the active volume, with its figures, to a file that is chosen."""
        volume = self._volume()
        if volume is None:
            return
        # Here and not above: a start needs nothing of it.
        from viewer.drawings.export import drawings_json

        told = drawings_json(self.marking, volume)
        to = doors.choose_regions("drawings.json")
        if to is not None:
            self._files.write(to, told)

    def close(self) -> bool:
        """Write what waits to be saved; whether all is."""
        return self._store.close()

    # ---- what is shown

    def show_active(self) -> None:
        """List what is drawn on the volume in the active view."""
        pane = self._view.active
        if not pane.has_state:
            return
        state, marking = pane.state, self.marking
        drawn = [
            Drawn(
                drawing,
                self._where(drawing),
                marking.lines(state, drawing),
                mean_words(marking.figures(state.volume, drawing), state.facts.unit),
            )
            for drawing in marking.all_of(state.volume)
        ]
        self.block.show_drawings(drawn, self._note(state.volume, any_drawn=bool(drawn)))
        self.changed.emit()

    def _where(self, drawing: Drawing) -> str:
        """Its plane, slice and frame as the views tell them: "axial 12, b 800"."""
        state = self._view.panes[self._view.active_side, Axis(drawing.axis)].state
        plane = state.plane.at_index(drawing.slice)
        words = f"{plane.name or 'slice'} {plane.number}".lower() if plane.count > 1 else ""
        frame = frame_words(state.facts, drawing.frame)
        if frame.startswith(frame_kind(state.facts.frame_axis)):
            frame = frame.lower()
        return ", ".join(part for part in (words, frame) if part)

    def _note(self, volume: ShownVolume, *, any_drawn: bool) -> str:
        subject = self.marking.subject(volume)
        newer = self._store.unreadable(subject)
        elsewhere = len(self._store.of(self._other_planes.get(subject, "")))
        notes = []
        if newer:
            notes.append(f"{newer} drawings were made by a newer version and are not shown.")
        if elsewhere:
            lie = "1 drawing lies" if elsewhere == 1 else f"{elsewhere} drawings lie"
            notes.append(f"{lie} in the other planes (View, Straight planes).")
        if notes:
            return " ".join(notes)
        # Before a volume is whole nobody knows whose drawings it has.
        return "" if any_drawn or not volume.facts.content_hash else "Nothing is drawn yet."

    def _say_not_saved(self, refusal: Refusal) -> None:
        detail = f"{refusal.why} {refusal.advice}"
        self.said.emit("")
        self.noticed.emit(Notice("records", refusal.what, detail, "alert-circle"))

    def _volume(self) -> ShownVolume | None:
        return self._view.volume(self._view.active_side)


def _calling(do: Callable[[], object]) -> Callable[[], None]:
    def call() -> None:
        do()

    return call
