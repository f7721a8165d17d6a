"""A confusion matrix as a picture for print: counts, and shares of each true row."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.reports.sheet import Sheet, Type, Weight
from engine.telling import words

_SCALE = 2
_CELL = 74.0
_LEFT, _TOP, _FOOT, _RIGHT = 132.0, 84.0, 40.0, 28.0
_TITLE = Type(14, Weight.SEMIBOLD)
_NAME = Type(12, Weight.MEDIUM)
_COUNT = Type(14, Weight.SEMIBOLD)
_SHARE = Type(11)
_STRIP = Type(11, Weight.SEMIBOLD)

# Paper: the light tokens of LOOK 4; a cell's ground goes from white to the model's hue.
_GROUND, _TEXT1, _TEXT2, _LINE = "#FFFFFF", "#14181D", "#3F4954", "#CBD2D9"
_FULL = np.array([0x0A, 0x5F, 0xB0])
_WHITE_FROM = 0.55
"""The share from which white words stand out more than black ones."""


def draw(counts: NDArray[np.intp], names: Sequence[str], title: str) -> Image.Image:
    """Draw counts (K, K), a row for each true stage."""
    side = _CELL * len(counts)
    width = max(_LEFT + side + _RIGHT, 460.0)
    size = (round(width * _SCALE), round((_TOP + side + _FOOT) * _SCALE))
    sheet = Sheet(Image.new("RGB", size, _GROUND), _SCALE)
    sheet.text((16, 28), sheet.cut(title, _TITLE, width - 32), _TITLE, _TEXT1)
    sheet.text((_LEFT + side / 2, 52), "told", _NAME, _TEXT2, anchor="ms")
    sheet.text((16, _TOP + side / 2 + 4), "true", _NAME, _TEXT2)
    totals = np.maximum(counts.sum(axis=1), 1)
    for row, name in enumerate(names):
        middle = _CELL * (row + 0.5)
        short = sheet.cut(name, _NAME, _LEFT - 62)
        sheet.text((_LEFT - 10, _TOP + middle + 4), short, _NAME, _TEXT1, anchor="rs")
        across = sheet.cut(name, _NAME, _CELL - 6)
        sheet.text((_LEFT + middle, _TOP - 10), across, _NAME, _TEXT1, anchor="ms")
        for column, count in enumerate(counts[row]):
            _cell(sheet, row, column, int(count), float(count / totals[row]))
    sheet.text((16, _TOP + side + 26), words.STRIP, _STRIP, _TEXT2)
    return sheet.image


def _cell(sheet: Sheet, row: int, column: int, count: int, share: float) -> None:
    left, top = _LEFT + _CELL * column, _TOP + _CELL * row
    box = (left, top, left + _CELL, top + _CELL)
    sheet.rectangle(box, _LINE)
    red, green, blue = np.rint(255 + share * (_FULL - 255)).astype(int)
    inner = (left + 0.5, top + 0.5, left + _CELL - 0.5, top + _CELL - 0.5)
    sheet.rectangle(inner, f"#{red:02X}{green:02X}{blue:02X}")
    ink = _GROUND if share > _WHITE_FROM else _TEXT1
    middle = (left + _CELL / 2, top + _CELL / 2)
    sheet.text((middle[0], middle[1] - 2), str(count), _COUNT, ink, anchor="ms")
    sheet.text((middle[0], middle[1] + 16), f"{100 * share:.0f}\u202f%", _SHARE, ink, anchor="ms")
