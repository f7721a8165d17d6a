"""The scale bar: a round length in mm at the lower edge, or that the scale is not known."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter

from viewer.layers.over_text import LINE, draw_line, width_of
from viewer.seen.plane import Plane
from viewer.theme import tokens

NOT_KNOWN = "Scale not known"
_LONGEST, _SHARE = 120.0, 0.25
_FROM_EDGE = 51.0
"""From the view's lower edge up to the bar: the lower letter lies between."""
_TICK = 7.0
_HIGH = 25.0
_APART = 10.0
_DESCENT = 4.0
_ROUND = (1, 2, 5)


def length(plane: Plane, ratio: float) -> float | None:
    """The bar's length in mm: the longest 1, 2 or 5 that fits; None without a spacing."""
    if not plane.in_millimetres:
        return None
    room = min(_LONGEST, _SHARE * plane.view[0] / ratio) * ratio / plane.scale
    rounds = (figure * 10.0**power for power in range(-3, 5) for figure in _ROUND)
    return max((figure for figure in rounds if figure <= room), default=None)


@dataclass(frozen=True)
class ScaleBar:
    """``bar`` is as wide as ``words`` say, ``label`` the box around the words; logical pixels.

    Without a known spacing there are words alone.
    """

    words: str
    label: QRectF
    bar: QRectF | None

    @property
    def box(self) -> QRectF:
        """All of it."""
        return self.label if self.bar is None else self.label.united(self.bar)


def place_scale_bar(
    size: QSizeF, plane: Plane, ratio: float, others: Sequence[QRectF] = ()
) -> ScaleBar:
    """Lay it above the lower letter of a view of ``size``, logical pixels.

    Where it would run into ``others``, as in a narrow view, it lies above them.
    """
    millimetres = length(plane, ratio)
    wide, words = 0.0, NOT_KNOWN
    if millimetres is not None:
        wide = round(millimetres * plane.scale) / ratio
        words = f"{'≈ ' if plane.grid.approximate else ''}{millimetres:g} mm"
    text = width_of(words)
    room = max(wide, text)
    taken = QRectF((size.width() - room) / 2, size.height() - _FROM_EDGE, room, _HIGH)
    lower = [box for box in others if box.top() > size.height() / 2]
    if any(box.intersects(taken.adjusted(-_APART, 0, _APART, 0)) for box in lower):
        taken.moveBottom(min(box.top() for box in lower) - _APART / 2)
    label = QRectF((size.width() - text) / 2, taken.bottom() - LINE, text, LINE)
    if millimetres is None:
        return ScaleBar(words, label, None)
    left = round((size.width() - wide) / 2 * ratio) / ratio
    return ScaleBar(words, label, QRectF(left, taken.top(), wide, _TICK))


def draw_scale_bar(painter: QPainter, placed: ScaleBar, ratio: float) -> None:
    """Draw the bar, its ends turned up, and the words below."""
    draw_line(painter, (placed.label.left(), placed.label.bottom() - _DESCENT), placed.words)
    if placed.bar is None:
        return
    bar, one = placed.bar, max(round(ratio), 1) / ratio
    # Filled, not stroked: a stroke falls between device pixels at 150 %.
    parts = (
        QRectF(bar.left(), bar.bottom() - one, bar.width(), one),
        QRectF(bar.left(), bar.top(), one, bar.height()),
        QRectF(bar.right() - one, bar.top(), one, bar.height()),
    )
    for part in parts:
        painter.fillRect(part.adjusted(-1, -1, 1, 1), QColor(tokens.OVER_HALO))
    for part in parts:
        painter.fillRect(part, QColor(tokens.OVER_TEXT))
