"""Text over a picture: light, with a black halo and a shade, and no box behind it (LOOK 6)."""

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from viewer.theme import tokens, type
from viewer.theme.tokens import Type

LINE = 16.0
"""From one line of overlay text to the next, logical pixels."""
_SHADE = 2.0
"""How far letters have a shade about them, logical pixels."""
_EDGE = 3
"""Logical pixels around a line's letters: the shade, and what a letter reaches beyond its width."""


def draw_line(
    painter: QPainter,
    at: tuple[float, float],
    words: str,
    to_left: bool = False,
    use: Type = tokens.OVERLAY,
    colour: str = tokens.OVER_TEXT,
) -> None:
    """Draw one line with its base line's left end at ``at``, or its right end if ``to_left``."""
    ratio = painter.device().devicePixelRatioF()
    image, width, rise = _written(words, ratio, use, colour)
    x, y = at
    if to_left:
        x -= width
    # On a whole device pixel, so that Qt copies and nothing is resampled.
    x, y = (round(side * ratio) / ratio for side in (x - _EDGE, y - rise))
    painter.drawImage(QPointF(x, y), image)


@lru_cache(maxsize=512)
def width_of(words: str, use: Type = tokens.OVERLAY) -> float:
    """How wide a line is, logical pixels."""
    return QFontMetricsF(type.font(use)).horizontalAdvance(words)


def wrapped(words: str, most: float) -> list[str]:
    """The words in as many lines as it takes for none to be wider than ``most``."""
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer) <= most:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def cut_in_its_middle(words: str, most: float) -> str:
    """The words with their middle left out where they are wider than ``most``."""
    metrics = QFontMetricsF(type.font(tokens.OVERLAY))
    return metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, most)


@lru_cache(maxsize=64)
def _written(words: str, ratio: float, use: Type, colour: str) -> tuple[QImage, float, int]:
    """A line as a picture, its advance, and its base line below the picture's top, logical pixels.

    Kept, since most lines stay the same from frame to frame and writing one takes 0.1 ms.
    """
    font = type.font(use)
    metrics = QFontMetricsF(font)
    width, rise = metrics.horizontalAdvance(words), ceil(metrics.ascent()) + _EDGE
    height = rise + ceil(metrics.descent()) + _EDGE
    image = QImage(
        ceil((width + 2 * _EDGE) * ratio),
        ceil(height * ratio),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setFont(font)
    _shade(painter, font, QPointF(_EDGE, rise), words)
    painter.setPen(QColor(tokens.OVER_HALO))
    for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(QPointF(_EDGE + across, rise + down), words)
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(_EDGE, rise), words)
    painter.end()
    return image, width, rise


def _shade(painter: QPainter, font: QFont, at: QPointF, words: str) -> None:
    """Under the letters, as under lines (LOOK 6): on white tissue a halo alone is not enough."""
    path = QPainterPath()
    path.addText(at, font, words)
    shade = QColor(tokens.OVER_HALO)
    shade.setAlphaF(0.67)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    join, cap = Qt.PenJoinStyle.RoundJoin, Qt.PenCapStyle.RoundCap
    painter.strokePath(path, QPen(shade, 2 * _SHADE, Qt.PenStyle.SolidLine, cap, join))
