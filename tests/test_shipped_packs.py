"""The packs that ship open, say what they are for, and are asked for their own question."""

import csv
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.stats import binomtest

from engine.learning import calibration
from engine.packs import store
from engine.packs.pack import load
from engine.questions import retinopathy, stage
from engine.telling import words
from engine.training import card as card_of
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


class Kept:
    """What net B's networks said of every photograph, as docs/packs.md tells of it.

    ``said`` is (fold, n) and ``shipped`` (n,); ``scores`` are those of patients not seen, and
    ``levelled`` the same as one curve reads them.
    """

    def __init__(self, shared: Callable[[str], Path]) -> None:
        self.pack = load(store.shipped() / "retinopathy-net-b")
        self.plan, _ = plans.read(self.pack.folder / "plan.toml")
        data = self.plan.data
        self.graded = grades.read(shared("data/fundus/idrid_grading") / data.grades, data)
        self.held_back = self.graded.folds(data.folds, self.plan.seed)
        kept = Path(__file__).parents[1] / "docs" / "net-b-scores.csv"
        with kept.open(newline="", encoding="utf-8") as file:
            self.rows = list(csv.DictReader(file))
        self.said = np.array([self.column(f"fold_{fold}") for fold in range(3)])
        self.shipped = self.column("shipped")
        self.scores = np.zeros(len(self.rows))
        for each, held in zip(self.said, self.held_back, strict=True):
            self.scores[held] = each[held]
        self.own = [
            np.delete(each, held) for each, held in zip(self.said, self.held_back, strict=True)
        ]
        truth = self.graded.truth
        self.levelled = calibration.levelled(self.scores, truth, self.held_back, self.own)

    def column(self, name: str) -> NDArray[np.float64]:
        return np.array([float(row[name]) for row in self.rows])

    def judged(self, scores: NDArray[np.float64]) -> judging.OutOfFold:
        return judging.judge(scores, self.graded.truth, self.graded.patients, self.plan)


@pytest.fixture
def net_b(shared: Callable[[str], Path]) -> Kept:
    return Kept(shared)


def test_net_bs_figures_are_those_of_the_scores_that_are_kept(net_b: Kept) -> None:
    pack, graded = net_b.pack, net_b.graded
    assert [row["image"] for row in net_b.rows] == [path.stem for path in graded.paths]
    for fold, held in enumerate(net_b.held_back):
        assert {net_b.rows[row]["held_back_by"] for row in held} == {str(fold)}
    as_they_are = net_b.judged(net_b.scores).figures
    card = " ".join((pack.folder / "card.md").read_text("utf-8").split())
    assert f"with four views alone {as_they_are.specificity:.0%} (119 of 153," in card
    found = net_b.judged(net_b.levelled)
    told, wanted = (
        dict(msgspec.to_builtins(each)) for each in (found.figures, pack.manifest.figures)
    )
    assert told.pop("area_interval") == pytest.approx(wanted.pop("area_interval"), rel=1e-6)
    assert told == pytest.approx(wanted, rel=1e-6)
    assert found.operating_point == pytest.approx(pack.manifest.operating_point, rel=1e-6)
    steps, called = [], np.zeros(len(net_b.scores), np.bool_)
    moved_by = net_b.levelled - net_b.scores
    for each, own, held in zip(net_b.said, net_b.own, net_b.held_back, strict=True):
        share = float(np.delete(graded.truth, held).mean())
        moved = calibration.moved(found.calibration, own, share).fitted
        far = found.calibration.fitted.slope * float(moved_by[held[0]])
        steps.append(moved.intercept - found.calibration.fitted.intercept - far)
        called[held] = [moved(score) >= found.operating_point for score in each[held]]
    assert sorted(round(-step, 2) for step in steps) == [0.04, 0.06, 0.07]
    assert (called[graded.truth].sum(), called[~graded.truth].sum()) == (209, 27)
    curve = calibration.moved(found.calibration, net_b.shipped, float(graded.truth.mean()))
    fitted = pack.manifest.calibration.fitted
    assert (curve.fitted.slope, curve.fitted.intercept) == pytest.approx(
        (fitted.slope, fitted.intercept), rel=1e-5
    )


def test_net_bs_plan_carried_out_again_gives_its_figures_within_their_intervals(
    net_b: Kept,
) -> None:
    card = net_b.pack.manifest.figures
    again = net_b.judged(net_b.column("again")).figures
    low, high = again.area_interval
    told = f"| {again.area:.3f} ({low:.3f} to {high:.3f}) |"
    assert told in (Path(__file__).parents[1] / "docs" / "packs.md").read_text("utf-8")
    assert card.area_interval[0] <= again.area <= card.area_interval[1]
    assert again.sensitivity >= 0.9
    called_no = binomtest(round(card.specificity * 153), 153).proportion_ci(0.95)
    assert called_no.low <= again.specificity <= called_no.high
    assert again.calibration_error == pytest.approx(0.040, abs=5e-4)


def test_net_b_knows_its_photographs_hardly_better_by_heart_than_its_folds(net_b: Kept) -> None:
    truth, curve = net_b.graded.truth, net_b.judged(net_b.levelled).calibration
    of_own = [np.delete(truth, held) for held in net_b.held_back]

    def apart(scores: NDArray[np.float64], of: NDArray[np.bool_]) -> float:
        return calibration.told_apart(curve.fitted, scores, of)

    def height(scores: NDArray[np.float64], of: NDArray[np.bool_]) -> float:
        return calibration.moved(curve, scores, float(of.mean())).fitted.intercept

    folds = [apart(*each) for each in zip(net_b.own, of_own, strict=True)]
    assert [round(each, 2) for each in folds] == [0.62, 0.62, 0.61]
    assert apart(net_b.shipped, truth) == pytest.approx(0.64, abs=0.005)
    # By what the bound was decided: the referable ones lie farther out by one logarithm of odds.
    by_heart = net_b.shipped + truth / curve.fitted.slope
    assert apart(by_heart, truth) - max(folds) == pytest.approx(card_of.FAR_APART, abs=0.02)
    assert height(net_b.shipped, truth) - height(by_heart, truth) == pytest.approx(0.44, abs=0.005)
    by_chance = [
        height(each[held], truth[held]) - height(own, of)
        for each, held, own, of in zip(net_b.said, net_b.held_back, net_b.own, of_own, strict=True)
    ]
    assert [round(each, 2) for each in by_chance] == [0.21, 0.22, -0.35]
