"""The probability bar: estimate, interval and operating point on one scale (LOOK 8)."""

import numpy as np
from PIL import Image

from engine.answers import Interval
from engine.reports import ink
from engine.reports.sheet import Sheet, Type, Weight
from engine.telling import words

_BAND = 0.42
_BAR = 14.0
_ESTIMATE = 3.6
_HAIR = 1.0
_TICK = 3.0
_FIGURES = Type(11)
_MARK = Type(11, Weight.MEDIUM)
HEIGHT = 56.0
"""Logical pixels that the scale takes, from the operating point's words to the figures."""


def draw_scale(
    sheet: Sheet,
    at: tuple[float, float],
    width: float,
    probability: float,
    interval: Interval,
    operating_point: float,
) -> None:
    """Draw the scale with its left upper corner at ``at``, ``width`` logical pixels wide."""
    left, top = at
    bar_top, bar_bottom = top + 24, top + 24 + _BAR

    def x(value: float) -> float:
        return left + width * value

    sheet.rectangle((left, bar_top, left + width, bar_bottom), ink.CONTROL)
    _hatch(sheet, (x(operating_point), bar_top, left + width, bar_bottom))
    band = ink.mix(ink.MODEL, ink.CONTROL, _BAND)
    sheet.rectangle((x(interval.low), bar_top, x(interval.high), bar_bottom), band)
    for end in (interval.low, interval.high):
        _upright(sheet, x(end), bar_top, bar_bottom, _HAIR, ink.MODEL)
    _upright(sheet, x(probability), bar_top - 2, bar_bottom + 2, _ESTIMATE, ink.MODEL)
    _operating_point(sheet, left, width, top, operating_point)
    for step in range(0, 101, 10):
        _upright(sheet, x(step / 100), bar_bottom + 3, bar_bottom + 3 + _TICK, _HAIR, ink.EDGE)
        if step % 20 == 0:
            text = f"{step}{words.THIN}%" if step == 100 else str(step)
            sheet.text((x(step / 100), top + HEIGHT), text, _FIGURES, ink.TEXT3, anchor="ms")


def _operating_point(
    sheet: Sheet, left: float, width: float, top: float, operating_point: float
) -> None:
    """The white mark that points down, with its words kept between the scale's ends."""
    x = left + width * operating_point
    text = f"Operating point {words.percent(operating_point)}"
    half = sheet.width(text, _MARK) / 2
    middle = min(max(x, left + half), left + width - half)
    sheet.text((middle, top + 11), text, _MARK, ink.TEXT1, anchor="ms")
    sheet.polygon([(x - 4, top + 15), (x + 4, top + 15), (x, top + 21)], ink.TEXT1)
    _upright(sheet, x, top + 17, top + 24 + _BAR + 2, 1.4, ink.TEXT1)


def _upright(sheet: Sheet, x: float, top: float, bottom: float, width: float, colour: str) -> None:
    sheet.rectangle((x - width / 2, top, x + width / 2, bottom), colour)


def _hatch(sheet: Sheet, box: tuple[float, float, float, float]) -> None:
    """Slanted lines over the side on which the decision is "referable"."""
    left, top, right, bottom = (round(edge * sheet.scale) for edge in box)
    if right <= left:
        return
    rows, columns = np.mgrid[top:bottom, left:right]
    # Smooth edges: the share of each pixel that a line of 1 in every 5 logical pixels covers.
    away = np.abs((rows + columns) / sheet.scale % 5.0 - 2.5) * sheet.scale / np.sqrt(2)
    share = np.clip(0.5 * sheet.scale + 0.5 - away, 0, 1)
    mask = Image.fromarray(np.rint(255 * share).astype(np.uint8))
    sheet.image.paste(ink.mix(ink.EDGE, ink.CONTROL, 0.7), (left, top), mask)
