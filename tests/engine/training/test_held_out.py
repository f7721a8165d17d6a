"""A folder by class is trained on but for a part, on which each round is measured."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from quick_runs import begin, carried_out

from engine import runs
from engine.errors import Refusal
from engine.training import folds, held_out
from engine.training import plan as plans
from engine.training.grades import Graded
from engine.training.looks import is_fixed, pin
from engine.training.run import Run

pytestmark = pytest.mark.usefixtures("in_this_process")


def test_every_round_tells_its_area_with_an_interval(quick_run: Run) -> None:
    seen = runs.see(quick_run.folder)
    assert seen.status.state == "done"
    assert [each.number for each in seen.passes] == [1, 2]
    for each in seen.passes:
        assert each.area_low <= each.area <= each.area_high
        assert each.held_error > 0
        assert each.seconds > 0


def test_the_same_held_out_pictures_are_looked_at_after_fixed_rounds(quick_run: Run) -> None:
    seen = runs.see(quick_run.folder)
    assert seen.looks == (1, 2)
    assert [each.referable for each in seen.pinned].count(False) == 1
    pictures = np.load(quick_run.folder / runs.LOOKS / "pictures.npy")
    looks = [np.load(quick_run.folder / runs.LOOKS / f"{n:05d}.npy") for n in seen.looks]
    assert len(pictures) == len(seen.pinned)
    for look in looks:
        assert look.shape == (len(pictures), 112, 112)
        assert look.max() == 1
    assert not np.array_equal(*looks)


def test_what_a_run_is_made_of_is_told(quick_run: Run) -> None:
    facts = runs.see(quick_run.folder).facts
    assert (facts.fitting, facts.held_out, facts.held_referable) == (12, 4, 2)
    assert (facts.network, facts.size, facts.passes) == ("net_b", 112, 2)


def test_a_run_goes_on_with_the_pictures_that_it_held_out_alone(
    drawn_folder: Path, tmp_path: Path
) -> None:
    run = begin(drawn_folder, tmp_path / "run")
    folds.hold(run, [np.array([0])])  # as if an older library had parted the patients
    with pytest.raises(Refusal, match="parts its patients otherwise"):
        carried_out(run)


def test_two_referable_pictures_and_one_that_is_not_are_looked_at() -> None:
    truth = np.arange(40) // 2 % 2 == 0
    assert truth[pin(truth, np.arange(3, 40, 3), 1)].tolist() == [True, True, False]


@pytest.mark.parametrize("told", [True, False])
def test_a_run_says_that_each_picture_counts_as_a_patient_only_where_none_was_told(
    drawn_folder: Path, tmp_path: Path, told: bool
) -> None:
    plan, _ = plans.read(begin(drawn_folder, tmp_path / "run").folder / "plan.toml")
    paths, patients = tuple(map(Path, "abcd")), np.array(list("abcd"))
    graded = Graded(paths, np.arange(4) > 1, patients, "", patients_told=told)
    facts = held_out._facts(plan, graded, np.array([0]), (), torch.device("cpu"))
    assert facts.pictures_as_patients is not told


def test_looks_are_kept_more_often_at_the_beginning() -> None:
    kept = [number for number in range(1, 41) if is_fixed(number, 40)]
    assert kept == [1, 2, 4, 5, 8, 10, 15, 16, 20, 25, 30, 32, 35, 40]


def test_two_runs_that_are_to_be_alike_are_bit_for_bit(drawn_folder: Path, tmp_path: Path) -> None:
    weights = []
    for name in ("one", "two"):
        run = begin(drawn_folder, tmp_path / name, passes=1)
        plan, _ = plans.read(run.folder / "plan.toml")
        text = plans.write(plan).replace("deterministic = false", "deterministic = true")
        (run.folder / "plan.toml").write_text(text, "utf-8")
        weights.append(carried_out(run).network().state_dict())
    assert json.dumps(sorted(weights[0])) == json.dumps(sorted(weights[1]))
    for name, value in weights[0].items():
        assert torch.equal(value, weights[1][name])


@pytest.mark.parametrize("share", [0.1, 0.2, 0.25, 0.3, 0.4, 0.5])
def test_the_share_held_out_is_as_asked_for_and_no_patient_is_on_both_sides(share: float) -> None:
    patients = np.repeat(np.arange(60), 2).astype(str)
    truth = np.repeat(np.arange(60) % 2 == 0, 2)
    graded = Graded(tuple(Path(str(n)) for n in range(120)), truth, patients, "")
    held = held_out.split(graded, share, 1)
    assert len(held) == pytest.approx(120 * share, abs=4)
    assert held.tolist() == sorted(set(held.tolist()))
    seen = np.setdiff1d(np.arange(120), held)
    assert not set(patients[held]) & set(patients[seen])
