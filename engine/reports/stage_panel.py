"""A stage's words and its bar, below an annotated picture (LOOK 8)."""

from engine.reports import ink
from engine.reports.sheet import Sheet, Type, Weight
from engine.stage_answers import StageAnswer, ladder_places
from engine.telling import stage_words, words

_CHIEF = Type(20, Weight.SEMIBOLD)
_BODY = Type(13)
_SECOND = Type(12)
_SIGN = Type(12, Weight.SEMIBOLD)
_BAR = 22.0
_GAP = 1.0


def draw_words(sheet: Sheet, at: tuple[float, float], width: float, answer: StageAnswer) -> None:
    """The likeliest stage, the expected one with its interval, and whether the heads differ."""
    left, top = at
    sheet.text((left, top), stage_words.likeliest_words(answer), _CHIEF, ink.TEXT1)
    expected = stage_words.expected_words(answer)
    lines = [expected[:1].upper() + expected[1:], stage_words.heads_words(answer)]
    wrapped = [part for line in lines if line for part in sheet.wrapped(line, _SECOND, width)]
    for row, line in enumerate(wrapped):
        sheet.text((left, top + 22 + 17 * row), line, _SECOND, ink.TEXT2)


def draw_bar(sheet: Sheet, at: tuple[float, float], width: float, answer: StageAnswer) -> None:
    """The whole distribution, a part for each stage, with its sign where it is wide enough."""
    left, top = at
    sheet.text((left, top + 11), f"All stages, {answer.scale}", _SECOND, ink.TEXT2)
    x, bar = left, top + 20
    codes = stage_words.codes(answer.stages)
    parts = zip(answer.stages, codes, ladder_places(answer.stages), strict=True)
    for stage, code, step in parts:
        end = x + width * stage.probability
        colour = ink.ladder(step)
        sheet.rectangle((x, bar, max(end - _GAP, x), bar + _BAR), colour)
        if sheet.width(code, _SIGN) + 8 <= end - x:
            sheet.text(((x + end) / 2, bar + 15.5), code, _SIGN, ink.on(colour), anchor="ms")
        x = end
    named = ", ".join(
        f"{code}: {words.percent(stage.probability)}"
        for stage, code in zip(answer.stages, codes, strict=True)
    )
    for row, line in enumerate(sheet.wrapped(named, _SECOND, width)):
        sheet.text((left, bar + _BAR + 17 + 16 * row), line, _SECOND, ink.TEXT2)
