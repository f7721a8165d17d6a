"""The annotated picture: a photograph, what the model looked at and said, what the reader signed,
and the strip.

The photograph keeps its own resolution; the tint, the assessed area and outlines lie on it, other
words stand below. Sizes are logical pixels of a page 960 wide, so that text grows with the picture
and reads on a slide.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine import own_mark, tint
from engine.answers import Decision, Heatmap, Look, Mark, RetinopathyAnswer
from engine.folders import write_whole
from engine.geometry import place
from engine.pictures import Photograph
from engine.records.forms import SignedReading
from engine.reports import ink, reader_panel
from engine.reports.legend import draw_legend, draw_signed_legend
from engine.reports.marks import draw_outlines, write_words
from engine.reports.probability_scale import draw_scale
from engine.reports.sheet import Sheet, Type, Weight
from engine.reports.signs import decision_sign, draw_assessed
from engine.reports.stage_panel import draw_bar, draw_words
from engine.stage_answers import StageAnswer
from engine.telling import region_words, stage_words, words

Answer = RetinopathyAnswer | StageAnswer

PAGE_WIDTH = 960
"""Logical pixels; also the least width in real ones, so that a small picture's words are whole."""

_SIDE = 24.0
_STRIP_HEIGHT = 30.0
_PANEL_HEIGHT = 124.0
_SCALE_LEFT = 416.0
_SCALE_WIDTH = 260.0
_LEGEND_WIDTH = 220.0
_LINE = 19.0
_INDENT = 20.0
_FINE = 4.0
_LABEL = Type(11, Weight.SEMIBOLD)
_DECISION = Type(24, Weight.SEMIBOLD)
_CHIEF = Type(14, Weight.SEMIBOLD)
_BODY = Type(13)
_SECOND = Type(12)
_STRIP_TYPE = Type(13, Weight.SEMIBOLD)


def draw(
    photograph: Photograph,
    answer: Answer | None,
    heatmap: Heatmap | None,
    look: Look,
    marks: Sequence[Mark] = (),
    stage: StageAnswer | None = None,
    reading: SignedReading | None = None,
) -> Image.Image:
    """The annotated picture, RGB, as wide as the photograph but at least 960 pixels.

    ``marks`` are drawn over it: the model's regions, and what the reader drew. ``stage`` is told
    beneath the answer; the heatmap is of the stage that it explains, if it explains one.
    ``reading`` is told apart from what the model says, beneath it.

    Which eye it is, where that is known, stands in the upper left corner, as on the screen.
    Without an answer it is the photograph and the strip; an ungradable answer gets its reasons and
    no heatmap. No file name and nothing of the file's metadata is on it; the strip tells the
    photograph by its content, and the day.
    """
    height, width = photograph.pixels.shape[:2]
    scale = max(width, PAGE_WIDTH) / PAGE_WIDTH
    if answer is None or answer.reasons:
        heatmap, stage = None, None
    shown = heatmap if look.visible else None
    picture = _picture(photograph.pixels, answer, shown, look, scale)
    below = _below(photograph, answer, heatmap, look, scale, stage, reading)
    page = Image.new("RGB", (below.width, height + below.height), ink.GROUND)
    if marks:
        picture = picture.copy() if picture is photograph.pixels else picture
        draw_outlines(picture, marks, scale)
    laid = Image.fromarray(picture)
    eye = "" if photograph.laterality is None else words.EYES[photograph.laterality]
    write_words(laid, marks, scale, None if answer is None else answer.assessed, eye)
    page.paste(laid, ((page.width - width) // 2, 0))
    page.paste(below, (0, height))
    return page


def save(path: Path, picture: Image.Image) -> None:
    """Write a drawn picture as a PNG, whole or not at all, with no metadata but ``own_mark``.

    Raises:
        OSError: The folder cannot be written to.
    """
    # A copy of the pixels alone: Pillow would carry along what it knows of a file.
    bare = Image.fromarray(np.asarray(picture))
    mark = PngInfo()
    mark.add_text(own_mark.KEY, own_mark.TEXT)
    write_whole(path, lambda file: bare.save(file, "PNG", compress_level=3, pnginfo=mark))


def _picture(
    pixels: NDArray[np.uint8],
    answer: Answer | None,
    heatmap: Heatmap | None,
    look: Look,
    scale: float,
) -> NDArray[np.uint8]:
    """The photograph with its tint and the assessed area, on its own grid."""
    laid = pixels
    if heatmap is not None:
        upper = np.float32(heatmap.upper_end)
        fine = tint.detail(pixels, shrink=1)
        if heatmap.signed is not None:
            values = place(heatmap.signed, heatmap.way_back, heatmap.picture_shape) / upper
            laid = tint.lay_signed(pixels, values, fine, look.opacity, look.threshold)
        else:
            table, values = tint.colour_table(look.colour_map), heatmap.on_picture() / upper
            laid = tint.lay_over(pixels, values, fine, table, look.opacity, look.threshold)
    if answer is not None and answer.assessed is not None:
        laid = laid.copy() if laid is pixels else laid
        draw_assessed(laid, answer.assessed, scale)
    return laid


def _below(
    photograph: Photograph,
    answer: Answer | None,
    heatmap: Heatmap | None,
    look: Look,
    scale: float,
    stage: StageAnswer | None,
    reading: SignedReading | None,
) -> Image.Image:
    """What stands below the photograph: the model's panel, if it answered, that of the reader who
    signed, and the strip.
    """
    # Small letters are drawn larger and made small: hinted to whole pixels they stand unevenly.
    finer = max(1, math.ceil(_FINE / scale))
    measure = Sheet(Image.new("RGB", (1, 1)), scale * finer)
    reasons = _reason_lines(answer, measure)
    panel = 0.0 if answer is None else _PANEL_HEIGHT
    if reasons:
        panel = 84.0 + _LINE * len(reasons)
    stages = _lesion_lines(answer) + _stage_lines(stage)
    warned = _warning_lines(answer, stage, measure)
    first_stage, panel = panel, panel + _LINE * len(stages)
    first_warned, panel = panel, panel + _LINE * len(warned)
    bottom = panel + reader_panel.height(reading)
    size = round(PAGE_WIDTH * scale), round((bottom + _STRIP_HEIGHT) * scale)
    large = Image.new("RGB", (size[0] * finer, size[1] * finer), ink.PANEL)
    sheet = Sheet(large, scale * finer)
    if answer is not None:
        ground = _ground(photograph.pixels, answer)
        sheet.rectangle((0, 0, 3, panel), ink.MODEL)
        _head(sheet, answer)
        if reasons:
            _refusal(sheet, reasons)
        elif isinstance(answer, StageAnswer):
            draw_words(sheet, (_SIDE, 62), _SCALE_LEFT - _SIDE - 24, answer)
            draw_bar(sheet, (_SCALE_LEFT, 22), _SCALE_WIDTH, answer)
        else:
            _score(sheet, answer, ground)
        for row, line in enumerate(stages):
            line = sheet.cut(line, _SECOND, PAGE_WIDTH - 2 * _SIDE)
            ink_of = ink.TEXT2 if row else ink.TEXT1
            sheet.text((_SIDE, first_stage + 2 + _LINE * row), line, _SECOND, ink_of)
        for row, (begins, line) in enumerate(warned):
            base = first_warned + 2 + _LINE * row
            if begins:
                _warning_sign(sheet, (_SIDE, base))
            sheet.text((_SIDE + _INDENT, base), line, _SECOND, ink.TEXT1)
        if heatmap is not None:
            _legend(sheet, _legend_title(answer, stage), heatmap, look, ground)
    if reading is not None:
        reader_panel.draw(sheet, panel, _SIDE, PAGE_WIDTH, reading)
    _strip(sheet, bottom, words.origin_words("Photograph", photograph.content_hash))
    return large.reduce(finer)


def _legend(
    sheet: Sheet, title: str, heatmap: Heatmap, look: Look, ground: NDArray[np.uint8]
) -> None:
    """The heatmap's scale over ``ground``, the retina's colour; or that it is hidden."""
    at = (PAGE_WIDTH - _SIDE - _LEGEND_WIDTH, 22.0)
    if not look.visible:
        sheet.text((at[0], at[1] + 11), "Heatmap hidden", _SECOND, ink.TEXT2)
        return
    legend = (sheet, at, _LEGEND_WIDTH, title, look, heatmap.upper_end, ground)
    if heatmap.signed is None:
        draw_legend(*legend, chance=heatmap.chance)
    else:
        draw_signed_legend(*legend)


def _legend_title(answer: Answer, stage: StageAnswer | None) -> str:
    """What the heatmap is of, and by which criterion."""
    told = answer if isinstance(answer, StageAnswer) else stage
    if told is None or told.explained is None:
        return words.legend_title(answer.criterion)
    of = stage_words.stage_words(told.stages, told.explained)
    return stage_words.evidence_title(told.criterion, of)


def _lesion_lines(answer: Answer | None) -> list[str]:
    """How many lesions of each kind the network drew."""
    lesions = answer.lesions if isinstance(answer, RetinopathyAnswer) else ()
    counts = region_words.counts_words(lesions)
    return [f"The network drew {counts}"] if counts else []


def _stage_lines(stage: StageAnswer | None) -> list[str]:
    """What a stage pack says: the likeliest stage, the expected one, which pack, and its heads."""
    if stage is None or stage.likeliest is None:
        return []
    said = (stage_words.likeliest_words(stage), stage_words.expected_words(stage))
    first = f"{', '.join(said)}, by {words.pack_words(stage.pack)}"
    heads = stage_words.heads_words(stage)
    return [first, heads] if heads else [first]


def _warning_lines(
    answer: Answer | None, stage: StageAnswer | None, measure: Sheet
) -> list[tuple[bool, str]]:
    """What must be known of this photograph's answers, and whether a line begins a sentence.

    The picture is shown to people who do not see the window.
    """
    told = (*(answer.warnings if answer else ()), *(stage.warnings if stage else ()))
    width = PAGE_WIDTH - 2 * _SIDE - _INDENT
    return [
        (row == 0, line)
        for warning in dict.fromkeys(told)
        for row, line in enumerate(measure.wrapped(warning, _SECOND, width))
    ]


def _warning_sign(sheet: Sheet, at: tuple[float, float]) -> None:
    """A triangle with a stroke and a point, as in the window; ``at`` is the line's beginning."""
    left, base = at
    middle = left + 6.5
    corners = [(left, base + 1), (left + 13, base + 1), (middle, base - 10.5), (left, base + 1)]
    sheet.line(corners, ink.TEXT1)
    sheet.line([(middle, base - 6), (middle, base - 3)], ink.TEXT1)
    sheet.line([(middle, base - 1.5), (middle, base - 0.5)], ink.TEXT1)


def _ground(pixels: NDArray[np.uint8], answer: Answer) -> NDArray[np.uint8]:
    """The retina's median colour, from the square that lies within the assessed area."""
    part = pixels
    if answer.assessed is not None:
        reach = answer.assessed.radius * 0.7
        x, y = answer.assessed.x, answer.assessed.y
        rows = slice(max(int(y - reach), 0), max(int(y + reach), 1))
        columns = slice(max(int(x - reach), 0), max(int(x + reach), 1))
        part = pixels[rows, columns]
    step = max(min(part.shape[:2]) // 128, 1)
    sample = part[::step, ::step].reshape(-1, 3)
    return np.median(sample, axis=0).astype(np.uint8) if len(sample) else np.zeros(3, np.uint8)


def _head(sheet: Sheet, answer: Answer) -> None:
    """The author, the pack, and the decision with its sign."""
    sheet.text((_SIDE, 27), "MODEL", _LABEL, ink.MODEL)
    at = _SIDE + sheet.width("MODEL", _LABEL) + 10
    pack = sheet.cut(words.pack_words(answer.pack), _SECOND, _SCALE_LEFT - 16 - at)
    sheet.text((at, 27), pack, _SECOND, ink.TEXT2)
    if isinstance(answer, RetinopathyAnswer) or answer.reasons:
        _decision(sheet, answer)


def _decision(sheet: Sheet, answer: Answer) -> None:
    """The word and its sign; of a stage's answer only that there is none."""
    decision = Decision.UNGRADABLE
    if isinstance(answer, RetinopathyAnswer):
        decision = answer.decision
    colour = ink.REFER if decision is Decision.REFERABLE else ink.TEXT1
    sign = decision_sign(decision, round(24.0 * sheet.scale))
    sheet.stamp(sign, (_SIDE - 2, 41), colour)
    sheet.text((_SIDE + 30, 62), words.decision_words(decision), _DECISION, colour)


def _score(sheet: Sheet, answer: RetinopathyAnswer, ground: NDArray[np.uint8]) -> None:
    """The probability in words, and on its scale; ``ground`` is the retina's colour."""
    probability, interval = answer.probability, answer.interval
    if probability is None or interval is None:
        return
    score = words.probability_words(probability, interval)
    sheet.text((_SIDE, 88), f"Referable retinopathy {score}", _CHIEF, ink.TEXT1)
    note = f"{words.percent(interval.level)} interval of the calibration"
    if words.is_close(interval, answer.operating_point):
        note += ": close to the operating point"
    sheet.text((_SIDE, 107), note, _SECOND, ink.TEXT2)
    draw_scale(
        sheet, (_SCALE_LEFT, 22), _SCALE_WIDTH, probability, interval, answer.operating_point
    )
    if answer.assessed is not None:
        _key_to_circle(sheet, (_SCALE_LEFT, 107), ground)


def _key_to_circle(sheet: Sheet, at: tuple[float, float], ground: NDArray[np.uint8]) -> None:
    """The line as it lies on the retina, where its black edge tells more than its azure."""
    x, y = at
    sheet.rectangle((x, y - 10, x + 28, y + 2), f"#{ground.tobytes().hex()}")
    for dash in range(3):
        left = x + 2 + dash * 9
        sheet.rectangle((left - 1, y - 6, left + 7, y - 2), ink.GROUND)
        sheet.rectangle((left, y - 5, left + 6, y - 3), ink.MODEL)
    sheet.text((x + 36, y), "Area that was assessed", _SECOND, ink.TEXT2)


def _reason_lines(answer: Answer | None, measure: Sheet) -> list[tuple[str, str]]:
    """Pairs of a label and a line: what was done, why, and what to do."""
    if answer is None or not answer.reasons:
        return []
    width = PAGE_WIDTH - 2 * _SIDE - 96
    lines = [("", line) for line in measure.wrapped(words.REFUSED, _BODY, width)]
    for reason in answer.reasons:
        for label, text in (("Why", reason.why), ("What to do", reason.advice)):
            first, *rest = measure.wrapped(text, _BODY, width)
            lines += [(label, first), *(("", line) for line in rest)]
    return lines


def _refusal(sheet: Sheet, lines: list[tuple[str, str]]) -> None:
    for row, (label, line) in enumerate(lines):
        base = 88 + _LINE * row
        sheet.text((_SIDE, base), label, _CHIEF if label else _BODY, ink.TEXT1)
        sheet.text((_SIDE + (96 if row else 0), base), line, _BODY, ink.TEXT2)


def _strip(sheet: Sheet, top: float, origin: str) -> None:
    bottom = sheet.image.height / sheet.scale
    sheet.rectangle((0, top, PAGE_WIDTH, bottom), ink.STRIP)
    middle = (top + bottom) / 2
    sheet.text((_SIDE, middle + 4.7), words.STRIP, _STRIP_TYPE, ink.ON_STRIP)
    sheet.text((PAGE_WIDTH - _SIDE, middle + 4.7), origin, _STRIP_TYPE, ink.ON_STRIP, "rs")
