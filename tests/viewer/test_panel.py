"""The right panel is never wider than its place, however long the names in it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from stage_desk import STAGES, a_stage_answer
from window_desk import FIRST, Desk, an_answer

from engine.service.messages import Answered

TITLE = "Referable diabetic retinopathy, by the network of the paper"
UNBROKEN = "N" * 64
"""As long as a pack's name may be, with no place to break."""


@pytest.mark.parametrize(
    ("name", "title"), [("retinopathy-net-b", TITLE), (UNBROKEN, 4 * UNBROKEN)]
)
def test_a_long_name_does_not_push_the_panel_s_controls_out_of_view(
    early_desk: Desk, name: str, title: str
) -> None:
    desk, panel = early_desk, early_desk.window.read_page.side
    pack = replace(FIRST, name=name, title=title, version=name[:64])
    stages = replace(STAGES, name=name, title=title)
    desk.engine.get_ready(pack, stages)
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    asked = desk.engine.last("ask")
    heatmap = desk.engine._map("map", asked.what["criterion"])
    answer = an_answer(pack, asked.what["criterion"], warnings=(f"See {name}.",))
    desk.engine.answered.emit(Answered(asked.id, answer, heatmap))
    desk.engine.give_stage(a_stage_answer(pack=stages))
    desk.qtbot.waitUntil(lambda: panel.widget().height() > panel.viewport().height())
    assert panel.widget().width() == panel.viewport().width()
    block = desk.window.photographs.pack_block
    assert block._title.text() == block._title.toolTip() == title
    assert block.chooser.toolTip() == f"{name} {pack.version}"
    assert block.stage_chooser.toolTip() == f"{name} {stages.version}"
    assert desk.window.photographs.model_block.limits.made_by.toolTip().startswith(f"Pack {name}")


def test_tab_from_the_picture_shows_what_it_comes_to_in_a_panel_that_was_scrolled(
    desk: Desk,
) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_F6)
    side = desk.window.read_page.side
    bar = side.verticalScrollBar()
    desk.qtbot.waitUntil(lambda: bar.maximum() > 200)
    bar.setValue(bar.maximum())
    desk.press(Qt.Key.Key_Escape)
    desk.press(Qt.Key.Key_Tab)
    now = desk.window.focusWidget()
    assert side.isAncestorOf(now)
    assert not now.visibleRegion().isEmpty()
