"""Outlines on the annotated picture: the model's dashed with their numbers, the reader's solid."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import tags
from engine.answers import Mark
from engine.geometry import Circle, ring
from engine.reports import ink
from engine.reports.sheet import Sheet, Type, Weight
from engine.reports.signs import draw_line

_WORDS = Type(12, Weight.MEDIUM)
_TAG_WORDS = Type(11, Weight.SEMIBOLD)
_RISE = 4.0
_LINE = 16.0
_CORNER, _ASCENT = 10.0, 11.0
_MODEL_WIDTH, _READER_WIDTH = 1.4, 2.0


def draw_outlines(pixels: NDArray[np.uint8], marks: Sequence[Mark], scale: float) -> None:
    """Draw the marks' lines into pixels (y, x, 3), in place, ``scale`` pixels to a logical one."""
    for mark in marks:
        by_model = mark.number > 0
        lines = [np.array(line) for line in mark.lines]
        width = _MODEL_WIDTH if by_model else _READER_WIDTH
        colour = ink.MODEL if by_model else ink.READER
        draw_line(pixels, lines, width * scale, colour, scale, dashed=by_model)


def write_words(
    picture: Image.Image,
    marks: Sequence[Mark],
    scale: float,
    assessed: Circle | None = None,
    eye: str = "",
) -> None:
    """Write tags and words beside the marks, on a picture that has their lines already.

    The model's keep off the reader's, off the line of the area ``assessed`` and off ``eye``, which
    eye it is, which stands in the upper left corner.
    """
    sheet = Sheet(picture, scale)
    told = [mark for mark in marks if mark.number]
    wanted = [
        tags.Wanted(
            [np.array(line) / scale for line in mark.lines],
            sheet.width(", ".join(mark.words), _WORDS),
        )
        for mark in told
    ]
    size = picture.width / scale, picture.height / scale
    lines = [] if assessed is None else [ring(assessed) / scale]
    corner = (_CORNER, _CORNER, _CORNER + sheet.width(eye, _WORDS), _CORNER + _LINE)
    taken = [corner] if eye else []
    by_reader = [(mark, _beside(mark, scale)) for mark in marks if not mark.number and mark.words]
    for mark, (left, base) in by_reader:
        right = left + max(sheet.width(words, _WORDS) for words in mark.words)
        taken.append((left, base - _ASCENT, right, base - _ASCENT + _LINE * len(mark.words)))
    for stood in tags.stand(wanted, size, taken, lines):
        mark, (x, y) = told[stood.at], stood.tag
        sheet.rectangle((x, y, x + tags.SIDE, y + tags.SIDE), ink.MODEL)
        middle = (x + tags.SIDE / 2, y + tags.SIDE / 2)
        sheet.text(middle, str(mark.number), _TAG_WORDS, ink.GROUND, anchor="mm")
        if stood.words is not None:
            left, top = stood.words
            _write(sheet, (left, top + tags.SIDE - _RISE), ", ".join(mark.words), ink.TEXT1)
    if eye:
        _write(sheet, (_CORNER, _CORNER + _ASCENT), eye, ink.TEXT1)
    for mark, (left, base) in by_reader:
        for row, words in enumerate(mark.words):
            _write(sheet, (left, base + row * _LINE), words, ink.READER)


def _beside(mark: Mark, scale: float) -> tuple[float, float]:
    """Where the words beside a mark begin: their left end, and the first one's base line."""
    points = np.concatenate([np.array(line) for line in mark.lines]) / scale
    return float(points[:, 0].max()) + 8, float(points[:, 1].mean())


def _write(sheet: Sheet, at: tuple[float, float], words: str, colour: str) -> None:
    """One line with a halo of one logical pixel."""
    for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        sheet.text((at[0] + across, at[1] + down), words, _WORDS, ink.GROUND)
    sheet.text(at, words, _WORDS, colour)
