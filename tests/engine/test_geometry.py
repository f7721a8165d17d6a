"""A map is laid onto its photograph exactly, and led back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from engine.geometry import apply, place, scaling

VALUES = np.random.default_rng(5).random((9, 7)).astype(np.float32)


@given(
    scale=st.floats(0.3, 12),
    x=st.floats(-20, 20),
    y=st.floats(-20, 20),
    height=st.integers(1, 40),
    width=st.integers(1, 40),
)
def test_a_map_is_laid_as_scipy_samples_it(
    scale: float, x: float, y: float, height: int, width: int
) -> None:
    placed = place(VALUES, scaling(scale, x, y), (height, width))
    rows = (np.arange(height) - y) / scale
    columns = (np.arange(width) - x) / scale
    grid = np.meshgrid(rows, columns, indexing="ij")
    # Within a half pixel of its frame the map goes on with its outermost values.
    expected = map_coordinates(VALUES.astype(np.float64), grid, order=1, mode="nearest")
    inside = (grid[0] >= -0.5) & (grid[0] <= 8.5) & (grid[1] >= -0.5) & (grid[1] <= 6.5)
    assert placed.dtype == np.float32
    assert placed.shape == (height, width)
    assert np.abs(placed - np.where(inside, expected, 0)).max() <= 2e-6


def test_a_map_on_its_own_grid_is_itself() -> None:
    assert np.array_equal(place(VALUES, np.eye(3), VALUES.shape), VALUES)


def test_a_pixel_of_the_map_covers_its_whole_square_of_the_picture() -> None:
    # One network pixel is 4 picture pixels wide; their centres lie at 1.5, 5.5, 9.5.
    one = np.array([[1.0, 1.0, 1.0]], np.float32)
    placed = place(one, scaling(4, 1.5, 1.5), (6, 14))
    assert np.array_equal(np.flatnonzero(placed[0]), np.arange(12))
    assert np.array_equal(np.flatnonzero(placed[:, 0]), np.arange(4))


def test_a_map_of_one_pixel_is_laid() -> None:
    assert np.array_equal(place(np.ones((1, 1), np.float32), np.eye(3), (1, 3)), [[1, 0, 0]])


@pytest.mark.parametrize("point", [(0.0, 0.0), (3.25, -7.0)])
def test_scaling_multiplies_and_then_adds(point: tuple[float, float]) -> None:
    moved = apply(scaling(2.5, 10, -4), np.array([point]))
    assert moved.tolist() == [[2.5 * point[0] + 10, 2.5 * point[1] - 4]]


def test_the_inverse_of_a_way_back_leads_forth() -> None:
    way_back = scaling(7.7, 419.3, -31.2)
    points = np.array([[0.0, 0.0], [447.0, 12.5]])
    there = apply(np.linalg.inv(way_back), apply(way_back, points))
    assert np.abs(there - points).max() < 1e-9
