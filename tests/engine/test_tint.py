"""Colour maps, and how a heatmap's values become colour over a photograph."""

import json
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from engine import tint

AZURE = tint.colour_table("azure")


def eye(height: int = 120, width: int = 168) -> NDArray[np.uint8]:
    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([180 - 0 * x, 60 + x / 4, 30 + y / 6], axis=-1)
    return np.clip(base + rng.normal(0, 12, base.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("name", "value", "colour", "alpha"),
    [
        ("azure", 0.0, (0x09, 0x60, 0x9A), 0.0),
        ("azure", 1.0, (0x75, 0xBE, 0xFF), 0.84),
        ("ember", 0.0, (0x93, 0x4D, 0x00), 0.0),
        ("ember", 1.0, (0xFF, 0xA7, 0x59), 0.84),
        ("azure_grey", 0.0, (0x09, 0x60, 0x9A), 0.0),
        ("azure_grey", 1.0, (0x75, 0xBE, 0xFF), 0.84),
    ],
)
def test_the_ends_of_a_colour_map_are_those_of_the_design(
    name: str, value: float, colour: tuple[int, int, int], alpha: float
) -> None:
    row = tint.colour_table(name)[round(value * 255)]
    assert tuple(row[:3]) == colour
    assert row[3] == round(alpha * 255)


def test_the_middle_of_azure_is_that_of_the_design() -> None:
    # 0.5 lies between rows 127 and 128.
    middle = AZURE[127:129].astype(float).mean(axis=0)
    assert np.abs(middle - [0x0E, 0x90, 0xE3, 0.42 * 255]).max() <= 1


@pytest.mark.parametrize("name", tint.COLOUR_MAPS)
def test_a_colour_map_grows_denser_without_a_step_back(name: str) -> None:
    assert (np.diff(tint.colour_table(name)[:, 3].astype(int)) >= 0).all()


def test_the_names_of_the_colour_maps_are_those_of_the_resource() -> None:
    text = (resources.files("resources") / "colour_maps.json").read_text("utf-8")
    assert set(json.loads(text)) == {*tint.COLOUR_MAPS, tint.FOR, tint.AGAINST}


def test_the_upper_end_passes_over_zeros_and_the_sharpest_pixels() -> None:
    values = np.zeros((100, 100), np.float32)
    values[0] = np.linspace(0.01, 1, 100)
    values[50, 50] = 900
    assert 0.9 < tint.upper_end(values) < 900
    assert np.isclose(tint.upper_end(values), np.quantile(values[values > 0], 0.995))


def test_the_upper_end_of_an_empty_map_is_one() -> None:
    assert tint.upper_end(np.zeros((8, 8), np.float32)) == 1.0


@given(st.floats(1e-30, 1e30))
def test_the_upper_end_is_never_zero(value: float) -> None:
    assert tint.upper_end(np.full((3, 3), value, np.float32)) > 0


def test_a_uniform_picture_has_no_detail() -> None:
    assert np.allclose(tint.detail(np.full((90, 130, 3), 77, np.uint8)), 1, atol=1e-5)


def test_detail_is_local_brightness_over_its_surroundings() -> None:
    x = np.mgrid[0:240, 0:336][1]
    grey = 120 + 60 * np.sin(x * 2 * np.pi / 60)
    pixels = grey[..., None].repeat(3, axis=2).astype(np.uint8)
    around = gaussian_filter(pixels[..., 0].astype(float), 336 / 42, mode="nearest")
    expected = np.clip(pixels[..., 0] / around, 0.45, 1.55) ** 1.25
    found = tint.detail(pixels, shrink=1)
    assert found.shape == (240, 336)
    # At its edges the blur of a quarter and of the whole go on differently.
    inside = (slice(None), slice(32, -32))
    assert np.abs(found - expected)[inside].max() < 0.03


def test_detail_is_held_within_its_limits() -> None:
    pixels = np.full((84, 84, 3), 60, np.uint8)
    pixels[40:44, 20:24] = 255
    pixels[40:44, 60:64] = 0
    found = tint.detail(pixels, shrink=1)
    assert np.isclose(found.max(), 1.55**1.25)
    assert np.isclose(found.min(), 0.45**1.25)


def test_detail_is_made_at_a_quarter_of_the_size() -> None:
    assert tint.detail(eye(121, 166)).shape == (31, 42)


def exact(
    rgb: NDArray[np.uint8],
    values: NDArray[np.float32],
    detail: NDArray[np.float32],
    opacity: float,
    threshold: float,
) -> NDArray[np.float64]:
    """LOOK 5 in real numbers: ramp times detail, laid over with the table's alpha."""
    part = np.clip((values - threshold) / (1 - threshold), 0, 1)
    row = AZURE.astype(float)[np.rint(255 * part).astype(int)]
    ink = np.clip(row[..., :3] * detail[..., None], 0, 255)
    alpha = row[..., 3:] / 255 * opacity
    return rgb * (1 - alpha) + ink * alpha


@pytest.mark.parametrize("opacity", [0.0, 0.4, 0.72, 1.0])
@pytest.mark.parametrize("threshold", [0.0, 0.22, 0.95])
def test_the_tint_is_that_of_exact_arithmetic(opacity: float, threshold: float) -> None:
    rgb = eye()
    values = np.random.default_rng(1).random((120, 168)).astype(np.float32) * 1.3
    detail = tint.detail(rgb, shrink=1)
    laid = tint.lay_over(rgb, values, detail, AZURE, opacity, threshold)
    assert laid.dtype == np.uint8
    assert np.abs(laid - exact(rgb, values, detail, opacity, threshold)).max() <= 2.5


def test_what_lies_below_the_threshold_is_the_bare_picture() -> None:
    rgb = eye()
    values = np.full((120, 168), 0.219, np.float32)
    values[:, 80:] = 0.8
    laid = tint.lay_over(rgb, values, tint.detail(rgb), AZURE, 1.0, 0.22)
    assert np.array_equal(laid[:, :80], rgb[:, :80])
    assert (laid[:, 80:, 2] > rgb[:, 80:, 2]).all()


def test_at_no_opacity_the_picture_is_bare() -> None:
    rgb = eye()
    values = np.ones((120, 168), np.float32)
    assert np.array_equal(tint.lay_over(rgb, values, tint.detail(rgb), AZURE, 0.0, 0.2), rgb)


def test_hiding_everything_hides_everything() -> None:
    rgb = eye()
    values = np.full((120, 168), 0.99, np.float32)
    assert np.array_equal(tint.lay_over(rgb, values, tint.detail(rgb), AZURE, 1.0, 1.0), rgb)


def test_tinting_keeps_the_detail_that_paint_would_cover() -> None:
    # LOOK 5: plain alpha keeps 43 % of the lightness detail at 0.8 evidence, tinting all of it.
    rgb = eye()
    values = np.full((120, 168), 0.8, np.float32)
    ones = np.ones((120, 168), np.float32)

    def detail_left(detail: NDArray[np.float32]) -> float:
        laid = tint.lay_over(rgb, values, detail, AZURE, 1.0, 0.0)
        weights = np.array([0.299, 0.587, 0.114])

        def contrast(pixels: NDArray[np.uint8]) -> float:
            luma = pixels @ weights
            return float((luma - gaussian_filter(luma, 4)).std())

        return contrast(laid) / contrast(rgb)

    assert detail_left(ones) < 0.5
    assert detail_left(tint.detail(rgb, shrink=1)) > 0.9


def test_an_overlay_laid_by_hand_is_the_laid_picture() -> None:
    rgb = eye()
    values = np.random.default_rng(2).random((120, 168)).astype(np.float32)
    detail = tint.detail(rgb)
    ink = tint.overlay(values, detail, AZURE, 0.3).astype(float)
    alpha = ink[..., 3:] / 255
    by_hand = rgb * (1 - alpha) + ink[..., :3] * alpha
    laid = tint.lay_over(rgb, values, detail, AZURE, 1.0, 0.3)
    assert ink.shape == (120, 168, 4)
    assert np.abs(by_hand - laid).max() <= 1.5


def test_a_legends_ramp_goes_from_the_ground_to_the_strongest_colour() -> None:
    ground = (120, 60, 20)
    found = tint.ramp(AZURE, ground, 164)[0].astype(int)
    top = AZURE[255].astype(float)
    part = top[3] / 255
    assert tuple(found[0]) == ground
    assert np.abs(found[-1] - (top[:3] * part + np.array(ground) * (1 - part))).max() <= 2


def test_azure_on_grey_is_denser_in_the_middle_than_on_fundus() -> None:
    # LOOK 5: 0.46 on grey, 0.42 on fundus; 0.5 lies between rows 127 and 128.
    middle = tint.colour_table(tint.FOR)[127:129].astype(float).mean(axis=0)
    assert np.abs(middle - [0x0D, 0x94, 0xEA, 0.46 * 255]).max() <= 1


@pytest.mark.parametrize("opacity", [0.0, 0.72, 1.0])
@pytest.mark.parametrize("threshold", [0.0, 0.22, 0.95])
def test_a_signed_tint_is_that_of_exact_arithmetic(opacity: float, threshold: float) -> None:
    rgb = eye()
    values = (np.random.default_rng(4).random((120, 168)) * 2.4 - 1.2).astype(np.float32)
    detail = tint.detail(rgb, shrink=1)
    part = np.clip((np.abs(values) - threshold) / (1 - threshold), 0, 1)
    tables = {True: tint.colour_table("azure_grey"), False: tint.colour_table("ember")}
    rows = np.rint(255 * part).astype(int)
    row = np.where((values > 0)[..., None], tables[True][rows], tables[False][rows]).astype(float)
    alpha = row[..., 3:] / 255 * opacity
    ink = np.clip(row[..., :3] * detail[..., None], 0, 255)
    expected = rgb[..., 1:2] * (1 - alpha) + ink * alpha
    laid = tint.lay_signed(rgb, values, detail, opacity, threshold)
    assert np.abs(laid - expected).max() <= 2.5


def test_a_signed_legends_ramp_is_bare_in_the_middle_and_apart_at_its_ends() -> None:
    found = tint.signed_ramp(120, 201, 0.2)[0].astype(int)
    assert (found[81:120] == 120).all()
    assert found[0, 0] > found[0, 2] + 60  # ember, against
    assert found[-1, 2] > found[-1, 0] + 60  # azure, for
