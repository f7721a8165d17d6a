"""The order of a forest's features, by hand from the paper's description."""

import numpy as np
import pytest

from engine.learning import features
from engine.learning.features import Asks

# Photographs by rows, two checkpoints by columns.
FIVE = np.array([[0.5, 10], [0.1, 50], [0.4, 20], [0.2, 40], [0.3, 30]])


@pytest.mark.parametrize(
    ("photographs", "expected"),
    [
        (5, [0.1, 0.2, 0.4, 0.5, 10, 20, 40, 50]),
        (4, [0.1, 0.2, 0.4, 0.5, 10, 20, 40, 50]),
        (3, [0.1, 0.4, 0.4, 0.5, 10, 20, 20, 50]),
        (2, [0.1, 0.1, 0.5, 0.5, 10, 10, 50, 50]),
        (1, [0.5, 0.5, 0.5, 0.5, 10, 10, 10, 10]),
    ],
)
def test_of_an_examination_the_two_lowest_and_the_two_highest_count(
    photographs: int, expected: list[float]
) -> None:
    assert features.examination(FIVE[:photographs]).tolist() == expected


def test_the_order_of_an_examinations_photographs_does_not_matter() -> None:
    np.testing.assert_array_equal(features.examination(FIVE), features.examination(FIVE[::-1]))


def test_this_eye_comes_before_the_other_and_stands_in_for_it() -> None:
    this, other = np.array([1.0, 2]), np.array([3.0, 4])
    assert features.pair(this, other).tolist() == [1, 2, 3, 4]
    assert features.pair(this).tolist() == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("asks", "importances", "expected"),
    [
        (Asks.EYE, [0.2, 0.8], [0.2, 0.8]),
        (Asks.PAIR, [0.1, 0.2, 0.3, 0.4], [0.4, 0.6]),
        (Asks.EXAMINATION, [0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.0, 0.0, 0.5, 0.0], [0.8, 0.2]),
        (Asks.EYE, [0.0, 0.0], [0.5, 0.5]),
    ],
)
def test_a_checkpoints_weight_is_the_importance_of_all_its_features(
    asks: Asks, importances: list[float], expected: list[float]
) -> None:
    found = features.weights(np.array(importances), asks, 2)
    assert found == pytest.approx(expected)


def test_six_checkpoints_have_the_papers_numbers_of_features() -> None:
    assert features.count(Asks.PAIR, 6) == 12
    assert features.count(Asks.EXAMINATION, 6) == 24
    assert len(features.examination(np.zeros((7, 6)))) == 24
    assert features.count(Asks.EXAMINATION, 6, 27) == 24 + 54
