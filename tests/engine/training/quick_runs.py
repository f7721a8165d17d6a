"""Runs as the Train tab begins them, with a part held out."""

from pathlib import Path

from engine.packs.pack import Pack
from engine.task import Task
from engine.training import carry_out
from engine.training.quick import Wishes
from engine.training.run import Run

USE = "Showing colleagues what a network finds in drawn eyes."


def begin(folder: Path, to: Path, **wishes: object) -> Run:
    quick = Wishes(**{"passes": 2, **wishes})  # type: ignore[arg-type]
    return carry_out.begin_quickly(folder, quick, to.parent, to, Task())


def carried_out(run: Run, task: Task | None = None) -> Pack:
    return carry_out.carry_out(run.folder, "processor", task or Task())
