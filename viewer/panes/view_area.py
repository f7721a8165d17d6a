"""The area of the views: where each lies, which of them is active, and what is dropped on them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
from PySide6.QtCore import QPoint, QPointF, QRect, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from viewer.panels.series import MIME
from viewer.panes.drop_hint import DropHint
from viewer.panes.linking import on_side
from viewer.panes.slice_pane import SlicePane
from viewer.seen.arrangement import Arrangement, Box, Layout, Seat, layouts_of, seated
from viewer.seen.hanging import Axis
from viewer.seen.slice_state import ShownVolume, SliceState
from viewer.theme import tokens

_WORKERS = 2
_SEATS: tuple[Seat, ...] = ((0, Axis.Z), (0, Axis.Y), (0, Axis.X), (1, Axis.Z))


class ViewArea(QWidget):
    """The views of up to two volumes, laid out; the active one is that last touched."""

    changed = Signal()
    """Layout, window, tool, link, cine or the active view may be another."""
    probed = Signal(object)
    """A ``VoxelProbe``, or None where the pointer is on no slice."""
    opacity_stepped = Signal(int)
    """Notches of the wheel, up is positive."""
    menu_asked = Signal(QPoint)
    """A right click, at a position on the screen; the view there is the active one."""
    repairs_asked = Signal(int)
    """A click on the badge of the volume on this side."""
    dropped = Signal(str, int)
    """The key of a series that was dragged here, and the side of the view under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.arrangement = Arrangement()
        self.panes: dict[Seat, SlicePane] = {seat: SlicePane(self) for seat in _SEATS}
        self._active: Seat = _SEATS[0]
        # Process-wide, and meant so: two kinds of threads on the same cores hinder each other.
        cv2.setNumThreads(1)
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="slices")
        for seat, pane in self.panes.items():
            self._listen(seat, pane)
        self._hint = DropHint(self)
        self.setAcceptDrops(True)
        self._seat()

    # ---- which views

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The layouts that make sense for what is shown."""
        volumes = (self.volume(side) for side in (0, 1))
        return layouts_of(*(volume.facts.grid if volume else None for volume in volumes))

    def set_layout(self, layout: Layout) -> None:
        """Another layout; one that makes no sense here is taken as one view."""
        held = layout if layout in self.layouts else Layout.ONE
        self.arrange(self.arrangement.laid_out(held))

    def next_layout(self) -> None:
        """E: the next layout that makes sense."""
        layouts = self.layouts
        at = layouts.index(self.arrangement.layout) if self.arrangement.layout in layouts else -1
        self.set_layout(layouts[(at + 1) % len(layouts)])

    def maximise(self) -> None:
        """F: the active view alone, and back."""
        if len(self._seated()) > 1 or self.arrangement.alone is not None:
            self.arrange(self.arrangement.toggled(self._active))

    def arrange(self, arrangement: Arrangement) -> None:
        """Bring back an arrangement that was kept."""
        self.arrangement = arrangement
        self._seat()
        self._everywhere(
            lambda state: replace(
                state,
                crosshair=arrangement.crosshair,
                texts=arrangement.texts,
                names=arrangement.names,
            )
        )
        self.changed.emit()

    def show_crosshair(self, drawn: bool) -> None:
        """X: draw the crosshair in this layout, or not."""
        self.arrange(self.arrangement.with_crosshair(drawn))

    def show_texts(self, shown: bool) -> None:
        """O: the words over the picture; the orientation letters never go."""
        self.arrange(replace(self.arrangement, texts=shown))

    def show_names(self, shown: bool) -> None:
        """Whether the words may tell the patient's name."""
        if shown is not self.arrangement.names:
            self.arrange(replace(self.arrangement, names=shown))

    # ---- the active view

    @property
    def active(self) -> SlicePane:
        """The view that commands act on: the one last touched."""
        return self.panes[self._active]

    @property
    def active_side(self) -> int:
        """The side of the active view."""
        return self._active[0]

    def volume(self, side: int = 0) -> ShownVolume | None:
        """What is shown on a side, None if nothing."""
        pane = self.panes[side, Axis.Z]
        return pane.state.volume if pane.has_state else None

    def has_volume(self, side: int = 0) -> bool:
        """Whether a volume is shown on a side."""
        return self.panes[side, Axis.Z].has_state

    def next_view(self, by: int = 1) -> None:
        """F6: give the keyboard to the next view that is seen."""
        seats = list(self._seated())
        at = seats.index(self._active) if self._active in seats else 0
        self._choose(seats[(at + by) % len(seats)])
        self.active.setFocus()

    def refresh(self) -> None:
        """Paint tools and layers of every view anew."""
        for pane in self.panes.values():
            pane.refresh()

    # ---- Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The views share the area anew."""
        super().resizeEvent(event)
        self._seat()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The lines between the views."""
        QPainter(self).fillRect(self.rect(), QColor(tokens.DARK.line))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A series may be dropped."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """On any view; where one series is shown, its right half is the place beside it."""
        side, where = self._landing(event.position())
        self._hint.say(where, beside=side == 1 and not self.has_volume(1))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It will not be dropped here."""
        self._hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell which series, and which side."""
        self._hint.hide()
        side, _ = self._landing(event.position())
        self.dropped.emit(event.mimeData().data(MIME).toStdString(), side)
        event.acceptProposedAction()

    # ---- inside

    def _listen(self, seat: Seat, pane: SlicePane) -> None:
        pane.changed.connect(lambda state: self._on_hand(seat, state))
        pane.before_paint = self._draw_together
        pane.chosen.connect(lambda: self._choose(seat))
        pane.probed.connect(self.probed)
        pane.opacity_stepped.connect(self.opacity_stepped)
        pane.menu_asked.connect(self.menu_asked)
        pane.maximise_asked.connect(self.maximise)
        pane.repairs_asked.connect(lambda: self.repairs_asked.emit(seat[0]))

    def _on_hand(self, seat: Seat, state: SliceState) -> None:
        """A hand changed what a view shows."""
        raise NotImplementedError

    def _everywhere(self, change: Callable[[SliceState], SliceState]) -> None:
        for side in (0, 1):
            on_side(self.panes, side, change)

    def _seated(self) -> dict[Seat, Box]:
        volume = self.volume(0)
        if volume is None:
            return {_SEATS[0]: (0, 0, self.width(), self.height())}
        return seated(self.arrangement, volume.facts.grid, (self.width(), self.height()))

    def _seat(self) -> None:
        boxes = self._seated()
        chief = next(iter(boxes))
        has_focus = any(pane.hasFocus() for pane in self.panes.values())
        for seat, pane in self.panes.items():
            box = boxes.get(seat)
            pane.set_chief(seat == chief or seat[0] == 1)
            if box is not None:
                pane.setGeometry(*box)
            pane.setVisible(box is not None)
        self._choose(self._active if self._active in boxes else chief)
        if has_focus and not self.active.hasFocus():
            # The view that had it is hidden: without this the keys would be dead.
            self.active.setFocus()

    def _seat_at(self, at: QPointF) -> Seat:
        for seat, (left, top, width, height) in self._seated().items():
            if left <= at.x() < left + width and top <= at.y() < top + height:
                return seat
        return _SEATS[0]

    def _landing(self, at: QPointF) -> tuple[int, QRect]:
        """The side on which a series opens that is dropped ``at``, and where that is told."""
        alone = self.has_volume(0) and not self.has_volume(1)
        half = self.width() // 2
        if alone and at.x() >= half:
            return 1, self.rect().adjusted(half, 0, 0, 0)
        if alone or not self.has_volume(0):
            return 0, self.rect()
        seat = self._seat_at(at)
        return seat[0], QRect(*self._seated()[seat])

    def _choose(self, seat: Seat) -> None:
        was, self._active = self._active, seat
        several = len(self._seated()) > 1
        for each, pane in self.panes.items():
            pane.set_active(several and each == seat)
        if was != seat:
            self.changed.emit()

    def _draw_together(self) -> None:
        """Make the frames of all views that are out of date, on both cores at once."""
        stale = [pane for pane in self.panes.values() if pane.isVisible() and not pane.is_drawn]
        if len(stale) > 1:
            list(self._workers.map(SlicePane.draw, stale))
