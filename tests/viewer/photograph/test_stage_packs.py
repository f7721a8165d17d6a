"""Which stage pack is in force, and that it is none for retinopathy."""

from dataclasses import replace
from pathlib import Path

from stage_desk import STAGES, open_and_stage, picture_of, section_of, stages_of
from window_desk import FIRST, Desk

from engine.service.messages import Packs
from viewer.photograph.stages import NO_PACK

OTHER = replace(STAGES, name="stages-other", sha256="e" * 64, path="/packs/other-stages",
                shipped=False)  # fmt: skip


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
    assert not section_of(desk).isVisible()
    assert not desk.window.photographs.pack_block.stage_chooser.isVisible()
    assert desk.engine.count("ask stage ahead") == 0


def test_another_stage_pack_is_asked_and_kept_in_the_settings(staged: Desk) -> None:
    staged.engine.packs_changed.emit(Packs(0, "", (FIRST, STAGES, OTHER)))
    open_and_stage(staged)
    staged.window.photographs.pack_block.stages_chosen.emit(OTHER)
    assert staged.engine.last("ask stage ahead").what["pack"] == OTHER.path
    assert staged.window.preferences.settings.stage_pack == OTHER.path
    assert stages_of(staged).answer(picture_of(staged)) is None
    assert staged.window.presenter.pack == FIRST


def test_no_stage_is_a_choice_that_is_kept(staged: Desk) -> None:
    open_and_stage(staged)
    staged.window.photographs.pack_block.stages_chosen.emit(None)
    assert not section_of(staged).isVisible()
    assert staged.window.preferences.settings.stage_pack == NO_PACK


def test_an_added_stage_pack_is_used_for_stages_and_never_for_retinopathy(staged: Desk) -> None:
    staged.window.presenter.install_pack(Path("/packs/other.llpack"))
    number = staged.engine.last("install").id
    staged.engine.packs_changed.emit(Packs(number, OTHER.path, (FIRST, STAGES, OTHER)))
    assert stages_of(staged).pack == OTHER
    assert staged.window.presenter.pack == FIRST
    assert staged.window.preferences.settings.pack != OTHER.path
