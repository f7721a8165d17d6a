"""What lies on a view of the Compare tab: the same on the screen and on an exported figure."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter

from viewer.layers.captions import eye_words
from viewer.layers.legend import draw_legend, legend_box
from viewer.layers.outline import draw_circle
from viewer.layers.over_text import LINE, draw_line, width_of
from viewer.panes.state import PaneState
from viewer.theme import tokens

_ASCENT = 11.0
_ARM, _GAP = 11.0, 4.0
"""Logical pixels of the mark at the pointer: how far it reaches, and what it leaves bare."""
_CHOSEN = 1.5
_APART = 8.0
"""Of words that stand beside each other, logical pixels."""


@dataclass(frozen=True, eq=False)
class Marks:
    """What a view tells beside its map.

    ``lead`` is whether it is the first one, which tells the zoom and what is ``said`` of all;
    ``shared`` whether its legend has the scale of others; ``at`` the photograph's (x, y) under the
    pointer of another view; ``apart`` are words for which its header has no room.
    """

    lead: bool = False
    linked: bool = True
    shared: bool = False
    said: str = ""
    at: tuple[float, float] | None = None
    chosen: bool = False
    legend_at_left: bool = False
    apart: tuple[str, ...] = ()


def draw_marks(
    painter: QPainter, size: QSizeF, state: PaneState, marks: Marks, ratio: float
) -> None:
    """Outline, words and legend of a view of ``size``, logical pixels."""
    circle = state.shown_outline(ratio)
    if circle is not None and state.view is not None:
        picture = QRectF(*(side / ratio for side in state.view.frame))
        draw_circle(painter, circle, picture, size)
    written = _draw_words(painter, size, state, marks)
    legend = state.legend
    if legend is not None and state.texts:
        shown = replace(legend, shared=marks.shared)
        box = legend_box(size, shown)
        if marks.legend_at_left:
            box.moveLeft(tokens.CORNER)
        if not box.intersects(written):  # in a very low view: which eye it is never goes
            draw_legend(painter, size, shown, at_left=marks.legend_at_left)
    if marks.at is not None and state.view is not None:
        _draw_pointer(painter, state, marks.at, ratio)
    if marks.chosen:
        _draw_frame(painter, size)


def _draw_words(painter: QPainter, size: QSizeF, state: PaneState, marks: Marks) -> QRectF:
    """Write them; what those at the upper left take, with the air beside them."""
    eye = eye_words(state.captions.laterality, sought=state.captions.eye_sought)
    if marks.lead and state.texts and state.captions.eye_from:
        eye = f"{eye}   {state.captions.eye_from}"
    name = state.captions.name if marks.lead and state.texts else ""
    edge = float(tokens.CORNER)
    lines = [line for line in (name, eye) if line]
    for number, line in enumerate(lines):
        draw_line(painter, (edge, edge + _ASCENT + number * LINE), line)
    if state.texts:
        for number, line in enumerate(marks.apart):
            at = (size.width() - edge, edge + _ASCENT + number * LINE)
            draw_line(painter, at, line, to_left=True)
    if marks.lead and state.texts and state.view is not None:
        zoom = f"Zoom {100 * state.view.scale:.0f}\N{NARROW NO-BREAK SPACE}%"
        said = (zoom, "linked" if marks.linked else "not linked", marks.said)
        line = "   ".join(part for part in said if part)
        draw_line(painter, (edge, size.height() - edge - 3), line)
    return QRectF(edge, edge, max(map(width_of, lines)) + _APART, LINE * len(lines))


def _draw_pointer(
    painter: QPainter, state: PaneState, at: tuple[float, float], ratio: float
) -> None:
    if state.view is None:
        return
    forth = state.view.to_screen
    x, y = ((forth[axis, axis] * at[axis] + forth[axis, 2] + 0.5) / ratio for axis in (0, 1))
    for colour, more in ((tokens.OVER_HALO, 1.0), (tokens.OVER_CROSS, 0.0)):
        for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            near = QPointF(x + across * _GAP, y + down * _GAP)
            far = QPointF(x + across * _ARM, y + down * _ARM)
            box = QRectF(near, far).normalized()
            thick = 0.5 + more
            painter.fillRect(box.adjusted(-thick, -thick, thick, thick), QColor(colour))


def _draw_frame(painter: QPainter, size: QSizeF) -> None:
    wide, high, colour = size.width(), size.height(), QColor(tokens.OVER_TEXT)
    for box in (
        QRectF(0, 0, wide, _CHOSEN),
        QRectF(0, high - _CHOSEN, wide, _CHOSEN),
        QRectF(0, 0, _CHOSEN, high),
        QRectF(wide - _CHOSEN, 0, _CHOSEN, high),
    ):
        painter.fillRect(box, colour)
