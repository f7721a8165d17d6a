"""A slice's view: shows what a ``SliceState`` says, and turns a hand's movements into another.

Keys are the window's: they call ``step``, ``first``, ``last``, ``zoom_by`` and their like on the
view that has the focus. ``show_state`` sets what is shown from outside; what a hand changes is told
by ``changed``.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from viewer.layers.corners import TypedBoxes
from viewer.layers.slice_face import draw_edge, draw_face
from viewer.layers.slice_words import described
from viewer.panes.loading import Loading, draw_loading
from viewer.panes.repairs_badge import RepairsBadge
from viewer.panes.slice_hand import SliceHand, device_at
from viewer.panes.typed_value import type_value
from viewer.seen.cut import Cut
from viewer.seen.plane import Plane
from viewer.seen.slice_frame import SliceComposer, draw_pixels
from viewer.seen.slice_state import SliceState
from viewer.seen.view_transform import device_size
from viewer.theme import tokens
from viewer.tools.buttons import Buttons, Deed
from viewer.tools.pointing import VoxelProbe, pointed_lines, probe
from viewer.tools.tool import SliceLayer, Tool

_ALL = 10**9
"""More slices or frames than any volume has."""


class SlicePane(QWidget):
    """One slice with all that lies on it. It is the ``SliceView`` that tools work in."""

    changed = Signal(object)
    """The ``SliceState`` that a hand made."""
    probed = Signal(object)
    """A ``VoxelProbe``, or None where the pointer is beside the slice."""
    opacity_stepped = Signal(int)
    """Notches of the wheel, up is positive."""
    menu_asked = Signal(QPoint)
    """A right click, at a position on the screen."""
    maximise_asked = Signal()
    """A double click: this view alone, and back."""
    repairs_asked = Signal()
    """A click on the badge."""
    chosen = Signal()
    """The hand or the keyboard has come to this view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: SliceState | None = None
        self._chief = True
        self._active = False
        self._composer = SliceComposer()
        self._hand = SliceHand(self)
        self._pointer: QPointF | None = None
        self._pointed: VoxelProbe | None = None
        self._boxes = TypedBoxes()
        self.before_paint: Callable[[], object] = lambda: None
        """Called before each paint: those who know of other views draw them all at once."""
        self._badge = RepairsBadge(self)
        self._badge.clicked.connect(self.repairs_asked)
        self._loading = Loading(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Slice")

    # ---- what is shown

    @property
    def has_state(self) -> bool:
        """Whether there is anything to show."""
        return self._state is not None

    @property
    def state(self) -> SliceState:
        """What is shown; raises ``LookupError`` where nothing is."""
        if self._state is None:
            raise LookupError("nothing is shown here")
        return self._state

    def show_state(self, state: SliceState | None) -> None:
        """Show this, fitted to the view's own size; None empties the view."""
        before = self._state
        if not (state and before and state.volume.values is before.volume.values):
            # A drag ends where it is: what it would go back to is of the volume before.
            signalled = self.blockSignals(True)
            self._hand.let_go()
            self.blockSignals(signalled)
            self._point(None)
            # Its frames hold the volume before, whose file may go now.
            self._composer = SliceComposer()
        self._state = None if state is None else self._sized(state)
        if state is not None:
            self._loading.end()
        if not (self._state and before and self._state.looks_like(before)):
            self._tell()

    def set_chief(self, chief: bool) -> None:
        """Whether this view tells all, or only what differs from the one beside it."""
        self._chief = chief
        self._tell()

    def set_active(self, active: bool) -> None:
        """Whether this is the one of several views that keys act on."""
        if active is not self._active:
            self._active = active
            self.update()

    def set_tool(self, tool: Tool) -> None:
        """Put a tool into the left hand."""
        self._hand.let_go()
        self._hand.tool = tool
        self.refresh()

    def set_buttons(self, buttons: Buttons) -> None:
        """Which gesture does what."""
        self._hand.let_go()
        self._hand.buttons = buttons

    def set_layers(self, layers: Sequence[SliceLayer]) -> None:
        """What lies on the slice above the picture, drawn in this order."""
        self._hand.layers = tuple(layers)
        self.refresh()

    def set_busy(self, busy: bool) -> None:
        """A volume is being opened: after a moment grey shapes stand where none is shown."""
        if busy and self._state is None:
            self._loading.begin()
        else:
            self._loading.end()
        self.update()

    # ---- what tools see (``viewer.tools.tool.SliceView``)

    @property
    def ratio(self) -> float:
        """Device pixels per logical pixel."""
        return self.devicePixelRatioF()

    @property
    def cut(self) -> Cut:
        """The values that are shown, before they become colours."""
        return self._composer.cut(self.state)

    def change(self, state: SliceState) -> None:
        """Look as a hand wants it, and tell those who are linked.

        What is looked at stays: slices may have come since the hand began.
        """
        now = self.state
        self._state = replace(now, plane=state.plane, display=state.display, cross=state.cross)
        self._tell()
        self.changed.emit(self._state)

    @property
    def is_drawn(self) -> bool:
        """Whether the frame for what is shown is made; without anything to show it is."""
        return self._state is None or self._composer.has_drawn(self._state)

    def draw(self) -> None:
        """Make the frame for what is shown; on any thread, while none else paints it."""
        if self._state is not None:
            self._composer.compose(self._state)

    def refresh(self) -> None:
        """Paint the tool and the layers anew."""
        self.update()

    def place(self, voxels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where voxels (n, 3) lie in the view, (n, 2) in logical pixels."""
        # Qt counts from a pixel's corner, not from its centre.
        placed: NDArray[np.float64] = (self.state.plane.to_device(voxels) + 0.5) / self.ratio
        return placed

    # ---- where to look

    def step(self, slices: int) -> None:
        """Further by ``slices`` as a reader counts, or by frames where there is one slice."""
        if self._state is None:
            return
        plane, frames = self._state.plane, len(self._state.facts.frames)
        if plane.count > 1 or frames == 1:
            self.change(self._state.stepped(slices))
        else:
            held = min(max(plane.frame + slices, 0), frames - 1)
            self.change(replace(self._state, plane=plane.at_frame(held)))

    def first(self) -> None:
        """The first slice."""
        self.step(-_ALL)

    def last(self) -> None:
        """The last slice."""
        self.step(_ALL)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Larger by ``factor`` around a position in the widget, or around the middle."""
        around = None if at is None else device_at(self, at)
        self._replan(lambda plane: plane.zoomed(factor, around))

    def actual_size(self) -> None:
        """One voxel on one device pixel, along the axis where voxels are closer."""
        self._replan(lambda plane: plane.at_scale(1 / min(plane.pitch)))

    def fit(self) -> None:
        """The whole slice, as large as the view allows."""
        self._replan(Plane.refitted)

    def turn(self, quarters: int) -> None:
        """Turn the view clockwise."""
        self._replan(lambda plane: plane.laid(plane.laying.turned(quarters)))

    def flip(self, *, left_right: bool) -> None:
        """Mirror the view left to right, or top to bottom."""
        self._replan(lambda plane: plane.laid(plane.laying.flipped(left_right=left_right)))

    def drop_tool(self) -> bool:
        """Esc: drop what the tool has begun; whether there was anything."""
        if self._state is None:
            return False
        if self._hand.is_dragging:
            self._hand.let_go()
            return True
        return self._hand.tool.cancel(self)

    # ---- Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted slice stays fitted."""
        self._resize()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Pinch to zoom; another screen may have another device pixel ratio."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_by(1 + event.value(), event.position())
                return True
        elif event.type() is QEvent.Type.DevicePixelRatioChange:
            self._resize()
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Slices, zoom at the pointer, or opacity, by the table."""
        event.accept()
        if self._state is None:
            return
        self.chosen.emit()
        match self._hand.turn(event):
            case (Deed.SLICE, slices):
                self.step(slices)
            case (Deed.OPACITY, steps):
                self.opacity_stepped.emit(steps)
        self._point(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Type a value where one is told, else begin a drag."""
        self.chosen.emit()
        if self._state is None:
            return
        typed = self._boxes.at(event.position())
        if typed is not None and event.button() is Qt.MouseButton.LeftButton:
            type_value(self, typed, self._boxes)
            return
        self._hand.press(event)
        self._shape(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag, and tell what lies under the pointer."""
        if self._state is None:
            return
        self._hand.move(event)
        self._point(event.position())
        self._shape(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; a right press that did not move asks for the menu."""
        if self._state is None:
            return
        if self._hand.release(event) is Deed.MENU:
            self.menu_asked.emit(event.globalPosition().toPoint())
        self._shape(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """This view alone, and back, unless the tool means something by it."""
        if self._state is not None and self._hand.double_click(event) is Deed.MAXIMISE:
            self.maximise_asked.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is nowhere on the slice."""
        self._point(None)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard has come here."""
        super().focusInEvent(event)
        self.chosen.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The slice by OpenCV, lines and words over it by Qt."""
        self.before_paint()
        state = self._state
        pixels = None if state is None else self._composer.compose(state)
        painter = QPainter(self)
        try:
            if state is None or pixels is None:
                painter.fillRect(self.rect(), QColor(tokens.DARK.ground))
                if self._loading.is_shown:
                    draw_loading(painter, QSizeF(self.size()))
                return
            draw_pixels(painter, pixels, self.ratio)
            # The slice may have moved on under a pointer that keeps still.
            self._probe()
            self._draw_over(painter, state)
        finally:
            # A fault must not leave it open: Qt would take the whole process down.
            painter.end()

    def _draw_over(self, painter: QPainter, state: SliceState) -> None:
        tools = () if state.printed else (self._hand.tool,)
        over = (*self._hand.layers, *tools)
        for each in over:
            each.paint(painter, self)
        size, shown = QSizeF(self.size()), self._composer.cut(state)
        ratio, chief = self.ratio, self._chief
        pointed = pointed_lines(state, shown, self._pointed, chief=chief)
        words = [box for each in over for box in each.around(self).boxes] if state.crosshair else []
        self._boxes = draw_face(
            painter, size, state, shown, ratio=ratio, chief=chief, pointed=pointed, words=words
        )
        if self._active and not state.printed:
            draw_edge(painter, size, self.ratio)

    # ---- inside

    def _sized(self, state: SliceState) -> SliceState:
        view = device_size(self.width(), self.height(), self.ratio)
        plane = state.plane
        return state if plane.view == view else replace(state, plane=plane.resized(view))

    def _resize(self) -> None:
        if self._state is not None:
            self._hand.let_go()
            self._state = self._sized(self._state)
            self._tell()

    def _replan(self, move: Callable[[Plane], Plane]) -> None:
        if self._state is not None:
            self.change(self._state.at_plane(move(self._state.plane)))

    def _tell(self) -> None:
        self.update()
        state = self._state
        self._badge.show_repairs(state if self._chief else None)
        name = (state and state.plane.name) or "Slice"
        words = "No picture" if state is None else described(state)
        # Setting it tells those who listen, so it is set only when it is another.
        if words != self.accessibleDescription():
            self.setAccessibleName(f"{name} view")
            self.setAccessibleDescription(words)

    def _point(self, at: QPointF | None) -> None:
        self._pointer = at
        if self._probe():
            self.update()

    def _probe(self) -> bool:
        """Read what lies under the pointer; whether it is another, and told."""
        state, at, found = self._state, self._pointer, None
        if state is not None and at is not None:
            found = probe(state, self._composer.cut(state), device_at(self, at))
        if found == self._pointed:
            return False
        self._pointed = found
        self.probed.emit(found)
        return True

    def _shape(self, event: QMouseEvent) -> None:
        if self._boxes.at(event.position()) and not self._hand.is_dragging:
            self.setCursor(Qt.CursorShape.IBeamCursor)
        else:
            self.setCursor(self._hand.cursor(event))
