"""All that lies over a slice but tools and drawings: crosshair, rail, letters, words, scale bar."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter

from viewer.layers.blank_note import draw_note
from viewer.layers.corners import TypedBoxes, draw_corners, place_corners
from viewer.layers.crosshair import draw_crosshair
from viewer.layers.letters import draw_letters, letter_boxes
from viewer.layers.scale_bar import draw_scale_bar, place_scale_bar
from viewer.layers.slice_rail import draw_slice_rail
from viewer.layers.slice_words import blank_words, corner_words
from viewer.seen.cut import Cut
from viewer.seen.slice_state import SliceState
from viewer.theme import tokens


def draw_face(
    painter: QPainter,
    size: QSizeF,
    state: SliceState,
    shown: Cut,
    *,
    ratio: float,
    chief: bool,
    pointed: Sequence[str],
    words: Sequence[QRectF] = (),
) -> TypedBoxes:
    """Draw it into a view of ``size``, logical pixels, ``ratio`` device pixels each.

    ``chief`` is the view that tells all, ``pointed`` are the lines about the place pointed at,
    ``words`` the boxes of words that stand on the slice, which the crosshair spares.
    Gives where a click lets one type a value.
    """
    plane = state.plane
    corners = place_corners(size, corner_words(state, chief=chief, pointed=pointed))
    scale = place_scale_bar(size, plane, ratio, [line.box for line in corners.lines])
    if state.crosshair and plane.shows(state.cross):
        # Qt counts from a pixel's corner, not from its centre.
        x, y = ((plane.to_device(np.array([state.cross]))[0] + 0.5) / ratio).tolist()
        spared = [*letter_boxes(size, plane.letters), *(line.box for line in corners.lines)]
        draw_crosshair(painter, size, (x, y), ratio, [*spared, *words, scale.label])
    draw_slice_rail(painter, size, plane.number, plane.count)
    draw_letters(painter, size, plane.letters)
    draw_corners(painter, corners)
    if state.texts:
        draw_scale_bar(painter, scale, ratio)
    note = blank_words(shown)
    if note:
        draw_note(painter, size, note, [line.box for line in corners.lines])
    return corners.typed


def draw_edge(painter: QPainter, size: QSizeF, ratio: float) -> None:
    """A thin frame around the view that keys act on, where several are seen."""
    one = max(round(ratio), 1) / ratio
    wide, high, colour = size.width(), size.height(), QColor(tokens.DARK.text1)
    for box in (
        QRectF(0, 0, wide, one),
        QRectF(0, high - one, wide, one),
        QRectF(0, 0, one, high),
        QRectF(wide - one, 0, one, high),
    ):
        painter.fillRect(box, colour)
