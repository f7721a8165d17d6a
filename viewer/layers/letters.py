"""Orientation letters in the middle of each edge; they are never hidden (LOOK 6)."""

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from viewer.layers.over_text import draw_line, width_of
from viewer.seen.hanging import Letters
from viewer.theme import tokens

NOT_KNOWN = "Orientation not known"
_ASCENT, _DESCENT = 12.0, 3.0
_BESIDE_RAIL = 12.0


def letter_boxes(size: QSizeF, letters: Letters | None) -> list[QRectF]:
    """What lines have to leave bare so that the letters can be read, logical pixels."""
    if letters is None:
        return []
    edge, use, high = float(tokens.CORNER), tokens.BODY_STRONG, _ASCENT + 2 * _DESCENT
    wide = max(
        width_of(each, use) for each in (letters.top, letters.bottom, letters.left, letters.right)
    )
    wide += 2 * _DESCENT
    middle, half = size.width() / 2, size.height() / 2
    right = size.width() - edge - _BESIDE_RAIL
    return [
        QRectF(middle - wide / 2, edge - _DESCENT, wide, high),
        QRectF(middle - wide / 2, size.height() - edge - _ASCENT - _DESCENT, wide, high),
        QRectF(edge - _DESCENT, half - high / 2, wide, high),
        QRectF(right + _DESCENT - wide, half - high / 2, wide, high),
    ]


def draw_letters(painter: QPainter, size: QSizeF, letters: Letters | None) -> None:
    """Draw the letters of a view of ``size``, logical pixels, or that they are not known."""
    edge, use = float(tokens.CORNER), tokens.BODY_STRONG
    middle = size.width() / 2
    if letters is None:
        at = (middle - width_of(NOT_KNOWN, tokens.OVERLAY) / 2, edge + _ASCENT)
        draw_line(painter, at, NOT_KNOWN)
        return
    base = size.height() / 2 + (_ASCENT - _DESCENT) / 2
    draw_line(painter, (edge, base), letters.left, use=use)
    right = size.width() - edge - _BESIDE_RAIL
    draw_line(painter, (right, base), letters.right, to_left=True, use=use)
    for words, line in ((letters.top, edge + _ASCENT), (letters.bottom, size.height() - edge)):
        draw_line(painter, (middle - width_of(words, use) / 2, line), words, use=use)
