"""The figure of a truth check: both plots, the table, what it says and what it does not."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from engine.answers import Criterion
from engine.curve_names import name_places
from engine.folders import write_bytes, write_whole
from engine.reports import curves
from engine.reports.curves import GROUND, LINE, TEXT1, TEXT2, Frame, Line
from engine.reports.sheet import Canvas, Sheet, Type, Weight
from engine.reports.svg_sheet import SvgSheet
from engine.telling import truth_words, words
from engine.truth_check import CriterionTruth, Curve, RandomCurve, TruthCheck

WIDTH = 1120
"""Logical pixels."""

SVG = ".svg"

_SCALE, _FINER = 2, 2
_SIDE = 72.0
_PLOT_TOP, _PLOT_BOTTOM = 104.0, 404.0
_TABLE_TOP = 482.0
_ROW = 24.0
_HEAD = Type(18, Weight.SEMIBOLD)
_CELL = Type(12)
_CELL_STRONG = Type(12, Weight.SEMIBOLD)
_COLUMN = Type(11, Weight.SEMIBOLD)
_LINE_APART = 18.0
_NAMES = 70.0
"""Of the criteria, at the left of the table."""
_AREA_COLUMNS = ("Deletion area", "Insertion area")
_CHIEF_STYLE, _AT_RANDOM = 0, 2
_OTHER_STYLES = (1, 3, 4)


def save(path: Path, check: TruthCheck) -> Path:
    """Write the figure, SVG where ``path`` ends so, else PNG, and its numbers as JSON beside it.

    Returns the path of the numbers. No file name and nothing of the photograph's metadata is in
    either.

    Raises:
        OSError: The folder cannot be written to.
    """
    if path.suffix.lower() == SVG:
        write_bytes(path, svg(check).encode())
    else:
        picture = png(check)
        write_whole(path, lambda file: picture.save(file, "PNG", compress_level=6))
    numbers = path.with_suffix(".json")
    write_bytes(numbers, msgspec.json.format(msgspec.json.encode(as_json(check)), indent=1))
    return numbers


def is_one(path: Path) -> bool:
    """Whether the numbers of a truth check lie beside a figure; what cannot be read are none."""
    try:
        numbers = msgspec.json.decode(path.with_suffix(".json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(numbers, dict) and {"parts", "caution", "strip"} <= numbers.keys()


def as_json(check: TruthCheck) -> dict[str, object]:
    """The check as plain numbers and words, with the sentences that belong to them."""
    plain: dict[str, object] = msgspec.to_builtins(check)
    return {
        **plain,
        "warnings": [*truth_words.cautions(check), *check.warnings],
        "removed": truth_words.REMOVED,
        "correlations": truth_words.AGREEMENT,
        "caution": truth_words.CAUTION,
        "strip": words.STRIP,
    }


def png(check: TruthCheck) -> Image.Image:
    """The figure as pixels."""
    scale = _SCALE * _FINER
    size = WIDTH * scale, round(_height(check) * scale)
    sheet = Sheet(Image.new("RGB", size, GROUND), scale)
    _lay(sheet, check)
    return sheet.image.reduce(_FINER)


def svg(check: TruthCheck) -> str:
    """The figure as lines and letters."""
    sheet = SvgSheet(WIDTH, _height(check), GROUND)
    _lay(sheet, check)
    return sheet.document()


def _height(check: TruthCheck) -> float:
    return _TABLE_TOP + _ROW * (len(check.parts) + 2) + _LINE_APART * 7 + 44


def _lay(sheet: Canvas, check: TruthCheck) -> None:
    sheet.text((_SIDE, 40), truth_words.TITLE, _HEAD, TEXT1)
    sheet.text((_SIDE, 62), truth_words.room(check), _CELL, TEXT2)
    half = (WIDTH - 3 * _SIDE) / 2 + 16
    frames = [
        Frame(left, _PLOT_TOP, left + half, _PLOT_BOTTOM, left + half, 1.0, percent=True)
        for left in (_SIDE, WIDTH - 56 - half)
    ]
    for frame, title, x_name, lines in (
        (
            frames[0],
            truth_words.DELETION,
            truth_words.DELETION_AXIS,
            _lines(check, [part.deletion for part in check.parts], check.random_deletion),
        ),
        (
            frames[1],
            truth_words.INSERTION,
            truth_words.INSERTION_AXIS,
            _lines(check, [part.insertion for part in check.parts], check.random_insertion),
        ),
    ):
        curves.lay(sheet, frame, lines, title, x_name, "")
    below = _table(sheet, check)
    for sentence in (
        f"Curves: {truth_words.PROBABILITY}. {truth_words.yardstick(check)}",
        truth_words.REMOVED,
        *([truth_words.PAINTED_OVER] if any(part.painted for part in check.parts) else []),
        truth_words.CORRELATIONS,
        truth_words.CAUTION,
        f"Pack: {words.pack_words(check.pack)}.",
    ):
        for line in sheet.wrapped(sentence, _CELL, WIDTH - 2 * _SIDE):
            sheet.text((_SIDE, below), line, _CELL, TEXT2)
            below += _LINE_APART
    sheet.text((_SIDE, _height(check) - 20), words.STRIP, _CELL_STRONG, TEXT1)


def _lines(check: TruthCheck, found: Sequence[Curve], random: RandomCurve) -> list[Line]:
    x = np.array(random.shares)
    ys = [np.array(curve.probabilities) for curve in found]
    shares = [np.array(curve.shares) for curve in found]
    names = [truth_words.criterion_name(part.criterion) for part in check.parts]
    places = name_places(
        [*names, truth_words.AT_RANDOM],
        [*zip(shares, ys, strict=True), (x, np.array(random.mean))],
    )
    chief = _chief(check)
    styles = iter(_OTHER_STYLES * len(found))
    lines = [
        Line(
            names[number],
            shares[number],
            ys[number],
            style=_CHIEF_STYLE if part is chief else next(styles),
            named_at=places[number],
        )
        for number, part in enumerate(check.parts)
    ]
    band = np.array(random.low), np.array(random.high)
    name = truth_words.AT_RANDOM
    return [*lines, Line(name, x, np.array(random.mean), band, _AT_RANDOM, places[-1])]


def _chief(check: TruthCheck) -> CriterionTruth:
    """The map that a pack shows of itself: lesions where they are drawn, else the paper's own."""
    by_name = {part.criterion: part for part in check.parts}
    return by_name.get(Criterion.LESIONS) or by_name.get(Criterion.PI, check.parts[0])


def _table(sheet: Canvas, check: TruthCheck) -> float:
    """The table; returns where the words below it begin."""
    names = [*_AREA_COLUMNS, *truth_words.columns(check)]
    rows = [truth_words.row(part, names[2:]) for part in check.parts]
    rows.append(truth_words.random_row(check, names[2:]))
    places = _right_ends(sheet, names, [figures for _, *figures in rows])
    sheet.text((_SIDE, _TABLE_TOP), "Criterion", _COLUMN, TEXT2)
    for name, right in zip(names, places, strict=True):
        sheet.text((right, _TABLE_TOP), name, _COLUMN, TEXT2, anchor="rs")
    below = _TABLE_TOP + _ROW
    for name, *figures in rows:
        sheet.rectangle((_SIDE, below - 17, WIDTH - _SIDE, below - 16.5), LINE)
        sheet.text((_SIDE, below), name, _CELL_STRONG, TEXT1)
        for figure, right in zip(figures, places, strict=False):
            sheet.text((right, below), figure, _CELL, TEXT1, anchor="rs")
        below += _ROW
    return below + 8


def _right_ends(sheet: Canvas, names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Where columns end: each as wide as what stands in it, what is left between them shared."""
    wide = [
        max(sheet.width(name, _COLUMN), *(sheet.width(row[at], _CELL) for row in rows))
        for at, name in enumerate(names)
    ]
    gap = (WIDTH - 2 * _SIDE - _NAMES - sum(wide)) / len(wide)
    return [
        _SIDE + _NAMES + sum(wide[: number + 1]) + gap * (number + 1) for number in range(len(wide))
    ]
