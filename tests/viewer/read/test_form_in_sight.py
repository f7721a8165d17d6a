"""The form and the field with the keys are in sight, however little room there is."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from reading_desk import CONTROL, ENTER, TAB, kept, read, turn_reading_first
from window_desk import Desk

from engine.records.forms import Quality


def in_sight(desk: Desk, widget: QWidget) -> bool:
    """Whether all of it is within the panel's window."""
    seen = desk.window.read_page.side.viewport()
    return seen.rect().contains(QRect(widget.mapTo(seen, QPoint()), widget.size()))


def test_f6_brings_the_form_into_sight_whole(desk: Desk) -> None:
    desk.open_and_answer()
    block = desk.window.photographs.reading.block
    desk.window.photographs.reading.unfold(True)
    QApplication.processEvents()
    assert not in_sight(desk, block)
    desk.press(Qt.Key.Key_F6)
    desk.qtbot.waitUntil(lambda: in_sight(desk, block))
    desk.window.photographs.reading.unfold(False)
    desk.window.read_page.side.verticalScrollBar().setValue(0)
    desk.press(Qt.Key.Key_Escape)
    desk.press(Qt.Key.Key_F6)
    desk.qtbot.waitUntil(lambda: block.fields.isVisible() and in_sight(desk, block))


@pytest.mark.parametrize("first", [False, True])
def test_the_next_photograph_shows_the_models_word_unless_that_waits_for_the_signature(
    desk: Desk, first: bool
) -> None:
    for name in ("one.png", "two.png"):
        desk.picture(name)
    if first:
        turn_reading_first(desk)
    desk.window.resize(1366, 620)
    desk.window.open(desk.folder / "one.png", desk.folder / "two.png")
    desk.engine.give_picture(content="a")
    desk.engine.give_answer()
    read(desk, "1", "2", "1", "3")
    bar = desk.window.read_page.side.verticalScrollBar()
    desk.qtbot.waitUntil(lambda: bar.value() > 0)
    desk.press(ENTER, CONTROL)
    desk.press(Qt.Key.Key_PageDown)
    desk.engine.give_picture(content="b")
    desk.engine.give_answer()
    QApplication.processEvents()
    assert (bar.value() == 0) is not first
    desk.press(Qt.Key.Key_F6)
    fields = desk.window.photographs.reading.block.fields
    desk.qtbot.waitUntil(lambda: in_sight(desk, fields.quality))
    desk.qtbot.keyClicks(QApplication.focusWidget(), "2")
    assert kept(desk, "b").form.quality is Quality.USABLE


def test_the_field_with_the_keys_is_in_sight_where_the_form_has_no_room(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.resize(1366, 560)
    desk.window.photographs.reading.unfold(True)
    QApplication.processEvents()
    block = desk.window.photographs.reading.block
    fields = block.fields
    desk.press(Qt.Key.Key_F6)
    desk.qtbot.waitUntil(lambda: in_sight(desk, fields.quality))
    assert block.height() > desk.window.read_page.side.viewport().height()
    for field in (fields.grade, fields.oedema, fields.outcome, fields.note, fields.sign):
        desk.press(TAB)
        assert QApplication.focusWidget() is field
        desk.qtbot.waitUntil(lambda field=field: in_sight(desk, field))
    desk.press(ENTER, CONTROL)
    assert QApplication.focusWidget() is fields.quality
    desk.qtbot.waitUntil(lambda: in_sight(desk, fields.quality))
