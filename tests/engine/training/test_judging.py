"""What out-of-fold scores are worth, and whose interval stands in a card."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.evaluation import roc
from engine.packs import store
from engine.packs.manifest import Manifest
from engine.packs.pack import load
from engine.training import card, card_tables, judging, lesions_judging
from engine.training import plan as plans


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return load(store.find("retinopathy-net-b", "retinopathy")).manifest


def test_a_patients_photographs_are_taken_together_in_the_interval() -> None:
    folder: Path = store.find("retinopathy-net-b", "retinopathy")
    plan = plans.parse((folder / "plan.toml").read_text("utf-8"), "plan")
    generator = np.random.default_rng(0)
    truth = np.repeat(np.arange(100) % 2 == 0, 2)
    scores = np.repeat(generator.normal(size=100), 2) + truth
    patients = np.repeat([f"p{number}" for number in range(100)], 2)
    found = judging.judge(scores, truth, patients, plan)
    low, high = found.figures.area_interval
    # A hundred patients with one eye each know as much.
    alone = roc.area(scores[::2], truth[::2]).interval
    assert (low, high) == pytest.approx((alone.low, alone.high))
    as_independent = roc.area(scores, truth).interval
    assert high - low > 1.3 * (as_independent.high - as_independent.low)


@pytest.mark.parametrize(("each", "moved"), [(100, 1.0), (40, 3.0), (12, 1.0), (12, 9.0)])
def test_the_card_of_an_older_run_names_the_interval_that_it_has(
    manifest: Manifest, each: int, moved: float
) -> None:
    truth = np.arange(2 * each) < each
    found = roc.area(np.random.default_rng(1).normal(size=2 * each) + moved * truth, truth)
    ends = found.interval.low, found.interval.high
    figures = msgspec.structs.replace(manifest.figures, area=found.value, area_interval=ends)
    named = card_tables.interval_of(msgspec.structs.replace(manifest, figures=figures), "")
    assert named == ("DeLong" if each >= 30 else "Newcombe")


@pytest.mark.parametrize(
    ("each", "spread", "whose"), [(40, 0.0, "Newcombe"), (12, 1.0, "Newcombe"), (40, 1.0, "DeLong")]
)
def test_the_card_of_a_network_that_tells_nothing_names_the_interval_that_it_has(
    manifest: Manifest, each: int, spread: float, whose: str
) -> None:
    folder: Path = store.find("retinopathy-net-b", "retinopathy")
    plan = plans.parse((folder / "plan.toml").read_text("utf-8"), "plan")
    truth = np.arange(2 * each) < each
    # Half of the referable ones above all others, half below.
    scores = np.where(truth, np.where(np.arange(2 * each) % 2, spread, -spread), 0.0)
    found = judging.judge(scores, truth, np.arange(2 * each).astype(str), plan)
    assert found.figures.area == 0.5
    of_run = msgspec.structs.replace(manifest, figures=found.figures)
    said = card.text(plan, of_run, judged=lesions_judging.judge(found, None))
    assert f"({whose}) |" in said
    assert "Nothing shows that it tells better than chance" in " ".join(said.split())
    # A run of before does not tell, and the ends cannot.
    assert card_tables.interval_of(of_run, "") == "DeLong or Newcombe"


def test_a_cards_rates_have_their_counts_and_exact_intervals(manifest: Manifest) -> None:
    folder: Path = store.find("retinopathy-net-b", "retinopathy")
    plan = plans.parse((folder / "plan.toml").read_text("utf-8"), "plan")
    judged = lesions_judging.Judged(((8, 0), (2, 6)), (), None)
    figures = msgspec.structs.replace(manifest.figures, area=0.9, area_interval=(0.6, 0.98))
    said = card.text(plan, msgspec.structs.replace(manifest, figures=figures), judged=judged)
    # Clopper and Pearson, from a table: 8 of 8 is 63 to 100 %, 6 of 8 is 35 to 97 %.
    assert "| 100%, 8 of 8, 95% interval 63% to 100% (the point was chosen" in said
    assert "| 75%, 6 of 8, 95% interval 35% to 97% (at that same point) |" in said
    assert "better than chance" not in said


def test_stages_that_may_be_chance_are_told_of_by_their_kappa() -> None:
    shipped = load(store.find("retinopathy-davis", "stage")).manifest
    assert shipped.stages is not None
    assert not card_tables.chance(shipped)
    figures = msgspec.structs.replace(
        shipped.stages.figures, quadratic_kappa=0.12, kappa_interval=(-0.05, 0.3)
    )
    stages = msgspec.structs.replace(shipped.stages, figures=figures)
    said = card_tables.chance(msgspec.structs.replace(shipped, stages=stages))
    assert "its quadratic kappa is 0.120, 95% interval -0.050 to 0.300, and a guess has 0." in said
