"""Stages in the window: told beneath the answer, and explained by mouse and keys."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eyes_desk import show_both
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from stage_desk import STAGES, a_stage_answer
from window_desk import FIRST, Asked, Desk, a_region

from engine.answers import Criterion, Reason
from engine.records.forms import Form, Oedema, Outcome, Quality, ReadingMode
from engine.service.messages import Packs
from viewer.panels.stages import WAITS, StageFoot, StageSection
from viewer.photograph.readings import Picture
from viewer.photograph.stages import NO_PACK, Stages

OTHER = replace(STAGES, name="stages-other", sha256="e" * 64, path="/packs/other-stages",
                shipped=False)  # fmt: skip


@pytest.fixture
def staged(early_desk: Desk) -> Desk:
    """A window with both packs, without a rail and without what is far."""
    early_desk.window.preferences.change(rail=False)
    early_desk.window.presenter.ahead._quiet.setInterval(1_000_000)
    early_desk.engine.get_ready(FIRST, STAGES)
    return early_desk


def _stages(desk: Desk) -> Stages:
    return desk.window.photographs.stages


def _section(desk: Desk) -> StageSection:
    return desk.window.photographs.model_block.stages


def _shown(desk: Desk) -> Picture:
    picture = desk.window.presenter.picture
    assert picture is not None
    return picture


def _told(desk: Desk, name: str = "eye.png") -> None:
    """A photograph on the screen, with the answers of both packs."""
    desk.open_and_answer(name)
    desk.engine.give_stage(a_stage_answer())


def _click(desk: Desk, section: StageSection, part: float) -> None:
    bar = section.bar
    at = QPoint(round(bar.bar.left() + part * bar.bar.width()), bar.height() // 2)
    desk.qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=at)


def _give_map(desk: Desk, place: int, criterion: Criterion = Criterion.PI) -> None:
    asked = desk.engine.last("ask stage")
    assert asked.what["stage"] == place
    answer = a_stage_answer(explained=place, criterion=asked.what["criterion"])
    assert answer.criterion is criterion
    desk.engine.give_stage(answer, asked)


def _captions(desk: Desk) -> Any:
    return desk.window.photographs.first.state.captions


def _foot_at_rest(desk: Desk) -> int:
    """Where the model's block ends; what the records hold may lay the panel out meanwhile."""
    block, below = desk.window.photographs.model_block, desk.window.photographs.reading.block
    desk.qtbot.waitUntil(lambda: block.height() == block.heightForWidth(block.width()))
    desk.qtbot.waitUntil(lambda: below.y() == block.geometry().bottom() + 1)
    return below.y()


# ---- asked last


def test_the_stage_is_asked_only_once_the_retinopathy_answer_is_there(staged: Desk) -> None:
    staged.window.open(staged.picture())
    staged.engine.give_picture()
    assert staged.engine.count("ask stage ahead") == 0
    staged.engine.give_answer()
    asked = staged.engine.last("ask stage ahead").what
    assert asked["pack"] == STAGES.path
    assert staged.engine.last("ask").what["pack"] == FIRST.path


def test_it_is_told_beneath_the_answer(staged: Desk) -> None:
    _told(staged)
    section = _section(staged)
    assert section.headline.text() == "Stage 2, moderate, most likely"
    assert section.expected.text() == "Expected stage 2.1 (90\u202f% interval 1.8 to 2.4)"
    assert section.isVisible()
    block = staged.window.photographs.model_block
    assert section.mapTo(block, QPoint(0, 0)).y() > block._bar.mapTo(block, QPoint(0, 0)).y()


def test_its_room_is_kept_while_it_is_made(staged: Desk) -> None:
    _told(staged)
    staged.window.open(staged.picture("next.png"))
    staged.engine.give_picture(content="d")
    staged.engine.give_answer()
    assert _section(staged).expected.text() == WAITS
    before = _foot_at_rest(staged)
    staged.engine.give_stage(a_stage_answer())
    assert _foot_at_rest(staged) == before


def test_the_heatmap_s_controls_stand_still_while_it_is_made(staged: Desk) -> None:
    staged.window.open(staged.picture())
    staged.engine.give_picture()
    staged.engine.give_answer()
    block = staged.window.photographs.heatmap_block
    assert block.evidence.isVisible()
    assert not block.evidence.isEnabled()
    staged.engine.give_stage(a_stage_answer())
    assert block.evidence.isVisible()
    assert block.evidence.isEnabled()


def test_the_next_answer_comes_before_a_stage_and_other_stages_after_all_answers(
    staged: Desk,
) -> None:
    paths = [staged.picture(f"{number}.png") for number in range(1, 4)]
    engine = staged.engine
    staged.window.presenter.ahead.ask_stages = lambda _: False
    staged.window.open(paths[1])
    engine.give_picture()
    staged.qtbot.waitUntil(lambda: staged.place() == "2 of 3")
    staged.window.presenter.ahead.ask_stages = _stages(staged).ask_ahead
    engine.give_picture(engine.last("open ahead"), content="d")
    engine.give_answer()
    asked = ["ask ahead"]
    assert _kinds(staged) == asked
    engine.give_answer(engine.last("ask ahead"))
    asked.append("ask stage ahead")
    assert _kinds(staged) == asked
    engine.give_picture(engine.last("open ahead"), content="e")
    engine.give_stage(a_stage_answer())
    asked.append("ask ahead")
    assert _kinds(staged) == asked
    engine.give_answer(engine.last("ask ahead"))
    engine.give_stage(a_stage_answer())
    assert _kinds(staged) == [*asked, "ask stage ahead", "ask stage ahead"]


def _kinds(desk: Desk) -> list[str]:
    """What was asked ahead of the time, in order."""
    kinds = ("ask ahead", "ask stage ahead")
    return [asked.kind for asked in desk.engine.said.asked if asked.kind in kinds]


def test_what_gave_way_is_asked_again(staged: Desk) -> None:
    staged.open_and_answer()
    staged.engine.go(staged.engine.last("ask stage ahead"), "A newer question took its place.")
    assert staged.engine.count("ask stage ahead") == 2
    staged.engine.give_stage(a_stage_answer())
    assert _section(staged).headline.text() == "Stage 2, moderate, most likely"


def test_an_answer_is_kept_by_content_and_not_asked_twice(staged: Desk) -> None:
    _told(staged)
    staged.window.open(staged.picture("again.png"))
    staged.engine.give_picture()
    staged.engine.give_answer()
    assert _section(staged).headline.text() == "Stage 2, moderate, most likely"
    assert staged.engine.count("ask stage ahead") == 1


def test_a_refused_stage_is_said_and_not_asked_again(staged: Desk) -> None:
    staged.open_and_answer()
    asked = staged.engine.last("ask stage ahead")
    staged.engine.refuse(asked, "It was not answered.", "The pack is damaged.", "Fetch it again.")
    assert _section(staged).expected.text() == "The pack is damaged. Fetch it again."
    assert staged.engine.count("ask stage ahead") == 1
    assert staged.words() == ""


def test_an_ungradable_photograph_has_no_stage_and_none_is_asked(staged: Desk) -> None:
    staged.window.open(staged.picture())
    staged.engine.give_picture()
    staged.engine.give_answer(probability=None, reasons=(Reason("It is dark.", "Retake it."),))
    assert staged.engine.count("ask stage ahead") == 0
    assert not _section(staged).isVisible()


def test_heads_that_differ_are_marked_and_those_that_agree_are_not(staged: Desk) -> None:
    staged.open_and_answer()
    differ = a_stage_answer(vision=(0.1, 0.2, 0.5, 0.1, 0.1), lstm=(0, 0.1, 0.3, 0.5, 0.1))
    staged.engine.give_stage(differ)
    section = _section(staged)
    assert section.heads.isVisible()
    assert section.heads.text() == (
        "The two heads differ: vision says moderate, sequence says severe"
    )
    section.show_face(replace(_stages(staged).face(_shown(staged), None), answer=a_stage_answer()))
    assert not section.heads.isVisible()


def test_a_stage_that_speaks_against_the_word_beside_it_is_said_to(staged: Desk) -> None:
    staged.open_and_answer()
    staged.engine.give_stage(a_stage_answer(0.6, 0.1, 0.1, 0.1, 0.1))
    foot = staged.window.findChild(StageFoot)
    assert foot.said.text().startswith("Two packs differ here: by stage 0 alone")


# ---- packs


def test_each_chooser_offers_the_packs_of_its_own_question_alone(staged: Desk) -> None:
    block = staged.window.photographs.pack_block
    assert [block.chooser.itemText(at) for at in range(block.chooser.count())] == [
        "retinopathy-first 1.0.0"
    ]
    chooser = block.stage_chooser
    assert [chooser.itemText(at) for at in range(chooser.count())] == [
        "stages-first 1.0.0", "No stage"
    ]  # fmt: skip


def test_a_window_without_a_stage_pack_shows_and_asks_nothing(desk: Desk) -> None:
    desk.open_and_answer()
    assert not _section(desk).isVisible()
    assert not desk.window.photographs.pack_block.stage_chooser.isVisible()
    assert desk.engine.count("ask stage ahead") == 0


def test_another_stage_pack_is_asked_and_kept_in_the_settings(staged: Desk) -> None:
    staged.engine.packs_changed.emit(Packs(0, "", (FIRST, STAGES, OTHER)))
    _told(staged)
    staged.window.photographs.pack_block.stages_chosen.emit(OTHER)
    assert staged.engine.last("ask stage ahead").what["pack"] == OTHER.path
    assert staged.window.preferences.settings.stage_pack == OTHER.path
    assert _stages(staged).answer(_shown(staged)) is None
    assert staged.window.presenter.pack == FIRST


def test_no_stage_is_a_choice_that_is_kept(staged: Desk) -> None:
    _told(staged)
    staged.window.photographs.pack_block.stages_chosen.emit(None)
    assert not _section(staged).isVisible()
    assert staged.window.preferences.settings.stage_pack == NO_PACK


def test_an_added_stage_pack_is_used_for_stages_and_never_for_retinopathy(staged: Desk) -> None:
    staged.window.presenter.install_pack(Path("/packs/other.llpack"))
    number = staged.engine.last("install").id
    staged.engine.packs_changed.emit(Packs(number, OTHER.path, (FIRST, STAGES, OTHER)))
    assert _stages(staged).pack == OTHER
    assert staged.window.presenter.pack == FIRST
    assert staged.window.preferences.settings.pack != OTHER.path


# ---- the heatmap of a stage


def test_a_click_on_a_part_shows_that_stages_heatmap_and_again_that_of_referable(
    staged: Desk,
) -> None:
    _told(staged)
    referable = staged.window.presenter.heatmap
    _click(staged, _section(staged), 0.86)
    assert staged.window.photographs._shown_heatmap is referable
    _give_map(staged, 3)
    assert staged.window.photographs._shown_heatmap is not referable
    assert _captions(staged).of == "stage 3, severe"
    assert _captions(staged).pack == "stages-first 1.0.0"
    _click(staged, _section(staged), 0.86)
    assert staged.window.photographs._shown_heatmap is referable
    assert _captions(staged).of == ""


def test_the_likeliest_stages_heatmap_is_at_hand_at_once(staged: Desk) -> None:
    _told(staged)
    _click(staged, _section(staged), 0.5)
    assert staged.engine.count("ask stage") == 0
    assert _captions(staged).of == "stage 2, moderate"


def test_escape_goes_back_to_the_heatmap_of_referable(staged: Desk) -> None:
    _told(staged)
    staged.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert _captions(staged).of == "stage 2, moderate"
    staged.press(Qt.Key.Key_Escape)
    assert _captions(staged).of == ""


def test_the_heatmap_block_chooses_it_too(staged: Desk) -> None:
    _told(staged)
    chooser = staged.window.photographs.heatmap_block.evidence
    assert [chooser.itemText(at) for at in range(chooser.count())][:2] == [
        "Referable", "Stage 0, none"
    ]  # fmt: skip
    chooser.activated.emit(3)
    assert _captions(staged).of == "stage 2, moderate"
    assert chooser.currentText() == "Stage 2, moderate"
    chooser.activated.emit(0)
    assert _captions(staged).of == ""


def test_shift_e_shows_the_likeliest_stages_heatmap_at_once_and_asks_for_the_next(
    staged: Desk,
) -> None:
    _told(staged)
    staged.press(Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert _captions(staged).of == "stage 2, moderate"
    staged.press(Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    _give_map(staged, 3)
    assert _captions(staged).of == "stage 3, severe"


def test_shift_e_begins_with_the_likeliest_stage_and_ends_with_referable(staged: Desk) -> None:
    staged.open_and_answer()
    staged.engine.give_stage(a_stage_answer(0.02, 0.03, 0.05, 0.3, 0.6))
    explained = []
    for _ in range(7):
        staged.press(Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
        explained.append(_stages(staged).explained(_shown(staged)))
    assert explained == [4, 0, 1, 2, 3, None, 4]


def test_v_draws_a_stages_heatmap_by_the_next_criterion(staged: Desk) -> None:
    _told(staged)
    _click(staged, _section(staged), 0.5)
    staged.press(Qt.Key.Key_V)
    assert staged.engine.last("ask stage").what["criterion"] is Criterion.OMEGA
    _give_map(staged, 2, Criterion.OMEGA)
    assert _captions(staged).criterion is Criterion.OMEGA
    assert _captions(staged).of == "stage 2, moderate"


def test_maps_that_are_compared_are_of_referable_whichever_stage_is_explained(
    staged: Desk,
) -> None:
    _told(staged)
    _click(staged, _section(staged), 0.5)
    assert _captions(staged).of
    staged.press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    page = staged.window.on_top.compared
    assert page is not None and len(page.shown) > 1
    assert {view.pane.state.captions.of for view in page.shown} == {""}


def test_relevance_which_stages_have_not_is_passed_over(staged: Desk) -> None:
    _told(staged)
    _click(staged, _section(staged), 0.5)
    staged.press(Qt.Key.Key_V)
    staged.press(Qt.Key.Key_V)
    assert staged.window.presenter.criterion is Criterion.PI_PHOTOGRAPH
    staged.window.presenter.choose_criterion(Criterion.RELEVANCE)
    assert _captions(staged).of == "stage 2, moderate"
    assert _captions(staged).criterion is Criterion.PI
    staged.window.photographs.stages.show_referable(staged.window.presenter.picture)
    assert staged.window.presenter.criterion is Criterion.RELEVANCE


def test_another_photograph_begins_with_the_heatmap_of_referable(staged: Desk) -> None:
    _told(staged)
    _click(staged, _section(staged), 0.5)
    staged.window.open(staged.picture("next.png"))
    staged.engine.give_picture(content="d")
    staged.engine.give_answer()
    staged.engine.give_stage(a_stage_answer())
    assert _captions(staged).of == ""


def test_a_heatmap_that_is_not_wanted_any_more_is_not_waited_for(staged: Desk) -> None:
    _told(staged)
    _click(staged, _section(staged), 0.86)
    asked = staged.engine.last("ask stage")
    _click(staged, _section(staged), 0.86)
    assert staged.engine.said.cancelled == [asked.id]
    staged.engine.give_stage(a_stage_answer(explained=3), asked)
    assert len(staged.engine.said.released) == 1
    assert _captions(staged).of == ""


def test_without_its_pack_a_stages_heatmap_and_regions_go(staged: Desk) -> None:
    _told(staged)
    _click(staged, _section(staged), 0.5)
    staged.engine.give_regions(a_region(300, 200))
    staged.window.photographs.pack_block.stages_chosen.emit(None)
    assert _captions(staged).of == ""
    assert staged.window.photographs.regions.list.rows == ()


def test_a_refused_heatmap_is_told_and_that_of_referable_stays(staged: Desk) -> None:
    _told(staged)
    _click(staged, _section(staged), 0.86)
    asked = staged.engine.last("ask stage")
    staged.engine.refuse(asked, "The heatmap was not made.", "Memory is short.", "Close others.")
    assert "The heatmap was not made." in staged.words()
    assert _stages(staged).explained(_shown(staged)) is None


def test_the_regions_are_those_of_the_heatmap_that_is_shown(staged: Desk) -> None:
    _told(staged)
    staged.engine.give_regions(a_region(300, 200))
    listed = staged.window.photographs.regions.list
    assert len(listed.rows) == 1
    _click(staged, _section(staged), 0.5)
    assert listed.rows == ()
    evidence = _stages(staged).evidence(_shown(staged))
    assert evidence is not None
    assert staged.engine.last("regions").what["heatmap"] == evidence.map_file
    staged.engine.give_regions(a_region(300, 200), a_region(400, 300))
    assert [row.seen.criterion for row in listed.rows] == ["pi, stage 3 of 5"] * 2
    assert {row.seen.pack for row in listed.rows} == {STAGES.sha256}
    staged.press(Qt.Key.Key_Escape)
    assert listed.rows == ()


def test_the_annotated_picture_has_the_stage_and_the_heatmap_that_is_shown(staged: Desk) -> None:
    _told(staged)
    staged.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    asked = staged.engine.last("draw").what
    assert asked["stage"].explained is None
    assert asked["heatmap"] == staged.window.presenter.map_file
    _click(staged, _section(staged), 0.5)
    evidence = _stages(staged).evidence(_shown(staged))
    assert evidence is not None
    staged.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    asked = staged.engine.last("draw").what
    assert asked["stage"].explained == 2
    assert asked["heatmap"] == evidence.map_file


def test_a_picture_whose_heatmap_is_still_made_is_not_written(staged: Desk) -> None:
    _told(staged)
    _click(staged, _section(staged), 0.86)
    staged.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert staged.engine.count("draw") == 0
    assert "was not written" in staged.words()


def test_the_command_box_names_the_stages(staged: Desk) -> None:
    _told(staged)
    staged.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = QApplication.focusWidget()
    staged.qtbot.keyClicks(field, "explain stage moderate")
    staged.press(Qt.Key.Key_Return)
    assert _captions(staged).of == "stage 2, moderate"


# ---- the reader


def test_reading_first_hides_the_stage_and_the_signature_keeps_what_it_said(
    staged: Desk,
) -> None:
    staged.window.preferences.change(reading=ReadingMode.FIRST.value)
    staged.open_and_answer()
    staged.engine.give_stage(a_stage_answer())
    assert not _section(staged).isVisible()
    assert not staged.window.photographs.heatmap_block.evidence.isVisible()
    staged.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert _captions(staged).of == ""
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
    assert _section(staged).isVisible()


def test_a_stage_other_than_the_readers_is_said_beside_what_agrees(staged: Desk) -> None:
    _told(staged)
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


# ---- both eyes


def test_each_of_two_eyes_has_its_bar_and_its_own_heatmap(staged: Desk) -> None:
    show_both(staged, "16_right.png", "16_left.png")
    _answer_all(staged)
    parts = staged.window.photographs.both.block.parts
    assert [part.stages.headline.text() for part in parts] == [
        "Stage 2, moderate, most likely", "Stage 3, severe, most likely"
    ]  # fmt: skip
    others = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    assert others == [staged.window]
    _click(staged, parts[1].stages, 0.6)
    second = staged.window.photographs.view.panes[1]
    assert second.state.captions.of == "stage 3, severe"
    assert _captions(staged).of == ""


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
