"""A_z and its interval against definitions, drawn scores and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import kstest, norm
from sklearn.metrics import roc_auc_score, roc_curve

from engine.errors import Refusal
from engine.evaluation.roc import area, compare, curve, nearest_pair

ROWS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=4, max_size=40)


@given(ROWS)
def test_the_area_is_the_share_of_pairs_in_order_with_ties_counting_half(
    rows: list[tuple[int, bool]],
) -> None:
    scores = np.array([score for score, _ in rows], float)
    truth = np.array([label for _, label in rows])
    if min(truth.sum(), (~truth).sum()) < 2:
        return
    assert area(scores, truth).value == pytest.approx(roc_auc_score(truth, scores))


def test_the_variance_is_delongs_sum_over_placements() -> None:
    generator = np.random.default_rng(3)
    truth = generator.random(120) < 0.4
    scores = np.round(truth + generator.normal(size=120), 1)
    positive, negative = scores[truth], scores[~truth]
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    variance = wins.mean(1).var(ddof=1) / len(positive) + wins.mean(0).var(ddof=1) / len(negative)
    found = area(scores, truth)
    reach = 1.959964 * np.sqrt(variance)
    assert found.interval.low == pytest.approx(found.value - reach, abs=1e-6)
    assert found.interval.high == pytest.approx(found.value + reach, abs=1e-6)


def test_the_interval_has_the_width_that_the_methods_page_expects_of_the_papers_test_set() -> None:
    # Hanley-McNeil at A = 0.9542 on 53,576 pictures, 19.2 % positive, gives 0.0029 (METHODS Q7.1).
    generator = np.random.default_rng(0)
    truth = np.arange(53_576) < 10_287
    scores = generator.normal(size=truth.size) + 2.385 * truth
    found = area(scores, truth)
    assert found.value == pytest.approx(0.954, abs=0.003)
    assert (found.interval.high - found.interval.low) / 2 == pytest.approx(0.0025, abs=0.0006)


def test_eight_against_eight_told_apart_perfectly_are_not_sure_to_be_so_again() -> None:
    truth = np.arange(16) > 7
    found = area(np.arange(16.0), truth)
    assert found.value == found.interval.high == 1
    # Newcombe's equation by hand: 1 - A is 1.96 deviations at A.
    low = found.interval.low
    pairs = 1 + 7 * (1 - low) / (2 - low) + 7 * low / (1 + low)
    assert 1 - low == pytest.approx(1.959964 * np.sqrt(low * (1 - low) * pairs / 64))
    assert 0.7 < low < 0.8
    reverse = area(-np.arange(16.0), truth).interval
    assert (reverse.low, reverse.high) == (0, pytest.approx(1 - low))
    one_wrong = area(np.arange(16.0), np.isin(np.arange(16), [7, *range(9, 16)])).interval
    assert one_wrong.low < low


@pytest.mark.parametrize("wanted", [0.7, 0.9, 0.97])
@pytest.mark.parametrize(("positives", "negatives"), [(5, 5), (8, 8), (8, 40), (25, 25)])
def test_of_few_photographs_the_interval_holds_the_truth_as_often_as_it_says(
    positives: int, negatives: int, wanted: float
) -> None:
    truth = np.arange(positives + negatives) < positives
    moved = np.sqrt(2) * norm.ppf(wanted) * truth
    drawn = np.random.default_rng(0).normal(size=(300, len(truth))) + moved
    found = [area(scores, truth).interval for scores in drawn]
    assert np.mean([each.low <= wanted <= each.high for each in found]) > 0.92


def test_scores_that_are_all_the_same_tell_nothing() -> None:
    found = area(np.zeros(400), np.arange(400) > 199)
    assert found.value == 0.5
    assert found.interval.low < 0.45 < 0.55 < found.interval.high


def test_one_class_alone_is_refused_with_its_counts() -> None:
    with pytest.raises(Refusal, match="5 and 0"):
        area(np.arange(5.0), np.ones(5, bool))


def test_the_paired_test_has_delongs_variance_of_placements() -> None:
    generator = np.random.default_rng(5)
    truth = generator.random(150) < 0.4
    first = truth + generator.normal(size=150)
    second = np.round(first + generator.normal(size=150), 1)
    placed = []
    for scores in (first, second):
        positive, negative = scores[truth], scores[~truth]
        wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
        placed.append((wins.mean(1), wins.mean(0)))
    (x1, y1), (x2, y2) = placed
    m, n = truth.sum(), (~truth).sum()
    variance = (x1 - x2).var(ddof=1) / m + (y1 - y2).var(ddof=1) / n

    found = compare(first, second, truth)

    assert found.difference == pytest.approx(x1.mean() - x2.mean())
    reach = 1.959964 * np.sqrt(variance)
    assert found.interval.low == pytest.approx(found.difference - reach, abs=1e-6)
    assert found.interval.high == pytest.approx(found.difference + reach, abs=1e-6)
    assert found.p == pytest.approx(2 * norm.sf(abs(found.difference) / np.sqrt(variance)))


def test_the_paired_tests_p_is_uniform_where_two_scores_are_equally_good() -> None:
    generator = np.random.default_rng(1)
    truth = np.arange(200) < 80
    shared = truth + generator.normal(size=(300, 200))
    values = [
        compare(row + generator.normal(size=200), row + generator.normal(size=200), truth).p
        for row in shared
    ]
    assert kstest(values, "uniform").pvalue > 0.01


def test_scores_that_order_alike_do_not_differ() -> None:
    scores, truth = np.arange(10.0), np.arange(10) % 3 == 0
    found = compare(scores, np.exp(scores), truth)
    assert (found.difference, found.p) == (0, 1)


def test_a_perfect_score_and_its_reverse_differ_for_sure() -> None:
    truth = np.arange(10) > 4
    found = compare(truth.astype(float), -truth.astype(float), truth)
    assert (found.difference, found.interval.high) == (1, 1)
    assert found.p < 0.001


def test_the_curve_is_that_of_a_second_library() -> None:
    generator = np.random.default_rng(2)
    truth = generator.random(80) < 0.5
    scores = np.round(truth + generator.normal(size=80), 1)
    false, sensitivity = curve(scores, truth)
    expected = roc_curve(truth, scores, drop_intermediate=False)
    np.testing.assert_allclose(false, expected[0])
    np.testing.assert_allclose(sensitivity, expected[1])


def test_the_nearest_pair_is_the_point_nearest_to_the_corner() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.4, 0.6, 0.3, 0.2, 0.1])
    truth = np.array([1, 1, 1, 1, 0, 0, 0, 0], bool)
    # At 0.7: 3 of 4 and all; at 0.4: all and 3 of 4; the first of equals.
    assert nearest_pair(scores, truth) == (0.75, 1.0, 0.7)


def test_two_like_eyes_of_a_patient_are_not_counted_as_two_patients() -> None:
    generator = np.random.default_rng(0)
    patients = np.repeat(np.arange(80), 2)
    truth = patients % 2 == 0
    true = norm.cdf(1 / np.sqrt(2 * (1 + 0.2**2)))
    together = apart = 0
    for _ in range(400):
        eyes = 0.2 * generator.normal(size=160) + np.repeat(generator.normal(size=80), 2) + truth
        for whose in (patients, None):
            interval = area(eyes, truth, patients=whose).interval
            held = interval.low <= true <= interval.high
            together, apart = (
                (together + held, apart) if whose is not None else (together, apart + held)
            )
    # Of 400 at 95 %: 380, give or take 4.
    assert 368 <= together <= 392
    assert apart < 340


def test_patients_of_one_picture_each_change_nothing() -> None:
    generator = np.random.default_rng(1)
    truth = np.arange(100) < 45
    scores = generator.normal(size=100) + truth
    assert area(scores, truth, patients=generator.permutation(100)) == area(scores, truth)


def test_a_patient_of_both_classes_is_told_of_once() -> None:
    # One eye of each is referable: what both share moves no pair of one patient.
    generator = np.random.default_rng(2)
    patients, truth = np.repeat(np.arange(60), 2), np.tile([True, False], 60)
    alike = np.repeat(5 * generator.normal(size=60), 2) + generator.normal(size=120) + truth
    paired, plain = area(alike, truth, patients=patients), area(alike, truth)
    assert paired.value == plain.value
    assert paired.interval.low > plain.interval.low


def two_scores(
    generator: np.random.Generator, truth: NDArray[np.bool_], moved: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of the same pictures, half of each in common and equally good."""
    shared = generator.normal(size=len(truth)) + moved * truth
    first, second = (shared + generator.normal(size=len(truth)) for _ in range(2))
    return first, second


@pytest.mark.parametrize("each", [8, 25])
def test_of_few_photographs_two_equal_scores_are_told_apart_no_oftener_than_p_says(
    each: int,
) -> None:
    generator = np.random.default_rng(3)
    truth = np.arange(2 * each) < each
    found = [compare(*two_scores(generator, truth, 1.0), truth) for _ in range(300)]
    # Of 300 at 5 %: 15, give or take 4.
    assert 5 <= sum(one.p < 0.05 for one in found) <= 24
    for one in found:
        assert (one.p < 0.05) is not (one.interval.low <= 0 <= one.interval.high)


def test_two_scores_that_part_all_of_few_wholly_may_differ_elsewhere() -> None:
    truth = np.arange(16) > 7
    found = compare(np.arange(16.0), np.arange(16.0) ** 2, truth)
    assert (found.difference, found.p) == (0, 1)
    assert found.interval.low < -0.1 < 0.1 < found.interval.high


def test_two_packs_on_pairs_of_eyes_differ_as_widely_as_draws_of_patients_say() -> None:
    generator = np.random.default_rng(4)
    patients = np.repeat(np.arange(90), 2)
    truth = (patients + np.arange(180) * (patients % 5 == 0)) % 2 == 0  # some have one of each
    own = np.repeat(generator.normal(size=(2, 90)), 2, axis=1)
    first, second = truth + own + 0.3 * generator.normal(size=(2, 180))
    found = compare(first, second, truth, patients=patients)
    drawn = []
    for _ in range(300):
        rows = np.concatenate(
            [2 * each + np.arange(2) for each in generator.integers(90, size=90)[:, None]]
        )
        drawn.append(
            roc_auc_score(truth[rows], first[rows]) - roc_auc_score(truth[rows], second[rows])
        )
    width = (found.interval.high - found.interval.low) / 2 / 1.959964
    assert width == pytest.approx(np.std(drawn), rel=0.12)
    alone = compare(first, second, truth).interval
    assert found.interval.high - found.interval.low > 1.2 * (alone.high - alone.low)


def test_patients_of_one_picture_each_change_nothing_between_two_scores() -> None:
    generator = np.random.default_rng(1)
    truth = np.arange(100) < 45
    both = two_scores(generator, truth, 1.0)
    plain, whose = compare(*both, truth), compare(*both, truth, patients=generator.permutation(100))
    assert whose.p == pytest.approx(plain.p)
    assert whose.interval.low == pytest.approx(plain.interval.low)
