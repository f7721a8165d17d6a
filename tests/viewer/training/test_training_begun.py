"""The Train tab's form: what is dropped is checked, what is chosen is begun."""

import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hand_desk import drop, wheel
from on_screen import words_of
from PySide6.QtCore import QPoint
from training_desk import click, found

from engine import folders
from engine.runs import Check, FoundClass, LeftOut
from viewer.training import room as rooms
from viewer.training.room import TrainingRoom

SET_OFF = TrainingRoom._set_off


def test_a_folder_that_is_dropped_is_checked(page, asked, tmp_path: Path) -> None:
    assert drop(page, tmp_path)
    assert asked == [["check", str(tmp_path), "--json", "--quiet"]]
    assert page.setup._looking.isVisible()


def test_a_picture_that_is_dropped_is_left_to_the_window(page, asked, tmp_path: Path) -> None:
    path = tmp_path / "eye.png"
    path.touch()
    assert not drop(page, path)
    assert not asked


def test_the_wheel_scrolls_past_the_number_of_rounds(page) -> None:
    page._room.checked.emit(found())
    rounds = page.setup.plan.passes
    value = rounds.value()
    assert not wheel(rounds, 1, at=(rounds.width() // 2, rounds.height() // 2))
    assert rounds.value() == value


def test_what_was_chosen_is_begun_as_a_process_of_its_own(page, asked) -> None:
    page._room.checked.emit(found())
    page.setup.plan.sparse.click()
    page.setup.plan.passes.setValue(7)
    click(page.setup.start_button)
    (arguments,) = asked
    given = dict(pairwise(arguments))
    assert arguments[:3] == ["train", "--data", "/data/eyes"]
    assert (given["--passes"], given["--sparsity"], given["--size"]) == ("7", "0.001", "112")
    assert given["--referable"] == "disease"
    assert "--background" in arguments
    assert Path(given["--run"]).parent == folders.runs()
    assert page.run.isVisible()


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (found(refusal="3 patients are referable; 8 are needed."), "3 patients are referable"),
        (found(classes=(FoundClass("a", 9, None), FoundClass("b", 9, None))), "names do not tell"),
    ],
)
def test_what_stands_in_the_way_is_said_and_nothing_begins(
    page, qtbot, check: Check, said: str
) -> None:
    page._room.checked.emit(check)
    assert not page.setup.start_button.isEnabled()
    qtbot.waitUntil(lambda: said in words_of(page.setup))


def test_a_class_that_is_switched_is_checked_as_referable(page, asked, tmp_path: Path) -> None:
    drop(page, tmp_path)
    page._room.checked.emit(found())
    card = page.setup._found_column.itemAt(0).widget()
    card.switches["normal"].click()
    assert asked[-1][2:6] == ["--referable", "normal", "--referable", "disease"]


def test_files_that_are_left_out_are_named(page, qtbot) -> None:
    page._room.checked.emit(found(left_out=(LeftOut("normal/a.txt", "It is no photograph."),)))
    qtbot.waitUntil(lambda: "normal/a.txt: It is no photograph." in words_of(page.setup))


def test_start_training_is_in_sight_in_the_least_window_and_beneath_the_form(desk) -> None:
    window = desk.window
    window.resize(960, 600)
    window.tabs.show_tab("train")
    page = window.tabs.page("train")
    warnings = tuple(f"{number} files were left out." for number in range(12))
    page._room.checked.emit(found(warnings=warnings))
    setup = page.setup
    bar = setup._form.verticalScrollBar()
    desk.qtbot.waitUntil(lambda: bar.maximum() > 0 and setup.start_button.isVisible())
    for at in (0, bar.maximum()):
        bar.setValue(at)
        assert not setup.start_button.visibleRegion().isEmpty()
        assert setup.start_button.visibleRegion().boundingRect() == setup.start_button.rect()
    left = setup.start_button.mapTo(setup, QPoint()).x()
    assert left == setup.plan.mapTo(setup, QPoint()).x()
    page._room.said.emit("The training could not be begun. The system did not start it.")
    assert not setup._fault.visibleRegion().isEmpty()


def test_a_training_whose_folder_cannot_be_made_says_so(page, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said: list[str] = []
    page._room.said.connect(said.append)
    SET_OFF(page._room, tmp_path / "file" / "run", [])
    assert said
    assert said[0].startswith("The training could not be begun.")
    assert page._room.folder is None


def test_the_processes_are_the_command_lines_own() -> None:
    import subprocess

    given = [sys.executable, *rooms._COMMAND, "train", "--help"]
    said = subprocess.run(given, capture_output=True, text=True, check=True).stdout
    for option in ("--data", "--run", "--background", "--referable", "--sparsity", "--phantoms"):
        assert option in said
