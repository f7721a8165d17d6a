"""Outlines on the annotated picture: the model's dashed with their numbers, the reader's solid."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.answers import Mark
from engine.geometry import tag_corner
from engine.reports import ink
from engine.reports.sheet import Sheet, Type, Weight
from engine.reports.signs import draw_line

_WORDS = Type(12, Weight.MEDIUM)
_TAG_WORDS = Type(11, Weight.SEMIBOLD)
_TAG = 17.0
_BESIDE = 4.0
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


def write_words(picture: Image.Image, marks: Sequence[Mark], scale: float) -> None:
    """Write tags and words beside the marks, on a picture that has their lines already."""
    sheet = Sheet(picture, scale)
    taken: list[tuple[float, float, float]] = []
    told: list[Mark] = []
    for mark in marks:
        if mark.number:
            lines = [np.array(line) / scale for line in mark.lines]
            corner = tag_corner(lines, (picture.width / scale, picture.height / scale), _TAG)
            # A weaker region's tag gives way, as in the window.
            if corner is not None and _is_free(taken, corner, _TAG):
                x, y = corner
                taken.append((x, y, _TAG))
                told.append(mark)
                sheet.rectangle((x, y, x + _TAG, y + _TAG), ink.MODEL)
                middle = (x + _TAG / 2, y + _TAG / 2)
                sheet.text(middle, str(mark.number), _TAG_WORDS, ink.GROUND, anchor="mm")
    for mark, (x, y, _) in zip(told, tuple(taken), strict=True):
        # The kind of a lesion, where nothing else stands.
        for words in mark.words:
            wide, beside = sheet.width(words, _WORDS), (x + _TAG + _BESIDE, y)
            if _is_free(taken, beside, wide):
                taken.append((*beside, wide))
                _write(sheet, (beside[0], y + _TAG - _BESIDE), words, ink.TEXT1)
    for mark in marks:
        if mark.number:
            continue
        points = np.concatenate([np.array(line) for line in mark.lines]) / scale
        right = float(points[:, 0].max())
        for row, words in enumerate(mark.words):
            _write(sheet, (right + 8, float(points[:, 1].mean()) + row * _LINE), words, ink.READER)


def _is_free(
    taken: Sequence[tuple[float, float, float]], at: tuple[float, float], wide: float
) -> bool:
    """Whether nothing of one line's height that is ``taken`` (x, y, width) stands here."""
    x, y = at
    return all(x + wide <= a or a + w <= x or abs(y - b) >= _TAG for a, b, w in taken)


def write_eye(picture: Image.Image, words: str, scale: float) -> None:
    """Write which eye it is into the upper left corner."""
    _write(Sheet(picture, scale), (_CORNER, _CORNER + _ASCENT), words, ink.TEXT1)


def _write(sheet: Sheet, at: tuple[float, float], words: str, colour: str) -> None:
    """One line with a halo of one logical pixel."""
    for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        sheet.text((at[0] + across, at[1] + down), words, _WORDS, ink.GROUND)
    sheet.text(at, words, _WORDS, colour)
