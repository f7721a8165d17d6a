"""One frame of a slice's view: pixels at the view's size, without a widget."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.layers.heatmap import lay_over
from viewer.panes import colours
from viewer.panes.cut import Cut, Held, cut
from viewer.panes.plane import Plane
from viewer.panes.slice_state import Sampling, SliceState
from viewer.theme import tokens

SQUARES_FROM = 4.0
"""Above this zoom voxels are shown as squares, unless they are to be smooth (LOOK 10)."""
_HATCH = 12
"""Device pixels from one line of the pattern to the next."""
_REACH = 2
"""Voxels beyond the view that sampling looks at."""


@dataclass(frozen=True, eq=False)
class _Source:
    """A cut made ready to be sampled, at a size that is not reduced by more than a half.

    ``values`` is uint16 rows of a colour table, float32, or uint8 of three channels; its pixel p
    lies at slice position ``step`` * p + (``step`` - 1) / 2, (across, down).
    """

    values: NDArray[Any]
    step: tuple[int, int]


class SliceComposer:
    """Draws frames, and keeps of the frame before what the next one shows again."""

    def __init__(self) -> None:
        self._frame = np.zeros((0, 0, 4), np.uint8)
        self._drawn: tuple[object, ...] = ()
        self._cut_of: tuple[object, ...] = ()
        self._cut: Cut | None = None
        self._source_of: tuple[object, ...] = ()
        self._source: _Source | None = None

    def compose(self, state: SliceState) -> NDArray[np.uint8]:
        """The view's pixels, uint8 (y, x, 4): blue, green, red and 255, as Qt's RGB32 has them.

        They are valid until the next call.
        """
        overlay = state.shown_overlay
        wanted = (state.volume, state.plane, state.shown, overlay, state.look if overlay else None)
        if _same(self._drawn, wanted):
            return self._frame
        self._drawn = wanted
        self._draw(state)
        return self._frame

    def cut(self, state: SliceState) -> Cut:
        """The values that are shown, before they become colours."""
        plane = state.plane
        wanted = (state.volume, plane.axis, plane.index, plane.frame, state.shown.slab)
        if self._cut is None or not _same(self._cut_of, wanted):
            self._cut_of = wanted
            self._cut = cut(state.volume, plane, state.shown.slab)
        return self._cut

    def _draw(self, state: SliceState) -> None:
        plane = state.plane
        width, height = plane.view
        if self._frame.shape[:2] != (height, width):
            self._frame = np.empty((height, width, 4), np.uint8)
        rows, columns = seen(plane)
        _clear_around(self._frame, rows, columns)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        source = self._ready(state)
        self._frame[rows, columns] = _coloured(state, _sampled(source, plane, state, rows, columns))
        overlay = state.shown_overlay
        if overlay is not None:
            samples = overlay.sample(plane)
            if samples is not None:
                lay_over(self._frame, samples, state.look)
        for first, last, why in self.cut(state).runs():
            _blank(self._frame, plane, first, last, why)

    def _ready(self, state: SliceState) -> _Source:
        step, dark = reduction(state.plane), _dark_value(state)
        wanted = (self.cut(state), step, dark)
        if self._source is None or not _same(self._source_of, wanted):
            self._source_of = wanted
            self._source = _Source(_reduced(_prepared(self.cut(state), state, dark), step), step)
        return self._source


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Equal, and where that would compare arrays, the same."""
    return len(one) == len(other) and all(a is b or a == b for a, b in zip(one, other, strict=True))


def seen(plane: Plane) -> tuple[slice, slice]:
    """The device rows and columns whose centres lie on the slice."""
    left, top, right, bottom = plane.box
    width, height = plane.view
    spans = []
    for first, last, side in ((top, bottom, height), (left, right, width)):
        start = min(max(int(np.ceil(first)), 0), side)
        # The last edge is the first beyond: a centre on it belongs to the ground.
        stop = min(int(np.ceil(last)), side)
        spans.append(slice(start, max(stop, start)))
    return spans[0], spans[1]


def reduction(plane: Plane) -> tuple[int, int]:
    """By how much a slice is reduced (across, down) before it is sampled: no voxel is skipped."""
    steps = []
    for pitch in plane.pitch:
        step = 1
        while plane.scale * pitch * step < 0.5:
            step *= 2
        steps.append(step)
    return steps[0], steps[1]


def _dark_value(state: SliceState) -> float:
    """A value that is drawn dark, however greys run: for what was not measured."""
    window, inverted = state.shown.window, state.facts.inverted is not state.shown.inverted
    side = -1 if colours.dark_end(inverted, state.shown.colours) else 1
    return window.centre + side * window.width / 2


def _prepared(source: Cut, state: SliceState, dark: float) -> NDArray[Any]:
    """A cut's values as they are sampled; what was not measured is given a dark one."""
    values, padding = source.values, state.facts.padding
    if state.facts.colour:
        return values
    looked_up = colours.is_looked_up(values.dtype)
    blank = None if padding is None else values == padding
    if not looked_up:
        values = values.astype(np.float32)
        endless = ~np.isfinite(values)
        blank = endless if blank is None else blank | endless
    elif values.dtype != np.bool_:
        kind = np.iinfo(values.dtype)
        dark = min(max(round(dark), kind.min), kind.max)
    if blank is not None and blank.any():
        values = np.where(blank, values.dtype.type(dark), values)
    return colours.as_rows(values) if looked_up else values


def _reduced(values: NDArray[Any], step: tuple[int, int]) -> NDArray[Any]:
    across, down = step
    if step == (1, 1):
        return values
    height, width = values.shape[:2]
    # Repeating the last row or column keeps the step whole and loses no voxel.
    evened = cv2.copyMakeBorder(values, 0, -height % down, 0, -width % across, cv2.BORDER_REPLICATE)
    size = (-(-width // across), -(-height // down))
    return np.asarray(cv2.resize(evened, size, interpolation=cv2.INTER_AREA))


def _sampled(
    source: _Source, plane: Plane, state: SliceState, rows: slice, columns: slice
) -> NDArray[Any]:
    """A source at a part of the view."""
    back = plane.from_screen.copy()
    back[:2, 2] += back[:2, :2] @ (columns.start, rows.start)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    for axis, step in enumerate(source.step):
        back[axis, 2] -= (step - 1) / 2
        back[axis] /= step
    height, width = source.values.shape[:2]
    ends = back[:2] @ np.array([[0, size[0] - 1, 0], [0, 0, size[1] - 1], [1, 1, 1]])
    spans = []
    for axis, side in enumerate((width, height)):
        # A turned diagonal: both ends of each axis are among the first corner's neighbours.
        low = min(max(int(np.floor(ends[axis].min())) - _REACH, 0), side - 1)
        high = max(min(int(np.ceil(ends[axis].max())) + _REACH, side - 1), low)
        spans.append(slice(low, high + 1))
    part = source.values[spans[1], spans[0]]
    # One voxel repeated around it: beyond the outermost centres a slice goes on level.
    wider = cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    back[0, 2] -= spans[0].start - 1
    back[1, 2] -= spans[1].start - 1
    flags = (cv2.INTER_NEAREST if _as_squares(plane, state) else cv2.INTER_LINEAR) | (
        cv2.WARP_INVERSE_MAP
    )
    return np.asarray(cv2.warpAffine(wider, back[:2], size, flags=flags))


def _as_squares(plane: Plane, state: SliceState) -> bool:
    sampling = state.shown.sampling
    if sampling is Sampling.BY_ZOOM:
        return plane.zoom > SQUARES_FROM
    return sampling is Sampling.SQUARES and plane.zoom > 1


def _coloured(state: SliceState, sampled: NDArray[Any]) -> NDArray[np.uint8]:
    """Sampled values as uint8 (y, x, 4)."""
    display, facts = state.shown, state.facts
    inverted = facts.inverted is not display.inverted
    if facts.colour:
        shown = np.asarray(cv2.cvtColor(sampled, cv2.COLOR_RGB2BGRA), np.uint8)
        table = colours.channel_table(display.window, inverted)
        if table is not None:
            shown[..., :3] = cv2.LUT(np.ascontiguousarray(shown[..., :3]), table)
        return shown
    if sampled.dtype == np.uint16:
        kind = state.volume.values.dtype.name
        table32 = colours.table(display.window, inverted, display.colours, kind)
        inks = cv2.LUT(sampled, table32)
    else:
        steps = colours.steps(sampled, display.window)
        inks = cv2.LUT(steps, colours.packed(inverted, display.colours))
    return np.asarray(inks).view(np.uint8).reshape(*sampled.shape, 4)


def _clear_around(frame: NDArray[np.uint8], rows: slice, columns: slice) -> None:
    ground = (0, 0, 0, 255)
    frame[: rows.start] = ground
    frame[rows.stop :] = ground
    frame[rows, : columns.start] = ground
    frame[rows, columns.stop :] = ground


def _blank(frame: NDArray[np.uint8], plane: Plane, first: int, last: int, why: Held) -> None:
    """Cover rows that are not there: grey while they are read, hatched where none was found."""
    across = plane.size[0]
    ends = np.array([[-0.5, first - 0.5], [across - 0.5, last + 0.5]])
    placed = ends @ plane.to_screen[:2, :2].T + plane.to_screen[:2, 2]
    width, height = plane.view
    (left, top), (right, bottom) = np.ceil(placed.min(axis=0)), np.ceil(placed.max(axis=0))
    rows = slice(int(max(top, 0)), int(min(bottom, height)))
    columns = slice(int(max(left, 0)), int(min(right, width)))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    frame[rows, columns] = _ink(tokens.DARK.panel)
    if why is Held.MISSING:
        y, x = np.ogrid[rows, columns]
        frame[rows, columns][(x + y) % _HATCH < 2] = _ink(tokens.DARK.edge)


def _ink(colour: str) -> tuple[int, int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return blue, green, red, 255
