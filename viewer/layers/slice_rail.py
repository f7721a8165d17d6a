"""The slice rail at a view's right edge: where among its slices a view is; it can be dragged."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter

from viewer.theme import tokens

REACH = 14.0
"""How far from the right edge a press takes hold of the rail."""
_FROM_EDGE, _WIDE = 6.0, 3.0
_TOP, _BOTTOM = 0.09, 0.93
_THUMB, _THUMB_WIDE = 16.0, 7.0
_TRACK_ALPHA = 210
_TICK_WIDE, _TICK_ALPHA = 9.0, 170


def draw_slice_rail(painter: QPainter, size: QSizeF, number: int, count: int) -> None:
    """Draw the rail of a view of ``size``, logical pixels, at slice ``number`` of ``count``."""
    if count < 2:
        return
    track = _track(size)
    under = QColor(tokens.DARK.line)
    under.setAlpha(_TRACK_ALPHA)
    painter.fillRect(track, under)
    middle = track.top() + (number - 1) / (count - 1) * track.height()
    left = track.center().x() - _THUMB_WIDE / 2
    thumb = QRectF(left, middle - _THUMB / 2, _THUMB_WIDE, _THUMB)
    painter.setPen(QColor(tokens.OVER_HALO))
    painter.setBrush(QColor(tokens.OVER_TEXT))
    painter.drawRoundedRect(thumb, 2, 2)


def draw_ticks(painter: QPainter, size: QSizeF, numbers: Iterable[int], count: int) -> None:
    """Mark slices on the rail that the reader has drawn on, faintly."""
    if count < 2:
        return
    track = _track(size)
    colour = QColor(tokens.OVER_READER)
    colour.setAlpha(_TICK_ALPHA)
    for number in numbers:
        middle = track.top() + (number - 1) / (count - 1) * track.height()
        tick = QRectF(track.center().x() - _TICK_WIDE / 2, middle - 1, _TICK_WIDE, 2)
        painter.fillRect(tick, colour)


def is_on_rail(size: QSizeF, at: tuple[float, float], count: int) -> bool:
    """Whether a press at a logical position takes hold of the rail."""
    track = _track(size)
    inside = track.top() - _THUMB <= at[1] <= track.bottom() + _THUMB
    return count > 1 and at[0] >= size.width() - REACH and inside


def number_at(size: QSizeF, y: float, count: int) -> int:
    """The number of the slice at a height of the rail."""
    track = _track(size)
    part = min(max((y - track.top()) / track.height(), 0.0), 1.0)
    return 1 + round(part * (count - 1))


def _track(size: QSizeF) -> QRectF:
    top, bottom = _TOP * size.height(), _BOTTOM * size.height()
    left = size.width() - _FROM_EDGE - _WIDE / 2
    return QRectF(left, top, _WIDE, max(bottom - top, 1.0))
