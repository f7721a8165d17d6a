"""One frame of a slice's view: pixels at the view's size, without a widget."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from engine.answers import Look
from viewer.seen import colours
from viewer.seen.cut import Cut, Held, cut, reached
from viewer.seen.display import Sampling
from viewer.seen.heatmap import LABELS, Samples, lay_over
from viewer.seen.plane import Plane
from viewer.seen.sampling import Source, reduction, sampled, seen, source_of
from viewer.seen.slice_state import SliceState
from viewer.seen.volume_overlay import VolumeOverlay
from viewer.theme import tokens

SQUARES_FROM = 4.0
"""Above this zoom voxels are shown as squares, unless they are to be smooth (LOOK 10)."""
_HATCH = 12
"""Device pixels from one line of the pattern to the next."""
_Kind = TypeVar("_Kind")


class SliceComposer:
    """Draws frames, and keeps of the frame before what the next one shows again."""

    def __init__(self) -> None:
        self._inks = np.zeros((0, 0), np.int32)
        self._drawn: tuple[object, ...] = ()
        self._cut = _Kept[Cut]()
        self._source = _Kept[Source]()
        self._sampled = _Kept[NDArray[Any]]()
        self._ground = _Kept[None]()
        self._part = _Kept[NDArray[Any] | None]()
        self._tint = _Kept[Samples | None]()

    def compose(self, state: SliceState) -> NDArray[np.uint8]:
        """The view's pixels, uint8 (y, x, 4): blue, green, red and 255, as Qt's RGB32 has them.

        They are valid until the next call.
        """
        if not self.has_drawn(state):
            self._drawn = _wanted(state)
            self._draw(state)
        return self._inks.view(np.uint8).reshape(*self._inks.shape, 4)

    def has_drawn(self, state: SliceState) -> bool:
        """Whether the frame before shows the same."""
        return _same(self._drawn, _wanted(state))

    def cut(self, state: SliceState) -> Cut:
        """The values that are shown, before they become colours."""
        plane, slab = state.plane, state.shown.slab
        wanted = (state.volume, plane.axis, plane.index, plane.frame, slab)
        return self._cut.get(wanted, lambda: cut(state.volume, plane, slab))

    def _draw(self, state: SliceState) -> None:
        plane = state.plane
        width, height = plane.view
        if self._inks.shape != (height, width):
            self._inks = np.empty((height, width), np.int32)
        rows, columns = seen(plane)
        around = (plane.view, rows, columns)
        self._ground.get(around, lambda: _clear_around(self._inks, rows, columns))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        source, squares = self._ready(state), _as_squares(state)
        shown = self._sampled.get(
            (source, plane, squares), lambda: sampled(source, plane, rows, columns, squares=squares)
        )
        _colour(state, shown, self._inks[rows, columns])
        overlay = state.shown_overlay
        if overlay is not None:
            samples = self._tinted(overlay, state)
            if samples is not None:
                frame = self._inks.view(np.uint8).reshape(height, width, 4)
                lay_over(frame, samples, _look(state, overlay))
        for first, last, why in self.cut(state).runs():
            _blank(self._inks, plane, first, last, why)

    def _tinted(self, overlay: VolumeOverlay, state: SliceState) -> Samples | None:
        """What the overlay has in the slice or the slab that is shown."""
        plane, reach = state.plane, reached(state.plane, state.shown.slab)
        part = self._part.get(
            (overlay, plane.axis, plane.index, reach), lambda: overlay.flat(plane, reach)
        )
        if part is None:
            return None
        return self._tint.get((overlay, plane, reach), lambda: overlay.sample(plane, part))

    def _ready(self, state: SliceState) -> Source:
        """What is shown, ready to be sampled."""
        shown, dark = self.cut(state), _dark_value(state)
        laying, step = state.plane.laying, reduction(state.plane)
        if state.facts.padding is None and state.volume.values.dtype.kind != "f":
            # Everything was measured, so that another window needs no other source.
            dark = 0.0
        return self._source.get(
            (shown, laying, step, dark),
            lambda: source_of(_prepared(shown, state, dark), laying, step),
        )


def draw_pixels(painter: QPainter, pixels: NDArray[np.uint8], ratio: float) -> None:
    """Draw a frame of ``compose`` over a whole widget of ``ratio`` device pixels a pixel."""
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    painter.save()
    # One buffer pixel on one device pixel: Qt copies, and nothing is resampled.
    painter.scale(1 / ratio, 1 / ratio)
    painter.drawImage(0, 0, image)
    painter.restore()


class _Kept(Generic[_Kind]):
    """The last thing that was made, given again while it is asked for in the same words."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] | None = None
        self._made: list[_Kind] = []

    def get(self, wanted: tuple[object, ...], make: Callable[[], _Kind]) -> _Kind:
        """What was made for ``wanted``, or make it."""
        if self._of is None or not _same(self._of, wanted):
            self._made = [make()]
            self._of = wanted
        return self._made[0]


def _wanted(state: SliceState) -> tuple[object, ...]:
    """What a frame depends on."""
    overlay = state.shown_overlay
    return (state.volume, state.plane, state.shown, overlay, state.look if overlay else None)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Equal, and where that would compare arrays, the same."""
    return len(one) == len(other) and all(a is b or a == b for a, b in zip(one, other, strict=True))


def _look(state: SliceState, overlay: VolumeOverlay) -> Look:
    """Labels have colours of their own, and none is weak."""
    if not overlay.labels:
        return state.look
    return Look(state.look.opacity, 0.0, LABELS)


def _dark_value(state: SliceState) -> float:
    """A value that is drawn dark, however greys run: for what was not measured.

    The end of all values where it is dark in this window, which another window seldom changes.
    """
    window, inverted = state.shown.window, state.facts.inverted is not state.shown.inverted
    low, high = window.centre - window.width / 2, window.centre + window.width / 2
    least, greatest = state.facts.value_range or (low, high)
    is_low = colours.dark_end(inverted, state.shown.colours)
    return min(low, least) if is_low else max(high, greatest)


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


def _as_squares(state: SliceState) -> bool:
    zoom, sampling = state.plane.zoom, state.shown.sampling
    if sampling is Sampling.BY_ZOOM:
        return zoom > SQUARES_FROM
    return sampling is Sampling.SQUARES and zoom > 1


def _colour(state: SliceState, sampled: NDArray[Any], inks: NDArray[np.int32]) -> None:
    """Write sampled values as colours, packed, into a part of a frame."""
    display, facts = state.shown, state.facts
    inverted = facts.inverted is not display.inverted
    if facts.colour:
        table = colours.channel_table(display.window, inverted)
        toned = sampled if table is None else cv2.LUT(sampled, table)
        shown = np.asarray(cv2.cvtColor(toned, cv2.COLOR_RGB2BGRA))
        inks[...] = shown.view(np.int32)[..., 0]
    elif sampled.dtype == np.uint16:
        kind = state.volume.values.dtype.name
        cv2.LUT(sampled, colours.table(display.window, inverted, display.colours, kind), inks)
    else:
        steps = colours.steps(sampled, display.window)
        cv2.LUT(steps, colours.packed(inverted, display.colours), inks)


def _clear_around(inks: NDArray[np.int32], rows: slice, columns: slice) -> None:
    inks[: rows.start] = _GROUND
    inks[rows.stop :] = _GROUND
    inks[rows, : columns.start] = _GROUND
    inks[rows, columns.stop :] = _GROUND


def _blank(inks: NDArray[np.int32], plane: Plane, first: int, last: int, why: Held) -> None:
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
    inks[rows, columns] = _ink(tokens.DARK.panel)
    if why is Held.MISSING:
        y, x = np.ogrid[rows, columns]
        inks[rows, columns][(x + y) % _HATCH < 2] = _ink(tokens.DARK.edge)


def _ink(colour: str) -> int:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return int(np.array([blue, green, red, 255], np.uint8).view(np.int32)[0])


_GROUND = _ink(tokens.DARK.ground)
