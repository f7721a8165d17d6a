"""Signs drawn with smooth edges: the flag, the ring, the barred circle, and the dashed circle."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

from engine.answers import Decision
from engine.geometry import Circle
from engine.reports import ink

# Sub-pixel positions of OpenCV's lines: 4 bits behind the point.
_SHIFT = 4
_STROKE = 1.75
_UNDER_ALPHA = 0.67

# Dash and gap in line widths, line and under-line in logical pixels (LOOK 6).
_DASH, _GAP, _LINE, _UNDER_MORE = 4.0, 2.6, 1.4, 2.0


def decision_sign(decision: Decision, size: int) -> Image.Image:
    """A grey mask, ``size`` pixels square: flag, ring or barred circle, after Tabler's outlines."""
    # OpenCV's lines are a whole number of pixels wide: drawn larger, they come out exact.
    mask = np.zeros((8 * size, 8 * size), np.uint8)
    unit = 8 * size / 24
    paths = {
        Decision.REFERABLE: _flag(),
        Decision.NOT_REFERABLE: [_ring()],
        Decision.UNGRADABLE: [_ring(), np.array([[5.7, 5.7], [18.3, 18.3]])],
    }[decision]
    _lines(mask, [path * unit for path in paths], _STROKE * unit)
    return Image.fromarray(mask).reduce(8)


def _flag() -> list[NDArray[np.float64]]:
    along = np.linspace(0, 1, 33)
    # Two arcs of radius 5 over chords of 7 rise and fall by 1.43: a sine to within 0.1.
    wave = 1.43 * np.sin(2 * np.pi * along)
    top = np.stack([5 + 14 * along, 5 - wave], axis=1)
    bottom = np.stack([5 + 14 * along, 14 - wave], axis=1)
    cloth = np.concatenate([top, bottom[::-1], top[:1]])
    return [cloth, np.array([[5.0, 14.0], [5.0, 21.0]])]


def _ring() -> NDArray[np.float64]:
    turn = np.linspace(0, 2 * np.pi, 97)
    return np.stack([12 + 9 * np.cos(turn), 12 + 9 * np.sin(turn)], axis=1)


def draw_assessed(pixels: NDArray[np.uint8], circle: Circle, scale: float) -> None:
    """Draw the area that was assessed into pixels (y, x, 3), in place.

    The model's dashed azure line with its black under-line, ``scale`` pixels to a logical one.
    """
    width = float(max(round(_LINE * scale), 1))
    dash, gap = _DASH * width, _GAP * width
    around = 2 * np.pi * circle.radius
    # Whole periods, so that the circle closes without a short dash.
    count = max(round(around / (dash + gap)), 4)
    starts = np.arange(count) * 2 * np.pi / count
    # OpenCV's round ends make each dash one line width longer.
    length = 2 * np.pi / count * (dash - width) / (dash + gap)
    dashes = [_arc(circle, start, length) for start in starts]
    under = np.zeros(pixels.shape[:2], np.uint8)
    over = np.zeros(pixels.shape[:2], np.uint8)
    _lines(under, dashes, width + _UNDER_MORE * scale)
    _lines(over, dashes, width)
    _blend(pixels, under, ink.GROUND, _UNDER_ALPHA)
    _blend(pixels, over, ink.MODEL, 1.0)


def draw_line(
    pixels: NDArray[np.uint8],
    lines: list[NDArray[np.float64]],
    width: float,
    colour: str,
    scale: float,
    *,
    dashed: bool,
) -> None:
    """Draw lines (n, 2) into pixels (y, x, 3), in place, over their black under-line.

    ``width`` is in pixels, ``scale`` pixels to a logical one; only the part round the lines is
    touched.
    """
    wide = float(max(round(width), 1))
    margin = wide + _UNDER_MORE * scale + 2
    points = np.concatenate(lines)
    height, across = pixels.shape[:2]
    low = np.maximum(np.floor(points.min(axis=0) - margin), 0).astype(int)
    high = np.minimum(np.ceil(points.max(axis=0) + margin) + 1, (across, height)).astype(int)
    if (low >= high).any():
        return
    part = pixels[low[1] : high[1], low[0] : high[0]]
    moved = [line - low for line in lines]
    inked = [dash for line in moved for dash in _dashes(line, wide)] if dashed else moved
    under = np.zeros(part.shape[:2], np.uint8)
    over = np.zeros(part.shape[:2], np.uint8)
    _lines(under, moved, wide + _UNDER_MORE * scale)
    _lines(over, inked, wide)
    _blend(part, under, ink.GROUND, _UNDER_ALPHA)
    _blend(part, over, colour, 1.0)


def _dashes(line: NDArray[np.float64], width: float) -> list[NDArray[np.float64]]:
    """Pieces of a line, each a dash long, with its bends."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    count = max(round(float(along[-1]) / ((_DASH + _GAP) * width)), 1)
    period = float(along[-1]) / count
    # OpenCV's round ends make each dash one line width longer.
    length = max(period * _DASH / (_DASH + _GAP) - width, 0.0)
    pieces = []
    for start in np.arange(count) * period:
        inside = along[(along > start) & (along < start + length)]
        at = np.concatenate([[start], inside, [start + length]])
        piece = np.stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)], axis=1)
        pieces.append(piece)
    return pieces


def _arc(circle: Circle, start: float, length: float) -> NDArray[np.float64]:
    turn = start + np.linspace(0, length, 9)
    return np.stack(
        [circle.x + circle.radius * np.cos(turn), circle.y + circle.radius * np.sin(turn)], axis=1
    )


def _lines(mask: NDArray[np.uint8], paths: list[NDArray[np.float64]], width: float) -> None:
    points = [np.rint(path * (1 << _SHIFT)).astype(np.int32) for path in paths]
    cv2.polylines(mask, points, False, 255, max(round(width), 1), cv2.LINE_AA, _SHIFT)


def _blend(pixels: NDArray[np.uint8], mask: NDArray[np.uint8], colour: str, alpha: float) -> None:
    touched = mask > 0
    share = mask[touched].astype(np.float32)[:, None] * (alpha / 255)
    ink_rgb = np.array(ImageColor.getrgb(colour), np.float32)
    mixed = pixels[touched] * (1 - share) + ink_rgb * share
    pixels[touched] = np.rint(mixed).astype(np.uint8)
