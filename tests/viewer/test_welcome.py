"""The page of a window without a picture."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from stage_desk import STAGES
from window_desk import FIRST, Desk, a_series, theme_of

from engine.packs import store
from viewer.panels.welcome import Welcome


@pytest.mark.parametrize("size", [(1600, 920), (1280, 720)])
def test_what_is_pressed_stays_where_it_is_once_the_packs_are_known(
    size: tuple[int, int], qapp: QApplication, qtbot: Any
) -> None:
    page = Welcome(theme_of(qapp))
    qtbot.addWidget(page)
    page.show_recent(())
    page.resize(*size)
    page.show()
    qtbot.waitExposed(page)

    def place() -> QPoint:
        return page.open_button.mapTo(page, QPoint(0, 0))

    before = place()
    packs = store.list_packs()
    assert len(packs) == 4
    page.show_packs(tuple(packs), known=True)
    item = page._packs.itemAt(3)
    row = item.widget() if item is not None else None
    assert row is not None
    qtbot.waitUntil(row.isVisible)
    bottom = row.mapTo(page, QPoint(0, row.height()))
    assert bottom.y() <= size[1]
    assert place() == before


def test_the_welcome_page_lets_a_folder_be_chosen(
    early_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        QFileDialog, "getExistingDirectory", lambda *_: str(early_desk.picture("a.png").parent)
    )
    early_desk.click(early_desk.window._welcome.folder_button)
    assert early_desk.engine.last("find").what["paths"] == (early_desk.folder,)


def test_the_welcome_page_lists_the_packs_for_stages_too(early_desk: Desk) -> None:
    early_desk.engine.get_ready(FIRST, STAGES)
    words = [each.text() for each in early_desk.window._welcome.findChildren(QLabel)]
    for pack in (FIRST, STAGES):
        assert f"{pack.name} {pack.version} · eye photographs" in words


def test_the_welcome_page_opens_what_was_opened_last(early_desk: Desk) -> None:
    button = early_desk.window._welcome.recent_button
    assert not button.isVisible()
    paths = tuple(str(early_desk.picture(name)) for name in ("last.png", "older.png"))
    early_desk.window.preferences.change(recent=paths)
    assert button.text() == " Open last.png again"
    early_desk.click(button)
    assert early_desk.engine.last("open").what["path"] == early_desk.folder / "last.png"


def test_the_welcome_page_names_what_its_button_opens_when_it_comes_again(desk: Desk) -> None:
    for name in ("first.png", "second.png"):
        desk.open_and_answer(name)
    desk.window.open(desk.folder)
    desk.engine.give_listing(a_series())
    desk.engine.begin_volume()
    desk.engine.refuse(desk.engine.last("volume"), "It", "is", "cut.")
    welcome = desk.window._welcome
    assert welcome.isVisible()
    assert welcome.recent_button.text() == " Open second.png again"
    desk.click(welcome.recent_button)
    assert desk.engine.last("open").what["path"] == desk.folder / "second.png"
