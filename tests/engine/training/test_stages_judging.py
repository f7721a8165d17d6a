"""Figures of stages out of fold: none is fitted on its own picture, differences have doubts."""

import numpy as np
import pytest
from staged_run import PLAN

from engine.learning import stage_calibration
from engine.progression.splits import Staged
from engine.training import stages_card, stages_judging, stages_plan
from engine.training.stages_judging import Compared, Judged, OutOfFold

PLAN_3 = stages_plan.parse(PLAN, "plan")
N = 240


@pytest.fixture(scope="module")
def staged() -> Staged:
    stages = np.random.default_rng(0).choice(3, N, p=(0.5, 0.3, 0.2))
    return Staged(stages, np.array([f"p{n // 2}" for n in range(N)]), ("none", "some", "much"))


def logits(staged: Staged, sure: float, seed: int) -> np.ndarray:
    """The stage raised by ``sure`` among noise of 1."""
    noise = np.random.default_rng(seed).normal(0, 1, (N, 3))
    return noise + sure * np.eye(3)[staged.stages]


def judged(staged: Staged, baseline: np.ndarray) -> Judged:
    folds = tuple(np.flatnonzero(np.arange(N) // 2 % 3 == fold) for fold in range(3))
    told = OutOfFold(logits(staged, 2, 1), logits(staged, 2, 2), baseline, folds)
    return stages_judging.judge(told, staged, PLAN_3)


@pytest.fixture(scope="module")
def against_noise(staged: Staged) -> Judged:
    return judged(staged, logits(staged, 0.3, 3))


def test_a_fold_is_calibrated_on_the_others_alone(staged: Staged) -> None:
    told = logits(staged, 2, 1)
    folds = (np.arange(0, 80), np.arange(80, N))
    before = stages_judging.crossed(told, staged.stages, folds)
    others = staged.stages.copy()
    others[:80] = 0
    after = stages_judging.crossed(told, others, folds)
    assert np.array_equal(before[:80], after[:80])
    assert not np.array_equal(before[80:], after[80:])
    np.testing.assert_allclose(before.sum(axis=1), 1)


def test_figures_are_those_that_scikit_learn_gives(staged: Staged, against_noise: Judged) -> None:
    from sklearn.metrics import cohen_kappa_score, confusion_matrix

    for teller in against_noise.compared.tellers:
        counts = np.array(teller.confusion)
        truth = np.repeat(np.arange(3), counts.sum(axis=1))
        told = np.concatenate([np.repeat(np.arange(3), row) for row in counts])
        assert np.array_equal(confusion_matrix(truth, told), counts)
        figures = teller.figures
        expected = cohen_kappa_score(truth, told, weights="quadratic")
        assert figures.quadratic_kappa == pytest.approx(expected)
        low, high = figures.kappa_interval
        assert low < figures.quadratic_kappa < high
        assert figures.accuracy == pytest.approx(np.trace(counts) / N)
    assert against_noise.compared.counts == tuple(np.bincount(staged.stages))


def test_both_heads_tell_more_than_one(against_noise: Judged) -> None:
    both, vision, lstm, baseline = against_noise.compared.tellers
    assert [each.name for each in (both, baseline)] == ["both heads", "baseline"]
    for one in (vision, lstm):
        assert both.figures.quadratic_kappa > one.figures.quadratic_kappa
        assert both.figures.expected_stage_error < one.figures.expected_stage_error


def test_a_head_that_says_nothing_counts_nothing(staged: Staged) -> None:
    folds = tuple(np.flatnonzero(np.arange(N) // 2 % 3 == fold) for fold in range(3))
    sure, noise = logits(staged, 3, 1), logits(staged, 0, 2)
    even = stages_judging.judge(OutOfFold(sure, sure, noise, folds), staged, PLAN_3)
    assert even.compared.vision == 50
    for vision, lstm, least, most in ((sure, noise, 80, 100), (noise, sure, 0, 20)):
        found = stages_judging.judge(OutOfFold(vision, lstm, noise, folds), staged, PLAN_3)
        assert least <= found.compared.vision <= most
        both, *_ = found.compared.tellers
        alone = max(each.figures.quadratic_kappa for each in found.compared.tellers[1:3])
        assert both.figures.quadratic_kappa > alone - 0.05


def test_a_head_is_weighed_by_other_folds_than_it_is_judged_on(staged: Staged) -> None:
    folds = (np.arange(0, 80), np.arange(80, N))
    told = OutOfFold(logits(staged, 2, 1), logits(staged, 1, 2), logits(staged, 0, 3), folds)
    before = stages_judging._weighed(told, staged.stages)
    others = staged.stages.copy()
    others[:80] = 0
    after = stages_judging._weighed(told, others)
    assert np.array_equal(before[:80], after[:80])
    assert not np.array_equal(before[80:], after[80:])


def test_a_difference_beyond_doubt_is_said_and_one_within_it_is_not(
    staged: Staged, against_noise: Judged
) -> None:
    kappa, accuracy, error, *_ = against_noise.compared.differences
    assert [each.teller for each in against_noise.compared.differences[::3]] == [
        "both heads", "vision head", "LSTM head",
    ]  # fmt: skip
    assert 0 < kappa.low < kappa.value < kappa.high
    assert accuracy.low > 0
    assert error.high < 0
    assert "better than" in stages_card.differences_in_words(against_noise.compared)
    both = (logits(staged, 2, 1) + logits(staged, 2, 2)) / 2
    shaken = judged(staged, both + np.random.default_rng(4).normal(0, 0.1, both.shape)).compared
    assert shaken.differences[0].low <= 0 <= shaken.differences[0].high
    assert "cannot be said" in stages_card.differences_in_words(shaken)
    turned = Compared(shaken.counts, shaken.tellers, (_less(kappa), *shaken.differences[1:]))
    assert "worse than" in stages_card.differences_in_words(turned)


def _less(difference: stages_judging.Difference) -> stages_judging.Difference:
    return stages_judging.Difference(
        difference.teller, difference.figure, -difference.value, -difference.high, -difference.low
    )


def test_the_odds_of_being_positive_are_those_of_the_shares(staged: Staged) -> None:
    told = logits(staged, 2, 1)
    shares = np.exp(told) / np.exp(told).sum(axis=1, keepdims=True)
    for first in (1, 2):
        positive = shares[:, first:].sum(axis=1)
        expected = np.log(positive / (1 - positive))
        np.testing.assert_allclose(stage_calibration.odds(told, first), expected, rtol=1e-9)


def test_yes_or_no_is_about_the_stages_from_the_first_positive_on(
    staged: Staged, against_noise: Judged
) -> None:
    positive = against_noise.positive
    assert np.array_equal(positive.truth, staged.stages >= 1)
    assert positive.figures.sensitivity >= 0.9
    assert positive.figures.area > 0.9
    part = against_noise.part(PLAN_3)
    assert part.positive_from == 1
    assert part.figures == against_noise.compared.tellers[0].figures
    assert len(part.calibration.draws) == stage_calibration.DRAWS


def test_the_expected_stages_error_is_on_the_scales_grades_as_evaluate_measures_it(
    staged: Staged,
) -> None:
    told = logits(staged, 2, 1)
    folds = tuple(np.flatnonzero(np.arange(N) // 2 % 3 == fold) for fold in range(3))
    compared = stages_judging.judge(OutOfFold(told, told, told, folds), staged, PLAN_3).compared
    grades = np.array([0.0, 1.5, 4.0])
    shares = stages_judging.crossed(told, staged.stages, folds)
    off = np.abs((shares * grades).sum(axis=1) - grades[staged.stages]).mean()
    assert compared.tellers[0].figures.expected_stage_error == pytest.approx(off)
