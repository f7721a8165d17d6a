"""A run that is stopped, paused, refused or gone says so, and goes on where it can."""

import shutil
import threading
import time
from pathlib import Path

import pytest
import torch
from class_folders import two
from quick_runs import USE, begin, carried_out

from engine import runs
from engine.errors import Cancelled, Refusal
from engine.task import Task
from engine.training import carry_out
from engine.training.asked import Stopped, heed
from engine.training.quick import Wishes
from engine.training.run import Run
from engine.training.ship import ship

pytestmark = pytest.mark.usefixtures("own_home", "in_this_process")


def test_who_stops_it_keeps_the_best_round_so_far_and_can_go_on_to_the_planned_end(
    drawn_folder: Path, quick_run: Run, tmp_path: Path
) -> None:
    run = begin(drawn_folder, tmp_path / "run")

    def after_a_round(what: str, done: int, _total: int) -> None:
        if what.startswith("Training") and done == 1:
            runs.ask(run.folder, runs.STOP)

    pack = carried_out(run, Task(after_a_round))
    seen = runs.see(run.folder)
    assert seen.status.state == "stopped"
    assert len(seen.passes) == 1
    assert seen.shippable
    assert pack.network()
    said = " ".join((pack.folder / "card.md").read_text("utf-8").split())
    assert "It was stopped after 1 of the 2 passes that were planned." in said
    assert "carries it out again" not in said
    runs.take_back(run.folder, runs.STOP)
    again = carried_out(run)
    assert runs.status(run.folder).state == "done"
    assert len(runs.passes(run.folder)) == 2
    assert "stopped" not in (again.folder / "card.md").read_text("utf-8")
    (ended, _), (whole, _) = run.newest(runs.PART), quick_run.newest(runs.PART)
    for name, value in ended.items():
        torch.testing.assert_close(value, whole[name])


def test_a_stopped_run_of_before_that_left_nothing_to_go_on_from_keeps_its_pack(
    quick_run: Run, tmp_path: Path
) -> None:
    run = Run(Path(shutil.copytree(quick_run.folder, tmp_path / "run")))
    for checkpoint in run.checkpoints.glob(f"{runs.PART}-*"):
        checkpoint.unlink()
    run.tell("stopped", runs.PART, 2, 9)
    with pytest.raises(Refusal, match="only its best round was kept"):
        carried_out(run)
    assert runs.see(run.folder).shippable
    # Somebody made room: what is left is the pack alone.
    shutil.rmtree(run.checkpoints)
    runs.forget_refused(run.folder.parent)
    assert ship(run.folder, "left", "1.0.0", "Left", USE, anyway=True).manifest.name == "left"


def test_who_stops_it_before_the_first_round_is_told_that_nothing_is_kept(
    drawn_folder: Path, tmp_path: Path
) -> None:
    run = begin(drawn_folder, tmp_path / "run")

    def at_once(what: str, _done: int, _total: int) -> None:
        if what.startswith("Training"):
            runs.ask(run.folder, runs.STOP)

    with pytest.raises(Cancelled):
        carried_out(run, Task(at_once))
    assert runs.status(run.folder).state == "cancelled"


@pytest.mark.parametrize("step", ["Looking at the pictures", "Preparing photographs"])
def test_who_stops_it_before_it_trains_need_not_wait_for_the_training(
    drawn_folder: Path, tmp_path: Path, step: str
) -> None:
    said = []

    def stop(what: str, _done: int, _total: int) -> None:
        said.append(what)
        if what == step:
            runs.ask(tmp_path / "run", runs.STOP)

    (tmp_path / "run").mkdir()  # as the window does, to watch it
    wishes = (drawn_folder, Wishes(passes=1), tmp_path, tmp_path / "run", Task(stop))
    with pytest.raises(Cancelled):
        carried_out(carry_out.begin_quickly(*wishes), Task(stop))
    assert runs.status(tmp_path / "run").state == "cancelled"
    assert said[-1] == step


def test_it_waits_while_it_is_to_pause(tmp_path: Path) -> None:
    runs.ask(tmp_path, runs.PAUSE)
    threading.Timer(0.3, runs.take_back, (tmp_path, runs.PAUSE)).start()
    begun = time.monotonic()
    paused = heed(tmp_path, Task())
    assert 0.3 <= paused <= time.monotonic() - begun
    runs.ask(tmp_path, runs.STOP)
    with pytest.raises(Stopped):
        heed(tmp_path, Task())


def test_a_run_whose_process_is_gone_says_so(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.tell("running", runs.PART, 1, 9)
    assert runs.status(tmp_path).state == "interrupted"
    with run.held():
        assert runs.status(tmp_path).state == "running"
        runs.ask(tmp_path, runs.PAUSE)
        assert runs.status(tmp_path).state == "paused"


def test_what_stands_in_the_way_is_told_in_a_run_folder_that_is_watched(tmp_path: Path) -> None:
    folder = two(tmp_path / "few", 3)
    (tmp_path / "run").mkdir()
    with pytest.raises(Refusal, match="3 patients are referable"):
        begin(folder, tmp_path / "run")
    status = runs.status(tmp_path / "run")
    assert status.state == "refused"
    assert "3 patients are referable" in status.said
