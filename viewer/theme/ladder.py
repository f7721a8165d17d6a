"""The stage ladder: which colour a stage has, and which ink its digits."""

from collections.abc import Sequence

from PySide6.QtGui import QColor

from engine.stage_answers import StageShare, ladder_places
from viewer.theme.tokens import DIGIT_INKS, Tokens


def step_colours(stages: Sequence[StageShare], colours: Tokens) -> list[QColor]:
    """A ladder's colour for each stage, in their order: see ``ladder_places``."""
    ladder = [QColor(colour) for colour in colours.stages]
    return [_between(ladder, place) for place in ladder_places(stages)]


def digit_ink(ground: QColor) -> QColor:
    """The ink of higher contrast on ``ground``."""
    inks = [QColor(ink) for ink in DIGIT_INKS]
    return max(inks, key=lambda ink: _contrast(ink, ground))


def _between(ladder: Sequence[QColor], place: float) -> QColor:
    below = min(int(place), len(ladder) - 2)
    part = place - below
    one, other = ladder[below], ladder[below + 1]
    pairs = (
        (one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue())
    )  # fmt: skip
    red, green, blue = (round((1 - part) * low + part * high) for low, high in pairs)
    return QColor(red, green, blue)


def _contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.x."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (_linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
