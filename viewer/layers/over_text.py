"""Text over a picture: light, with a black halo on four sides and no box behind it (LOOK 6)."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from viewer.theme import tokens, type

LINE = 16.0
"""From one line of overlay text to the next, logical pixels."""


def draw_line(
    painter: QPainter, at: tuple[float, float], words: str, to_left: bool = False
) -> None:
    """Draw one line with its base line's left end at ``at``, or its right end if ``to_left``."""
    font = type.font(tokens.OVERLAY)
    painter.setFont(font)
    x, y = at
    if to_left:
        x -= QFontMetricsF(font).horizontalAdvance(words)
    # Whole positions: the halo and the text must meet on the same pixels.
    x, y = round(x), round(y)
    painter.setPen(QColor(tokens.OVER_HALO))
    for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(QPointF(x + across, y + down), words)
    painter.setPen(QColor(tokens.OVER_TEXT))
    painter.drawText(QPointF(x, y), words)
