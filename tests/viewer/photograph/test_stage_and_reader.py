"""A stage beside what the reader says, and of each of two eyes."""

import pytest
from eyes_desk import show_both
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from stage_desk import STAGES, a_stage_answer, captions_of, click_stage, open_and_stage, section_of
from window_desk import Asked, Desk

from engine.records.forms import Form, Oedema, Outcome, Quality, ReadingMode


def test_reading_first_hides_the_stage_and_the_signature_keeps_what_it_said(
    staged: Desk,
) -> None:
    staged.window.preferences.change(reading=ReadingMode.FIRST.value)
    staged.open_and_answer()
    staged.engine.give_stage(a_stage_answer())
    assert not section_of(staged).isVisible()
    assert not staged.window.photographs.heatmap_block.evidence.isVisible()
    staged.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert captions_of(staged).of == ""
    desk = staged.window.photographs.reading
    form = Form(Quality.GOOD, None, 3, Oedema.NO, Outcome.REFER)
    desk._fill(form)
    desk.sign()
    signed = desk._reading(desk._eyes[0]).signed[-1]
    assert signed.form.grade == 3
    assert signed.stage is not None
    assert not signed.stage.seen
    assert signed.stage.pack == STAGES.name
    assert signed.stage.shares["moderate"] == 0.62
    assert signed.stage.expected_stage == pytest.approx(2.09)
    assert section_of(staged).isVisible()


def test_a_stage_other_than_the_readers_is_said_beside_what_agrees(staged: Desk) -> None:
    open_and_stage(staged)
    desk = staged.window.photographs.reading
    said = []
    for grade in (4, 2):
        desk._fill(Form(Quality.GOOD, None, grade, Oedema.NO, Outcome.REFER))
        desk.sign()
        said.append(desk.block.verdict.text().partition("Agrees with you that ")[2])
    differs = "The stages differ: you say 4, stages-first 1.0.0 says 2."
    assert said == [f"it is referable. {differs}", "it is referable."]


def test_a_stage_that_puts_grades_together_differs_from_none_of_them(staged: Desk) -> None:
    staged.open_and_answer()
    desk = staged.window.photographs.reading
    desk._fill(Form(Quality.GOOD, None, 2, Oedema.NO, Outcome.REFER))
    desk.sign()
    staged.engine.give_stage(a_stage_answer(0.1, 0.7, 0.1, 0.1))
    assert desk.block.verdict.text().endswith("it is referable.")
    desk._fill(Form(Quality.GOOD, None, 3, Oedema.NO, Outcome.REFER))
    desk.sign()
    assert desk.block.verdict.text().endswith("you say 3, stages-first 1.0.0 says 1 to 2.")


def test_each_of_two_eyes_has_its_bar_and_its_own_heatmap(staged: Desk) -> None:
    show_both(staged, "16_right.png", "16_left.png")
    _answer_all(staged)
    parts = staged.window.photographs.both.block.parts
    assert [part.stages.headline.text() for part in parts] == [
        "Stage 2, moderate, most likely", "Stage 3, severe, most likely"
    ]  # fmt: skip
    others = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    assert others == [staged.window]
    click_stage(staged, parts[1].stages, 0.6)
    second = staged.window.photographs.view.panes[1]
    assert second.state.captions.of == "stage 3, severe"
    assert captions_of(staged).of == ""


def _answer_all(desk: Desk) -> None:
    """Every stage that is asked, OD moderate and OS severe."""
    answered: set[int] = set()
    while True:
        asked: list[Asked] = [
            each
            for each in desk.engine.said.asked
            if each.kind == "ask stage ahead" and each.id not in answered
        ]
        if not asked:
            return
        answered.add(asked[0].id)
        severe = asked[0].what["picture"].content_hash == "b" * 64
        parts = (0.02, 0.05, 0.2, 0.61, 0.12) if severe else ()
        desk.engine.give_stage(a_stage_answer(*parts), asked[0])
