"""Whether probabilities are as large as what comes true."""

import numpy as np
import pytest

from engine.evaluation.calibrated import calibrated


@pytest.mark.parametrize("count", [12, 60])
def test_right_probabilities_err_by_more_than_chance_one_time_in_twenty(count: int) -> None:
    draw = np.random.default_rng(5)
    said = draw.random(count)
    bound = calibrated(said, said > 0.5).by_chance
    found = [calibrated_error(said, draw.random(count) < said) for _ in range(400)]
    assert 0.02 < np.mean(np.array(found) > bound) < 0.09


def calibrated_error(said: np.ndarray, truth: np.ndarray) -> float:
    """The same by hand: ten parts of the sorted, each by its size."""
    order = np.argsort(said, kind="stable")
    total = 0.0
    for part in np.array_split(order, 10):
        total += len(part) / len(said) * abs(said[part].mean() - truth[part].mean())
    return total


def test_probabilities_that_are_too_high_are_told_from_chance() -> None:
    draw = np.random.default_rng(6)
    said = draw.uniform(0.3, 1, 300)
    right, high = draw.random(300) < said, draw.random(300) < said / 2
    assert calibrated(said, right).error < calibrated(said, right).by_chance
    found = calibrated(said, high)
    assert found.error > 3 * found.by_chance
    assert found.mean == pytest.approx(said.mean())
    assert found.error == pytest.approx(calibrated_error(said, high))
