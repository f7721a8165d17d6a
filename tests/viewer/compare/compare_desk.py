"""The Compare tab of a window: what it shows, and what was asked for it."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from window_desk import Desk

from engine.answers import Criterion
from viewer.compare.page import ComparePage

CONTROL = Qt.KeyboardModifier.ControlModifier
MARKED = (500, 250)
"""A picture position in the desk's maps."""


def page(desk: Desk) -> ComparePage:
    shown = desk.window.on_top.compared
    assert shown is not None
    return shown


def answer_all(desk: Desk, **changes: Any) -> None:
    """Everything that is asked is answered."""
    done = desk.engine.said.asked[-1].id - 1
    while desk.engine.last("ask").id > done:
        asked = desk.engine.last("ask")
        done = asked.id
        desk.engine.give_answer(asked, **changes)


def view(desk: Desk, name: str) -> Any:
    return next(each for each in page(desk).shown if each.words == name)


def colour(pane: Any, at: tuple[int, int]) -> tuple[int, int, int]:
    """Red, green and blue on the screen where the picture position is."""
    x, y = place_on(pane, at)
    shown = pane.grab().toImage().pixelColor(x, y)
    return shown.red(), shown.green(), shown.blue()


def place_on(pane: Any, at: tuple[int, int]) -> tuple[int, int]:
    x, y = pane.state.view.to_screen[:2, 2] + np.array(at) * pane.state.view.scale
    return round(x), round(y)


def asked_criteria(desk: Desk) -> list[Criterion]:
    return [asked.what["criterion"] for asked in desk.engine.said.asked if asked.kind == "ask"]
