"""Runs that tests of a room share: one with a held-out part, one whose network draws lesions."""

from pathlib import Path

import lesions_run
import pytest
from class_folders import eyes
from quick_runs import begin, carried_out

from engine.task import Task
from engine.training import (
    carry_out,
    normalised,
)
from engine.training.run import Run


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is spread over processes is done in this one: to begin others takes seconds."""
    monkeypatch.setattr(normalised, "_spread", lambda make, items: map(make, items))


@pytest.fixture(scope="session")
def drawn_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return eyes(tmp_path_factory.mktemp("drawn"))


@pytest.fixture(scope="session")
def quick_run(drawn_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two passes on the folder, carried out to its pack."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(normalised, "_spread", lambda make, items: map(make, items))
        run = begin(drawn_folder, tmp_path_factory.mktemp("run") / "run")
        carried_out(run)
    return run


@pytest.fixture(scope="session")
def drawing_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The recipe of lesions in one piece."""
    data = lesions_run.table(tmp_path_factory.mktemp("data"))
    run = lesions_run.begun(tmp_path_factory.mktemp("runs") / "run", data)
    carry_out.carry_out(run.folder, "processor", Task())
    return run
