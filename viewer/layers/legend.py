"""The heatmap's legend in the bottom right corner: what it shows, both ends, the real scale."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from engine import tint
from engine.answers import Criterion, Look
from engine.telling.stage_words import evidence_title
from engine.telling.words import SIGNED_ENDS, evidence, legend_title, scale_words
from viewer.layers.over_text import LINE, draw_line, width_of, wrapped
from viewer.theme import tokens

_WIDTH, _SIGNED_WIDTH, _HEIGHT = 164.0, 208.0, 10.0


@dataclass(frozen=True)
class Legend:
    """What a legend tells: ``upper_end`` is the evidence that is shown as 1.

    ``ground`` is the photograph's middle colour, of its red-free where that is shown; ``shared``
    is whether other views have the same scale, ``chance`` that every picture has it. ``of`` is the
    stage that is explained, if one is.
    """

    criterion: Criterion | None
    look: Look
    upper_end: float
    ground: tuple[int, int, int]
    signed: bool = False
    shared: bool = False
    chance: bool = False
    of: str = ""


def draw_legend(painter: QPainter, size: QSizeF, legend: Legend, *, at_left: bool = False) -> None:
    """Draw the legend into the lower right corner of a view of ``size``, logical pixels.

    ``at_left`` puts it into the lower left corner.
    """
    wide = _SIGNED_WIDTH if legend.signed else _WIDTH
    right = tokens.CORNER + wide if at_left else size.width() - tokens.CORNER
    left = right - wide
    title, scale = _words(size, legend)
    base = size.height() - tokens.CORNER - 3

    def write(lines: list[str], base: float) -> float:
        """Lines of which the last stands on ``base``; where the first does."""
        for row, line in enumerate(reversed(lines)):
            at = (left if at_left else right, base - row * LINE)
            draw_line(painter, at, line, to_left=not at_left)
        return base - (len(lines) - 1) * LINE

    base = write(scale, base)
    if legend.signed:
        against, middle, pro = SIGNED_ENDS
        draw_line(painter, (left, base - LINE), against)
        at = left + wide / 2 + width_of(middle) / 2
        draw_line(painter, (at, base - LINE), middle, to_left=True)
        draw_line(painter, (right, base - LINE), pro, to_left=True)
    else:
        draw_line(painter, (left, base - LINE), evidence(legend.look.threshold))
        draw_line(painter, (right, base - LINE), evidence(1.0), to_left=True)
    bar = QRectF(left, base - 2 * LINE - _HEIGHT - 2, wide, _HEIGHT)
    pixels = _pixels(legend)
    image = QImage(pixels.data, pixels.shape[1], 1, pixels.strides[0], QImage.Format.Format_RGB32)
    # Filled, not stroked: a stroke falls between device pixels at 150 %.
    painter.fillRect(bar.adjusted(-2, -2, 2, 2), QColor(tokens.OVER_HALO))
    painter.fillRect(bar.adjusted(-1, -1, 1, 1), QColor(tokens.OVER_TEXT))
    painter.drawImage(bar, image)
    write(title, bar.top() - 7)


def legend_box(size: QSizeF, legend: Legend) -> QRectF:
    """Where the legend stands in the lower right corner of a view of ``size``."""
    bar = _SIGNED_WIDTH if legend.signed else _WIDTH
    lines = [line for told in _words(size, legend) for line in told]
    wide = max(bar, *map(width_of, lines))
    high = 3 + (1 + len(lines)) * LINE + _HEIGHT + 9
    corner = tokens.CORNER
    return QRectF(size.width() - corner - wide, size.height() - corner - high, wide, high)


def _words(size: QSizeF, legend: Legend) -> tuple[list[str], list[str]]:
    """The lines above and below the bar: in a narrow view more than one each."""
    scale = scale_words(legend.upper_end, shared=legend.shared, chance=legend.chance)
    room = size.width() - 2 * tokens.CORNER
    return wrapped(_title(legend), room), wrapped(scale, room)


def _title(legend: Legend) -> str:
    if legend.criterion is None:
        return "Evidence"
    if legend.of:
        return evidence_title(legend.criterion, legend.of)
    return legend_title(legend.criterion)


def _pixels(legend: Legend) -> NDArray[np.uint8]:
    if legend.signed:
        return _signed_ramp(legend.ground[1], legend.look.threshold)
    return _ramp(legend.look.colour_map, legend.ground)


@lru_cache(maxsize=8)
def _ramp(colour_map: str, ground: tuple[int, int, int]) -> NDArray[np.uint8]:
    """The bar's colours, uint8 (1, x, 4): blue, green, red, 255."""
    return _bgra(tint.ramp(tint.colour_table(colour_map), ground, round(_WIDTH)))


@lru_cache(maxsize=8)
def _signed_ramp(ground: int, threshold: float) -> NDArray[np.uint8]:
    return _bgra(tint.signed_ramp(ground, round(_SIGNED_WIDTH), threshold))


def _bgra(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(cv2.cvtColor(colours, cv2.COLOR_RGB2BGRA), np.uint8)
