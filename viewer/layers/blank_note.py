"""Why a slice is not there, or not all of it: in the middle, under the words of the corners."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from viewer.layers.over_text import LINE, draw_line, width_of, wrapped
from viewer.theme import tokens

_ASCENT = 11.0
_ROOM = 2.0 * tokens.CORNER


def draw_note(painter: QPainter, size: QSizeF, note: str, taken: Sequence[QRectF]) -> None:
    """Draw ``note`` into a view of ``size``, clear of the boxes that are ``taken``."""
    for line, box in note_lines(size, note, taken):
        draw_line(painter, (box.left(), box.top() + _ASCENT), line)


def note_lines(size: QSizeF, note: str, taken: Sequence[QRectF]) -> list[tuple[str, QRectF]]:
    """The lines of ``note`` and their boxes, logical pixels: folded where a view is narrow."""
    lines = wrapped(note, size.width() - 2 * _ROOM)
    wide = max(map(width_of, lines))
    left = (size.width() - wide) / 2
    whole = QRectF(left, tokens.CORNER + 2 * LINE - _ASCENT, wide, len(lines) * LINE)
    while any(whole.intersects(box) for box in taken) and whole.bottom() < size.height():
        whole.translate(0, LINE)
    placed = []
    for row, line in enumerate(lines):
        own = width_of(line)
        top = whole.top() + row * LINE
        placed.append((line, QRectF((size.width() - own) / 2, top, own, LINE)))
    return placed
