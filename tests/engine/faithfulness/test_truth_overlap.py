"""A map against marked lesions whose places are known."""

import numpy as np
import pytest

from engine.faithfulness.overlap import Mask, Outlines, overlap
from engine.geometry import scaling

WAY_BACK = scaling(10.0, 25.0, 4.0)
"""A grid pixel covers ten photograph pixels; (0, 0) has its middle at (25, 4)."""
SHAPE = (40, 40)


def square(left: float, top: float, right: float, bottom: float) -> tuple[tuple[float, float], ...]:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def test_an_outline_marks_the_grid_s_pixels_that_it_goes_round() -> None:
    # Grid columns 3 to 6, rows 2 to 4: their outer edges in the photograph.
    outline = square(25 + 25, 4 + 15, 25 + 65, 4 + 45)
    marked = Outlines([outline]).on_grid(WAY_BACK, SHAPE)
    expected = np.zeros(SHAPE)
    expected[2:5, 3:7] = 1
    assert np.abs(marked - expected).max() <= 0.3  # a fine pixel at the edge
    assert marked.sum() == pytest.approx(12, rel=0.1)


def test_a_mask_of_the_photograph_marks_the_same() -> None:
    mask = np.zeros((400, 500), bool)
    # Photograph pixels 50 to 89 and 19 to 48: grid columns 3 to 6, rows 2 to 4.
    mask[19 + 1 : 49, 50 + 1 : 90] = True
    marked = Mask(mask).on_grid(WAY_BACK, SHAPE)
    expected = np.zeros(SHAPE)
    expected[2:5, 3:7] = 1
    assert np.abs(marked - expected).max() < 0.2
    assert marked.sum() == pytest.approx(mask.sum() / 100)


def test_a_lesion_smaller_than_a_network_pixel_counts_by_its_area() -> None:
    mask = np.zeros((400, 500), bool)
    mask[100:105, 200:205] = True
    assert Mask(mask).on_grid(WAY_BACK, SHAPE).sum() == pytest.approx(0.25)


def test_nothing_is_marked_beyond_the_photograph_s_border() -> None:
    mask = np.ones((100, 100), bool)  # the grid goes on to 415 and 394
    marked = Mask(mask).on_grid(WAY_BACK, SHAPE)
    assert marked[:, 9:].sum() == 0
    assert marked[11:].sum() == 0


def test_two_outlines_that_cross_mark_what_either_does() -> None:
    one, other = square(50, 40, 150, 140), square(100, 90, 200, 190)
    both = Outlines([one, other]).on_grid(WAY_BACK, SHAPE)
    alone = [Outlines([each]).on_grid(WAY_BACK, SHAPE) for each in (one, other)]
    np.testing.assert_allclose(both, np.maximum(*alone), atol=0.3)


def test_the_overlap_is_the_evidence_inside() -> None:
    mask = np.ones(SHAPE, bool)
    marked = np.zeros(SHAPE, np.float32)
    marked[2:5, 3:7] = 1
    values = np.full(SHAPE, 1, np.float32)
    values[2:5, 3:7] = 11
    found = overlap(values, mask, marked)
    assert found is not None
    assert found.area == pytest.approx(12 / 1600)
    assert found.evidence == pytest.approx(132 / (132 + 1588))
    assert found.strongest == 1
    assert found.peak
    off = overlap(np.roll(values, 10, axis=1), mask, marked)
    assert off is not None
    assert (off.strongest, off.peak) == (0, False)


def test_a_map_that_knows_nothing_has_the_share_of_the_area() -> None:
    marked = np.zeros(SHAPE, np.float32)
    marked[2:5, 3:7] = 1
    found = overlap(np.ones(SHAPE, np.float32), np.ones(SHAPE, bool), marked)
    assert found is not None
    assert found.evidence == pytest.approx(found.area)


def test_where_nothing_is_marked_in_the_field_there_is_no_overlap() -> None:
    mask = np.zeros(SHAPE, bool)
    mask[:10] = True
    marked = np.zeros(SHAPE, np.float32)
    marked[20] = 1
    assert overlap(np.ones(SHAPE, np.float32), mask, marked) is None
