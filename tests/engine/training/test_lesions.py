"""The recipe of lesions: what is written is what was done, also after a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import lesions_run
import msgspec
import numpy as np
import pytest
import torch

from engine import runs
from engine.errors import Refusal
from engine.evaluation.roc import area
from engine.networks.lesion_network import REFERABLE, Member, folded
from engine.packs import learnt_from
from engine.packs import pack as packs
from engine.preparation.likeness import of_normalised
from engine.task import Task
from engine.training import (
    carry_out,
    checkpoints,
    lesion_loop,
    lesion_material,
    lesions_plan,
)
from engine.training.lesion_loss import Loss
from engine.training.lesion_pictures import upright
from engine.training.run import Run


def kept(run: Run, fold: int) -> Member:
    """The running mean of a fold's weights, from its last checkpoint."""
    return lesion_loop.kept(sorted(run.checkpoints.glob(f"fold-{fold}-{'[0-9]' * 5}.*"))[-1])


def taught(run: Run, steps: int) -> Member:
    """The first fold's network alone, taught so many steps."""
    plan = lesions_plan.parse((run.folder / "plan.toml").read_text("utf-8"), "plan")
    table = lesion_material.read(plan.data, run.data)
    material = lesion_material.material(plan, table, run, Task())
    part = lesion_loop.Part("fold-0", material, np.arange(6), 1)
    schedule = msgspec.structs.replace(plan.schedule, steps=steps)
    return lesion_loop.trained(part, schedule, 128, torch.device("cpu"), run, Task())


def test_its_pack_tells_which_network_has_not_seen_a_photograph(drawing_run: Run) -> None:
    plan = lesions_plan.parse((drawing_run.folder / "plan.toml").read_text("utf-8"), "plan")
    table = lesion_material.read(plan.data, drawing_run.data)
    own = of_normalised(np.load(drawing_run.folder / "normalised.npy"))
    found = learnt_from.of(packs.load(drawing_run.folder / "pack"))
    fold_of = dict(zip(map(bytes, found.likenesses), found.folds.tolist(), strict=True))
    for fold, held in enumerate(table.folds(2, plan.seed)):
        assert {fold_of[bytes(own[row])] for row in held} == {fold}


def test_a_run_ends_in_a_checked_pack_of_its_folds_networks(drawing_run: Run) -> None:
    pack = packs.load(drawing_run.folder / "pack")
    manifest = pack.manifest
    assert (manifest.question, manifest.recipe) == ("retinopathy", "lesions")
    assert manifest.network.name == "lesions"
    assert manifest.network.arguments == {"size": 128, "members": 2}
    assert (manifest.data.pictures, manifest.data.patients) == (18, 9)
    assert len(learnt_from.of(pack).likenesses) == 18
    expected = folded([kept(drawing_run, 0), kept(drawing_run, 1)], 128).state_dict()
    for name, value in pack.network().state_dict().items():
        torch.testing.assert_close(value, expected[name].half().float(), rtol=0, atol=0)


def test_every_network_tells_its_passes_and_the_run_is_watched(drawing_run: Run) -> None:
    assert runs.see(drawing_run.folder).status.state == "done"
    assert runs.see(drawing_run.folder).shippable
    parts = {json.loads(row)["part"] for row in (drawing_run.folder / "metrics.jsonl").open()}
    assert parts == {"fold-0", "fold-1", "out of fold"}


def test_a_photograph_is_judged_by_a_network_that_had_not_seen_its_patient(
    drawing_run: Run,
) -> None:
    plan = lesions_plan.parse((drawing_run.folder / "plan.toml").read_text("utf-8"), "plan")
    table = lesion_material.read(plan.data, drawing_run.data)
    values = np.load(drawing_run.folder / "normalised.npy")
    told = np.zeros(18)
    for number, held in enumerate(table.folds(2, plan.seed)):
        assert not set(table.patients[held]) & set(np.delete(table.patients, held))
        network = folded([kept(drawing_run, number)], 128)
        with torch.inference_mode():
            told[held] = network.draw(upright(values[held], 128)).grades[:, REFERABLE].numpy()
    expected = area(told, table.grades >= 2).value
    assert packs.load(drawing_run.folder / "pack").manifest.figures.area == pytest.approx(expected)


@pytest.mark.proof
def test_a_run_that_was_killed_goes_on_to_the_same_weights(
    drawing_run: Run, tmp_path: Path
) -> None:
    run = lesions_run.begun(tmp_path / "run", lesions_run.table(tmp_path / "data"))
    code = (
        "import sys; from engine.task import Task\n"
        "from engine.training import carry_out, lesion_loop\n"
        "lesion_loop.CHECKPOINT_SECONDS, lesion_loop.PASS = -1, 1\n"
        "carry_out.carry_out(__import__('pathlib').Path(sys.argv[1]), 'processor', Task())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(run.folder)], cwd=Path.cwd())
    until = time.monotonic() + 40
    while not list(run.checkpoints.glob("fold-1-00001*")):  # in the middle of the second network
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    carry_out.carry_out(run.folder, "processor", Task())
    one = kept(drawing_run, 1).state_dict()
    other = kept(run, 1).state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_goes_on_from_a_kept_step_at_a_passs_end_as_if_it_had_not_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = lesions_run.table(tmp_path / "data")
    monkeypatch.setattr(lesion_loop, "PASS", 2)
    whole = lesions_run.begun(tmp_path / "whole", data)
    run = lesions_run.begun(tmp_path / "run", data)
    expected = taught(whole, 5).state_dict()
    keep = checkpoints.keep

    def killed_behind(*rest: Any) -> None:
        keep(*rest)
        monkeypatch.setattr(checkpoints, "keep", keep)
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoints, "keep", killed_behind)
    with pytest.raises(KeyboardInterrupt):
        taught(run, 5)
    found = taught(run, 5).state_dict()
    rows = [json.loads(row) for row in (run.folder / "metrics.jsonl").open()]
    assert [(row["pass"], row["steps"]) for row in rows] == [(1, 2), (2, 4), (3, 5)]
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_a_network_whose_error_is_no_number_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lesions_run.begun(tmp_path / "run", lesions_run.table(tmp_path / "data"))
    nan = torch.tensor(float("nan"), requires_grad=True)
    monkeypatch.setattr(lesion_loop, "loss", lambda *_: Loss(nan, nan, nan))
    with pytest.raises(Refusal, match="does not learn: fold-0"):
        taught(run, 3)
