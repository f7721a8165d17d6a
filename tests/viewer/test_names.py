"""Names for those who hear the window: all that keys reach says what it is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from window_desk import Desk, a_series

from engine.runs import Check, FoundClass
from engine.service.messages import TooMuch


def nameless(within: QWidget) -> list[str]:
    """What is seen, can have the keys, and has no name."""
    QApplication.processEvents()
    return [
        f"{type(part).__name__} in {type(part.parentWidget()).__name__}"
        for part in within.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and not QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name).strip()
    ]


@pytest.mark.parametrize("tab", ["read", "compare", "train"])
def test_all_that_keys_reach_on_a_tab_has_a_name(desk: Desk, tab: str) -> None:
    desk.open_and_answer()
    desk.window.tabs.show_tab(tab)
    assert nameless(desk.window) == []


def test_all_that_keys_reach_of_a_plan_has_a_name(desk: Desk) -> None:
    desk.window.tabs.show_tab("train")
    page = desk.window.tabs.page("train")
    classes = (FoundClass("0", 5, False), FoundClass("1", 6, True))
    page.setup.show_check(Check("/pictures", classes, 11, 6, 11))
    assert page.setup.plan.passes.isVisible()
    assert nameless(desk.window) == []


def test_all_that_keys_reach_of_a_choice_has_a_name(desk: Desk) -> None:
    desk.window.open(desk.folder)
    desk.engine.give_listing(a_series())
    desk.engine.too_much.emit(TooMuch(desk.engine.last("volume").id, 9 * 10**9, 4 * 10**9, 3))
    assert desk.window.volumes.too_much.isVisible()
    assert nameless(desk.window) == []
