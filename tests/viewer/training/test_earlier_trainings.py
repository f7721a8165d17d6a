"""Earlier trainings are found, named, listed and chosen."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import run_folders
from PySide6.QtWidgets import QApplication
from training_desk import click

from engine import folders
from viewer.training import room as rooms
from viewer.training.page import TrainingPage
from viewer.training.room import TrainingRoom
from viewer.training.watch import Listed, listed, newest


def test_earlier_trainings_are_called_so_where_none_is_chosen(page: TrainingPage) -> None:
    assert not page.chooser.isVisible()
    page._show_runs((Listed(Path("/runs/a"), "eyes, 02 Jan 10:00, done"),))
    assert page.chooser.isVisible()
    empty = page.chooser.grab().toImage()
    page.chooser.setPlaceholderText("")
    assert page.chooser.grab().toImage() != empty


def test_a_training_that_an_earlier_window_began_is_found(desk) -> None:
    folder = run_folders.write(folders.runs() / "eyes-20260101-120000", [0.6])
    assert newest(folders.runs()) is None
    with run_folders.worked_at(folder):
        assert newest(folders.runs()) == folder
        desk.window.training.find()
        desk.window.training._worker.wait()
        QApplication.processEvents()
        assert desk.window.training.folder == folder
        desk.window.training._worker.wait()
        QApplication.processEvents()
        assert desk.window.chip.words() == "Training, round 2"


@pytest.fixture
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_training_is_named_by_one_clock_and_shown_by_the_local_one(
    page, asked, in_new_york
) -> None:
    before = datetime.now(UTC)
    page._room.begin(rooms.Wish(Path("/data/eyes"), (), "eyes"))
    named = page._room.folder.name
    assert named >= f"eyes-{before:%Y%m%d-%H%M%S}"
    assert named <= f"eyes-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    run_folders.write(folders.runs() / "mine-20260101-020000", [0.6], state="done")
    assert listed(folders.runs())[-1].words == "mine, 31 Dec 21:00, done"


def test_an_earlier_training_can_be_chosen(page) -> None:
    folder = run_folders.write(folders.runs() / "eyes-20260101-120000", [0.6, 0.7], state="done")
    page._room.list_runs()
    page._room._worker.wait()
    QApplication.processEvents()
    begun = datetime(2026, 1, 1, 12, tzinfo=UTC).astimezone()
    assert page.chooser.itemText(0) == f"eyes, {begun:%d %b %H:%M}, done"
    page.chooser.activated.emit(0)
    page._room._worker.wait()
    QApplication.processEvents()
    assert page._room.folder == folder
    assert page.run_block.said.text() == "Round 2 is kept."


def test_a_training_that_was_refused_is_listed_while_it_is_looked_at_alone(page, asked) -> None:
    def shown() -> list[str]:
        page._room._worker.wait()
        QApplication.processEvents()
        return [page.chooser.itemData(at) for at in range(page.chooser.count())]

    refused = run_folders.write(folders.runs() / "new-20260102-120000", [], state="refused")
    (refused / "plan.toml").touch()
    done = run_folders.write(folders.runs() / "old-20260101-120000", [0.6], state="done")
    later = run_folders.write(folders.runs() / "cut-20260101-110000", [0.6], state="refused")
    (later / "checkpoints").mkdir()  # it can go on once its photographs are there again
    (later / "checkpoints" / "all-00001.safetensors").touch()
    page._room.watch(refused)
    assert shown() == [str(refused), str(done), str(later)]
    click(page.new_button)
    assert shown() == [str(done), str(later)]
    page._room.begin(rooms.Wish(Path("/data/eyes"), (), "eyes"))
    assert not refused.exists()
    assert done.exists()
    assert later.exists()


def test_an_earlier_training_that_is_chosen_ends_looking_through_a_folder(
    page, asked, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended: list[bool] = []
    run_folders.write(folders.runs() / "mine-20240312-101500", [0.6], state="done")
    page.check(tmp_path)
    monkeypatch.setattr(TrainingRoom, "stop_checking", lambda _: ended.append(True))
    page._show_runs((Listed(folders.runs() / "mine-20240312-101500", "mine"),))
    page._choose_run(0)
    assert ended
    assert not page.setup._looking.isVisible()
