"""Orders of removal: strongest first, and a yardstick that knows nothing."""

import numpy as np

from engine.faithfulness import orders

MASK = np.zeros((9, 11), bool)
MASK[1:8, 2:10] = True
COUNT = 7 * 8


def generator() -> np.random.Generator:
    return np.random.default_rng(3)


def test_the_strongest_pixel_goes_first_and_the_weakest_last() -> None:
    values = np.random.default_rng(1).random(MASK.shape).astype(np.float32)
    order = orders.by_evidence(values, MASK, generator())
    inside = values[MASK]
    assert order[values == inside.max()] == np.float32(1 / COUNT)
    assert order[values == inside.min()] == 1
    by_order = inside[np.argsort(order[MASK])]
    assert (np.diff(by_order) < 0).all()


def test_a_share_of_the_assessed_pixels_is_removed_and_none_outside() -> None:
    order = orders.at_random(MASK, generator())
    assert (order <= 0.25).sum() == COUNT // 4
    assert ((order <= 1) == MASK).all()


def test_equal_evidence_goes_in_no_order_of_rows_and_always_in_the_same() -> None:
    flat = np.ones(MASK.shape, np.float32)
    order = orders.by_evidence(flat, MASK, generator())
    upper, lower = order[1:4, 2:10].mean(), order[5:8, 2:10].mean()
    assert abs(upper - lower) < 0.25  # row by row it would be 4/7
    np.testing.assert_array_equal(order, orders.by_evidence(flat, MASK, generator()))
