"""Drags on a photograph that are no tool's: they move, enlarge or brighten it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent

from viewer.panes.state import PaneState
from viewer.tools.pan_zoom import CLICK_REACH, Drag, Grip

GRIPS = {
    Qt.MouseButton.LeftButton: Grip.PAN,
    Qt.MouseButton.MiddleButton: Grip.PAN,
    Qt.MouseButton.RightButton: Grip.TONE,
}
"""What a drag of each button does; a left one does what the hand wants."""
_BOTH = Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton


class PhotographDrag:
    """From press to release; a press that hardly moves is a click. Positions are device pixels."""

    def __init__(self) -> None:
        self._drag: Drag | None = None
        self._moved = False

    @property
    def is_on(self) -> bool:
        """Whether the picture is held."""
        return self._drag is not None

    @staticmethod
    def is_left_alone(event: QMouseEvent) -> bool:
        """Whether it is a press of the left button that a tool may have."""
        left = event.button() is Qt.MouseButton.LeftButton
        return left and event.buttons() & _BOTH != _BOTH

    def begin(
        self, event: QMouseEvent, at: tuple[float, float], left: Grip, state: PaneState
    ) -> Grip:
        """Hold the picture as the press wants it; ``left`` is what a drag of that button does."""
        assert state.view is not None
        is_left = event.button() is Qt.MouseButton.LeftButton
        grip = left if is_left else GRIPS[event.button()]
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.buttons() & _BOTH == _BOTH or (is_left and control):
            grip = Grip.ZOOM
        self._drag, self._moved = Drag(grip, at, state.view, state.tone), False
        return grip

    def move(self, at: tuple[float, float], ratio: float, state: PaneState) -> bool:
        """Show what the pointer wants; whether it has moved far enough for that."""
        if self._drag is None:
            return False
        across, down = at[0] - self._drag.start[0], at[1] - self._drag.start[1]
        self._moved = self._moved or max(abs(across), abs(down)) >= CLICK_REACH * ratio
        if self._moved:
            state.view, state.tone = self._drag.moved(at)
        return self._moved

    def end(self) -> bool:
        """Let go; whether it was a right click."""
        drag, self._drag = self._drag, None
        return drag is not None and drag.grip is Grip.TONE and not self._moved
