"""How a distribution over stages is drawn, lying as a bar or stood up as a column."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.stage_answers import StageShare
from engine.telling.stage_words import codes
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.ladder import digit_ink, step_colours
from viewer.theme.tokens import Tokens

_LEAST_DIGIT = 13.0
"""A part narrower than this holds no digit (LOOK 4)."""
_AROUND = 2.0
"""At either side of a digit."""
_GAP = 1.0
"""Between two parts."""


def stage_boxes(
    stages: Sequence[StageShare], box: QRectF, *, upright: bool = False
) -> list[QRectF]:
    """Each stage's part of ``box``, to scale: from the left, or from the foot where ``upright``."""
    total = sum(share.probability for share in stages) or 1.0
    boxes, at = [], 0.0
    for share in stages:
        part = share.probability / total
        if upright:
            top = box.bottom() - (at + part) * box.height()
            boxes.append(QRectF(box.left(), top, box.width(), part * box.height()))
        else:
            left = box.left() + at * box.width()
            boxes.append(QRectF(left, box.top(), part * box.width(), box.height()))
        at += part
    return boxes


def stage_at(
    stages: Sequence[StageShare], box: QRectF, at: QPointF, *, upright: bool = False
) -> int | None:
    """The place of the stage that is drawn at a point of ``box``; None beside it."""
    for place, part in enumerate(stage_boxes(stages, box, upright=upright)):
        if part.width() > 0 and part.height() > 0 and part.contains(at):
            return place
    return None


def draw_stages(
    painter: QPainter,
    box: QRectF,
    stages: Sequence[StageShare],
    colours: Tokens,
    *,
    upright: bool = False,
    chosen: int | None = None,
) -> None:
    """Draw the parts in the ladder's colours, digits in those with room (LOOK 4, 8).

    ``chosen`` is framed: the stage whose heatmap is shown.
    """
    painter.save()
    painter.setFont(lettering.font(tokens.SMALL_STRONG))
    steps, boxes = step_colours(stages, colours), stage_boxes(stages, box, upright=upright)
    for part, colour, code in zip(boxes, steps, codes(stages), strict=True):
        painter.fillRect(_inside(part, box, upright=upright), colour)
        wide = painter.fontMetrics().horizontalAdvance(code) + 2 * _AROUND
        high = painter.fontMetrics().capHeight() + 2 * _AROUND
        if part.width() >= max(wide, _LEAST_DIGIT) and part.height() >= max(high, _LEAST_DIGIT):
            painter.setPen(digit_ink(colour))
            painter.drawText(part, Qt.AlignmentFlag.AlignCenter, code)
    if chosen is not None:
        _frame(painter, boxes[chosen], box, colours)
    painter.restore()


def _inside(part: QRectF, box: QRectF, *, upright: bool) -> QRectF:
    """The part without the gap that parts it from the next; a sliver keeps half of itself."""
    if upright:
        gap = min(_GAP, part.height() / 2) if part.top() > box.top() + _GAP else 0.0
        return part.adjusted(0, gap, 0, 0)
    gap = min(_GAP, part.width() / 2) if part.right() < box.right() - _GAP else 0.0
    return part.adjusted(0, 0, -gap, 0)


def _frame(painter: QPainter, part: QRectF, box: QRectF, colours: Tokens) -> None:
    """Round the part, but at the ends of a lying bar within it: there is no room beside."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    around = part.adjusted(-2, -2, 2, 2) & box.adjusted(0, -2, 0, 2)
    painter.setPen(QPen(QColor(colours.panel), 1))
    painter.drawRect(part.adjusted(-0.5, -0.5, 0, 0))
    painter.setPen(QPen(QColor(colours.text1), 2))
    painter.drawRect(around.adjusted(0, 0, -1, -1))
