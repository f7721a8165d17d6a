"""The heatmap of a stage: chosen by mouse and keys, asked, shown, let go and written."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from stage_desk import (
    STAGES,
    a_stage_answer,
    captions_of,
    click_stage,
    open_and_stage,
    picture_of,
    section_of,
    stages_of,
)
from window_desk import Desk, a_region

from engine.answers import Criterion


def _give_map(desk: Desk, place: int, criterion: Criterion = Criterion.PI) -> None:
    asked = desk.engine.last("ask stage")
    assert asked.what["stage"] == place
    answer = a_stage_answer(explained=place, criterion=asked.what["criterion"])
    assert answer.criterion is criterion
    desk.engine.give_stage(answer, asked)


def test_a_click_on_a_part_shows_that_stages_heatmap_and_again_that_of_referable(
    staged: Desk,
) -> None:
    open_and_stage(staged)
    referable = staged.window.presenter.heatmap
    click_stage(staged, section_of(staged), 0.86)
    assert staged.window.photographs._shown_heatmap is referable
    _give_map(staged, 3)
    assert staged.window.photographs._shown_heatmap is not referable
    assert captions_of(staged).of == "stage 3, severe"
    assert captions_of(staged).pack == "stages-first 1.0.0"
    click_stage(staged, section_of(staged), 0.86)
    assert staged.window.photographs._shown_heatmap is referable
    assert captions_of(staged).of == ""


def test_the_likeliest_stages_heatmap_is_at_hand_at_once(staged: Desk) -> None:
    open_and_stage(staged)
    click_stage(staged, section_of(staged), 0.5)
    assert staged.engine.count("ask stage") == 0
    assert captions_of(staged).of == "stage 2, moderate"


def test_escape_goes_back_to_the_heatmap_of_referable(staged: Desk) -> None:
    open_and_stage(staged)
    staged.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert captions_of(staged).of == "stage 2, moderate"
    staged.press(Qt.Key.Key_Escape)
    assert captions_of(staged).of == ""


def test_the_heatmap_block_chooses_it_too(staged: Desk) -> None:
    open_and_stage(staged)
    chooser = staged.window.photographs.heatmap_block.evidence
    assert [chooser.itemText(at) for at in range(chooser.count())][:2] == [
        "Referable", "Stage 0, none"
    ]  # fmt: skip
    chooser.activated.emit(3)
    assert captions_of(staged).of == "stage 2, moderate"
    assert chooser.currentText() == "Stage 2, moderate"
    chooser.activated.emit(0)
    assert captions_of(staged).of == ""


def test_shift_e_shows_the_likeliest_stages_heatmap_at_once_and_asks_for_the_next(
    staged: Desk,
) -> None:
    open_and_stage(staged)
    staged.press(Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert captions_of(staged).of == "stage 2, moderate"
    staged.press(Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    _give_map(staged, 3)
    assert captions_of(staged).of == "stage 3, severe"


def test_shift_e_begins_with_the_likeliest_stage_and_ends_with_referable(staged: Desk) -> None:
    staged.open_and_answer()
    staged.engine.give_stage(a_stage_answer(0.02, 0.03, 0.05, 0.3, 0.6))
    explained = []
    for _ in range(7):
        staged.press(Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
        explained.append(stages_of(staged).explained(picture_of(staged)))
    assert explained == [4, 0, 1, 2, 3, None, 4]


def test_v_draws_a_stages_heatmap_by_the_next_criterion(staged: Desk) -> None:
    open_and_stage(staged)
    click_stage(staged, section_of(staged), 0.5)
    staged.press(Qt.Key.Key_V)
    assert staged.engine.last("ask stage").what["criterion"] is Criterion.OMEGA
    _give_map(staged, 2, Criterion.OMEGA)
    assert captions_of(staged).criterion is Criterion.OMEGA
    assert captions_of(staged).of == "stage 2, moderate"


def test_maps_that_are_compared_are_of_referable_whichever_stage_is_explained(
    staged: Desk,
) -> None:
    open_and_stage(staged)
    click_stage(staged, section_of(staged), 0.5)
    assert captions_of(staged).of
    staged.press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    page = staged.window.on_top.compared
    assert page is not None and len(page.shown) > 1
    assert {view.pane.state.captions.of for view in page.shown} == {""}


def test_relevance_which_stages_have_not_is_passed_over(staged: Desk) -> None:
    open_and_stage(staged)
    click_stage(staged, section_of(staged), 0.5)
    staged.press(Qt.Key.Key_V)
    staged.press(Qt.Key.Key_V)
    assert staged.window.presenter.criterion is Criterion.PI_PHOTOGRAPH
    staged.window.presenter.choose_criterion(Criterion.RELEVANCE)
    assert captions_of(staged).of == "stage 2, moderate"
    assert captions_of(staged).criterion is Criterion.PI
    staged.window.photographs.stages.show_referable(staged.window.presenter.picture)
    assert staged.window.presenter.criterion is Criterion.RELEVANCE


def test_another_photograph_begins_with_the_heatmap_of_referable(staged: Desk) -> None:
    open_and_stage(staged)
    click_stage(staged, section_of(staged), 0.5)
    staged.window.open(staged.picture("next.png"))
    staged.engine.give_picture(content="d")
    staged.engine.give_answer()
    staged.engine.give_stage(a_stage_answer())
    assert captions_of(staged).of == ""


def test_a_heatmap_that_is_not_wanted_any_more_is_not_waited_for(staged: Desk) -> None:
    open_and_stage(staged)
    click_stage(staged, section_of(staged), 0.86)
    asked = staged.engine.last("ask stage")
    click_stage(staged, section_of(staged), 0.86)
    assert staged.engine.said.cancelled == [asked.id]
    staged.engine.give_stage(a_stage_answer(explained=3), asked)
    assert len(staged.engine.said.released) == 1
    assert captions_of(staged).of == ""


def test_without_its_pack_a_stages_heatmap_and_regions_go(staged: Desk) -> None:
    open_and_stage(staged)
    click_stage(staged, section_of(staged), 0.5)
    staged.engine.give_regions(a_region(300, 200))
    staged.window.photographs.pack_block.stages_chosen.emit(None)
    assert captions_of(staged).of == ""
    assert staged.window.photographs.regions.list.rows == ()


def test_a_refused_heatmap_is_told_and_that_of_referable_stays(staged: Desk) -> None:
    open_and_stage(staged)
    click_stage(staged, section_of(staged), 0.86)
    asked = staged.engine.last("ask stage")
    staged.engine.refuse(asked, "The heatmap was not made.", "Memory is short.", "Close others.")
    assert "The heatmap was not made." in staged.words()
    assert stages_of(staged).explained(picture_of(staged)) is None


def test_the_regions_are_those_of_the_heatmap_that_is_shown(staged: Desk) -> None:
    open_and_stage(staged)
    staged.engine.give_regions(a_region(300, 200))
    listed = staged.window.photographs.regions.list
    assert len(listed.rows) == 1
    click_stage(staged, section_of(staged), 0.5)
    assert listed.rows == ()
    evidence = stages_of(staged).evidence(picture_of(staged))
    assert evidence is not None
    assert staged.engine.last("regions").what["heatmap"] == evidence.map_file
    staged.engine.give_regions(a_region(300, 200), a_region(400, 300))
    assert [row.seen.criterion for row in listed.rows] == ["pi, stage 3 of 5"] * 2
    assert {row.seen.pack for row in listed.rows} == {STAGES.sha256}
    staged.press(Qt.Key.Key_Escape)
    assert listed.rows == ()


def test_the_annotated_picture_has_the_stage_and_the_heatmap_that_is_shown(staged: Desk) -> None:
    open_and_stage(staged)
    staged.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    asked = staged.engine.last("draw").what
    assert asked["stage"].explained is None
    assert asked["heatmap"] == staged.window.presenter.map_file
    click_stage(staged, section_of(staged), 0.5)
    evidence = stages_of(staged).evidence(picture_of(staged))
    assert evidence is not None
    staged.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    asked = staged.engine.last("draw").what
    assert asked["stage"].explained == 2
    assert asked["heatmap"] == evidence.map_file


def test_a_picture_whose_heatmap_is_still_made_is_not_written(staged: Desk) -> None:
    open_and_stage(staged)
    click_stage(staged, section_of(staged), 0.86)
    staged.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert staged.engine.count("draw") == 0
    assert "was not written" in staged.words()


def test_the_command_box_names_the_stages(staged: Desk) -> None:
    open_and_stage(staged)
    staged.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = QApplication.focusWidget()
    staged.qtbot.keyClicks(field, "explain stage moderate")
    staged.press(Qt.Key.Key_Return)
    assert captions_of(staged).of == "stage 2, moderate"
