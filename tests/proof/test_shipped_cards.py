"""The cards that ship are what the folds' networks in their packs tell of whom they have not seen.

``pytest -m proof tests/proof/test_shipped_cards.py`` takes four minutes on one core. The figures of
``retinopathy-net-b`` and of the baselines cannot be told again: those networks are not kept.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from engine.networks.lesion_network import LesionNetwork, folded
from engine.networks.stage_network import StageEnsemble
from engine.packs import store
from engine.packs.pack import Pack, load
from engine.progression import loop
from engine.task import Task
from engine.training import (
    card_tables,
    folds,
    judging,
    lesion_backbone,
    lesion_material,
    lesions_card,
    lesions_judging,
    lesions_plan,
    normalised,
    staged_pictures,
    stages_card,
    stages_judging,
    stages_plan,
)
from engine.training.lesion_pictures import grades_of

pytestmark = pytest.mark.proof


@pytest.fixture
def clinic(shared: Callable[[str], Path]) -> Path:
    return shared("data/fundus/idrid_grading")


def shipped(name: str) -> tuple[Pack, str, str]:
    """A pack, its plan, and its card in one line."""
    pack = load(store.shipped() / name)
    plan, card = ((pack.folder / file).read_text("utf-8") for file in ("plan.toml", "card.md"))
    return pack, plan, " ".join(card.split())


def test_the_figures_of_drawn_lesions_are_its_networks_own(clinic: Path, tmp_path: Path) -> None:
    pack, text, card = shipped("retinopathy-lesions")
    plan = lesions_plan.parse(text, "plan.toml")
    table = lesion_material.read(plan.data, clinic)
    held_back = table.folds(plan.data.folds, plan.seed)
    assert folds.fits(pack, held_back)
    size, network = plan.network.size, pack.network()
    assert isinstance(network, LesionNetwork)
    values = normalised.photographs(table.paths, size, tmp_path / "values.npy", Task())
    told = np.zeros((len(values), 4))
    for member, held in zip(network.members, held_back, strict=True):
        told[held] = grades_of(folded([member], size), values[held], torch.device("cpu"))
    truth = table.grades >= plan.data.referable_from
    found = judging.judge(told[:, 1], truth, table.patients, plan)
    kappa = lesions_judging.kappa(table.grades, told, table.patients, plan.seed)
    judged = lesions_judging.judge(found, None, kappa)
    figures = found.figures
    (right, missed), (wrong, spared) = judged.confusion
    low, high = figures.area_interval
    assert f"| {figures.area:.3f}, 95% interval {low:.3f} to {high:.3f} ({found.method}) |" in card
    assert figures.area_interval == pytest.approx(pack.manifest.figures.area_interval, abs=1e-5)
    assert f"| {card_tables.rate(right, right + missed)} (" in card
    assert f"| {card_tables.rate(spared, wrong + spared)} (" in card
    assert card_tables.error(figures.calibration_error, judged.error_by_chance, "scores") in card
    assert f"| {lesions_card._kappa(judged)} (" in card


@pytest.mark.parametrize("name", ["retinopathy-stages", "retinopathy-davis"])
def test_the_figures_of_stages_are_its_networks_own(
    name: str, clinic: Path, tmp_path: Path
) -> None:
    pack, text, card = shipped(name)
    plan = stages_plan.parse(text, "plan.toml")
    read = staged_pictures.read(plan, clinic)
    held_back = lesion_backbone.read(plan, clinic, read).held_back
    network = pack.network()
    assert isinstance(network, StageEnsemble)
    size = network.input_size
    values = normalised.photographs(read.paths, size, tmp_path / "values.npy", Task())
    told = np.zeros((2, len(values), read.staged.count))
    for member, held in zip(network.members, held_back, strict=True):
        member.views = plan.network.views
        told[:, held] = loop.logits(member, values[held], 16)
    vision, lstm = told
    # The baseline's networks are not kept: the vision head stands in their place, and is not read.
    of_folds = stages_judging.OutOfFold(vision, lstm, vision, tuple(held_back))
    judged = stages_judging.judge(of_folds, read.staged, plan)
    compared = judged.compared
    for teller in compared.tellers[:3]:
        assert stages_card._row(teller) in card
    manifest = msgspec.structs.replace(pack.manifest, figures=judged.positive.figures)
    assert " ".join(stages_card._positive(plan, manifest, compared).split()) in card
