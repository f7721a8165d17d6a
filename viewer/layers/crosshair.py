"""The crosshair: where the other planes of the volume lie, with the point itself left bare."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter, QRegion

from viewer.theme import tokens

_GAP, _SMALL_GAP = 34.0, 22.0
_SMALL = 420.0
"""A view less wide or high than this is a small one; all logical pixels."""
_WIDEST = 4.0
"""Half of a line with what lies under it, and some."""
_UNDER_ALPHA = round(0.67 * 255)


def draw_crosshair(
    painter: QPainter,
    size: QSizeF,
    at: tuple[float, float],
    ratio: float,
    spared: Sequence[QRectF] = (),
) -> None:
    """Two lines across a view of ``size`` that meet at ``at``; all in logical pixels.

    Where they would go through one of the ``spared`` boxes they are broken.
    """
    painter.save()
    near = [box for box in spared if _is_crossed(box, at)]
    if near:
        region = QRegion(QRectF(QPointF(0, 0), size).toAlignedRect())
        for box in near:
            region = region.subtracted(QRegion(box.toAlignedRect()))
        painter.setClipRegion(region)
    under = QColor(tokens.OVER_HALO)
    under.setAlpha(_UNDER_ALPHA)
    gap = (_SMALL_GAP if min(size.width(), size.height()) < _SMALL else _GAP) / 2
    # On whole device pixels, so that the line is one pixel and not two half ones.
    x, y = (round(side * ratio - 0.5) / ratio for side in at)
    wide = max(round(ratio), 1) / ratio
    for colour, more in ((under, wide), (QColor(tokens.OVER_CROSS), 0.0)):
        for left, right in ((0.0, x - gap), (x + gap, size.width())):
            _fill(painter, QRectF(left, y - more, right - left, wide + 2 * more), colour)
        for top, bottom in ((0.0, y - gap), (y + gap, size.height())):
            _fill(painter, QRectF(x - more, top, wide + 2 * more, bottom - top), colour)
    painter.restore()


def _is_crossed(box: QRectF, at: tuple[float, float]) -> bool:
    x, y = at
    beside = box.left() - _WIDEST < x < box.right() + _WIDEST
    return beside or box.top() - _WIDEST < y < box.bottom() + _WIDEST


def _fill(painter: QPainter, box: QRectF, colour: QColor) -> None:
    if box.width() > 0 and box.height() > 0:
        painter.fillRect(box, colour)
