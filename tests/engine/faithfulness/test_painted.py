"""Painting over what a map shows: what goes, what takes its place, and what an answer loses."""

import numpy as np
import pytest
from numpy.typing import NDArray
from torch import Tensor

from engine.faithfulness.painted import elsewhere, paint_over, painted, regions

SIDE = 64
Y, X = np.indices((SIDE, SIDE))
MASK = np.hypot(Y - 31.5, X - 31.5) < 30
SPOT = np.hypot(Y - 20, X - 40) < 4


def picture() -> NDArray[np.float32]:
    """A slope of colours with a bright spot."""
    slope = (X / SIDE).astype(np.float32)
    return np.stack([np.where(SPOT, 9, slope), np.where(SPOT, 9, 1 - slope)]).astype(np.float32)


def test_a_spot_that_is_painted_over_has_the_colours_around_it() -> None:
    shown = regions(SPOT.astype(np.float32), MASK, 0.5)
    assert shown is not None
    left = paint_over(picture(), shown, MASK)
    assert np.abs(left[0] - X / SIDE)[MASK].max() < 0.2
    assert (left[:, ~shown] == picture()[:, ~shown]).all()


@pytest.mark.parametrize(
    "shown",
    [SPOT, np.hypot(Y - 31.5, X - 31.5) < 8, MASK & (X < 30) & (np.abs(Y - 31.5) < 24)],
    ids=["beside", "in the middle", "nearly half"],
)
def test_what_is_painted_over_elsewhere_is_as_large_and_not_on_what_is_shown(
    shown: NDArray[np.bool_],
) -> None:
    others = elsewhere(shown, MASK)
    assert len(others) == 3
    for other in others:
        assert other.sum() == shown.sum()
        assert not (other & (shown | ~MASK)).any()


def test_elsewhere_the_shapes_are_the_same_where_there_is_room() -> None:
    for quarter, other in enumerate(elsewhere(SPOT, MASK), 1):
        assert (other == np.rot90(SPOT, quarter)).all()


def test_an_answer_that_leans_on_the_spot_falls_without_it_and_not_elsewhere() -> None:
    def ask(pictures: list[Tensor]) -> list[float]:
        return [float(each.max()) / 9 for each in pictures]

    found = painted(picture(), SPOT.astype(np.float32), MASK, 0.5, ask)
    assert found is not None
    assert found.without < 0.15
    assert found.elsewhere == (1, 1)
    assert 0.04 < found.share < 0.06


def test_a_map_that_shows_nothing_or_all_is_not_painted_over() -> None:
    assert regions(np.zeros((SIDE, SIDE), np.float32), MASK, 0.0) is None
    assert regions(np.ones((SIDE, SIDE), np.float32), MASK, 0.5) is None


def test_what_lies_far_from_all_that_is_known_gets_the_middle_colour() -> None:
    large = np.ones((2, 400, 400), np.float32)
    hole = np.ones((400, 400), bool)
    hole[0, :5] = False
    left = paint_over(np.where(hole, 5, large).astype(np.float32), hole, np.ones_like(hole))
    assert np.allclose(left, 1, atol=1e-5)
