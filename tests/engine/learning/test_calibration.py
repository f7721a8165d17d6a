"""The calibration recovers a known curve and tells its doubt."""

import numpy as np
import pytest

from engine.evaluation.roc import area
from engine.learning import calibration
from engine.learning.calibration import Calibration, Sigmoid, levelled, moved


def drawn(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores with a known chance of being positive: sigmoid(2 s - 1)."""
    generator = np.random.default_rng(seed)
    scores = generator.normal(0.5, 1, n)
    truth = generator.random(n) < 1 / (1 + np.exp(-(2 * scores - 1)))
    return scores, truth, np.array([f"p{i // 2}" for i in range(n)])


def test_a_known_curve_is_recovered() -> None:
    fitted = calibration.fit(*drawn(4000), np.random.default_rng(1))
    assert fitted.fitted.slope == pytest.approx(2, abs=0.2)
    assert fitted.fitted.intercept == pytest.approx(-1, abs=0.2)


def test_the_interval_covers_the_true_probability_about_as_often_as_it_says(monkeypatch) -> None:
    monkeypatch.setattr(calibration, "DRAWS", 40)
    covered = {1.0: 0, 0.5: 0}
    for seed in range(40):
        fitted = calibration.fit(*drawn(300, seed), np.random.default_rng(seed))
        interval = fitted.interval(0.5)
        middle, half = (interval.low + interval.high) / 2, (interval.high - interval.low) / 2
        for part in covered:
            covered[part] += abs(middle - 0.5) <= part * half
    # Of 40 at 90 %: 36, give or take 2; at half the width 24, give or take 3.
    assert 31 <= covered[1.0] < 40
    assert covered[0.5] <= 29


def test_fewer_patients_make_a_wider_interval() -> None:
    def width(n: int) -> float:
        interval = calibration.fit(*drawn(n), np.random.default_rng(1)).interval(0.5)
        return interval.high - interval.low

    assert width(60) > 2 * width(2000)


def test_scores_that_part_the_classes_do_not_end_in_a_step() -> None:
    scores = np.arange(20.0)
    fitted = calibration.fit(
        scores, scores > 9, np.array([str(i) for i in range(20)]), np.random.default_rng(0)
    )
    assert 0.5 < fitted.probability(10.5) < 0.99


def test_draws_are_of_patients_not_of_pictures() -> None:
    scores, truth, _ = drawn(200)
    few = np.array([f"p{i // 50}" for i in range(200)])
    alone = np.array([str(i) for i in range(200)])
    widths = [
        np.std([draw.intercept for draw in calibration.fit(scores, truth, who, rng).draws])
        for who, rng in ((few, np.random.default_rng(0)), (alone, np.random.default_rng(0)))
    ]
    assert widths[0] != pytest.approx(widths[1], rel=1e-3)


def test_an_extreme_score_gives_a_probability_and_not_an_overflow() -> None:
    assert Sigmoid(1e9, 0)(-1e9) == pytest.approx(0)
    assert Sigmoid(1e9, 0)(1e9) == 1


def test_the_operating_point_is_the_largest_that_reaches_the_sensitivity() -> None:
    probabilities, truth, _ = drawn(500)
    point = calibration.operating_point(probabilities, truth, 0.9)
    assert (probabilities[truth] >= point).mean() >= 0.9
    above = probabilities[truth][probabilities[truth] > point].min()
    assert (probabilities[truth] >= above).mean() < 0.9


def test_a_perfectly_calibrated_forecast_has_next_to_no_error_and_a_shifted_one_its_shift() -> None:
    generator = np.random.default_rng(0)
    said = generator.random(20_000)
    truth = generator.random(20_000) < said
    assert calibration.expected_error(said, truth) < 0.02
    shifted = calibration.expected_error(np.clip(said + 0.2, 0, 1.2), truth)
    assert shifted == pytest.approx(0.2, abs=0.02)


def test_a_curve_moves_until_the_mean_of_other_scores_is_their_share() -> None:
    found = Calibration(Sigmoid(4.0, -1.0), (Sigmoid(3.0, -0.5), Sigmoid(5.0, -2.0)))
    scores = np.random.default_rng(0).normal(-0.4, 0.5, 200)
    curve = moved(found, scores, 0.6)
    assert np.mean([curve.probability(score) for score in scores]) == pytest.approx(0.6, abs=1e-6)
    step = curve.fitted.intercept + 1.0
    assert step > 0
    assert curve.fitted.slope == 4.0
    assert [(each.slope, each.intercept - step) for each in curve.draws] == [
        (3.0, pytest.approx(-0.5)),
        (5.0, pytest.approx(-2.0)),
    ]


def test_networks_whose_scores_lie_apart_are_read_by_one_curve() -> None:
    scores, truth, _ = drawn(2000)
    held_back = [np.arange(0, 2000, 2), np.arange(1, 2000, 2)]
    raised = scores.copy()
    raised[held_back[1]] += 1.5
    # Each network says of what it learnt from, which is what the other was not shown.
    own = [scores[held_back[1]], scores[held_back[0]] + 1.5]
    found = levelled(raised, truth, held_back, own)
    apart = found - scores
    assert np.ptp(apart[held_back[0]]) == pytest.approx(0)
    assert np.ptp(apart[held_back[1]]) == pytest.approx(0, abs=1e-9)
    assert apart[0] == pytest.approx(apart[1], abs=0.1)
    assert area(found, truth).value == pytest.approx(area(scores, truth).value, abs=2e-3)
    assert area(raised, truth).value < area(scores, truth).value - 0.02


def test_scores_that_tell_nothing_are_left_as_they_are() -> None:
    truth = np.tile([True, False], 4)
    flat = np.full(8, 0.4)
    rows = [np.arange(4), np.arange(4, 8)]
    assert np.isfinite(levelled(flat, truth, rows, [flat[rows[1]], flat[rows[0]]])).all()


def test_what_is_known_by_heart_is_told_wholly_apart_and_chance_not_at_all() -> None:
    truth = np.arange(40) < 15
    curve = Sigmoid(2.0, -1.0)
    assert calibration.told_apart(curve, np.where(truth, 50.0, -50.0), truth) == pytest.approx(1)
    assert calibration.told_apart(curve, np.full(40, 3.0), truth) == pytest.approx(0)


def test_how_far_it_tells_apart_is_of_the_curve_moved_to_the_scores() -> None:
    scores, truth, _ = drawn(400)
    curve = Sigmoid(2.0, -1.0)
    told = calibration.told_apart(curve, scores, truth)
    assert 0.2 < told < 0.8
    assert calibration.told_apart(curve, scores + 7, truth) == pytest.approx(told, abs=1e-6)
