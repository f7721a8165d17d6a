"""A photograph's stage is asked after the answer, told beneath it, and kept."""

from dataclasses import replace

from PySide6.QtCore import QPoint
from stage_desk import STAGES, a_stage_answer, open_and_stage, picture_of, section_of, stages_of
from window_desk import FIRST, Desk

from engine.answers import Reason
from viewer.panels.stages import WAITS, StageFoot


def _foot_at_rest(desk: Desk) -> int:
    """Where the model's block ends; what the records hold may lay the panel out meanwhile."""
    block, below = desk.window.photographs.model_block, desk.window.photographs.reading.block
    desk.qtbot.waitUntil(lambda: block.height() == block.heightForWidth(block.width()))
    desk.qtbot.waitUntil(lambda: below.y() == block.geometry().bottom() + 1)
    return below.y()


def test_the_stage_is_asked_only_once_the_retinopathy_answer_is_there(staged: Desk) -> None:
    staged.window.open(staged.picture())
    staged.engine.give_picture()
    assert staged.engine.count("ask stage ahead") == 0
    staged.engine.give_answer()
    asked = staged.engine.last("ask stage ahead").what
    assert asked["pack"] == STAGES.path
    assert staged.engine.last("ask").what["pack"] == FIRST.path


def test_it_is_told_beneath_the_answer(staged: Desk) -> None:
    open_and_stage(staged)
    section = section_of(staged)
    assert section.headline.text() == "Stage 2, moderate, most likely"
    assert section.expected.text() == "Expected stage 2.1 (90\u202f% interval 1.8 to 2.4)"
    assert section.isVisible()
    block = staged.window.photographs.model_block
    assert section.mapTo(block, QPoint(0, 0)).y() > block._bar.mapTo(block, QPoint(0, 0)).y()


def test_its_room_is_kept_while_it_is_made(staged: Desk) -> None:
    open_and_stage(staged)
    staged.window.open(staged.picture("next.png"))
    staged.engine.give_picture(content="d")
    staged.engine.give_answer()
    assert section_of(staged).expected.text() == WAITS
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
    staged.window.presenter.ahead.ask_stages = stages_of(staged).ask_ahead
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
    assert section_of(staged).headline.text() == "Stage 2, moderate, most likely"


def test_an_answer_is_kept_by_content_and_not_asked_twice(staged: Desk) -> None:
    open_and_stage(staged)
    staged.window.open(staged.picture("again.png"))
    staged.engine.give_picture()
    staged.engine.give_answer()
    assert section_of(staged).headline.text() == "Stage 2, moderate, most likely"
    assert staged.engine.count("ask stage ahead") == 1


def test_a_refused_stage_is_said_and_not_asked_again(staged: Desk) -> None:
    staged.open_and_answer()
    asked = staged.engine.last("ask stage ahead")
    staged.engine.refuse(asked, "It was not answered.", "The pack is damaged.", "Fetch it again.")
    assert section_of(staged).expected.text() == "The pack is damaged. Fetch it again."
    assert staged.engine.count("ask stage ahead") == 1
    assert staged.words() == ""


def test_an_ungradable_photograph_has_no_stage_and_none_is_asked(staged: Desk) -> None:
    staged.window.open(staged.picture())
    staged.engine.give_picture()
    staged.engine.give_answer(probability=None, reasons=(Reason("It is dark.", "Retake it."),))
    assert staged.engine.count("ask stage ahead") == 0
    assert not section_of(staged).isVisible()


def test_heads_that_differ_are_marked_and_those_that_agree_are_not(staged: Desk) -> None:
    staged.open_and_answer()
    differ = a_stage_answer(vision=(0.1, 0.2, 0.5, 0.1, 0.1), lstm=(0, 0.1, 0.3, 0.5, 0.1))
    staged.engine.give_stage(differ)
    section = section_of(staged)
    assert section.heads.isVisible()
    assert section.heads.text() == (
        "The two heads differ: vision says moderate, sequence says severe"
    )
    section.show_face(
        replace(stages_of(staged).face(picture_of(staged), None), answer=a_stage_answer())
    )
    assert not section.heads.isVisible()


def test_a_stage_that_speaks_against_the_word_beside_it_is_said_to(staged: Desk) -> None:
    staged.open_and_answer()
    staged.engine.give_stage(a_stage_answer(0.6, 0.1, 0.1, 0.1, 0.1))
    foot = staged.window.findChild(StageFoot)
    assert foot.said.told[0].startswith("Two packs differ here: by stage 0 alone")
