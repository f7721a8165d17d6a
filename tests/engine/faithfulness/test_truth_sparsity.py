"""How few pixels hold the evidence."""

import numpy as np
import pytest

from engine.faithfulness.sparsity import hoyer, top_share


def test_a_single_pixel_is_as_sparse_as_can_be_and_an_even_map_not_at_all() -> None:
    one = np.zeros(500, np.float32)
    one[17] = 3
    assert hoyer(one) == 1
    assert hoyer(np.ones(500, np.float32)) == pytest.approx(0, abs=1e-7)


def test_half_the_pixels_equal_and_half_empty_have_the_value_of_the_formula() -> None:
    # 100 pixels, 25 of them 1: (10 - 25/5) / 9.
    values = np.zeros(100, np.float32)
    values[::4] = 1
    assert hoyer(values) == pytest.approx(5 / 9)


def test_scale_does_not_matter() -> None:
    values = np.random.default_rng(0).random(300).astype(np.float32)
    assert hoyer(1000 * values) == pytest.approx(hoyer(values), abs=1e-6)


def test_the_top_hundredth_is_that_of_the_pixels() -> None:
    values = np.ones(400, np.float32)
    values[[5, 60, 70, 200]] = 100
    assert top_share(values) == pytest.approx(400 / 796)


def test_a_map_without_evidence_is_not_sparse() -> None:
    empty = np.zeros(50, np.float32)
    assert (hoyer(empty), top_share(empty)) == (0, 0)
