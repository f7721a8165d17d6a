"""The heatmap's legend in the bottom right corner: what it shows, both ends, the real scale."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from engine import tint
from engine.answers import Criterion, Look
from engine.words import evidence, legend_title, scale_words
from viewer.layers.over_text import LINE, draw_line
from viewer.theme import tokens

_WIDTH, _HEIGHT = 164.0, 10.0


def draw_legend(
    painter: QPainter,
    size: QSizeF,
    criterion: Criterion | None,
    look: Look,
    upper_end: float,
    ground: tuple[int, int, int],
) -> None:
    """Draw the legend into the corner of a view of ``size``, logical pixels.

    ``upper_end`` is the evidence that is shown as 1, ``ground`` the photograph's middle colour.
    """
    right = size.width() - tokens.CORNER
    base = size.height() - tokens.CORNER - 3
    left = right - _WIDTH
    draw_line(painter, (right, base), scale_words(upper_end), to_left=True)
    draw_line(painter, (left, base - LINE), evidence(look.threshold))
    draw_line(painter, (right, base - LINE), evidence(1.0), to_left=True)
    bar = QRectF(left, base - 2 * LINE - _HEIGHT - 2, _WIDTH, _HEIGHT)
    pixels = _ramp(look.colour_map, ground)
    image = QImage(pixels.data, pixels.shape[1], 1, pixels.strides[0], QImage.Format.Format_RGB32)
    # Filled, not stroked: a stroke falls between device pixels at 150 %.
    painter.fillRect(bar.adjusted(-2, -2, 2, 2), QColor(tokens.OVER_HALO))
    painter.fillRect(bar.adjusted(-1, -1, 1, 1), QColor(tokens.OVER_TEXT))
    painter.drawImage(bar, image)
    title = "Evidence" if criterion is None else legend_title(criterion)
    draw_line(painter, (right, bar.top() - 7), title, to_left=True)


@lru_cache(maxsize=4)
def _ramp(colour_map: str, ground: tuple[int, int, int]) -> NDArray[np.uint8]:
    """The bar's colours, uint8 (1, x, 4): blue, green, red, 255."""
    colours = tint.ramp(tint.colour_table(colour_map), ground, round(_WIDTH))
    return np.ascontiguousarray(cv2.cvtColor(colours, cv2.COLOR_RGB2BGRA), np.uint8)
