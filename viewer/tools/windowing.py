"""Tools that set the window: by dragging, and from what a region holds."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from viewer.seen.cut import Cut, Held
from viewer.seen.slice_state import SliceState
from viewer.theme import tokens
from viewer.tools.moving import Drag
from viewer.tools.tool import Hand, SliceView, Tool

_SHARE = 1 / 500
"""Of the range of values, for each logical pixel of a drag."""
_FINE = 4.0
"""Widths: a narrow window moves by shares of so many of its own."""
_LEAST_REGION = 3
"""Logical pixels: a smaller region is a slip of the hand."""


def step(state: SliceState) -> float:
    """By how much the window changes for a logical pixel: from the range of values.

    Finer where the window is narrow, so that a brain window can be set among bones.
    """
    low, high = state.facts.value_range or (0.0, 255.0)
    return min(max(high - low, 1e-6), _FINE * state.display.window.width) * _SHARE


def least_width(state: SliceState) -> float:
    """The narrowest window: one value, or a part of the range where values are not whole."""
    if state.volume.values.dtype.kind in "biu":
        return 1.0
    low, high = state.facts.value_range or (0.0, 255.0)
    return max((high - low) * 1e-4, 1e-9)


class WindowDrag(Drag):
    """Across is the width, wider to the right; up is brighter, which is a lower level."""

    name = "Window"

    def dragged(
        self,
        view: SliceView,  # noqa: ARG002
        state: SliceState,
        start: tuple[float, float],  # noqa: ARG002
        moved: tuple[float, float],
    ) -> SliceState:
        """Whole numbers where values are whole."""
        window, each = state.display.window, step(state)
        if state.facts.inverted is not state.display.inverted:
            # Inverted, a higher level is brighter.
            moved = moved[0], -moved[1]
        width = max(window.width + moved[0] * each, least_width(state))
        centre = window.centre + moved[1] * each
        if state.volume.values.dtype.kind in "biu":
            width, centre = max(round(width), 1), round(centre)
        return state.windowed(centre, width)

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """Both ways."""
        return Qt.CursorShape.SizeAllCursor


class RegionWindow(Tool):
    """The window that shows what a dragged region holds: its middle 98 per cent."""

    name = "Window from a region"

    def __init__(self) -> None:
        self._ends: tuple[tuple[float, float], tuple[float, float]] | None = None

    def press(self, view: SliceView, hand: Hand) -> None:  # noqa: ARG002
        """One corner."""
        self._ends = hand.at, hand.at

    def move(self, view: SliceView, hand: Hand) -> None:
        """The other corner."""
        if self._ends is not None and hand.pressed:
            self._ends = self._ends[0], hand.at
            view.refresh()

    def release(self, view: SliceView, hand: Hand) -> None:  # noqa: ARG002
        """Set the window, unless the region was a slip or holds nothing."""
        ends, self._ends = self._ends, None
        view.refresh()
        if ends is None:
            return
        sides = np.abs(np.subtract(*ends)) / view.ratio
        if sides.min() < _LEAST_REGION:
            return
        state = view.state
        values = region_values(state, view.cut, ends)
        if values.size:
            low, high = (float(value) for value in np.percentile(values, (1, 99)))
            width = max(high - low, least_width(state))
            view.change(state.windowed((low + high) / 2, width, "Region"))

    def cancel(self, view: SliceView) -> bool:
        """Drop the region."""
        begun, self._ends = self._ends is not None, None
        view.refresh()
        return begun

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """The region's outline."""
        if self._ends is None:
            return
        corners = [QPointF(*((side + 0.5) / view.ratio for side in end)) for end in self._ends]
        box = QRectF(*corners).normalized()
        for colour, width in ((tokens.OVER_HALO, 3.0), (tokens.OVER_TEXT, 1.0)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRect(box)


def region_values(
    state: SliceState, shown: Cut, ends: tuple[tuple[float, float], tuple[float, float]]
) -> NDArray[Any]:
    """The measured values whose voxels lie between two device positions, (n,)."""
    plane = state.plane
    placed = plane.to_voxel(np.array(ends))[:, list(plane.axes)]
    low = np.maximum(np.ceil(placed.min(axis=0)), 0).astype(int)
    high = np.floor(placed.max(axis=0)).astype(int) + 1
    rows, columns = slice(low[1], max(high[1], 0)), slice(low[0], max(high[0], 0))
    values = shown.values[rows, columns][shown.held[rows] == Held.THERE].ravel()
    kept = np.isfinite(values)
    if state.facts.padding is not None:
        kept &= values != state.facts.padding
    return np.asarray(values[kept])
