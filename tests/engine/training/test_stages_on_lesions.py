"""Stages that are learnt on the networks of a pack which draws lesions."""

from dataclasses import replace
from pathlib import Path

import lesions_run
import numpy as np
import pytest
import torch

from engine.errors import Refusal
from engine.networks.stage_network import StageEnsemble
from engine.packs import pack as packs
from engine.packs import store
from engine.packs.pack import Pack
from engine.reproduction.finished import open_run
from engine.task import Task
from engine.training import (
    carry_out,
    lesion_backbone,
    lesion_material,
    lesions_plan,
    staged_pictures,
    stages_plan,
)
from engine.training.lesion_backbone import Begun
from engine.training.run import Run
from engine.training.ship import ship

WIDTH = 585  # of pictures for 512 pixels
DRAWING = (
    lesions_run.PLAN.replace("size = 128", "size = 512")
    .replace("steps = 3", "steps = 1")
    .replace("photographs = 2\ngrafts = 1\ndrawn = 1", "photographs = 1\ngrafts = 1\ndrawn = 0")
)
STAGES = """
recipe = "stages"
seed = 3
[pack]
name = "noise-stages"
version = "1.0.0"
title = "Stages of noise"
licence = "CC0-1.0"
intended_use = "None."
[data]
grades = "grades.csv"
name = "noise"
licence = "CC0-1.0"
source = "made"
limits = "None that a test knows of."
folds = 2
[stages]
scale = "ICDR"
order = "0, 1+2, 3+4"
names = ["none", "some", "much"]
positive_from = "some"
positive = "any (grade 1 or more)"
[network]
backbone = "lesions_512"
weights = "WEIGHTS"
freeze = "all"
[schedule]
passes = 1
steps = 1
sequences = 1
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lesions_run.table(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def drawing(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """A pack that draws lesions, hardly taught."""
    place = tmp_path_factory.mktemp("runs") / "drawing"
    run = lesions_run.begun(place, data, DRAWING, width=WIDTH)
    return carry_out.carry_out(run.folder, "processor", Task())


def staged(drawing: Pack, data: Path, folder: Path, plan: str = STAGES) -> Run:
    run = Run.begin(folder, plan.replace("WEIGHTS", str(drawing.folder)), data)
    drawn = drawing.folder.parent / "normalised.npy"
    (folder / "normalised.npy").symlink_to(drawn)
    return run


def begun_with(pack: Pack, data: Path, text: str = STAGES) -> Begun:
    plan = stages_plan.parse(text.replace("WEIGHTS", str(pack.folder)), "plan")
    return lesion_backbone.read(plan, data, staged_pictures.read(plan, data))


@pytest.fixture(scope="module")
def stages(drawing: Pack, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    run = staged(drawing, data, tmp_path_factory.mktemp("runs") / "stages")
    return carry_out.carry_out(run.folder, "processor", Task())


def test_each_folds_stages_stand_on_its_own_network(drawing: Pack, stages: Pack) -> None:
    network = stages.network()
    assert isinstance(network, StageEnsemble)
    assert stages.manifest.network.arguments["members"] == 2
    lesions = drawing.network().state_dict()
    for fold, member in enumerate(network.members):
        for name, value in member.backbone.state_dict().items():
            own = name.removeprefix("member.")
            assert torch.equal(value, lesions[f"members.{fold}.{own}"])


def test_the_card_tells_whose_backbone_it_is(stages: Pack) -> None:
    card = " ".join((stages.folder / "card.md").read_text("utf-8").split())
    assert "Each fold's backbone is its own in the pack pack and learnt to draw lesions" in card
    assert "The 2 folds' networks ship together" in card


def test_the_answer_is_the_mean_of_the_folds(stages: Pack) -> None:
    network = stages.network()
    picture = torch.randn(1, 3, 512, 512, generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        said = network(picture)
        apart = [member(picture).vision for member in network.members]
    torch.testing.assert_close(said.vision, torch.stack(apart).mean(0))


def test_patients_are_parted_as_the_pack_parted_them(drawing: Pack, data: Path) -> None:
    begun = begun_with(drawing, data)
    own = lesions_plan.parse(DRAWING, "plan")
    expected = lesion_material.read(own.data, data).folds(2, own.seed)
    assert all(map(np.array_equal, begun.held_back, expected))


def parted_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """As by another version of the library that parts patients."""
    folds = lesion_material.Table.folds
    monkeypatch.setattr(lesion_material.Table, "folds", lambda *asked: folds(*asked)[::-1])


def test_a_pack_whose_patients_would_be_parted_otherwise_is_refused(
    drawing: Pack, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    shipped = ship(
        drawing.folder.parent, "other", "1", "", "To see what is kept of its folds.", anyway=True
    )
    parted_otherwise(monkeypatch)
    for pack in (drawing, shipped):
        with pytest.raises(Refusal, match="parts its patients otherwise"):
            begun_with(pack, data)
    with pytest.raises(Refusal, match="parts its patients otherwise"):
        open_run(drawing.folder.parent)


def unsealed(pack: Pack, folder: Path) -> Pack:
    """The same pack as versions wrote it that sealed no folds."""
    texts = {"plan.toml": (pack.folder / "plan.toml").read_text("utf-8")}
    return packs.write(folder / "unsealed", pack.manifest, pack.network().state_dict(), texts)


def test_a_pack_that_tells_nothing_of_its_folds_is_taken_as_it_is(
    drawing: Pack, data: Path, tmp_path: Path
) -> None:
    assert begun_with(unsealed(drawing, tmp_path), data).held_back


def test_stages_go_on_from_the_networks_within_a_pack_of_stages(
    drawing: Pack, stages: Pack, data: Path
) -> None:
    first, again = begun_with(drawing, data), begun_with(stages, data)
    assert all(map(np.array_equal, again.held_back, first.held_back))
    for expected, found in zip(first.weights, again.weights, strict=True):
        assert found.keys() == expected.keys()
        assert all(torch.equal(found[name], value) for name, value in expected.items())


def test_a_pack_of_stages_that_tells_nothing_of_its_folds_is_refused(
    stages: Pack, data: Path, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match="does not tell how its patients were parted"):
        begun_with(unsealed(stages, tmp_path), data)


def test_a_pack_whose_networks_draw_nothing_is_refused(data: Path) -> None:
    with pytest.raises(Refusal, match="do not draw lesions"):
        begun_with(packs.load(store.shipped() / "retinopathy-net-b"), data)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("folds = 3", "The plan has 3 folds in place of its 2"),
        ('folds = 2\npatient = ""', "The plan tells patients otherwise than by patient_visit"),
    ],
)
def test_a_plan_that_parts_patients_otherwise_than_the_pack_is_refused(
    drawing: Pack, data: Path, key: str, why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        begun_with(drawing, data, STAGES.replace("folds = 2", key))


def test_a_plan_that_does_not_fit_its_pack_is_refused_before_a_run_is_made(
    drawing: Pack, data: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.toml"
    text = STAGES.replace("WEIGHTS", str(drawing.folder))
    plan.write_text(text.replace("folds = 2", "folds = 3"), "utf-8")
    with pytest.raises(Refusal, match="in place of its 2"):
        carry_out.begin(plan, data, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_stage_that_a_fold_would_never_see_is_named(drawing: Pack, data: Path) -> None:
    plan = stages_plan.parse(STAGES.replace("WEIGHTS", str(drawing.folder)), "plan")
    found = staged_pictures.read(plan, data)
    held, other = lesion_backbone.read(plan, data, found).held_back
    stages = found.staged.stages.copy()
    stages[held], stages[other] = 2, np.arange(len(other)) % 2
    with pytest.raises(Refusal, match="All patients with the stage “much” fell into one"):
        lesion_backbone.read(
            plan, data, replace(found, staged=replace(found.staged, stages=stages))
        )


def test_a_pack_that_does_not_tell_its_plan_is_refused(
    drawing: Pack, data: Path, tmp_path: Path
) -> None:
    tensors = drawing.network().state_dict()
    without = packs.write(tmp_path / "without", drawing.manifest, tensors, {"card.md": "# None\n"})
    with pytest.raises(Refusal, match="does not tell the plan that it was made by"):
        begun_with(without, data)


def test_a_pack_of_other_grades_is_refused(drawing: Pack, tmp_path: Path) -> None:
    other = lesions_run.table(tmp_path / "data")
    grades = other / "grades.csv"
    grades.write_text(grades.read_text().replace("eye2,2", "eye2,3"))
    run = staged(drawing, other, tmp_path / "run")
    with pytest.raises(Refusal, match="other photographs or grades"):
        carry_out.carry_out(run.folder, "processor", Task())


def test_a_plan_without_a_pack_is_refused(data: Path, tmp_path: Path) -> None:
    text = STAGES.replace('weights = "WEIGHTS"\n', "")
    run = Run.begin(tmp_path / "run", text, data)
    with pytest.raises(Refusal, match="begins with a pack that draws lesions"):
        carry_out.carry_out(run.folder, "processor", Task())
