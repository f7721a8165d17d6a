"""Where the words in the corners of a view come to lie, so that none runs into another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from viewer.layers.over_text import LINE, draw_line, width_of
from viewer.layers.slice_words import SliceWords
from viewer.theme import tokens, type

_ASCENT, _ABOVE = 11.0, 3.0
_RAIL = 8.0
_LETTERS = 24.0
"""Half of what the letter in the middle of an edge takes, with its room."""
_APART = 16.0


class Typed(Enum):
    """A value that can be typed where it is told."""

    WINDOW = auto()
    ZOOM = auto()


@dataclass(frozen=True)
class TypedBoxes:
    """Where a click lets one type a value, logical pixels; None where nothing is told."""

    window: QRectF | None = None
    zoom: QRectF | None = None

    def at(self, at: QPointF) -> Typed | None:
        """What can be typed at a position."""
        for kind, box in ((Typed.WINDOW, self.window), (Typed.ZOOM, self.zoom)):
            if box is not None and box.contains(at):
                return kind
        return None


@dataclass(frozen=True)
class Line:
    """A line of words and the box around it, logical pixels."""

    words: str
    box: QRectF


@dataclass(frozen=True)
class Corners:
    """The lines of all corners as they are drawn, and where one may type."""

    lines: tuple[Line, ...]
    typed: TypedBoxes


def place_corners(size: QSizeF, words: SliceWords) -> Corners:
    """Lay the lines 10 px from the corners of a view of ``size``, logical pixels.

    In a narrow view the lines at the left go first: what would run into them is cut short. Of the
    figures at the lower right the last is left out first, the voxel's index; the value and its
    place go above the lines at the left where there is no room beside them.
    """
    edge = float(tokens.CORNER)
    right = size.width() - edge - _RAIL
    half = size.width() / 2 - edge - _LETTERS
    left = _upper_left(words.top_left, half, right - edge)
    beside = tuple(_cut_short(line, half) for line in words.top_right)
    upper_right = [_line(right, row, line, to_left=True) for row, line in enumerate(beside)]
    last = size.height() - edge - _ABOVE
    lower_left = [
        _line(edge, row, _cut_short(line, right - edge), last=last)
        for row, line in enumerate(reversed(words.bottom_left))
    ]
    lower_right = _lower_right(words.bottom_right, size, last, lower_left)
    typed = TypedBoxes()
    if len(lower_left) > 1:
        typed = TypedBoxes(lower_left[1].box, lower_left[0].box)
    return Corners((*left, *upper_right, *lower_left, *lower_right), typed)


def below_upper_left(size: QSizeF, words: SliceWords) -> float:
    """Where the upper left corner is free again below its lines, logical pixels."""
    lines = place_corners(size, replace(words, bottom_left=())).lines
    boxes = [line.box for line in lines if line.box.left() == tokens.CORNER]
    return max((box.bottom() for box in boxes), default=float(tokens.CORNER))


def draw_corners(painter: QPainter, corners: Corners) -> None:
    """Draw the lines."""
    for line in corners.lines:
        draw_line(painter, (line.box.left(), line.box.top() + _ASCENT), line.words)


def _upper_left(lines: Sequence[str], half: float, whole: float) -> list[Line]:
    # Beside the upper edge's letter there is half of the width; what needs more goes below it.
    below = bool(lines) and width_of(lines[0]) > half
    return [
        _line(float(tokens.CORNER), row + int(below), _cut_short(line, whole))
        for row, line in enumerate(lines)
    ]


def _lower_right(
    lines: Sequence[str], size: QSizeF, last: float, beside: Sequence[Line]
) -> list[Line]:
    """As many of the lines, from the first, as have room: beside those at the left, or above."""
    right, middle = size.width() - tokens.CORNER - _RAIL, size.width() / 2 + _LETTERS
    taken = [line.box.right() + _APART for line in beside]
    # The lowest row has the edge's letter in its middle.
    ends = [max([middle, *taken[:1]]), *taken[1:], *[float(tokens.CORNER)] * len(lines)]
    for kept in range(len(lines), 0, -1):
        for lowest in (0, len(beside)) if kept < len(lines) else (0,):
            placed = [
                _line(right, lowest + row, line, last=last - 3 * bool(lowest), to_left=True)
                for row, line in enumerate(reversed(lines[:kept]))
            ]
            if all(line.box.left() >= ends[lowest + row] for row, line in enumerate(placed)):
                return placed
    return []


def _line(
    x: float, row: int, words: str, *, last: float | None = None, to_left: bool = False
) -> Line:
    """A line in a row from the top, or from the bottom up if ``last`` is the lowest base line."""
    wide = width_of(words)
    base = tokens.CORNER + _ASCENT + row * LINE if last is None else last - row * LINE
    return Line(words, QRectF(x - wide if to_left else x, base - _ASCENT, wide, LINE))


def _cut_short(line: str, most: float) -> str:
    if width_of(line) <= most:
        return line
    metrics = QFontMetricsF(type.font(tokens.OVERLAY))
    return metrics.elidedText(line, Qt.TextElideMode.ElideRight, most)
