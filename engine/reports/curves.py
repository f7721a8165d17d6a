"""Curves as a picture for print: lines that differ by their dashes, each named at its end."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.curve_names import NamePlace
from engine.reports.sheet import Canvas, Sheet, Type, Weight
from engine.telling import words

SIZE = 760, 480
"""Of the whole picture, in logical pixels; drawn twice as large."""

_SCALE = 2
_FINER = 2  # drawn larger once more and made small, so that lines are smooth
_TITLE = Type(14, Weight.SEMIBOLD)
_AXIS = Type(12)
_FIGURE = Type(11)
_STRIP = Type(11, Weight.SEMIBOLD)
_APART = 15.0

# Paper: the light tokens of LOOK 4 that a curve needs.
GROUND, TEXT1, TEXT2, TEXT3, LINE = "#FFFFFF", "#14181D", "#3F4954", "#5A6571", "#CBD2D9"
_BAND = "#E6E9EC"
STYLES: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("#0A5FB0", ()),
    (TEXT1, (9, 5)),
    (TEXT3, (2.5, 3.5)),
    (TEXT1, (12, 4, 2.5, 4)),
    (TEXT3, (5, 3)),
)
"""Colour and dashes of the lines, the chief one's first."""


@dataclass(frozen=True, eq=False)
class Line:
    """One curve: its name and its points, both (k,); the first of a drawing is the chief one.

    ``band`` is the lowest and the highest at each x, where it is a mean of several. ``style`` is a
    number of ``STYLES`` where it is not the line's own in the drawing. ``named_at`` is where its
    name stands beside it, in the curve's own numbers; None for its right end.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    band: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    style: int | None = None
    named_at: NamePlace | None = None


@dataclass(frozen=True)
class Frame:
    """Where on a page the axes run, in logical pixels, and where they end.

    ``names_end`` is how far right the lines' names may reach. ``percent`` writes figures so.
    """

    left: float
    top: float
    right: float
    bottom: float
    names_end: float
    x_end: float
    y_end: float = 1.0
    percent: bool = False

    def across(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Along the page."""
        return self.left + (self.right - self.left) * x / self.x_end

    def down(self, y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Down the page; what lies beyond is cut off."""
        return self.bottom - (self.bottom - self.top) * np.clip(y / self.y_end, 0, 1)

    def figure(self, value: float) -> str:
        """A number of an axis."""
        return f"{100 * value:.3g}{words.THIN}%" if self.percent else f"{value:.3g}"


def draw(
    lines: Sequence[Line], title: str, x_name: str, y_name: str, x_end: float, y_end: float = 1.0
) -> Image.Image:
    """Draw curves from (0, 0) to (``x_end``, ``y_end``); what lies beyond is cut off."""
    scale = _SCALE * _FINER
    sheet = Sheet(Image.new("RGB", (SIZE[0] * scale, SIZE[1] * scale), GROUND), scale)
    frame = Frame(72.0, 44.0, 568.0, 392.0, SIZE[0] - 8, x_end, y_end)
    lay(sheet, frame, lines, title, x_name, y_name)
    sheet.text((frame.left, SIZE[1] - 14), words.STRIP, _STRIP, TEXT2)
    return sheet.image.reduce(_FINER)


def lay(
    sheet: Canvas, frame: Frame, lines: Sequence[Line], title: str, x_name: str, y_name: str
) -> None:
    """Lay curves with their axes and names on a page that may hold others."""
    sheet.text((frame.left, frame.top - 16), title, _TITLE, TEXT1)
    for line in lines:
        if line.band is not None:
            sheet.polygon(_between(line, frame), _BAND)
    _axes(sheet, frame, x_name, y_name)
    ends: list[tuple[float, int]] = []
    for number, line in enumerate(lines):
        points = _cut(line, frame)
        sheet.line(points, *_style(lines, number))
        if line.named_at is None:
            ends.append((points[-1][1], number))
        else:
            _name(sheet, frame, line.name, line.named_at, _style(lines, number)[0])
    _names(sheet, frame, lines, ends)


def _style(lines: Sequence[Line], number: int) -> tuple[str, tuple[float, ...]]:
    own = lines[number].style
    return STYLES[(number if own is None else own) % len(STYLES)]


def _axes(sheet: Canvas, frame: Frame, x_name: str, y_name: str) -> None:
    left, top, right, bottom = frame.left, frame.top, frame.right, frame.bottom
    for part in range(6):
        x = left + (right - left) * part / 5
        y = bottom - (bottom - top) * part / 5
        sheet.rectangle((x - 0.5, top, x + 0.5, bottom), LINE)
        sheet.rectangle((left, y - 0.5, right, y + 0.5), LINE)
        along, up = frame.x_end * part / 5, frame.y_end * part / 5
        figure = frame.figure(along) if frame.percent else f"{along:g}"
        sheet.text((x, bottom + 18), figure, _FIGURE, TEXT3, anchor="ms")
        sheet.text((left - 8, y + 4), frame.figure(up), _FIGURE, TEXT3, anchor="rs")
    sheet.text(((left + right) / 2, bottom + 40), x_name, _AXIS, TEXT2, anchor="ms")
    # Words that run upwards are read slowly: the axis is named above its end.
    sheet.text((right, top - 16), y_name, _AXIS, TEXT2, anchor="rs")


def _cut(line: Line, frame: Frame) -> list[tuple[float, float]]:
    """The points inside the axes, on the page; level to the right end where the curve ends."""
    return _on_page(line.x, line.y, frame)


def _between(line: Line, frame: Frame) -> list[tuple[float, float]]:
    """The outline of a line's band, on the page."""
    assert line.band is not None
    low, high = (_on_page(line.x, edge, frame) for edge in line.band)
    return [*low, *reversed(high)]


def _on_page(
    x: NDArray[np.float64], y: NDArray[np.float64], frame: Frame
) -> list[tuple[float, float]]:
    upto = int(np.searchsorted(x, frame.x_end, side="right"))
    last = float(np.interp(frame.x_end, x, y))
    across = frame.across(np.append(x[:upto], frame.x_end))
    down = frame.down(np.append(y[:upto], last))
    return list(zip(across.tolist(), down.tolist(), strict=True))


def _name(sheet: Canvas, frame: Frame, name: str, at: NamePlace, colour: str) -> None:
    """A name where its place is, and what leads to it from its line."""
    x = float(frame.across(np.array(at.x)))
    if at.leader is not None:
        ends = sorted(frame.down(np.array(at.leader)).tolist())
        sheet.rectangle((x - 0.5, ends[0], x + 0.5, ends[1]), colour)
    edge = float(frame.down(np.array(at.edge)))
    sheet.text((x + 4, edge + _AXIS.pixels if at.below else edge - 6), name, _AXIS, colour)


def _names(
    sheet: Canvas, frame: Frame, lines: Sequence[Line], ends: list[tuple[float, int]]
) -> None:
    """Each name beside its line's end, moved down where two would overlap."""
    lowest = frame.bottom + 4 - _APART * (len(ends) - 1)
    above = -np.inf
    for y, number in sorted(ends):
        at = max(min(y + 4, lowest), above + _APART)
        name = sheet.cut(lines[number].name, _AXIS, frame.names_end - frame.right - 8)
        sheet.text((frame.right + 8, at), name, _AXIS, _style(lines, number)[0])
        above, lowest = at, lowest + _APART
