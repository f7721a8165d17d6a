"""Which pack is asked: added, chosen, gone and back, and told each time."""

from dataclasses import replace
from pathlib import Path

from hand_desk import drop
from window_desk import FIRST, SECOND, Desk

from engine import folders
from engine.service.messages import Packs
from viewer.photograph.standing import Standing


def test_the_pack_that_ships_is_asked_until_a_person_chooses_another(early_desk: Desk) -> None:
    early_desk.engine.get_ready(SECOND, FIRST)
    assert early_desk.window.presenter.pack == FIRST


def test_a_dropped_pack_is_installed(desk: Desk) -> None:
    assert drop(desk.window, desk.folder / "new.llpack")
    assert desk.engine.last("install").what["path"].name == "new.llpack"
    assert desk.engine.count("open") == 0


def test_a_pack_that_is_only_added_leaves_the_one_in_force(desk: Desk) -> None:
    presenter = desk.window.presenter
    before = FIRST
    new = replace(before, path="/packs/new", name="new", title="New")
    for use in (False, True):
        presenter.install_pack(Path("/packs/new"), use=use)
        asked = desk.engine.last("install")
        desk.engine.packs_changed.emit(Packs(asked.id, "new", (before, new)))
        assert presenter.packs == (before, new)
        assert presenter.pack == (new if use else before)


def test_a_pack_that_was_added_from_outside_is_in_the_list_without_a_restart(desk: Desk) -> None:
    desk.open_and_answer()
    desk.qtbot.waitUntil(lambda: not desk.window.presenter.offered.folder.is_looking)
    # As "packs import" does it, where no pack was ever added before.
    folders.made(folders.packs())
    staged = folders.packs() / ".install-1"
    staged.mkdir()
    staged.rename(folders.packs() / "retinopathy-other@2.1.0")
    desk.qtbot.waitUntil(lambda: desk.engine.count("list packs") == 1)
    asked = desk.engine.last("list packs")
    desk.engine.packs_changed.emit(Packs(asked.id, "", (FIRST, SECOND)))
    chooser = desk.window.photographs.pack_block.chooser
    assert [chooser.itemText(at) for at in range(chooser.count())] == [
        "retinopathy-first 1.0.0", "retinopathy-other 2.1.0"
    ]  # fmt: skip
    # Added is not used: that is a person's word.
    assert desk.window.presenter.pack == FIRST
    assert desk.engine.count("ask") == 1


def test_the_pack_that_was_chosen_is_asked_again_once_it_is_back_and_each_change_is_told(
    desk: Desk,
) -> None:
    presenter = desk.window.presenter
    desk.engine.packs_changed.emit(Packs(0, "", (FIRST, SECOND)))
    presenter.choose_pack(SECOND)
    desk.open_and_answer()
    for there, asked, told in (
        ((FIRST,), FIRST, "The pack retinopathy-other 2.1.0 cannot be asked any more."),
        ((FIRST, SECOND), SECOND, "retinopathy-other 2.1.0 is asked from now on."),
        ((FIRST, replace(SECOND, fault="Damaged.")), FIRST, "cannot be asked any more."),
    ):
        desk.engine.packs_changed.emit(Packs(0, "", there))
        assert presenter.pack == asked
        assert told in desk.words()
        # What is shown is of the other pack, and nobody asked for a new answer.
        assert (presenter.standing is Standing.ANSWERED) is (asked == SECOND)
        assert desk.engine.count("ask") == 1


def test_a_picture_waits_for_the_packs_of_an_engine_that_is_starting(early_desk: Desk) -> None:
    desk = early_desk
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    assert desk.window.presenter.standing is Standing.ASKING
    assert desk.engine.count("ask") == 0
    desk.engine.get_ready()
    assert desk.engine.last("ask").what["pack"] == FIRST.path
