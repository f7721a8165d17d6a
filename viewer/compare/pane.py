"""One view of the Compare tab: a photograph that all views share, with a map of its own."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QSizeF, Signal
from PySide6.QtGui import QFocusEvent, QImage, QMouseEvent, QPainter, QResizeEvent

from engine.answers import Heatmap
from viewer.compare.paint import Marks, draw_marks
from viewer.compare.removed import Removed, draw_removed
from viewer.panes.photograph import PhotographPane
from viewer.panes.state import PaneState
from viewer.seen.frame import Tone
from viewer.seen.preparation import Prepared
from viewer.seen.view_transform import ViewTransform


class ComparePane(PhotographPane):
    """Shows what it is given; what is prepared of the photograph is made once, for the Read tab."""

    moved = Signal(object, object)
    """A hand moved it: ``ViewTransform`` and ``Tone``."""
    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.marks = Marks()
        self._told: tuple[ViewTransform | None, Tone] = (None, Tone())
        self._resizing = False
        self._laid: tuple[Heatmap | None, float | None] = (None, None)
        self._removed: Removed | None = None
        self._black: QImage | None = None

    # ---- what is shown

    def share(self, other: PaneState) -> None:
        """Show the photograph of another view, whole."""
        self._end_drag()
        size = self._device_size()
        state = self.state.emptied()
        if other.pixels is not None:
            state = self.state.with_photograph(other.pixels, size)
            state.pyramid, state.detailed = other.pyramid, other.detailed
            state.ground = other.ground
        self.state, self._removed, self._black = state, None, None
        self._laid = (None, None)
        self._told = (state.view, state.tone)
        self._changed()

    def take_prepared(self, prepared: Prepared) -> None:
        """The photograph is sharp now, or its local detail is there."""
        self.state.set_prepared(prepared)
        self.update()

    def lay(self, heatmap: Heatmap | None, upper_end: float | None = None) -> None:
        """Lay a map over the photograph, scaled by ``upper_end``, by its own if None."""
        laid = (heatmap, upper_end)
        # The same once more would have the whole view composed anew.
        if self._laid[0] is not heatmap or self._laid != laid:
            self._laid = laid
            self.state.set_heatmap(heatmap, upper_end)
            self._changed()

    def set_marks(self, **changes: object) -> None:
        """What the view tells beside its map, by the names of ``Marks``."""
        marks = replace(self.marks, **changes)  # type: ignore[arg-type]
        if marks != self.marks:
            self.marks = marks
            self.update()

    def remove(self, removed: Removed | None) -> None:
        """Black out a part of the photograph."""
        if removed != self._removed:
            self._removed = removed
            self._black = None if removed is None else removed.image()
            self.update()

    @property
    def removed(self) -> Removed | None:
        """What is blacked out."""
        return self._removed

    def follow(self, view: ViewTransform, tone: Tone) -> None:
        """Look at the same place as another view, as large."""
        if self.state.view is None:
            return
        own = self.state.view.view
        # The whole picture stays whole in a view of another size.
        fitted = view.is_fitted
        at = ViewTransform.fitted(view.picture, own) if fitted else replace(view, view=own)
        self.state.view = at
        self.state.tone = replace(tone, dimmed=self.state.tone.dimmed)
        self._told = (self.state.view, self.state.tone)
        self.update()

    # ---- inside

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keys are here: this view is chosen."""
        super().focusInEvent(event)
        self.pressed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press also chooses this view."""
        self.pressed.emit()
        super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All views change their size together: none follows another then."""
        self._resizing = True
        super().resizeEvent(event)
        self._resizing = False

    def _changed(self) -> None:
        super()._changed()
        told = (self.state.view, self.state.tone)
        if told != self._told:
            self._told = told
            if self.state.view is not None and not self._resizing:
                self.moved.emit(*told)

    def _draw_layers(self, painter: QPainter, ratio: float) -> None:
        draw_black(painter, self.state, self._removed, self._black, ratio)
        draw_marks(painter, QSizeF(self.size()), self.state, self.marks, ratio)

    def place_of(self, at: QPointF) -> tuple[int, int] | None:
        """The photograph's pixel (x, y) under a position in the widget."""
        return None if self.state.view is None else self.state.view.pixel_at(self._device(at))


def draw_black(
    painter: QPainter,
    state: PaneState,
    removed: Removed | None,
    image: QImage | None,
    ratio: float,
) -> None:
    """Black out what was removed; not while the map is hidden, to see what was there."""
    if removed is not None and image is not None and state.view is not None and not state.hidden:
        to_view = state.view.to_screen @ removed.order.way_back
        draw_removed(painter, image, to_view, ratio)
