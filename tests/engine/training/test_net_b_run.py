"""A cross-validation that begins with drawn lesions and ends with the sparsity term."""

import json
import os
from pathlib import Path

import lesions_run
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.evaluation import froc
from engine.networks.net_b import NetB
from engine.networks.normed import Normed
from engine.packs import pack as packs
from engine.phantoms import eye_files
from engine.task import Task
from engine.training import carry_out, cells, loop, retinopathy, retinopathy_drawn, ship
from engine.training import plan as plans
from engine.training.lesions_judging import Judged
from engine.training.normalised import Pictures
from engine.training.run import Run

CPU = torch.device("cpu")
PLAN = f"""
recipe = "retinopathy"
{lesions_run.NOISE}
[network]
size = 112
views = 4
[phantoms]
eyes = 4
look = "lifelike"
grafts = 2
teach = "lesions"
passes = 2
[optimisation]
passes = 1
batch = 18
schedule = "cosine"
normalise = true
[sparsity]
nu = 0.01
passes = 1
[masks]
folder = "marked"
table = "marked.csv"
"""


VIEWS: list[int] = []
"""How often each network was asked whose scores were taken."""


def scored(
    network: torch.nn.Module, pictures: Pictures, device: torch.device
) -> NDArray[np.float64]:
    VIEWS.append(int(getattr(network, "views", 1)))
    return SCORES(network, pictures, device)


SCORES = loop.scores


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("sparse")
    data = lesions_run.table(folder / "data", copies=2)
    (data / "marked").mkdir()
    eye_files.write(data / "marked" / "eye.png", 0, severity=3, width=520)
    (data / "marked" / "marked.csv").write_text("image,patient_visit\neye,p0\n")
    run = lesions_run.begun(folder / "run", data, PLAN, copies=2, width=128)
    (run.folder / "drawn.npy").rename(run.folder / "phantoms.npy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(froc, "DRAWS", 20)
        patch.setattr(loop, "scores", scored)
        retinopathy.carry_out(plans.parse(PLAN, "plan"), PLAN, run, CPU, Task())
    return run


def rows(run: Run, part: str) -> list[dict[str, float]]:
    lines = (run.folder / "metrics.jsonl").read_text("utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["part"] == part and "pass" in row]


def test_the_term_acts_in_its_own_passes_alone(trained: Run) -> None:
    for part in ("fold-0", "fold-1", "all"):
        assert ["sparsity_term" in row for row in rows(trained, part)] == [False]
        assert ["sparsity_term" in row for row in rows(trained, f"{part}-sparse")] == [True]
    assert not any("sparsity_term" in row for row in rows(trained, "cells"))


def test_the_pack_holds_the_papers_layers_alone(trained: Run) -> None:
    network = packs.load(trained.folder / "pack").network()
    assert isinstance(network, NetB)
    assert network.views == 4
    tensors, _ = trained.newest("all-sparse") or ({}, None)
    assert {
        name.removeprefix("network.") for name in tensors if name.startswith("network.")
    } == set(network.state_dict())


def test_the_card_sets_maps_before_the_term_beside_those_behind_it(trained: Run) -> None:
    card = (trained.folder / "pack" / "card.md").read_text("utf-8")
    said = " ".join(card.split())
    assert "learnt where lesions lie, from 20 showings of 4 lifelike drawn eyes (10 a step" in said
    assert "It learnt with batch normalisation, which its filters and biases" in said
    assert "Then one more pass at a rate of 5e-05 had the sparsity term" in said
    assert "| π, before the sparsity term |" in card
    assert card.count("before the sparsity term |") == 3
    assert card.count("trained with ν 0.01 |") == 3
    assert "| π of the network that ships, *seen in training* |" in card
    assert "| at the operating point | called referable | not called |" in card


def test_it_is_kept_how_far_each_network_tells_apart_what_it_learnt_from(trained: Run) -> None:
    apart = trained.record("judged.json", Judged).told_apart
    assert len(apart) == 3  # of two folds and of the network that ships
    assert all(-1 <= each <= 1 for each in apart)


def test_photographs_are_learnt_from_once_and_asked_about_four_times(trained: Run) -> None:
    assert retinopathy.begun(plans.parse(PLAN, "plan"), 0.5, 1.0).views == 1
    # The folds' two of whom they saw and of whom not, and the one that ships.
    assert VIEWS.count(4) == 5
    # While it learns each is watched, asked once.
    assert VIEWS.count(1) == len(VIEWS) - 5 > 0
    card = (trained.folder / "pack" / "card.md").read_text("utf-8")
    assert "each photograph is asked about four times, as it is, mirrored" in " ".join(card.split())


def test_a_pack_that_is_shipped_keeps_its_tables(trained: Run, own_home: Path) -> None:
    shipped = ship.ship(
        trained.folder, "other", "2.0.0", "", "To be tried by nobody at all.", anyway=True
    )
    card = (shipped.folder / "card.md").read_text("utf-8")
    assert "before the sparsity term |" in card


def test_what_lesions_taught_is_where_the_folds_begin(trained: Run) -> None:
    plan = plans.parse(PLAN, "plan")
    drawn = retinopathy_drawn.eyes(plan, trained, Task())
    begun = retinopathy.phantom_weights(plan, drawn, 24, trained, CPU, Task())
    taught, _ = trained.newest("cells") or ({}, None)
    assert begun is not None
    for name, value in begun.items():
        assert torch.equal(value, taught[f"network.learning.{name}"])
    # Eight convolutions, as deep as the third block, with their normalisations.
    assert len([name for name in begun if name.startswith("network.")]) == 16
    fresh = Normed(retinopathy.begun(plan, 0.5, plan.network.gain)).state_dict()
    assert not any(torch.equal(fresh[name], begun[name]) for name in begun if "weight" in name)


def taught(run: Run, passes: int) -> dict[str, torch.Tensor]:
    plan = plans.parse(PLAN.replace("passes = 2", f"passes = {passes}", 1), "plan")
    drawn = retinopathy_drawn.eyes(plan, run, Task())
    network = Normed(retinopathy.begun(plan, 0.5, plan.network.gain))
    cells.teach(network, drawn, plan, CPU, run, Task())
    return cells.lower(network)


def test_a_teaching_that_was_killed_goes_on_to_the_same_weights(
    trained: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "CHECKPOINT_SECONDS", 0.0)
    runs = [Run.begin(tmp_path / name, PLAN, trained.data) for name in ("whole", "killed")]
    for run in runs:
        os.link(trained.folder / "phantoms.npy", run.folder / "phantoms.npy")
    whole = taught(runs[0], 2)
    taught(runs[1], 2)
    first, last = sorted(runs[1].checkpoints.glob("cells-*"))
    last.unlink()  # as if it had been killed behind its first pass
    again = taught(runs[1], 2)
    assert first.exists()
    for name, value in whole.items():
        assert torch.equal(value, again[name])


def test_what_never_learns_is_refused(trained: Run, tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", PLAN, trained.data)
    os.link(trained.folder / "phantoms.npy", run.folder / "phantoms.npy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "loss", lambda found, _: found.sum() * float("nan"))
        with pytest.raises(Refusal, match="no number any more"):
            taught(run, 1)


def test_too_few_patients_are_refused_before_anything_is_made(tmp_path: Path) -> None:
    data = lesions_run.table(tmp_path / "data", copies=1)
    (tmp_path / "plan.toml").write_text(PLAN.replace("[masks]", "[operation]").split("folder")[0])
    with pytest.raises(Refusal, match="parted into 2 folds"):
        carry_out.begin(tmp_path / "plan.toml", data, tmp_path / "runs")


@pytest.mark.parametrize(
    ("was", "wrong", "told"),
    [
        ('look = "lifelike"', 'look = "clear"', "look lifelike"),
        ("eyes = 4", "", "both eyes and passes"),
        ("size = 112\nviews = 4", 'name = "alexnet"', "net_a or net_b"),
        ("size = 112", 'name = "alexnet"\nsize = 112', "448 pixels alone"),
        ("size = 112", "size = 112\nlayer5_window = 3", "is for net_a"),
        ("size = 112", 'name = "alexnet"', "is for net_a and net_b"),
        ("normalise = true", "", "net_a or net_b, and normalise"),
        ('teach = "lesions"', "", "drawn eyes teach"),
        ("nu = 0.01\npasses = 1", "nu = 0.01", "passes of its own"),
        ("nu = 0.01\n", "", "needs sparsity.nu"),
        ('table = "marked.csv"', "", "both folder and table"),
        ("folds = 2", "held_out = 0.3", "masks needs data.folds"),
        ("passes = 1\n[masks]", "learning_rate = 1e-3\n[masks]", "needs sparsity.passes"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(was: str, wrong: str, told: str) -> None:
    with pytest.raises(Refusal, match=told):
        plans.parse(PLAN.replace(was, wrong), "plan")
