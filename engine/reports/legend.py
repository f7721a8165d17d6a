"""The heatmap's legend: what it shows, both ends, and what they are in the map's own numbers."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import tint
from engine.answers import Look
from engine.reports import ink
from engine.reports.sheet import Sheet, Type, Weight
from engine.telling import words

_BAR = 14.0
_BEFORE = 30.0
_TITLE = Type(12, Weight.SEMIBOLD)
_ENDS = Type(11)


def draw_legend(
    sheet: Sheet,
    at: tuple[float, float],
    width: float,
    title: str,
    look: Look,
    upper_end: float,
    ground: NDArray[np.uint8],
    *,
    chance: bool = False,
) -> None:
    """Draw the legend with its left upper corner at ``at``, ``width`` logical pixels wide.

    ``title`` says what the map is of and by which criterion. ``upper_end`` is the map's value that
    is shown as 1; ``ground`` is the red, green and blue that the ramp is laid on, as the heatmap is
    on the picture. A ``chance`` has one scale in every picture.
    """
    left, top = at
    _write_title(sheet, at, width, title)
    pixels = round(width * sheet.scale), max(round(_BAR * sheet.scale), 1)
    sheet.paste(_ramp(pixels, look, ground), (left, top + 24))
    ends = top + 52
    sheet.text((left, ends), words.evidence(look.threshold), _ENDS, ink.TEXT2)
    sheet.text((left + width, ends), words.evidence(1), _ENDS, ink.TEXT2, anchor="rs")
    sheet.text((left, ends + 16), words.scale_words(upper_end, chance=chance), _ENDS, ink.TEXT3)


def draw_signed_legend(
    sheet: Sheet,
    at: tuple[float, float],
    width: float,
    title: str,
    look: Look,
    upper_end: float,
    ground: NDArray[np.uint8],
) -> None:
    """The same of a signed map, with 0 in the middle; its ground is the red-free picture's."""
    left, top = at
    _write_title(sheet, at, width, title)
    across, high = round(width * sheet.scale), max(round(_BAR * sheet.scale), 1)
    laid = tint.signed_ramp(int(ground[1]), across, look.threshold)
    sheet.paste(Image.fromarray(np.repeat(laid, high, axis=0)), (left, top + 24))
    ends = top + 52
    against, middle, pro = words.SIGNED_ENDS
    sheet.text((left, ends), against, _ENDS, ink.TEXT2)
    sheet.text((left + width / 2, ends), middle, _ENDS, ink.TEXT2, anchor="ms")
    sheet.text((left + width, ends), pro, _ENDS, ink.TEXT2, anchor="rs")
    sheet.text((left, ends + 16), words.scale_words(upper_end), _ENDS, ink.TEXT3)


def _write_title(sheet: Sheet, at: tuple[float, float], width: float, title: str) -> None:
    """From the left; one that is longer ends where the legend does, and begins a little before."""
    left, top = at
    title = sheet.cut(title, _TITLE, width + _BEFORE)
    if sheet.width(title, _TITLE) <= width:
        sheet.text((left, top + 11), title, _TITLE, ink.TEXT1)
    else:
        sheet.text((left + width, top + 11), title, _TITLE, ink.TEXT1, anchor="rs")


def _ramp(size: tuple[int, int], look: Look, ground: NDArray[np.uint8]) -> Image.Image:
    width, height = size
    red, green, blue = (int(value) for value in ground)
    laid = tint.ramp(tint.colour_table(look.colour_map), (red, green, blue), width)
    return Image.fromarray(np.repeat(laid, height, axis=0))
