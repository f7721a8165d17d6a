"""A reader fills the form, signs and amends in the window, by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from reading_desk import CONTROL, ENTER, SHIFT, kept, read, sign
from window_desk import Desk

from engine.records.forms import Form, Oedema, Outcome, Quality
from viewer.tabs import COMPARE


def test_a_reading_is_filled_and_signed_without_the_mouse(desk: Desk) -> None:
    desk.open_and_answer()
    sign(desk)
    (signed,) = kept(desk).signed
    assert signed.form == Form(Quality.GOOD, None, 2, Oedema.NO, Outcome.REFER)
    assert signed.name == "eye.png"
    assert signed.mode == "assisted"
    assert signed.model is not None
    assert signed.model.probability == 0.78
    assert signed.model.seen
    assert QApplication.focusWidget() is desk.window.photographs.pane


def test_an_incomplete_reading_is_not_signed_and_says_what_is_missing(desk: Desk) -> None:
    desk.open_and_answer()
    read(desk, "1", "2")
    desk.press(ENTER, CONTROL)
    assert kept(desk).signed == ()
    assert "Still to be said: macular oedema, outcome." in desk.words()


def test_what_was_missing_is_told_no_longer_once_the_form_is_another(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(ENTER, CONTROL)
    assert "Still to be said" in desk.words()
    read(desk, "3")
    assert "Still to be said" not in desk.words()


def test_digits_in_the_form_do_not_change_the_heatmap(desk: Desk) -> None:
    desk.open_and_answer()
    before = desk.window.presenter.look
    read(desk, "1", "4")
    assert desk.window.presenter.look == before


def test_ctrl_z_takes_the_last_field_back_and_shift_brings_it_again(desk: Desk) -> None:
    desk.open_and_answer()
    read(desk, "1", "2")
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert kept(desk).form == Form(Quality.GOOD)
    desk.press(Qt.Key.Key_Z, CONTROL, SHIFT)
    assert kept(desk).form.grade == 2
    assert desk.window.photographs.reading.block.fields.grade.value == 2


def test_a_signature_is_amended_not_undone(desk: Desk) -> None:
    desk.open_and_answer()
    sign(desk)
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert len(kept(desk).signed) == 1
    assert kept(desk).form.outcome is Outcome.REFER
    desk.window.photographs.reading.block.fields.grade.choose(3)
    desk.press(ENTER, CONTROL)
    assert [each.form.grade for each in kept(desk).signed] == [2, 3]


def test_a_draft_is_there_again_when_the_picture_comes_back(desk: Desk) -> None:
    for name in ("one.png", "two.png"):
        desk.picture(name)
    desk.window.open(desk.folder / "one.png", desk.folder / "two.png")
    desk.engine.give_picture(content="a")
    desk.window.photographs.reading.block.fields.grade.choose(1)
    desk.press(Qt.Key.Key_Right)
    desk.engine.give_picture(content="b")
    assert desk.window.photographs.reading.block.fields.grade.value is None
    desk.press(Qt.Key.Key_Left)
    if desk.engine.count("open") > 2:
        desk.engine.give_picture(content="a")
    assert desk.window.photographs.reading.block.fields.grade.value == 1


def test_what_a_full_disk_does_not_take_keeps_the_window_open_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_and_answer()
    store = desk.window.photographs.store
    monkeypatch.setattr(store, "close", lambda: False)
    assert not desk.window.close()
    assert desk.window.isVisible()
    assert "What you said or drew last is not saved yet." in desk.words()
    assert desk.window.close()


def test_undo_does_not_act_on_the_compare_tab_where_a_form_is_not_seen(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.photographs.reading.block.fields.grade.choose(1)
    assert desk.window.actions_.by_name["undo"].isEnabled()
    desk.window.tabs.show_tab(COMPARE)
    assert not desk.window.actions_.by_name["undo"].isEnabled()


def test_a_note_that_is_being_typed_goes_to_the_picture_it_was_written_for(desk: Desk) -> None:
    for name in ("one.png", "two.png"):
        desk.picture(name)
    desk.window.open(desk.folder / "one.png", desk.folder / "two.png")
    desk.engine.give_picture(content="a")
    note = desk.window.photographs.reading.block.fields.note
    desk.qtbot.keyClicks(note, "near the fovea")
    desk.window.on_top.step(1)
    desk.engine.give_picture(content="b")
    assert kept(desk, "a").form.note == "near the fovea"
    assert kept(desk, "b").form.note == ""
    assert note.toPlainText() == ""


def test_yes_is_the_second_of_the_oedema_s_keys_as_of_every_field_but_the_stage(desk: Desk) -> None:
    desk.open_and_answer()
    read(desk, "1", "2", "2")
    assert kept(desk).form.oedema is Oedema.YES


def test_drafts_are_on_the_disk_within_two_seconds(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.photographs.reading.block.fields.grade.choose(2)
    desk.qtbot.waitUntil(lambda: desk.window.photographs.store.unsaved == 0, timeout=2000)
    desk.qtbot.waitUntil(lambda: "draft saved" in desk.window.strip.said.whole, timeout=2000)


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        (("3", "1", "1"), "ungradable, and routine recall"),
        (("1", "3", "1", "1"), "stage 3, severe, and routine recall"),
        (("1", "1", "2", "1"), "macular oedema, and routine recall"),
    ],
)
def test_a_routine_recall_that_hardly_goes_with_the_eye_is_asked_about_once(
    desk: Desk, digits: tuple[str, ...], said: str
) -> None:
    desk.open_and_answer("17_OD.png")
    read(desk, *digits)
    desk.press(ENTER, CONTROL)
    assert f"You say OD: {said}. Sign again if that is meant." in desk.words()
    assert kept(desk).signed == ()
    desk.press(ENTER, CONTROL)
    assert len(kept(desk).signed) == 1


def test_a_doubtful_form_is_asked_about_anew_once_it_is_another(desk: Desk) -> None:
    desk.open_and_answer()
    read(desk, "1", "4", "1", "1")
    desk.press(ENTER, CONTROL)
    desk.window.photographs.reading.block.fields.grade.choose(3)
    desk.press(ENTER, CONTROL)
    assert kept(desk).signed == ()
    desk.window.photographs.reading.block.fields.outcome.choose(2)
    desk.press(ENTER, CONTROL)
    assert len(kept(desk).signed) == 1


def test_f6_goes_to_the_form_s_first_field_from_wherever_the_keys_are(desk: Desk) -> None:
    desk.open_and_answer()
    fields = desk.window.photographs.reading.block.fields
    read(desk, "2", "2", "3", "3")  # what is wrong with it is asked for, too: no outcome yet
    desk.press(ENTER, CONTROL)
    assert fields.outcome.hasFocus()
    for away in (fields.outcome, fields.note, desk.window.read_page.stage):
        away.setFocus()
        desk.press(Qt.Key.Key_F6)
        assert fields.quality.hasFocus()


def test_an_arrow_says_nothing_in_a_field_in_which_nothing_was_said(desk: Desk) -> None:
    desk.open_and_answer()
    read(desk, "1", "3", "1")
    desk.press(ENTER, CONTROL)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Up):
        desk.press(key)
    assert kept(desk).form.outcome is None
