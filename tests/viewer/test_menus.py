"""The menu bar and the pages that its commands open."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenuBar, QToolButton
from window_desk import Desk


@pytest.mark.parametrize("key", [Qt.Key.Key_Right, Qt.Key.Key_PageDown, Qt.Key.Key_1])
def test_keys_are_an_open_menus_own(desk: Desk, key: Qt.Key) -> None:
    desk.picture("two.png")
    desk.open_and_answer("one.png")
    desk.qtbot.waitUntil(lambda: desk.place() == "1 of 2")
    opacity = desk.window.preferences.settings.opacity
    (bar,) = desk.window.findChildren(QMenuBar)
    file, view = bar.actions()[:2]
    desk.qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(file).center())
    # At the window's handle, as the system does: a shortcut may take the key before any widget.
    QTest.keyClick(desk.window.windowHandle(), key)
    assert desk.engine.count("open") == 1
    assert desk.window.preferences.settings.opacity == opacity
    assert (view if key is Qt.Key.Key_Right else file).menu().isVisible()
    QApplication.activePopupWidget().close()


@pytest.mark.parametrize("name", ["help", "about", "settings"])
def test_a_page_that_is_asked_for_again_comes_to_the_front(desk: Desk, name: str) -> None:
    action = desk.window.actions_.by_name[name]
    action.trigger()
    (page,) = desk.window.findChildren(QDialog)
    action.trigger()
    assert desk.window.findChildren(QDialog) == [page]
    desk.qtbot.waitUntil(page.isActiveWindow)
    page.close()


def test_before_anything_is_opened_no_command_makes_what_would_show_it(desk: Desk) -> None:
    desk.window.actions_.refresh()
    assert not desk.window.actions_.by_name["fit"].isEnabled()
    assert not desk.window.actions_.by_name["tool-crosshair"].isEnabled()
    assert desk.window.actions_.by_name["open"].isEnabled()
    assert desk.window._read_page is None


def test_a_tool_for_volumes_is_not_shown_before_anything_was_opened(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    bar = desk.window.read_page.tools
    shown = [each for each in bar.findChildren(QToolButton) if each.isVisible()]
    assert "Crosshair tool" not in [each.accessibleName() for each in shown]
