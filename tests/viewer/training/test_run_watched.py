"""A run that goes on is shown, paused, stopped and gone on with on the Train tab."""

import time
from pathlib import Path

import pytest
import run_folders
from PySide6.QtWidgets import QMenuBar, QWidget
from training_desk import click, watch

from engine import run_notes, runs
from viewer.panels.bars import EngineChip
from viewer.training import room as rooms
from viewer.training.watch import Watched


def test_a_run_is_shown_with_its_round_its_time_and_its_words(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6, 0.8, 0.7])
    with run_folders.worked_at(folder):
        watch(page, folder)
    assert page.run_block.round.text() == "Round 4 of 10, about 6 min left"
    assert page.area_curves.plot.figure.startswith("0.80 (0.70 to 0.90)")
    assert [mark.at for mark in page.area_curves.plot.marks] == [2]
    assert page.area_curves.plot.lines[0].points == ((1, 0.6), (2, 0.8), (3, 0.7))
    assert page.notes.notes == run_notes.notes(runs.see(folder))
    assert not page.ship_block.isVisible()


@pytest.mark.parametrize(
    ("button", "file"), [("pause_button", runs.PAUSE), ("stop_button", runs.STOP)]
)
def test_buttons_ask_the_run(page, tmp_path: Path, button: str, file: str) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    with run_folders.worked_at(folder):
        watch(page, folder)
        click(getattr(page.run_block, button))
        assert (folder / file).exists()
        watch(page, folder)
        if file == runs.PAUSE:
            assert page.run_block.state.text() == "Paused"
            click(page.run_block.go_on_button)
            assert not (folder / file).exists()


def test_the_keyboard_stays_on_the_page_when_a_button_goes(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    with run_folders.worked_at(folder):
        watch(page, folder)
        page.run_block.pause_button.setFocus()
        runs.ask(folder, runs.PAUSE)
        watch(page, folder)
    assert page.focusWidget() is page.run_block.go_on_button
    run_folders.write(folder, [0.6], state="done")
    watch(page, folder)
    assert page.focusWidget() is page.run_block


def test_it_stays_there_also_while_another_window_is_in_front(page, tmp_path: Path, qtbot) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    with run_folders.worked_at(folder):
        watch(page, folder)
        page.run_block.pause_button.setFocus()
        other = QWidget()
        qtbot.addWidget(other)
        with qtbot.waitActive(other):
            other.show()
            other.activateWindow()
        runs.ask(folder, runs.PAUSE)
        watch(page, folder)
    assert page.focusWidget() is page.run_block.go_on_button


def test_a_run_whose_process_is_gone_can_go_on(page, asked, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    watch(page, folder)
    assert page.run_block.state.text() == "Interrupted"
    click(page.run_block.go_on_button)
    assert asked == [["resume", str(folder), "--background", "--quiet"]]


@pytest.mark.parametrize("state", ["stopped", "cancelled"])
def test_a_run_that_was_stopped_can_go_on(page, asked, tmp_path: Path, state: str) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6], state=state)
    watch(page, folder)
    assert "It can go on from" in page.run_block.said.text()
    click(page.run_block.go_on_button)
    assert asked == [["resume", str(folder), "--background", "--quiet"]]


def test_a_run_that_is_gone_on_with_is_looked_at_until_it_says_so(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6], state="stopped")
    for ago, looked_at in ((1.0, True), (rooms._BEGINNING + 1, False)):
        page._room._begun_at = time.monotonic() - ago
        page._room._timer.start()
        watch(page, folder)
        assert page._room._timer.isActive() is looked_at


def test_only_a_run_that_has_a_best_round_offers_to_keep_it(page, tmp_path: Path) -> None:
    of_rounds = run_folders.write(tmp_path / "rounds", [0.6])
    in_folds = run_folders.write(tmp_path / "folds", [])
    for folder, said in ((of_rounds, "Stop, keep best"), (in_folds, "Stop")):
        with run_folders.worked_at(folder):
            watch(page, folder)
            assert page.run_block.stop_button.isVisible()
            assert page.run_block.stop_button.text().strip() == said


def test_no_menu_goes_while_a_training_is_told_of_in_the_least_window(desk) -> None:
    window = desk.window
    window.resize(960, 600)
    menus = window.findChild(QMenuBar)
    last = menus.actions()[-1]
    for words, short in (
        ("Training, round 12", "Round 12"),
        ("Engine ready", "Engine ready"),
        ("Training, round 100", "Round 100"),
    ):
        window.training.chip_changed.emit(words)
        assert window.chip.words() == words
        shown = window.findChild(EngineChip)._words
        desk.qtbot.waitUntil(lambda short=short, shown=shown: shown.text() == short)
        assert menus.width() >= menus.sizeHint().width()
        assert menus.actionGeometry(last).right() < menus.width()
    window.resize(1600, 900)
    desk.qtbot.waitUntil(lambda: shown.text() == "Training, round 100")


@pytest.mark.parametrize(("done", "said"), [(8, "round 9"), (9, "round 10"), (10, "round 10")])
def test_the_chip_counts_no_round_behind_the_last(done: int, said: str) -> None:
    status = runs.Status("running", runs.PART, done, 10)
    seen = runs.Seen(Path("run"), status, runs.Facts(passes=10), (), (), (), False)
    assert rooms.chip_words(Watched(seen)) == f"Training, {said}"
