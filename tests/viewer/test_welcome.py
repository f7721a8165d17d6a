"""The page of a window without a picture."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from window_desk import _theme

from engine.packs import store
from viewer.panels.welcome import Welcome


@pytest.mark.parametrize("size", [(1600, 920), (1280, 720)])
def test_what_is_pressed_stays_where_it_is_once_the_packs_are_known(
    size: tuple[int, int], qapp: QApplication, qtbot: Any
) -> None:
    page = Welcome(_theme(qapp))
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
