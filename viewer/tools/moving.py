"""Tools that change what a view looks at: pan, zoom and slices."""

from PySide6.QtCore import Qt

from viewer.seen.slice_state import SliceState
from viewer.tools.tool import Hand, SliceView, Tool

_ZOOM_PER_PIXEL = 1.01
_SLICE_EVERY = 6.0
"""Logical pixels of a drag for one slice; less where all slices would not fit into the view."""


class Drag(Tool):
    """A tool that compares where the hand is with where it was pressed."""

    def __init__(self) -> None:
        self._began: tuple[tuple[float, float], SliceState] | None = None

    @property
    def is_held(self) -> bool:
        """Whether a drag is under way."""
        return self._began is not None

    def press(self, view: SliceView, hand: Hand) -> None:
        """Remember what was shown."""
        self._began = hand.at, view.state

    def move(self, view: SliceView, hand: Hand) -> None:
        """Change what was shown by how far the hand has come, in logical pixels."""
        if self._began is None or not hand.pressed:
            return
        (x, y), state = self._began
        moved = (hand.at[0] - x) / view.ratio, (hand.at[1] - y) / view.ratio
        view.change(self.dragged(view, state, (x, y), moved))

    def release(self, view: SliceView, hand: Hand) -> None:  # noqa: ARG002
        """Let go."""
        self._began = None
        view.refresh()

    def cancel(self, view: SliceView) -> bool:
        """Back to what was shown before the drag."""
        began, self._began = self._began, None
        if began is not None:
            view.change(began[1])
        return began is not None

    def dragged(
        self,
        view: SliceView,
        state: SliceState,
        start: tuple[float, float],
        moved: tuple[float, float],
    ) -> SliceState:
        """What is shown after a drag by ``moved`` logical pixels from device position ``start``."""
        raise NotImplementedError


class Pan(Drag):
    """Moves the slice under the hand."""

    name = "Pan"

    def dragged(
        self,
        view: SliceView,
        state: SliceState,
        start: tuple[float, float],  # noqa: ARG002
        moved: tuple[float, float],
    ) -> SliceState:
        """The slice goes with the hand."""
        right, down = (side * view.ratio for side in moved)
        return state.at_plane(state.plane.panned(right, down))

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """A hand, closed while it holds."""
        held = hand.pressed
        return Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.OpenHandCursor


class Zoom(Drag):
    """Larger upward, smaller downward, around where the hand was pressed."""

    name = "Zoom"

    def dragged(
        self,
        view: SliceView,  # noqa: ARG002
        state: SliceState,
        start: tuple[float, float],
        moved: tuple[float, float],
    ) -> SliceState:
        """What lay under the press stays there."""
        return state.at_plane(state.plane.zoomed(_ZOOM_PER_PIXEL ** -moved[1], start))

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """Up and down."""
        return Qt.CursorShape.SizeVerCursor


class Scroll(Drag):
    """Through the slices: downward is onward."""

    name = "Slices"

    def dragged(
        self,
        view: SliceView,
        state: SliceState,
        start: tuple[float, float],  # noqa: ARG002
        moved: tuple[float, float],
    ) -> SliceState:
        """The whole view's height is at least all slices."""
        height = state.plane.view[1] / view.ratio
        every = min(_SLICE_EVERY, height / state.plane.count)
        return state.stepped(round(moved[1] / every))

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """Up and down."""
        return Qt.CursorShape.SizeVerCursor
