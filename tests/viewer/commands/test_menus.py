"""The menu bar and the pages that its commands open."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMenuBar, QToolButton
from window_desk import Desk, a_series


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


def test_what_is_saved_stands_together_in_the_file_menu(desk: Desk) -> None:
    (bar,) = desk.window.findChildren(QMenuBar)
    file = bar.actions()[0].menu()
    assert isinstance(file, QMenu)
    words = [action.text().split(" ")[0] for action in file.actions()]
    saves = [place for place, word in enumerate(words) if word in ("Save", "Copy")]
    assert len(saves) == 4
    assert saves == list(range(saves[0], saves[0] + 4))


def test_a_tool_s_tip_tells_its_name_and_key_before_what_it_does(desk: Desk) -> None:
    assert (
        desk.window.actions_.by_name["tool-lasso"].toolTip()
        == "Lasso (D)\nA drag draws an outline."
    )
    save = desk.window.actions_.by_name["save-regions"].toolTip()
    assert save.startswith("Save regions and drawings as JSON\n")


def _view(desk: Desk) -> QMenu:
    (bar,) = desk.window.findChildren(QMenuBar)
    (view,) = (each.menu() for each in bar.actions() if each.text() == "&View")
    assert isinstance(view, QMenu)
    return view


def _submenus(menu: QMenu) -> list[str]:
    return [each.text() for each in menu.actions() if each.menu() and each.isVisible()]


@pytest.mark.parametrize("volume", [False, True])
def test_the_view_menu_is_one_column_on_a_small_screen(desk: Desk, volume: bool) -> None:
    if volume:
        desk.window.open(desk.folder / "series")
        desk.engine.give_listing(a_series())
        desk.engine.give_volume()
    else:
        desk.open_and_answer()
    # 1080 pixels at 150 %, beneath the bars of a desktop and of the window.
    assert _view(desk).sizeHint().height() < 720 - 120


def test_a_submenu_is_told_where_something_of_it_is(desk: Desk) -> None:
    desk.open_and_answer()
    assert _submenus(_view(desk)) == ["Zoom", "Heatmap", "Overlay", "Both eyes", "Visits"]
    desk.window.open(desk.folder / "series")
    desk.engine.give_listing(a_series())
    desk.engine.give_volume()
    assert "Slab" in _submenus(_view(desk))
    assert "Visits" not in _submenus(_view(desk))


def test_a_submenu_is_gone_through_by_keys(desk: Desk) -> None:
    desk.open_and_answer()
    before = desk.window.photographs.texts
    (bar,) = desk.window.findChildren(QMenuBar)
    at = bar.actionGeometry(_view(desk).menuAction()).center()
    desk.qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=at)
    while (chosen := _view(desk).activeAction()) is None or chosen.text() != "Overlay":
        QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Down)
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Right)
    desk.qtbot.waitUntil(lambda: chosen.menu().isVisible())
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Return)
    assert desk.window.photographs.texts is not before


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
