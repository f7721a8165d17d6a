"""The packs that ship open, say what they are for, and are asked for their own question."""

import csv
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from scipy.stats import binomtest

from engine.learning import calibration
from engine.packs import store
from engine.packs.pack import load
from engine.questions import retinopathy, stage
from engine.telling import words
from engine.training import grades, judging, lesions_plan, stages_plan
from engine.training import plan as plans

NAMES = sorted(path.name for path in store.shipped().iterdir() if path.is_dir())
STAGED = [name for name in NAMES if load(store.shipped() / name).manifest.stages]
PARSE = {stages_plan.STAGES: stages_plan.parse, lesions_plan.LESIONS: lesions_plan.parse}
LARGEST_STAGED = 12 * 2**20
"""Bytes of all packs of stages together."""


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_that_ships_is_whole_and_says_where_it_ends(name: str) -> None:
    pack = load(store.shipped() / name)
    manifest = pack.manifest
    assert manifest.name == name
    assert (manifest.licence, manifest.data.licence) == ("CC-BY-4.0", "CC-BY-4.0")
    card = (pack.folder / "card.md").read_text("utf-8")
    assert "Research use only. Not a medical device." in card
    assert "## Limits" in card
    assert f"{manifest.figures.area:.3f}" in card
    text = (pack.folder / "plan.toml").read_text("utf-8")
    plan = PARSE.get(manifest.recipe, plans.parse)(text, "plan.toml")
    assert plan.pack.name == name


@pytest.mark.parametrize("name", NAMES)
def test_no_rate_on_a_card_that_ships_stands_without_counts_and_interval(name: str) -> None:
    pack = load(store.shipped() / name)
    data, figures = pack.manifest.data, pack.manifest.figures
    card = " ".join((pack.folder / "card.md").read_text("utf-8").split())
    positives = data.pictures * data.prevalence
    cases = {figures.sensitivity: positives, figures.specificity: data.pictures - positives}
    for share, of in cases.items():
        found, total = round(share * of), round(of)
        ends = binomtest(found, total).proportion_ci(0.95, method="exact")
        told = f"{share:.0%}, {found} of {total}, 95% interval {ends.low:.0%} to {ends.high:.0%}"
        assert told in card
    told = f"{figures.calibration_error:.3f} (fitted on these "
    assert card.index("right probabilities have up to ", card.index(told)) < card.index(told) + 80
    # What another trial found, for scale, says why it has none.
    assert "their scores were not kept, so that neither has an interval" in card


@pytest.mark.parametrize("name", STAGED)
def test_a_pack_of_stages_answers_with_numbers_and_stands_beside_its_baseline(name: str) -> None:
    pack = load(store.shipped() / name)
    part, size = pack.manifest.stages, pack.manifest.input.size
    with torch.inference_mode():
        heads = pack.network()(torch.zeros(1, 3, size, size))
    logits = heads.mean[0, 0].numpy()
    shares = part.calibration.shares(logits)
    assert shares.shape == (len(part.names),)
    assert np.isfinite(logits).all()
    assert shares.sum() == pytest.approx(1)
    card = (pack.folder / "card.md").read_text("utf-8")
    low, high = part.figures.kappa_interval
    assert f"{part.figures.quadratic_kappa:.3f} ({low:.3f} to {high:.3f})" in card
    assert "| baseline: the same network taught on single pictures |" in card
    assert "| less the baseline (95% interval) |" in card


@pytest.mark.parametrize("question", ["retinopathy", "stage"])
def test_of_several_packs_for_a_question_the_usual_one_is_asked(question: str) -> None:
    answering = [
        name for name in NAMES if load(store.shipped() / name).manifest.question == question
    ]
    (usual,) = answering if len(answering) == 1 else [store.USUAL[question]]
    assert usual in answering
    assert store.find("", question).name == usual


def test_the_whole_scale_is_asked_where_no_pack_of_stages_is_named() -> None:
    assert store.find("", "stage").name == "retinopathy-stages"


def test_the_packs_of_stages_stay_small_together() -> None:
    files = [path for name in STAGED for path in Path(store.shipped() / name).iterdir()]
    assert len(STAGED) == 2
    assert sum(path.stat().st_size for path in files) <= LARGEST_STAGED


def test_a_rate_that_stands_beside_answers_has_its_count_and_interval() -> None:
    lesions = load(store.shipped() / "retinopathy-lesions")
    said = retinopathy.notes(lesions.manifest)[0].replace(words.THIN, " ")
    assert said.startswith(
        "Of 153 eyes that are not referable, 14 (9 %, 95 % interval 5 to 15 %) were called"
    )
    stages = load(store.shipped() / "retinopathy-stages")
    said = stage.notes(stages, stages.manifest.stages)[0].replace(words.THIN, " ")
    assert "told 258 of 386 stages (67 %, 95 % interval 62 to 72 %) as the graders did," in said


def test_net_bs_figures_are_those_of_the_scores_that_are_kept(
    shared: Callable[[str], Path],
) -> None:
    # Its folds' networks are not: docs/packs.md tells what each said of every photograph.
    pack = load(store.shipped() / "retinopathy-net-b")
    plan, _ = plans.read(pack.folder / "plan.toml")
    graded = grades.read(shared("data/fundus/idrid_grading") / plan.data.grades, plan.data)
    held_back = graded.folds(plan.data.folds, plan.seed)
    kept = Path(__file__).parents[1] / "docs" / "net-b-scores.csv"
    with kept.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["image"] for row in rows] == [path.stem for path in graded.paths]
    said = np.array([[float(row[f"fold_{fold}"]) for fold in range(3)] for row in rows]).T
    scores = np.zeros(len(rows))
    for fold, held in enumerate(held_back):
        assert {rows[row]["held_back_by"] for row in held} == {str(fold)}
        scores[held] = said[fold, held]
    as_they_are = judging.judge(scores, graded.truth, graded.patients, plan).figures
    card = " ".join((pack.folder / "card.md").read_text("utf-8").split())
    assert f"with four views alone {as_they_are.specificity:.0%} (119 of 153," in card
    own = [np.delete(each, held) for each, held in zip(said, held_back, strict=True)]
    levelled = calibration.levelled(scores, graded.truth, held_back, own)
    found = judging.judge(levelled, graded.truth, graded.patients, plan)
    told, wanted = (
        dict(msgspec.to_builtins(each)) for each in (found.figures, pack.manifest.figures)
    )
    assert told.pop("area_interval") == pytest.approx(wanted.pop("area_interval"), rel=1e-6)
    assert told == pytest.approx(wanted, rel=1e-6)
    assert found.operating_point == pytest.approx(pack.manifest.operating_point, rel=1e-6)
    steps, called = [], np.zeros(len(rows), np.bool_)
    for each, held in zip(said, held_back, strict=True):
        share = float(np.delete(graded.truth, held).mean())
        moved = calibration.moved(found.calibration, np.delete(each, held), share).fitted
        far = found.calibration.fitted.slope * float((levelled - scores)[held[0]])
        steps.append(moved.intercept - found.calibration.fitted.intercept - far)
        called[held] = [moved(score) >= found.operating_point for score in each[held]]
    assert sorted(round(-step, 2) for step in steps) == [0.04, 0.06, 0.07]
    assert (called[graded.truth].sum(), called[~graded.truth].sum()) == (209, 27)
    shipped = np.array([float(row["shipped"]) for row in rows])
    curve = calibration.moved(found.calibration, shipped, float(graded.truth.mean()))
    fitted = pack.manifest.calibration.fitted
    assert (curve.fitted.slope, curve.fitted.intercept) == pytest.approx(
        (fitted.slope, fitted.intercept), rel=1e-5
    )
