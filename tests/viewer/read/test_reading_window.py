"""A reader reads, signs and amends in the window, by keyboard."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from window_desk import FIRST, SECOND, Desk, a_region, open_desk

from engine.drawings import Distance
from engine.records.audit import verify
from engine.records.forms import Form, Oedema, Outcome, Quality, SignedReading
from engine.records.readings import Reading
from engine.records.readings_table import write
from engine.records.store import open_records
from viewer.panels.pages import SettingsPage
from viewer.photograph import reading_words as words
from viewer.tabs import COMPARE

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TAB, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Return


def read(desk: Desk, *digits: str) -> None:
    """From the picture into the form, a digit a field."""
    desk.press(Qt.Key.Key_F6)
    for digit in digits:
        desk.qtbot.keyClicks(QApplication.focusWidget(), digit)
        desk.press(TAB)


def kept(desk: Desk, content: str = "c") -> Reading:
    return desk.window.photographs.store.reading(content * 64)


def test_a_reading_is_filled_and_signed_without_the_mouse(desk: Desk) -> None:
    desk.open_and_answer()
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    (signed,) = kept(desk).signed
    assert signed.form == Form(Quality.GOOD, None, 2, Oedema.NO, Outcome.REFER)
    assert signed.name == "eye.png"
    assert signed.mode == "assisted"
    assert signed.model is not None
    assert signed.model.probability == 0.78
    assert signed.model.seen
    assert QApplication.focusWidget() is desk.window.photographs.pane


def test_the_next_photograph_is_not_told_to_be_signed(desk: Desk) -> None:
    desk.open_and_answer("one.png")
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    assert "The reading was signed." in desk.words()
    desk.window.open(desk.picture("two.png"))
    desk.engine.give_picture(content="d")
    assert "signed" not in desk.words()


def test_an_incomplete_reading_is_not_signed_and_says_what_is_missing(desk: Desk) -> None:
    desk.open_and_answer()
    read(desk, "1", "2")
    desk.press(ENTER, CONTROL)
    assert kept(desk).signed == ()
    assert "Still to be said: macular oedema, outcome." in desk.words()


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
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
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


def test_after_signing_the_model_s_word_says_whether_it_agrees(desk: Desk) -> None:
    desk.open_and_answer()
    block = desk.window.photographs.reading.block
    assert not block.verdict.isVisible()
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    assert block.verdict.text().endswith("Agrees with you that it is referable.")
    block.fields.grade.choose(0)
    desk.press(ENTER, CONTROL)
    assert "Differs: you say not referable. Add a note." in block.verdict.text()


def test_the_verdict_is_about_the_pack_that_was_signed_beside(desk: Desk) -> None:
    desk.engine.get_ready(FIRST, SECOND)
    desk.open_and_answer()
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    desk.window.presenter.choose_pack(SECOND)
    desk.engine.give_answer(probability=0.12, low=0.05, high=0.2)
    words = desk.window.photographs.reading.block.verdict.text()
    assert words.startswith("Model retinopathy-first 1.0.0: Referable, 78")
    assert words.endswith("Agrees with you that it is referable.")


def test_a_word_that_came_after_the_signature_says_so(desk: Desk) -> None:
    desk.window.open(desk.picture("eye.png"))
    desk.engine.give_picture()
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    block = desk.window.photographs.reading.block
    assert block.verdict.text() == ""
    desk.engine.give_answer()
    after = "Model retinopathy-first 1.0.0, asked after you signed: Referable, 78"
    assert block.verdict.text().startswith(after)


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


def test_a_drawing_beside_a_signed_reading_is_not_told_as_another_signature(desk: Desk) -> None:
    desk.open_and_answer()
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    said, store = desk.window.strip.said, desk.window.photographs.store
    desk.qtbot.waitUntil(lambda: said.whole.startswith("signed "))
    store.add("c" * 64, Distance(id="1", points=((1, 2, 0), (9, 2, 0))))
    desk.qtbot.waitUntil(lambda: store.unsaved == 0)
    desk.qtbot.waitUntil(lambda: said.whole.startswith("saved "))


def test_a_signed_reading_says_when_it_was_signed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_and_answer()
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    status = desk.window.photographs.reading.block._status
    desk.qtbot.waitUntil(lambda: status.text() == f"Signed {datetime.now():%H:%M}")
    assert words.status(kept(desk), "", "2025-02-09T12:00:00.000Z") == "Signed 9 Feb 2025"


def test_signed_readings_are_saved_as_a_table(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open_and_answer("17_OD.png")
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    desk.qtbot.waitUntil(lambda: desk.window.photographs.store.unsaved == 0, timeout=5000)
    out = desk.folder / "out"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    desk.window.actions_.by_name["save-readings"].trigger()
    desk.qtbot.waitUntil(lambda: "Saved 1 signed reading" in desk.words(), timeout=5000)
    (row,) = csv.DictReader(Path(f"{out}.csv").read_text(encoding="utf-8").splitlines())
    assert (row["picture"], row["eye"], row["eye_from"]) == ("17_OD.png", "OD", "name")


def test_reading_first_hides_the_model_s_word_until_it_is_signed(desk: Desk) -> None:
    desk.window.actions_.by_name["reading-first"].trigger()
    desk.open_and_answer()
    photographs, presenter = desk.window.photographs, desk.window.presenter
    assert presenter.answer is None
    assert photographs.pane.state.heatmap is None
    assert "Hidden until you sign." in photographs.model_block._why.text()
    assert not photographs.heatmap_block.isVisible()
    assert not photographs.refusal.isVisible()
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    assert presenter.answer is not None
    assert photographs.pane.state.heatmap is not None
    assert photographs.heatmap_block.isVisible()
    (signed,) = kept(desk).signed
    assert signed.mode == "reading first"
    assert signed.model is not None
    assert not signed.model.seen


def test_back_on_a_signed_photograph_its_heatmap_is_there_again(desk: Desk) -> None:
    desk.window.actions_.by_name["reading-first"].trigger()
    desk.window.open(*(desk.picture(name) for name in ("one.png", "two.png")))
    desk.engine.give_picture(content="a")
    desk.engine.give_answer()
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    pane = desk.window.photographs.pane
    assert pane.state.heatmap is not None
    desk.press(Qt.Key.Key_PageDown)
    desk.engine.give_picture(content="b")
    desk.engine.give_answer()
    assert pane.state.heatmap is None
    desk.press(Qt.Key.Key_PageUp)
    assert desk.window.presenter.answer is not None
    assert pane.state.heatmap is not None
    assert pane.state.captions.criterion is desk.window.presenter.criterion


def exported(desk: Desk) -> dict[str, Any]:
    """What the annotated picture would show now."""
    desk.window.on_top.copy_picture()
    return desk.engine.last("draw").what


def test_a_picture_that_leaves_carries_what_was_signed_and_no_draft(desk: Desk) -> None:
    desk.open_and_answer()
    read(desk, "1", "2", "1", "3")
    assert exported(desk)["reading"] is None
    desk.press(ENTER, CONTROL)
    store = desk.window.photographs.store
    desk.qtbot.waitUntil(lambda: store.signature("c" * 64) is not None)
    signed = kept(desk).signed[0].form
    event = store.signature("c" * 64)
    assert event is not None
    assert exported(desk)["reading"] == SignedReading(signed, event.time, event.who)
    desk.window.photographs.reading.block.fields.grade.choose(3)
    told = exported(desk)["reading"]
    assert (told.form, told.amended, told.version) == (signed, True, 1)
    desk.press(ENTER, CONTROL)
    told = exported(desk)["reading"]
    assert (told.form.grade, told.amended, told.version) == (3, False, 2)


def test_an_export_made_before_signing_has_nothing_of_the_models(desk: Desk) -> None:
    desk.open_and_answer()
    desk.engine.give_regions(a_region(400, 150))
    assert exported(desk)["marks"]
    desk.window.actions_.by_name["reading-first"].trigger()
    read(desk, "1", "2", "1", "3")
    drawn = exported(desk)
    assert [drawn[part] for part in ("answer", "heatmap", "stage", "reading")] == [None] * 4
    assert drawn["marks"] == ()
    desk.press(ENTER, CONTROL)
    drawn = exported(desk)
    assert drawn["answer"].probability == 0.78
    assert drawn["reading"].form.grade == 2


def test_reading_first_hides_what_was_seen_already_and_assisted_shows_it_again(desk: Desk) -> None:
    desk.open_and_answer()
    assert desk.window.presenter.answer is not None
    for there in (False, True):
        desk.window.actions_.by_name["reading-first"].trigger()
        assert (desk.window.presenter.answer is not None) is there
        assert (desk.window.photographs.pane.state.heatmap is not None) is there


def turn_reading_first(desk: Desk) -> None:
    desk.window.actions_.by_name["reading-first"].trigger()


def test_what_was_seen_before_reading_first_is_signed_as_seen(desk: Desk) -> None:
    desk.open_and_answer()
    turn_reading_first(desk)
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)
    (signed,) = kept(desk).signed
    assert signed.mode == "reading first"
    assert signed.model_shown
    assert signed.model is not None
    assert signed.model.seen


def test_what_was_seen_in_an_earlier_session_is_signed_as_seen_and_the_rest_is_not(
    qtbot: Any, tmp_path: Path, qapp: QApplication
) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    with open_desk(qtbot, tmp_path / "before", qapp) as desk:
        desk.open_and_answer("seen.png")
    with open_desk(qtbot, tmp_path / "after", qapp) as desk:
        turn_reading_first(desk)
        for content in ("c", "d"):
            desk.window.open(desk.picture(f"{content}.png"))
            desk.engine.give_picture(content=content)
            desk.engine.give_answer()
            qtbot.waitUntil(
                lambda desk=desk, content=content: (
                    kept(desk, content).model_shown == (content == "c")
                )
            )
            read(desk, "1", "2", "1", "3")
            desk.press(ENTER, CONTROL)
    write(tmp_path / "out.csv")
    rows = csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines())
    told = [(row["picture"], row["mode"], row["model_seen"]) for row in rows]
    assert told == [("c.png", "reading first", "yes"), ("d.png", "reading first", "no")]
    # Looked at in two sessions, and written once; what is signed shows the other's.
    assert verify().first_broken is None
    with open_records() as records:
        assert [event.subject[0] for event in records.of_kind("model shown")] == ["c", "d"]


def test_a_letter_in_the_rail_is_the_model_s_word_too(desk: Desk) -> None:
    desk.window.open(*(desk.picture(name) for name in ("one.png", "two.png")))
    desk.engine.give_picture(content="a")
    desk.engine.give_answer()
    engine = desk.engine
    desk.qtbot.waitUntil(lambda: engine.count("open ahead") > 0)
    engine.give_picture(engine.last("open ahead"), content="b")
    desk.qtbot.waitUntil(lambda: engine.count("ask ahead") > 0)
    assert not kept(desk, "b").model_shown
    engine.give_answer(engine.last("ask ahead"))
    desk.qtbot.waitUntil(lambda: kept(desk, "b").model_shown)


def test_that_the_model_was_seen_is_no_act_to_undo_and_not_said_to_be_saved(desk: Desk) -> None:
    desk.open_and_answer()
    assert kept(desk).model_shown
    assert not desk.window.actions_.by_name["undo"].isEnabled()
    store = desk.window.photographs.store
    said: list[str] = []
    store.saved.connect(said.append)
    desk.qtbot.waitUntil(lambda: verify().events == 1)
    QApplication.processEvents()
    assert said == []


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


def test_the_settings_page_puts_reading_first(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.pages.show_settings()
    page = desk.window.findChild(SettingsPage)
    page.mode.setCurrentIndex(1)
    page.mode.activated.emit(1)
    assert desk.window.preferences.settings.reading == "reading first"
    assert desk.window.presenter.answer is None
