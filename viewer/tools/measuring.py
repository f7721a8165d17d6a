"""Tools that draw and measure: length, angle, ellipse, box, two diameters, point value, arrow.

A drag draws, and so do clicks: press, let go, and press again where the next point is wanted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from engine.drawings import (
    Angle,
    Arrow,
    Bidirectional,
    Distance,
    Drawing,
    Ellipse,
    Outline,
    Point,
    Probe,
    Rectangle,
    with_text,
)
from viewer.drawings.marking import Marking, new_id
from viewer.layers.around import Around
from viewer.layers.drawing_lines import draw_drawing
from viewer.layers.drawing_words import Told, boxes_of, draw_words
from viewer.seen.slice_state import ShownVolume
from viewer.tools.pan_zoom import CLICK_REACH
from viewer.tools.picking import pick
from viewer.tools.shapes import both_diameters, held_within, squared
from viewer.tools.text_entry import TextEntry
from viewer.tools.tool import Hand, SliceView, Tool, widget_of

NAMES: dict[type[Drawing], str] = {
    Distance: "Length",
    Angle: "Angle",
    Ellipse: "Ellipse",
    Rectangle: "Box",
    Bidirectional: "Two diameters",
    Probe: "Point value",
    Arrow: "Arrow",
    Outline: "Outline",
}
"""The word of each kind, as buttons and menus have it."""

KINDS: dict[str, type[Drawing]] = {
    "distance": Distance,
    "angle": Angle,
    "ellipse": Ellipse,
    "rectangle": Rectangle,
    "bidirectional": Bidirectional,
    "point-value": Probe,
    "arrow": Arrow,
}
_CLICKS: dict[type[Drawing], int] = {
    Distance: 2, Angle: 3, Ellipse: 2, Rectangle: 2, Bidirectional: 2, Probe: 1, Arrow: 2
}  # fmt: skip
_LEAST = 3.0
"""Logical pixels: points that lie nearer are a slip of the hand."""


Taken = Callable[[SliceView], Sequence[QRectF]]
"""Boxes of what else is written on a view, logical pixels."""


@dataclass
class _Begun:
    """What was begun: on which slice, the points that are set, and the one under the hand."""

    volume: ShownVolume
    axis: int
    index: int
    frame: int
    points: list[Point]
    loose: Point
    id: str

    def is_on(self, view: SliceView) -> bool:
        """Whether a view shows the slice that it was begun on."""
        plane = view.state.plane
        return view.state.volume.values is self.volume.values and (
            self.axis,
            self.index,
            self.frame,
        ) == (plane.axis, plane.index, plane.frame)


class Draw(Tool):
    """Draws one kind of thing after the other, for as long as it is in hand.

    ``taken`` are boxes that its words keep off.
    """

    def __init__(self, marking: Marking, kind: type[Drawing], taken: Taken) -> None:
        self.name = NAMES[kind]
        self._marking = marking
        self._kind = kind
        self._taken = taken
        self._begun: _Begun | None = None
        self._pressed_at: tuple[float, float] | None = None
        self._typed: Drawing | None = None

    # ---- the hand

    def press(self, view: SliceView, hand: Hand) -> None:
        """Begin, or set the next point."""
        begun = self._begun
        if begun is None or not begun.is_on(view):
            self._begin(view, hand)
            return
        self._pressed_at = hand.at
        begun.loose = self._point(view, hand)
        self._set(view)

    def move(self, view: SliceView, hand: Hand) -> None:
        """The next point goes with the hand."""
        begun = self._begun
        if begun is not None and begun.is_on(view):
            begun.loose = self._point(view, hand)
            view.refresh()

    def release(self, view: SliceView, hand: Hand) -> None:
        """After a drag, the point is where the hand let go; after a click it is still wanted."""
        begun, start = self._begun, self._pressed_at
        self._pressed_at = None
        if begun is None or start is None or not begun.is_on(view):
            return
        if np.abs(np.subtract(hand.at, start)).max() >= CLICK_REACH * view.ratio:
            begun.loose = self._point(view, hand)
            self._set(view)

    def double_click(self, view: SliceView, hand: Hand) -> bool:
        """A quick second click sets a point; on an arrow it is about its text."""
        begun = self._begun
        if begun is not None and begun.is_on(view):
            begun.loose = self._point(view, hand)
            if len(begun.points) > 1 or self._is_apart(view, [*begun.points, begun.loose]):
                self._set(view)
                return True
            # Twice at one place: it was meant for the view.
            return not self.cancel(view)
        found = pick(self._marking, view, hand.at)
        return found is not None and edit_text(self._marking, view, found.drawing)

    def cancel(self, view: SliceView) -> bool:
        """Drop what was begun."""
        begun = self._begun
        self._drop()
        view.refresh()
        return begun is not None

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """What was begun, with what it measures so far."""
        shown = self._shown(view)
        if shown is not None:
            draw_drawing(painter, view, shown, chosen=False)
            draw_words(painter, view, self._told(view), self._taken(view))

    def around(self, view: SliceView) -> Around:
        """Where what it measures so far is told."""
        told = self._told(view)
        return Around(boxes_of(view, told, self._taken(view)) if told else ())

    # ---- inside

    def _begin(self, view: SliceView, hand: Hand) -> None:
        plane = view.state.plane
        self._drop()
        self._marking.choose(view.state.volume, None)
        if plane.voxel_at(hand.at) is None:
            return
        self._begun = _Begun(
            view.state.volume,
            int(plane.axis),
            plane.index,
            plane.frame,
            [],
            self._point(view, hand),
            new_id(),
        )
        self._pressed_at = hand.at
        self._marking.is_unfinished = True
        self._set(view)

    def _drop(self) -> None:
        self._begun, self._pressed_at = None, None
        self._marking.is_unfinished = False

    def _point(self, view: SliceView, hand: Hand) -> Point:
        plane, grid, begun = view.state.plane, view.state.facts.grid, self._begun
        x, y, z = plane.to_voxel(np.array([hand.at]))[0].tolist()
        to = held_within((x, y, z), grid, plane.axis)
        is_box = self._kind in (Ellipse, Rectangle)
        if is_box and begun is not None and hand.keys & Qt.KeyboardModifier.ShiftModifier:
            return squared(begun.points[0], to, plane.axis, grid)
        return to

    def _set(self, view: SliceView) -> None:
        """The loose point is one of its points; the last one makes it whole."""
        begun = self._begun
        assert begun is not None
        begun.points.append(begun.loose)
        if len(begun.points) == _CLICKS[self._kind]:
            self._drop()
            if self._is_apart(view, begun.points):
                self._keep(view, begun, self._made(begun, begun.points))
        view.refresh()

    def _is_apart(self, view: SliceView, points: list[Point]) -> bool:
        """Whether neighbouring points lie far enough apart to be meant."""
        if len(points) < 2:
            return True
        steps = np.abs(np.diff(view.place(np.array(points)), axis=0))
        # A box needs both its sides.
        least = steps.min() if self._kind in (Ellipse, Rectangle) else steps.max(axis=1).min()
        return bool(least >= _LEAST)

    def _shown(self, view: SliceView) -> Drawing | None:
        """What was begun, as far as it goes, where this view shows it."""
        if self._begun is None:
            return self._typed
        return self._unfinished() if self._begun.is_on(view) else None

    def _told(self, view: SliceView) -> Told:
        shown = self._shown(view)
        if not isinstance(shown, self._kind):
            return ()
        return [(shown, self._marking.lines(view.state, shown))]

    def _unfinished(self) -> Drawing | None:
        begun = self._begun
        if begun is None or not begun.points:
            return None
        points = [*begun.points, begun.loose]
        if len(points) < _CLICKS[self._kind]:
            # The first arm of an angle is a line so far, and measures nothing.
            return Distance(
                id=begun.id, points=tuple(points[:2]), axis=begun.axis, frame=begun.frame
            )
        return self._made(begun, points)

    def _made(self, begun: _Begun, points: list[Point]) -> Drawing:
        made = tuple(points)
        if self._kind is Bidirectional:
            made = both_diameters(points[0], points[1], begun.axis, begun.volume.facts.grid)
        return self._kind(id=begun.id, points=made, axis=begun.axis, frame=begun.frame)

    def _keep(self, view: SliceView, begun: _Begun, made: Drawing) -> None:
        if not isinstance(made, Arrow) or widget_of(view) is None:
            self._marking.add(begun.volume, made)
            return
        self._typed = made

        def done(words: str | None) -> None:
            self._typed = None
            if words is not None:
                self._marking.add(begun.volume, with_text(made, words))
            view.refresh()

        _ask(view, made, "", done)


def measuring_tools(marking: Marking, taken: Taken) -> dict[str, Draw]:
    """One tool for each kind of drawing, by its command's name; ``taken`` as ``Draw`` has it."""
    return {name: Draw(marking, kind, taken) for name, kind in KINDS.items()}


def edit_text(marking: Marking, view: SliceView, drawing: Drawing) -> bool:
    """Let the text of an arrow or an outline be typed anew; False for anything that has none."""
    if not isinstance(drawing, Arrow | Outline) or widget_of(view) is None:
        return False
    volume = view.state.volume

    def done(words: str | None) -> None:
        if words is not None:
            marking.change(volume, with_text(drawing, words))

    _ask(view, drawing, drawing.text, done)
    return True


def _ask(
    view: SliceView, drawing: Arrow | Outline, words: str, done: Callable[[str | None], object]
) -> None:
    widget = widget_of(view)
    assert widget is not None
    across, down = view.place(np.array(drawing.points[1:]))[0].tolist()
    TextEntry(widget, (across, down), words, done)
