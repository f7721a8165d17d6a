"""What is said once a reading is signed: whether the model agrees, and when it was signed."""

from datetime import datetime

import pytest
from reading_desk import CONTROL, ENTER, kept, sign
from window_desk import FIRST, SECOND, Desk

from engine.drawings import Distance
from viewer.photograph import reading_words as words


def test_the_next_photograph_is_not_told_to_be_signed(desk: Desk) -> None:
    desk.open_and_answer("one.png")
    sign(desk)
    assert "The reading was signed." in desk.words()
    desk.window.open(desk.picture("two.png"))
    desk.engine.give_picture(content="d")
    assert "signed" not in desk.words()


def test_after_signing_the_model_s_word_says_whether_it_agrees(desk: Desk) -> None:
    desk.open_and_answer()
    block = desk.window.photographs.reading.block
    assert not block.verdict.isVisible()
    sign(desk)
    assert block.verdict.text().endswith("Agrees with you that it is referable.")
    block.fields.grade.choose(0)
    desk.press(ENTER, CONTROL)
    assert "Differs: you say not referable. Add a note." in block.verdict.text()


def test_the_verdict_is_about_the_pack_that_was_signed_beside(desk: Desk) -> None:
    desk.engine.get_ready(FIRST, SECOND)
    desk.open_and_answer()
    sign(desk)
    desk.window.presenter.choose_pack(SECOND)
    desk.engine.give_answer(probability=0.12, low=0.05, high=0.2)
    words = desk.window.photographs.reading.block.verdict.text()
    assert words.startswith("Model retinopathy-first 1.0.0: Referable, 78")
    assert words.endswith("Agrees with you that it is referable.")


def test_a_word_that_came_after_the_signature_says_so(desk: Desk) -> None:
    desk.window.open(desk.picture("eye.png"))
    desk.engine.give_picture()
    sign(desk)
    block = desk.window.photographs.reading.block
    assert block.verdict.text() == ""
    desk.engine.give_answer()
    after = "Model retinopathy-first 1.0.0, asked after you signed: Referable, 78"
    assert block.verdict.text().startswith(after)


def test_a_drawing_beside_a_signed_reading_is_not_told_as_another_signature(desk: Desk) -> None:
    desk.open_and_answer()
    sign(desk)
    said, store = desk.window.strip.said, desk.window.photographs.store
    desk.qtbot.waitUntil(lambda: said.whole.startswith("signed "))
    store.add("c" * 64, Distance(id="1", points=((1, 2, 0), (9, 2, 0))))
    desk.qtbot.waitUntil(lambda: store.unsaved == 0)
    desk.qtbot.waitUntil(lambda: said.whole.startswith("saved "))


def test_a_signed_reading_says_when_it_was_signed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_and_answer()
    sign(desk)
    status = desk.window.photographs.reading.block._status
    desk.qtbot.waitUntil(lambda: status.text() == f"Signed {datetime.now():%H:%M}")
    assert words.status(kept(desk), "", "2025-02-09T12:00:00.000Z") == "Signed 9 Feb 2025"
