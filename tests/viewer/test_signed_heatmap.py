"""A signed heatmap on the Read tab: over red-free, azure for, ember against."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from window_desk import Desk

from engine.answers import Criterion

FOR, AGAINST, BARE = (500, 250), (500, 450), (300, 350)
"""Picture positions in the parts of the desk's signed map."""


@pytest.fixture
def read(desk: Desk) -> Iterator[Desk]:
    """A photograph answered by relevance."""
    desk.open_and_answer()
    desk.window.presenter.choose_criterion(Criterion.RELEVANCE)
    desk.engine.give_answer()
    yield desk


def colour(desk: Desk, at: tuple[int, int]) -> tuple[int, int, int]:
    """Red, green and blue on the screen where the picture position is."""
    pane = desk.window.photographs.pane
    x, y = pane.state.view.to_screen[:2, 2] + np.array(at) * pane.state.view.scale
    shown = pane.grab().toImage().pixelColor(round(x), round(y))
    return shown.red(), shown.green(), shown.blue()


def test_relevance_is_azure_for_and_ember_against_on_grey(read: Desk) -> None:
    red, green, blue = colour(read, FOR)
    assert blue > green > red
    red, green, blue = colour(read, AGAINST)
    assert red > green > blue
    assert len(set(colour(read, BARE))) == 1


def test_while_the_heatmap_is_hidden_the_photograph_has_its_colours(read: Desk) -> None:
    pane = read.window.photographs.pane
    read.qtbot.keyPress(pane, Qt.Key.Key_S)
    assert colour(read, FOR) == colour(read, BARE) == (190, 90, 40)
    read.qtbot.keyRelease(pane, Qt.Key.Key_S)
    read.qtbot.waitUntil(lambda: len(set(colour(read, BARE))) == 1)


def test_the_strip_tells_relevance_with_its_sign(read: Desk) -> None:
    pane = read.window.photographs.pane
    x, y = pane.state.view.to_screen[:2, 2] + np.array(AGAINST) * pane.state.view.scale
    read.qtbot.mouseMove(pane, QPoint(5, 5))
    read.qtbot.mouseMove(pane, QPoint(round(x), round(y)))
    read.qtbot.waitUntil(lambda: "relevance −0.50" in read.window.strip.pointer.text())


def test_the_colours_of_a_signed_map_are_told_and_not_chosen(read: Desk) -> None:
    block = read.window.photographs.heatmap_block
    assert not block.colours.isVisibleTo(block)
    read.window.presenter.choose_criterion(Criterion.PI)
    assert block.colours.isVisibleTo(block)


def test_an_answer_that_another_part_of_the_window_asked_for_is_left_to_it(desk: Desk) -> None:
    desk.open_and_answer()
    shown: Any = desk.window.presenter.answer
    what = desk.engine.last("ask").what | {"pane": "another"}
    desk.engine.ask(**what)
    desk.engine.give_answer(probability=0.1)
    assert desk.window.presenter.answer is shown
    assert desk.engine.said.released == []
