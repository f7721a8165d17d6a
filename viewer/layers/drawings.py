"""The reader's drawings as a layer on a slice: painted, and taken hold of by a press."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from viewer.drawings.marking import Marking
from viewer.layers.around import Around
from viewer.layers.drawing_lines import draw_drawing
from viewer.layers.drawing_words import Told, boxes_of, draw_words
from viewer.layers.slice_rail import draw_ticks
from viewer.tools.editing import Edit
from viewer.tools.picking import pick
from viewer.tools.tool import Hand, SliceView, Tool


class DrawingsLayer:
    """One for all views: what lies on a slice is found by the view's state.

    ``taken`` are boxes that its words keep off.
    """

    def __init__(
        self,
        marking: Marking,
        taken: Callable[[SliceView], Sequence[QRectF]] = lambda _: (),
    ) -> None:
        self._marking = marking
        self._taken = taken

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """Draw what lies on this slice, and where along the rail there is more."""
        state, marking = view.state, self._marking
        if state.bare:
            return
        there = marking.on(state)
        for drawing in there:
            chosen = marking.is_chosen(state.volume, drawing) and not state.printed
            draw_drawing(painter, view, drawing, chosen=chosen)
        if state.texts:
            draw_words(painter, view, self._told(view), self._taken(view))
        plane = state.plane
        size = QSizeF(plane.view[0] / view.ratio, plane.view[1] / view.ratio)
        numbers = [plane.at_index(index).number for index in marking.slices(state)]
        draw_ticks(painter, size, numbers, plane.count)

    def around(self, view: SliceView) -> Around:
        """Where its words stand, for what is to keep off them."""
        shown = view.state.texts and not view.state.bare
        return Around(boxes_of(view, self._told(view), self._taken(view)) if shown else ())

    def _told(self, view: SliceView) -> Told:
        state, marking = view.state, self._marking
        return [(drawing, marking.lines(state, drawing)) for drawing in marking.on(state)]

    def grab(self, view: SliceView, hand: Hand) -> Tool | None:
        """A press on a drawing is about that drawing; beside all of them none is chosen."""
        if self._marking.is_unfinished:
            return None
        picked = pick(self._marking, view, hand.at)
        if picked is not None:
            return Edit(self._marking, picked)
        if hand.pressed:
            self._marking.choose(view.state.volume, None)
        return None
