"""A drawing in the hand: chosen at the press, moved whole or by one handle, kept at the release."""

import numpy as np
from PySide6.QtCore import Qt

from engine.drawings import Drawing, Point, plane_axes
from engine.pictures import Grid
from viewer.drawings.marking import Marking
from viewer.seen.slice_state import ShownVolume
from viewer.tools.pan_zoom import CLICK_REACH
from viewer.tools.picking import Picked
from viewer.tools.shapes import handles, held_within, moved, with_handle
from viewer.tools.tool import Hand, SliceView, Tool


class Edit(Tool):
    """Takes over a press on a drawing, whatever tool is in hand."""

    name = "Move a drawing"

    def __init__(self, marking: Marking, picked: Picked) -> None:
        self._marking = marking
        self._drawing, self._handle = picked.drawing, picked.handle
        self._volume: ShownVolume | None = None
        self._start = (0.0, 0.0)
        self._now: Drawing | None = None

    def press(self, view: SliceView, hand: Hand) -> None:
        """Choose it."""
        self._volume, self._start = view.state.volume, hand.at
        self._marking.choose(self._volume, self._drawing)

    def move(self, view: SliceView, hand: Hand) -> None:
        """Go with the hand, once it has gone further than a click does."""
        if self._volume is None or not hand.pressed:
            return
        away = np.abs(np.subtract(hand.at, self._start)).max()
        if self._now is None and away < CLICK_REACH * view.ratio:
            return
        self._now = self._at(view, hand)
        self._marking.hold(self._volume, self._now)
        view.refresh()

    def release(self, view: SliceView, hand: Hand) -> None:  # noqa: ARG002
        """Keep it as it is now."""
        volume, now = self._volume, self._now
        self._let_go(view)
        if volume is not None and now is not None:
            self._marking.change(volume, now)

    def cancel(self, view: SliceView) -> bool:
        """Back to where it was."""
        held = self._now is not None
        self._let_go(view)
        return held

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """A hand that points at a handle, arrows all ways on a line."""
        on_line = self._handle is None
        return Qt.CursorShape.SizeAllCursor if on_line else Qt.CursorShape.PointingHandCursor

    def _let_go(self, view: SliceView) -> None:
        if self._volume is not None and self._now is not None:
            self._marking.hold(self._volume, None)
            view.refresh()
        self._volume, self._now = None, None

    def _at(self, view: SliceView, hand: Hand) -> Drawing:
        """The drawing with the hand here; what was taken hold of keeps its place in the hand."""
        plane = view.state.plane
        start, now = plane.to_voxel(np.array([self._start, hand.at]))
        step, grid = now - start, view.state.facts.grid
        if self._handle is None:
            return moved(self._drawing, _within(self._drawing.points, step, grid, plane.axis))
        x, y, z = (np.array(handles(self._drawing)[self._handle]) + step).tolist()
        to = held_within((x, y, z), grid, plane.axis)
        return with_handle(self._drawing, self._handle, to, grid)


def _within(
    points: tuple[Point, ...],
    step: np.ndarray[tuple[int], np.dtype[np.float64]],
    grid: Grid,
    axis: int,
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """As much of a step as leaves all points on the picture."""
    held = np.zeros(3)
    for which in plane_axes(axis):
        sides = [point[which] for point in points]
        least, most = -0.5 - min(sides), grid.size[which] - 0.5 - max(sides)
        # What lies beside the picture already may at least be moved toward it.
        held[which] = min(max(step[which], min(least, 0.0)), max(most, 0.0))
    return held
