"""A run goes on with the folds that it began with, or not at all."""

from pathlib import Path

import lesions_run
import numpy as np
import pytest
import staged_run

from engine.errors import Refusal
from engine.task import Task
from engine.training import carry_out, folds
from engine.training.run import Run

RETINOPATHY = f"""
recipe = "retinopathy"
{lesions_run.NOISE}
[network]
size = 112
[optimisation]
passes = 1
schedule = "cosine"
"""
STAGES = staged_run.PLAN.replace("1+2, 4", "1+2, 3+4")
HELD = [np.array([0, 2]), np.array([1, 3])]


def begun(folder: Path, plan: str) -> Run:
    return Run.begin(folder / "run", plan, lesions_run.table(folder / "data"))


def test_the_same_folds_are_let_through_however_often(tmp_path: Path) -> None:
    run = begun(tmp_path, RETINOPATHY)
    assert folds.began_with(run, HELD)
    folds.hold(run, HELD)
    folds.hold(run, [rows[::-1] for rows in HELD])
    assert folds.began_with(run, HELD)


@pytest.mark.parametrize("other", [HELD[::-1], [np.array([0, 1]), np.array([2, 3])], HELD[:1]])
def test_other_folds_are_refused(tmp_path: Path, other: list[folds.Rows]) -> None:
    run = begun(tmp_path, RETINOPATHY)
    folds.hold(run, HELD)
    assert not folds.began_with(run, other)
    with pytest.raises(Refusal, match="parts its patients otherwise"):
        folds.hold(run, other)


@pytest.mark.parametrize("plan", [RETINOPATHY, lesions_run.PLAN, STAGES])
def test_a_run_of_every_recipe_is_held_to_its_folds(tmp_path: Path, plan: str) -> None:
    run = begun(tmp_path, plan)
    # As if an older library had parted the patients when it began.
    folds.hold(run, HELD)
    with pytest.raises(Refusal, match="parts its patients otherwise"):
        carry_out.carry_out(run.folder, "processor", Task())
