"""The scale bar: a round length in mm at the lower edge, or that the scale is not known."""

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter

from viewer.layers.over_text import draw_line, width_of
from viewer.panes.plane import Plane
from viewer.theme import tokens

NOT_KNOWN = "Scale not known"
_LONGEST, _SHARE = 120.0, 0.25
_ABOVE_EDGE = 44.0
_TICK = 7.0
_LABEL = 22.0
_ROUND = (1, 2, 5)


def length(plane: Plane, ratio: float) -> float | None:
    """The bar's length in mm: the longest 1, 2 or 5 that fits; None without a spacing."""
    if not plane.in_millimetres:
        return None
    room = min(_LONGEST, _SHARE * plane.view[0] / ratio) * ratio / plane.scale
    rounds = (figure * 10.0**power for power in range(-3, 5) for figure in _ROUND)
    return max((figure for figure in rounds if figure <= room), default=None)


def draw_scale_bar(
    painter: QPainter, size: QSizeF, plane: Plane, ratio: float, *, over: float = 0.0
) -> None:
    """Draw it above the lower letter of a view of ``size``, logical pixels.

    ``over`` is how high words stand in its way in a narrow view: then it lies above them.
    """
    middle, base = size.width() / 2, size.height() - max(_ABOVE_EDGE, over + _LABEL)
    millimetres = length(plane, ratio)
    if millimetres is None:
        _centred(painter, middle, base + 14, NOT_KNOWN)
        return
    wide = round(millimetres * plane.scale) / ratio
    left = round((middle - wide / 2) * ratio) / ratio
    one = max(round(ratio), 1) / ratio
    bars = (
        QRectF(left, base - one, wide, one),
        QRectF(left, base - _TICK, one, _TICK),
        QRectF(left + wide - one, base - _TICK, one, _TICK),
    )
    # Filled, not stroked: a stroke falls between device pixels at 150 %.
    for bar in bars:
        painter.fillRect(bar.adjusted(-1, -1, 1, 1), QColor(tokens.OVER_HALO))
    for bar in bars:
        painter.fillRect(bar, QColor(tokens.OVER_TEXT))
    about = "≈ " if plane.grid.approximate else ""
    _centred(painter, middle, base + 14, f"{about}{millimetres:g} mm")


def _centred(painter: QPainter, middle: float, base: float, words: str) -> None:
    draw_line(painter, (middle - width_of(words, tokens.OVERLAY) / 2, base), words)
