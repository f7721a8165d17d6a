"""The stage bar is drawn to scale in the ladder's colours, and its parts can be reached."""

from dataclasses import replace
from typing import Any

import pytest
from contrast import contrast
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from stage_desk import SHARES, a_stage_answer, shares
from window_desk import theme_of

from engine.stage_answers import StageShare
from viewer.panels.stage_bar import StageBar
from viewer.panels.stage_paint import draw_stages, stage_boxes
from viewer.theme.ladder import digit_ink, step_colours
from viewer.theme.tokens import DARK, THEMES, Tokens

MARGIN = 3


@pytest.fixture
def bar(qapp: QApplication, qtbot: Any) -> StageBar:
    made = StageBar(theme_of(qapp))
    qtbot.addWidget(made)
    made.resize(1000, made.height())
    made.show_answer(a_stage_answer())
    made.show()
    return made


def _at(image: QImage, part: float) -> QColor:
    # Near the upper edge: beside the digits.
    return image.pixelColor(round(1000 * part), MARGIN + 1)


def test_each_share_has_its_length_and_its_steps_colour(bar: StageBar) -> None:
    image, colours = bar.grab().toImage(), bar._theme.tokens
    end = 0.0
    for share, colour in zip(SHARES, colours.stages, strict=True):
        assert _at(image, end + 0.004) == QColor(colour)
        end += share
        assert _at(image, end - 0.004) == QColor(colour)


@pytest.mark.parametrize("theme", THEMES.values(), ids=str)
def test_digits_can_be_read_on_every_step(theme: Tokens) -> None:
    for colour in theme.stages:
        assert contrast(digit_ink(QColor(colour)).name(), colour) >= 4.5


def _inks(width: int, stages: tuple[StageShare, ...], upright: bool = False) -> list[bool]:
    """Whether anything beside its own colour is drawn on each part."""
    size = (20, width) if upright else (width, 18)
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    box = QRectF(0, 0, *size)
    draw_stages(painter, box, stages, DARK, upright=upright)
    painter.end()
    drawn = []
    for part in stage_boxes(stages, box, upright=upright):
        inside = part.adjusted(1, 1, -2, -2).toRect()
        pixels = {
            image.pixel(x, y)
            for x in range(inside.left(), inside.right() + 1)
            for y in range(inside.top(), inside.bottom() + 1)
        }
        drawn.append(len(pixels) > 1)
    return drawn


@pytest.mark.parametrize("upright", [False, True])
def test_a_digit_stands_in_every_part_wide_enough_and_in_no_other(
    qapp: QApplication, upright: bool
) -> None:
    stages = shares(0.05, 0.1, 0.5, 0.3, 0.05)
    assert _inks(200, stages, upright) == [False, True, True, True, False]
    assert _inks(400, stages, upright) == [True] * 5


def test_a_column_stands_on_the_lowest_stage() -> None:
    boxes = stage_boxes(shares(*SHARES), QRectF(0, 0, 20, 100), upright=True)
    assert boxes[0].bottom() == 100
    assert boxes[2].height() == pytest.approx(62)
    assert boxes[4].top() == pytest.approx(0)


def test_four_stages_have_the_colours_of_the_nearest_grades() -> None:
    names = [colour.name().upper() for colour in step_colours(shares(0.1, 0.6, 0.2, 0.1), DARK)]
    assert names == [DARK.stages[step] for step in (0, 2, 3, 4)]


@pytest.mark.parametrize("count", [2, 3, 6])
def test_no_two_stages_look_alike(count: int) -> None:
    stages = [StageShare(str(place), float(place), 1 / count) for place in range(count)]
    assert len({colour.name() for colour in step_colours(stages, DARK)}) == count


def test_hovering_a_part_tells_its_share(bar: StageBar) -> None:
    told = bar.part_words(2).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert told.startswith("Moderate, 2 of ICDR 0 to 4: 62 %. Click")


def test_a_click_on_a_part_wants_its_heatmap(bar: StageBar, qtbot: Any) -> None:
    with qtbot.waitSignal(bar.explained) as wanted:
        at = QPoint(860, 8)
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=at)
    assert wanted.args == [3]


def test_arrows_go_from_part_to_part_and_enter_wants_its_heatmap(bar: StageBar, qtbot: Any) -> None:
    assert bar.value() == 2
    assert "Moderate" in bar.accessibleDescription()
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert bar.accessibleDescription().startswith(
        "Severe, 3 of ICDR 0 to 4: 18\N{NARROW NO-BREAK SPACE}%"
    )
    with qtbot.waitSignal(bar.explained) as wanted:
        qtbot.keyClick(bar, Qt.Key.Key_Return)
    assert wanted.args == [3]


def test_without_stages_there_is_only_the_ground_of_a_bar(bar: StageBar) -> None:
    bar.show_answer(replace(a_stage_answer(), stages=(), expected_stage=None, interval=None))
    assert bar.accessibleDescription() == ""
    image = bar.grab().toImage()
    inside = range(image.width())
    assert {image.pixelColor(x, 10).name() for x in inside} == {bar._theme.tokens.control.lower()}
