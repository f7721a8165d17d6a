"""Curves as a picture for print: lines that differ by their dashes, each named at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine import words
from engine.reports.sheet import Sheet, Type, Weight

SIZE = 760, 480
"""Of the whole picture, in logical pixels; drawn twice as large."""

_SCALE = 2
_FINER = 2  # drawn larger once more and made small, so that lines are smooth
_LEFT, _TOP, _RIGHT, _BOTTOM = 72.0, 44.0, 568.0, 392.0
_TITLE = Type(14, Weight.SEMIBOLD)
_AXIS = Type(12)
_FIGURE = Type(11)
_STRIP = Type(11, Weight.SEMIBOLD)
_APART = 15.0

# Paper: the light tokens of LOOK 4 that a curve needs.
_GROUND, _TEXT1, _TEXT2, _TEXT3, _LINE = "#FFFFFF", "#14181D", "#3F4954", "#5A6571", "#CBD2D9"
_STYLES: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("#0A5FB0", ()),
    (_TEXT1, (9, 5)),
    (_TEXT3, (2.5, 3.5)),
    (_TEXT1, (12, 4, 2.5, 4)),
    (_TEXT3, (5, 3)),
)


@dataclass(frozen=True, eq=False)
class Line:
    """One curve: its name and its points, both (k,); the first of a drawing is the chief one."""

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def draw(
    lines: Sequence[Line], title: str, x_name: str, y_name: str, x_end: float, y_end: float = 1.0
) -> Image.Image:
    """Draw curves from (0, 0) to (``x_end``, ``y_end``); what lies beyond is cut off."""
    scale = _SCALE * _FINER
    sheet = Sheet(Image.new("RGB", (SIZE[0] * scale, SIZE[1] * scale), _GROUND), scale)
    sheet.text((_LEFT, 28), title, _TITLE, _TEXT1)
    _axes(sheet, x_name, y_name, x_end, y_end)
    ends: list[tuple[float, int]] = []
    for number, line in enumerate(lines):
        points = _cut(line, x_end, y_end)
        colour, dashes = _STYLES[number % len(_STYLES)]
        _stroke(sheet, points, colour, dashes)
        ends.append((points[-1][1], number))
    _names(sheet, lines, ends)
    sheet.text((_LEFT, SIZE[1] - 14), words.STRIP, _STRIP, _TEXT2)
    return sheet.image.reduce(_FINER)


def _axes(sheet: Sheet, x_name: str, y_name: str, x_end: float, y_end: float) -> None:
    for part in range(6):
        x = _LEFT + (_RIGHT - _LEFT) * part / 5
        y = _BOTTOM - (_BOTTOM - _TOP) * part / 5
        sheet.rectangle((x - 0.5, _TOP, x + 0.5, _BOTTOM), _LINE)
        sheet.rectangle((_LEFT, y - 0.5, _RIGHT, y + 0.5), _LINE)
        sheet.text((x, _BOTTOM + 18), f"{x_end * part / 5:g}", _FIGURE, _TEXT3, anchor="ms")
        sheet.text((_LEFT - 8, y + 4), f"{y_end * part / 5:.3g}", _FIGURE, _TEXT3, anchor="rs")
    sheet.text(((_LEFT + _RIGHT) / 2, _BOTTOM + 40), x_name, _AXIS, _TEXT2, anchor="ms")
    # Words that run upwards are read slowly: the axis is named above its end.
    sheet.text((_RIGHT, 28), y_name, _AXIS, _TEXT2, anchor="rs")


def _cut(line: Line, x_end: float, y_end: float) -> list[tuple[float, float]]:
    """The points inside the axes, on the page; level to the right end where the curve ends."""
    upto = int(np.searchsorted(line.x, x_end, side="right"))
    x, y = line.x[:upto], line.y[:upto]
    last = float(np.interp(x_end, line.x, line.y))
    x, y = np.append(x, x_end), np.append(y, last)
    across = _LEFT + (_RIGHT - _LEFT) * x / x_end
    down = _BOTTOM - (_BOTTOM - _TOP) * np.clip(y / y_end, 0, 1)
    return list(zip(across.tolist(), down.tolist(), strict=True))


def _stroke(
    sheet: Sheet, points: list[tuple[float, float]], colour: str, dashes: tuple[float, ...]
) -> None:
    pen = ImageDraw.Draw(sheet.image)
    width = round(2 * sheet.scale)
    for piece in _pieces(points, dashes) if dashes else [points]:
        real = [(x * sheet.scale, y * sheet.scale) for x, y in piece]
        pen.line(real, fill=colour, width=width, joint="curve")


def _pieces(
    points: list[tuple[float, float]], dashes: tuple[float, ...]
) -> list[list[tuple[float, float]]]:
    """A polyline cut into its dashes: drawn and left out by turns, with these lengths."""
    pieces: list[list[tuple[float, float]]] = [[points[0]]]
    turn, left = 0, dashes[0]
    for (x, y), (to_x, to_y) in pairwise(points):
        length = hypot(to_x - x, to_y - y)
        done = 0.0
        while length - done > left:
            done += left
            at = (x + (to_x - x) * done / length, y + (to_y - y) * done / length)
            if turn % 2 == 0:
                pieces[-1].append(at)
            else:
                pieces.append([at])
            turn += 1
            left = dashes[turn % len(dashes)]
        left -= length - done
        if turn % 2 == 0:
            pieces[-1].append((to_x, to_y))
    return [piece for piece in pieces if len(piece) > 1]


def _names(sheet: Sheet, lines: Sequence[Line], ends: list[tuple[float, int]]) -> None:
    """Each name beside its line's end, moved down where two would overlap."""
    lowest = _BOTTOM + 4 - _APART * (len(ends) - 1)
    above = -np.inf
    for y, number in sorted(ends):
        at = max(min(y + 4, lowest), above + _APART)
        colour, _ = _STYLES[number % len(_STYLES)]
        name = sheet.cut(lines[number].name, _AXIS, SIZE[0] - _RIGHT - 16)
        sheet.text((_RIGHT + 8, at), name, _AXIS, colour)
        above, lowest = at, lowest + _APART
