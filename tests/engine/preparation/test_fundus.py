"""The network's input is what METHODS Q1 says, and the way back is exact (Q1.4)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.geometry import apply, place
from engine.preparation import fundus
from engine.preparation.field_of_view import FieldOfView, Method
from engine.preparation.resampling import resample_box

SIZES = [448, 224, 112]


def draw_field(shape: tuple[int, int], x: float, y: float, width: float) -> NDArray[np.uint8]:
    rows, columns = np.arange(shape[0])[:, None] - y, np.arange(shape[1]) - x
    inside = np.hypot(rows, columns) <= width / 2
    return (inside[..., None] * np.array([150, 100, 80])).astype(np.uint8)


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=8, deadline=None)
@given(x=st.floats(330, 670), y=st.floats(330, 570))
def test_a_dot_returns_to_its_place_within_half_a_network_pixel(
    size: int, x: float, y: float
) -> None:
    pixels = draw_field((900, 1000), 503.3, 447.6, 860.5)
    rows, columns = np.arange(900)[:, None] - y, np.arange(1000) - x
    dot = 90 * np.exp(-(rows**2 + columns**2) / (2 * 5.0**2))
    pixels = np.round(pixels + dot[..., None]).astype(np.uint8)
    prepared = fundus.prepare(pixels, size)
    laid = place(np.maximum(prepared.values[1], 0), prepared.way_back, (900, 1000))
    near = (np.abs(rows) < 30) & (np.abs(columns) < 30)
    weight = np.where(near, laid, 0).astype(np.float64)
    found_y = (weight * np.arange(900)[:, None]).sum() / weight.sum()
    found_x = (weight * np.arange(1000)).sum() / weight.sum()
    assert max(abs(found_x - x), abs(found_y - y)) < 0.5 * prepared.way_back[0, 0]


def test_the_way_back_is_the_formula_of_the_methods_page() -> None:
    field = FieldOfView(1723.25, 1391.5, 3100.0, Method.CIRCLE)
    s, s0 = 512 / 3100, 448 / 460.8
    network = np.array([[0.0, 0.0], [223.5, 223.5], [447.0, 12.25]])
    expected = np.array([1723.25, 1391.5]) + (network - 223.5) / (s0 * s)
    assert np.abs(apply(fundus.way_back(field, 448), network) - expected).max() < 1e-9


def test_one_network_pixel_of_448_covers_a_497th_of_the_width() -> None:
    field = FieldOfView(0, 0, 3100.0, Method.CIRCLE)
    assert fundus.way_back(field, 448)[0, 0] == pytest.approx(6.23, abs=0.005)


def test_all_sizes_see_the_same_field() -> None:
    field = FieldOfView(503.3, 447.6, 860.5, Method.CIRCLE)
    corners = [
        apply(fundus.way_back(field, size), np.array([[-0.5, -0.5], [size - 0.5, size - 0.5]]))
        for size in SIZES
    ]
    assert np.abs(np.array(corners) - corners[0]).max() < 1e-9


def test_a_constant_picture_gives_zero() -> None:
    pixels = np.full((500, 500, 3), 93, np.uint8)
    values, _ = fundus.normalise(pixels, FieldOfView(250, 250, 400, Method.CIRCLE), 224)
    assert np.abs(values).max() < 1e-4


def test_outside_the_mask_all_is_exactly_zero() -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (400, 600, 3)).astype(np.uint8)
    field = FieldOfView(300.4, 180.2, 500.0, Method.CIRCLE)
    values, mask = fundus.normalise(pixels, field, 224)
    assert not mask.all()
    assert not values[:, ~mask].any()
    assert np.abs(values[:, mask]).mean() > 0.01


def test_the_prepared_picture_is_zero_outside_its_mask_and_fills_its_frame() -> None:
    noise = np.random.default_rng(3).integers(0, 40, (900, 1000, 3))
    prepared = fundus.prepare(
        (draw_field((900, 1000), 500, 450, 860) + noise).astype(np.uint8), 224
    )
    assert not prepared.values[:, ~prepared.mask].any()
    rows = np.flatnonzero(prepared.mask.any(axis=1))
    assert (rows[0], rows[-1]) == (0, 223)


def test_places_beyond_the_photograph_are_masked() -> None:
    pixels = np.full((300, 500, 3), 120, np.uint8)
    _, mask = fundus.normalise(pixels, FieldOfView(249.5, 149.5, 480, Method.CIRCLE), 448)
    rows = np.flatnonzero(mask[:, 256])
    assert (rows[-1] - rows[0] + 1) * 480 / 512 == pytest.approx(300, abs=1)


def test_the_background_filter_has_a_standard_deviation_of_8_5_pixels() -> None:
    pixels = np.full((512, 512, 3), 100, np.uint8)
    pixels[:, 256] = 150  # a line is an impulse across itself
    field = FieldOfView(255.5, 255.5, 512, Method.CIRCLE)
    values, _ = fundus.normalise(pixels, field, 448)
    background = -values[0, 256].astype(np.float64)
    background[256] = background[257]  # under the impulse itself the filter is all but flat
    background[np.abs(np.arange(512) - 256) > 40] = 0  # float32 noise far out
    share = background / background.sum()
    at = np.arange(512) - 256
    assert np.sqrt((share * at**2).sum()) == pytest.approx(8.5, abs=0.05)


def test_the_background_is_filtered_across_the_middle_as_anywhere_else() -> None:
    column = np.random.default_rng(6).integers(0, 256, 128).astype(np.float32)
    resized = np.tile(column[:, None, None], (1, 128, 3))
    kernel = fundus.background_kernel(128)
    framed = np.pad(column, len(kernel) // 2, mode="edge")
    expected = np.clip(4 * (column - np.convolve(framed, kernel, "valid")), -128, 127) / 128
    values = fundus.flatten(resized, np.ones((128, 128), np.bool_))
    np.testing.assert_allclose(values[0, :, 64], expected, atol=1e-4)


def test_adding_a_constant_leaves_the_input_unchanged() -> None:
    pixels = np.random.default_rng(5).integers(90, 110, (500, 500, 3)).astype(np.uint8)
    field = FieldOfView(250, 250, 480, Method.CIRCLE)
    before, _ = fundus.normalise(pixels, field, 224)
    after, _ = fundus.normalise(pixels + np.uint8(60), field, 224)
    assert np.abs(before - after).max() < 1e-4


@pytest.mark.parametrize(("size", "width"), [(448, 512), (224, 256), (112, 128), (200, 229)])
def test_the_working_grid_is_an_eighth_finer_than_the_networks(size: int, width: int) -> None:
    assert fundus.working_width(size) == width


def test_shrinking_takes_the_exact_mean_of_a_real_valued_box() -> None:
    ramp = np.random.default_rng(0).integers(0, 256, (40, 50, 1))
    fine = np.repeat(np.repeat(ramp, 10, axis=0), 10, axis=1).astype(np.float64)
    # Corner (3.2, 4.7) in edges, cells of 2.5 pixels: whole cells of the tenfold copy.
    expected = fine[47 : 47 + 200, 32 : 32 + 200, 0].reshape(8, 25, 8, 25).mean(axis=(1, 3))
    found = resample_box(ramp, 3.2 - 0.5, 4.7 - 0.5, 20.0, 8)[..., 0]
    # The methods page counts from pixel centres: edge 3.2 is coordinate 2.7.
    assert np.abs(found - expected).max() < 1e-3


def test_enlarging_a_ramp_is_exact_inside_and_repeats_the_border() -> None:
    ramp = np.tile(np.arange(20.0)[None, :, None], (20, 1, 1))
    found = resample_box(ramp, -3.0, 2.0, 10.0, 40)[0, :, 0]
    at = -3.0 + (np.arange(40) + 0.5) / 4
    assert np.abs(found - np.maximum(at, 0)).max() < 1e-5
