"""What the mouse does over a slice: its events become gestures, and by the table tools."""

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, QPointF, QSizeF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from viewer.layers.slice_rail import is_on_rail, number_at
from viewer.seen.slice_state import SliceState
from viewer.tools.buttons import Buttons, Deed, Gesture, drag_gesture, wheel_gesture
from viewer.tools.moving import Drag, Pan, Scroll, Zoom
from viewer.tools.pan_zoom import CLICK_REACH, Notches, wheel_factor
from viewer.tools.pointing import Crosshair
from viewer.tools.tool import Hand, SliceLayer, SliceView, Tool
from viewer.tools.windowing import WindowDrag

CLICK_MS = 300
"""A right press that lasts longer is no click, even where the hand keeps still."""
TEN = 10

Wish = tuple[Deed, int]
"""What a turn of the wheel or a click asks of the pane, and by how much."""


class RailDrag(Drag):
    """The thumb of the slice rail in the hand."""

    def press(self, view: SliceView, hand: Hand) -> None:
        """Jump there."""
        super().press(view, hand)
        self.move(view, hand)

    def dragged(
        self,
        view: SliceView,
        state: SliceState,
        start: tuple[float, float],
        moved: tuple[float, float],
    ) -> SliceState:
        """The slice at the hand's height."""
        number = number_at(
            size_of(view), (start[1] + 0.5) / view.ratio + moved[1], state.plane.count
        )
        return state.at_plane(state.plane.at_number(number))

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """Up and down."""
        return Qt.CursorShape.SizeVerCursor


class SliceHand:
    """One hand over one view: which tool it drags, and since when."""

    def __init__(self, view: SliceView) -> None:
        self._view = view
        self.tool: Tool = Crosshair()
        self.buttons = Buttons()
        self.layers: Sequence[SliceLayer] = ()
        self._drags: dict[Deed, Tool] = {
            Deed.CROSSHAIR: Crosshair(),
            Deed.PAN: Pan(),
            Deed.ZOOM: Zoom(),
            Deed.WINDOW: WindowDrag(),
            Deed.SLICE: Scroll(),
            Deed.NOTHING: Tool(),
        }
        self._rail = RailDrag()
        self._dragged: Tool | None = None
        self._pressed: Hand | None = None
        self._before: SliceState | None = None
        self._moved = False
        self._since = QElapsedTimer()
        self._notches = Notches()

    # ---- drags

    @property
    def is_dragging(self) -> bool:
        """Whether something is held."""
        return self._dragged is not None

    def press(self, event: QMouseEvent) -> None:
        """Begin a drag; another button beside the first makes it another drag."""
        gesture = drag_gesture(event.button(), event.buttons(), event.modifiers())
        if gesture is None:
            return
        self.let_go()
        hand = self._hand(event, pressed=True)
        self._dragged = tool = self._taken(gesture, hand)
        self._pressed, self._moved, self._before = hand, False, self._view.state
        self._since.start()
        if self._acts_at_once(tool):
            tool.press(self._view, hand)

    def move(self, event: QMouseEvent) -> None:
        """Go on with the drag; without one the tool in hand sees where the pointer is."""
        if self._dragged is None or self._pressed is None:
            self.tool.move(self._view, self._hand(event))
            return
        hand = self._hand(event, pressed=True)
        if not self._moved:
            across, down = (now - then for now, then in zip(hand.at, self._pressed.at, strict=True))
            self._moved = max(abs(across), abs(down)) >= CLICK_REACH * self._view.ratio
            if self._moved and not self._acts_at_once(self._dragged):
                self._dragged.press(self._view, self._pressed)
        if self._moved or self._acts_at_once(self._dragged):
            self._dragged.move(self._view, hand)

    def release(self, event: QMouseEvent) -> Deed | None:
        """End the drag; what it meant where it was only a click."""
        tool, self._dragged = self._dragged, None
        if tool is None:
            return None
        if self._moved or self._acts_at_once(tool):
            tool.release(self._view, self._hand(event))
        quick = not self._moved and self._since.elapsed() < CLICK_MS
        if quick and event.button() is Qt.MouseButton.RightButton:
            return self.buttons.deed(Gesture.RIGHT_CLICK)
        return None

    def double_click(self, event: QMouseEvent) -> Deed | None:
        """What it means, unless the tool in hand takes it."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return None
        if self.tool.double_click(self._view, self._hand(event)):
            return None
        before = self._before
        self.let_go()
        deed = self.buttons.deed(Gesture.DOUBLE_CLICK)
        if deed is Deed.MAXIMISE and before is not None:
            # The first of its clicks took the crosshair along, and the place would be lost.
            self._view.change(self._view.state.through(before.cross))
        return deed

    def let_go(self) -> None:
        """Drop what is dragged, as if it had not begun."""
        tool, self._dragged, self._before = self._dragged, None, None
        if tool is not None:
            tool.cancel(self._view)

    # ---- the wheel

    def turn(self, event: QWheelEvent) -> Wish | None:
        """Do what a turn of the wheel does to the view; what it asks of others comes back."""
        units = event.angleDelta().y() or event.angleDelta().x()
        deed = self.buttons.deed(wheel_gesture(event.modifiers()))
        state = self._view.state
        if deed is Deed.ZOOM:
            at = device_at(self._view, event.position())
            self._view.change(state.at_plane(state.plane.zoomed(wheel_factor(units), at)))
            return None
        steps = self._notches.turned(units)
        if not steps or deed is Deed.NOTHING:
            return None
        if deed is Deed.OPACITY:
            return deed, steps
        return Deed.SLICE, -steps * (TEN if deed is Deed.TEN_SLICES else 1)

    # ---- the pointer's shape

    def cursor(self, event: QMouseEvent) -> Qt.CursorShape:
        """The pointer's shape over the view."""
        hand = self._hand(event, pressed=self._dragged is not None)
        if self._dragged is not None:
            return self._dragged.cursor(self._view, hand)
        if self._is_on_rail(hand):
            return self._rail.cursor(self._view, hand)
        for layer in self.layers:
            grabbed = layer.grab(self._view, hand)
            if grabbed is not None:
                return grabbed.cursor(self._view, hand)
        return self.tool.cursor(self._view, hand)

    # ---- inside

    def _taken(self, gesture: Gesture, hand: Hand) -> Tool:
        if gesture is Gesture.LEFT:
            if self._is_on_rail(hand):
                return self._rail
            for layer in self.layers:
                grabbed = layer.grab(self._view, hand)
                if grabbed is not None:
                    return grabbed
        deed = self.buttons.deed(gesture)
        return self.tool if deed is Deed.TOOL else self._drags[deed]

    def _acts_at_once(self, tool: Tool) -> bool:
        """Moving tools wait until the hand has moved; pointing and drawing begin at the press."""
        return tool not in (
            self._drags[deed] for deed in (Deed.PAN, Deed.ZOOM, Deed.WINDOW, Deed.SLICE)
        )

    def _is_on_rail(self, hand: Hand) -> bool:
        x, y = ((side + 0.5) / self._view.ratio for side in hand.at)
        return is_on_rail(size_of(self._view), (x, y), self._view.state.plane.count)

    def _hand(self, event: QMouseEvent, *, pressed: bool = False) -> Hand:
        return Hand(device_at(self._view, event.position()), pressed, event.modifiers())


def device_at(view: SliceView, at: QPointF) -> tuple[float, float]:
    """A position in a view's widget as a device position, whose pixel centres are whole."""
    return at.x() * view.ratio - 0.5, at.y() * view.ratio - 0.5


def size_of(view: SliceView) -> QSizeF:
    """A view's size in logical pixels."""
    width, height = view.state.plane.view
    return QSizeF(width / view.ratio, height / view.ratio)
