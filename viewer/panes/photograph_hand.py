"""The hand with a tool over a photograph: what a left press takes hold of, and what is drawn."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter

from viewer.panes.photograph_slice import PhotographSlice
from viewer.tools.pan_zoom import Grip
from viewer.tools.tool import Hand, Layer, Tool


class PhotographHand:
    """``grip`` is what a left drag does without a tool; layers may take over any left press."""

    def __init__(self, view: PhotographSlice) -> None:
        self.view = view
        self.tool: Tool | None = None
        self.grip = Grip.PAN
        self.layers: Sequence[Layer] = ()
        self._dragged: Tool | None = None

    @property
    def is_dragging(self) -> bool:
        """Whether a tool is held."""
        return self._dragged is not None

    def take(self, tool: Tool | Grip) -> None:
        """Put another tool into the hand, or none: then drags move, enlarge or brighten."""
        self.let_go()
        if self.tool is not None:
            self.tool.cancel(self.view)
        if isinstance(tool, Grip):
            self.tool, self.grip = None, tool
        else:
            self.tool = tool

    def press(self, event: QMouseEvent) -> bool:
        """Whether a left press is a tool's."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        hand = self._hand(event.position(), event, pressed=True)
        taken = self._grabbed(hand) or self.tool
        if taken is None:
            return False
        self._dragged = taken
        taken.press(self.view, hand)
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Go on with what is held; without it the tool sees where the pointer is."""
        hand = self._hand(event.position(), event, pressed=self._dragged is not None)
        if self._dragged is not None:
            self._dragged.move(self.view, hand)
        elif self.tool is not None:
            self.tool.move(self.view, hand)
        return self._dragged is not None

    def release(self, event: QMouseEvent) -> bool:
        """End the drag of a tool; whether there was one."""
        tool, self._dragged = self._dragged, None
        if tool is not None:
            tool.release(self.view, self._hand(event.position(), event))
        return tool is not None

    def double_click(self, event: QMouseEvent) -> bool:
        """Whether a double click meant the tool or something drawn, not the view."""
        self.let_go()
        hand = self._hand(event.position(), event)
        if self.tool is not None:
            return self.tool.double_click(self.view, hand)
        return any(
            double(self.view, hand)
            for layer in self.layers
            if (double := getattr(layer, "double_click", None)) is not None
        )

    def let_go(self) -> None:
        """Drop what is dragged, as if it had not begun."""
        tool, self._dragged = self._dragged, None
        if tool is not None:
            tool.cancel(self.view)

    def drop(self) -> bool:
        """Drop what was begun; whether there was anything."""
        if self._dragged is not None:
            self.let_go()
            return True
        return self.tool is not None and self.tool.cancel(self.view)

    def cursor(self, event: QMouseEvent) -> Qt.CursorShape | None:
        """The pointer's shape, None where it is the view's own."""
        hand = self._hand(event.position(), event)
        if self._dragged is not None:
            return self._dragged.cursor(self.view, hand)
        taken = self._grabbed(hand) or self.tool
        return None if taken is None else taken.cursor(self.view, hand)

    def paint(self, painter: QPainter) -> None:
        """What lies on the photograph, and what is unfinished."""
        for layer in self.layers:
            layer.paint(painter, self.view)
        if self.tool is not None:
            self.tool.paint(painter, self.view)
        if self._dragged is not None and self._dragged is not self.tool:
            self._dragged.paint(painter, self.view)

    def _grabbed(self, hand: Hand) -> Tool | None:
        for layer in reversed(self.layers):
            taken = layer.grab(self.view, hand)
            if taken is not None:
                return taken
        return None

    def _hand(self, at: QPointF, event: QMouseEvent, *, pressed: bool = False) -> Hand:
        ratio = self.view.ratio
        place = (at.x() * ratio - 0.5, at.y() * ratio - 0.5)
        return Hand(place, pressed, event.modifiers())
