"""The field of view is found on drawn disks of known place, and on real cameras."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from photograph_files import read

from engine.errors import Refusal
from engine.preparation.field_of_view import Method, find_field_of_view

Pixels = NDArray[np.uint8]
RED = (190, 90, 40)


def draw_disk(
    shape: tuple[int, int],
    x: float,
    y: float,
    width: float,
    colour: tuple[int, ...] = (190, 90, 40),
) -> Pixels:
    rows, columns = np.arange(shape[0])[:, None] - y, np.arange(shape[1]) - x
    away = np.hypot(rows, columns).astype(np.float32)
    covered = np.clip(width / 2 - away + 0.5, 0, 1)
    return np.stack([np.round(covered * part).astype(np.uint8) for part in colour], axis=2)


def assert_found(pixels: Pixels, x: float, y: float, width: float, within: float = 1.0) -> None:
    field = find_field_of_view(pixels)
    assert field.method is Method.CIRCLE
    assert abs(field.x - x) < within
    assert abs(field.y - y) < within
    assert abs(field.width - width) < within


def test_a_drawn_disk_of_3000_pixels_is_found_within_a_pixel() -> None:
    assert_found(draw_disk((3200, 3300), 1640.3, 1580.8, 3000.4), 1640.3, 1580.8, 3000.4)


def test_a_disk_cut_at_top_and_bottom_is_found_within_a_pixel() -> None:
    assert_found(draw_disk((2300, 3300), 1640.3, 1140.8, 3000.4), 1640.3, 1140.8, 3000.4)


def test_a_disk_cut_left_and_right_is_found_within_a_pixel() -> None:
    assert_found(draw_disk((3300, 2300), 1140.3, 1640.8, 3000.4), 1140.3, 1640.8, 3000.4)


def test_bars_that_cut_the_disk_inside_the_picture_do_not_move_it() -> None:
    pixels = draw_disk((1200, 1200), 600.2, 590.6, 1100)
    pixels[:180], pixels[-160:] = 0, 0
    assert_found(pixels, 600.2, 590.6, 1100)


def test_bars_at_both_sides_do_not_move_it() -> None:
    pixels = draw_disk((1200, 1200), 600.2, 590.6, 1100)
    pixels[:, :180], pixels[:, -160:] = 0, 0
    assert_found(pixels, 600.2, 590.6, 1100)


def test_a_notch_and_writing_in_the_margin_do_not_move_it() -> None:
    pixels = draw_disk((1000, 1300), 650.5, 500.5, 900)
    cv2.rectangle(pixels, (930, 150), (1000, 210), (190, 90, 40), -1)
    cv2.putText(pixels, "OD 12:30", (10, 60), cv2.FONT_HERSHEY_SIMPLEX, 2, (255, 255, 255), 4)
    assert_found(pixels, 650.5, 500.5, 900)


def test_a_disk_on_white_paper_is_found() -> None:
    pixels = draw_disk((900, 1000), 480, 450, 800)
    pixels[pixels.sum(axis=2) == 0] = 255
    assert_found(pixels, 480, 450, 800, within=2)


def test_a_glow_round_the_field_is_not_field() -> None:
    pixels = draw_disk((1000, 1400), 700, 500, 960)
    glow = draw_disk((1000, 1400), 700, 500, 1150, (20, 12, 8))
    assert_found(np.maximum(pixels, glow), 700, 500, 960)


def test_a_dark_disk_far_off_the_centre_is_found() -> None:
    assert_found(draw_disk((1000, 1600), 1080.4, 420.7, 760, (30, 12, 4)), 1080.4, 420.7, 760)


@settings(max_examples=15, deadline=None)
@given(x=st.floats(-40, 40), y=st.floats(-40, 40), width=st.floats(380, 620), turned=st.booleans())
def test_any_disk_is_found_within_a_pixel(x: float, y: float, width: float, turned: bool) -> None:
    shape = (680, 520) if turned else (520, 680)
    x, y = x + shape[1] / 2, y + shape[0] / 2
    assert_found(draw_disk(shape, x, y, width), x, y, width)


def draw_ellipse(shape: tuple[int, int], x: float, y: float, across: float, down: float) -> Pixels:
    rows, columns = np.arange(shape[0])[:, None] - y, np.arange(shape[1]) - x
    inside = (columns / across) ** 2 + (rows / down) ** 2 <= 0.25
    return (inside[..., None] * np.array(RED)).astype(np.uint8)


@pytest.mark.parametrize("stretch", [0.7, 0.9, 0.95, 1.06, 1.2, 1.4])
@pytest.mark.parametrize("cut", [0.0, 0.1])
def test_a_stretched_field_is_an_ellipse_whose_middle_and_stretch_are_found(
    stretch: float, cut: float
) -> None:
    """Whole, and as most cameras' fields cut above and below."""
    pixels = draw_ellipse((820, 1160), 570.2, 411.7, 760 * stretch, 760)
    pixels = pixels[round(cut * 820) : round((1 - cut) * 820)]
    field = find_field_of_view(pixels)
    assert field.method is Method.ELLIPSE
    assert field.stretch == pytest.approx(stretch, rel=0.005)
    assert (field.x, field.y) == pytest.approx((570.2, 411.7 - round(cut * 820)), abs=2)
    assert field.width == pytest.approx(760 * min(stretch, 1), rel=0.01)


def test_a_notch_and_writing_leave_a_stretched_field_as_it_is() -> None:
    pixels = draw_ellipse((1000, 1500), 750, 500, 1080, 900)
    cv2.rectangle(pixels, (1050, 150), (1170, 210), RED, -1)
    cv2.putText(pixels, "OD 12:30", (10, 60), cv2.FONT_HERSHEY_SIMPLEX, 2, (255, 255, 255), 4)
    field = find_field_of_view(pixels)
    assert (field.x, field.y) == pytest.approx((750, 500), abs=2)
    assert field.stretch == pytest.approx(1.2, rel=0.005)


@pytest.mark.parametrize("hidden", [0.08, 0.1, 0.15, 0.2, 0.3])
@pytest.mark.parametrize("along", [(1, 0), (0, 1), (-1, 0)])
@pytest.mark.parametrize("soft", [0, 20])
def test_a_field_of_which_a_shadow_hides_a_crescent_is_not_one_that_was_stretched(
    hidden: float, along: tuple[int, int], soft: int
) -> None:
    seen = draw_disk((1000, 1000), 500, 500, 900).astype(np.float32)
    x, y = (500 + 900 * hidden * each for each in along)
    lit = draw_disk((1000, 1000), x, y, 900, (255, 255, 255)).astype(np.float32) / 255
    if soft:
        lit = cv2.GaussianBlur(lit, (0, 0), soft)
    field = find_field_of_view((seen * lit).astype(np.uint8))
    assert field.method is not Method.ELLIPSE


def test_two_fields_that_touch_are_not_one_that_was_stretched() -> None:
    """Cut above and below, so that much of an ellipse about both would lie on them."""
    one = draw_disk((900, 1000), 500, 450, 860)[72:-72, 70:931]
    field = find_field_of_view(np.concatenate([one, one], axis=1))
    assert field.method is not Method.ELLIPSE


@pytest.mark.parametrize("name", ["IDRiD_023", "IDRiD_095", "IDRiD_137"])
def test_a_quarter_of_a_photograph_shows_too_little_edge_to_be_called_stretched(
    shared: Callable[[str], Path], name: str
) -> None:
    pixels = read(shared(f"data/fundus/idrid_grading/{name}.jpg"))
    field = find_field_of_view(pixels)
    quarter = pixels[round(field.y) :, round(field.x) :]
    assert find_field_of_view(np.ascontiguousarray(quarter)).method is not Method.ELLIPSE


def test_real_photographs_are_round_until_they_are_stretched(
    shared: Callable[[str], Path],
) -> None:
    paths = sorted(shared("data/fundus/other").glob("*.jpg"))[::4]
    paths += sorted(shared("data/fundus/idrid_grading").glob("*.jpg"))[::48]
    for path in paths:
        pixels = read(path)
        field = find_field_of_view(pixels)
        assert (field.method, field.stretch) == (Method.CIRCLE, 1.0), path.name
        high, wide = pixels.shape[:2]
        for across, down in ((1.05, 1), (4 / 3, 1), (1, 1.2)):
            size = (round(across * wide), round(down * high))
            found = find_field_of_view(cv2.resize(pixels, size).astype(np.uint8))
            assert found.stretch == pytest.approx(size[0] / wide * high / size[1], rel=0.01)
            assert found.x / size[0] == pytest.approx(field.x / wide, abs=0.002), path.name
            assert found.y / size[1] == pytest.approx(field.y / high, abs=0.002), path.name


def test_without_a_round_edge_the_middle_row_gives_the_width() -> None:
    pixels = np.full((300, 400, 3), 120, np.uint8)
    field = find_field_of_view(pixels)
    assert (field.method, field.x, field.y, field.width) == (Method.MIDDLE_ROW, 199.5, 149.5, 400)


def test_a_black_picture_has_no_field() -> None:
    with pytest.raises(Refusal, match="No field of view"):
        find_field_of_view(np.zeros((300, 400, 3), np.uint8))


def test_a_white_picture_is_not_called_black() -> None:
    with pytest.raises(Refusal, match="as white as its corners"):
        find_field_of_view(np.full((300, 400, 3), 255, np.uint8))


def test_a_field_under_three_tenths_of_the_shorter_side_is_refused() -> None:
    with pytest.raises(Refusal, match="too small"):
        find_field_of_view(draw_disk((1000, 1000), 500, 500, 280))


@pytest.mark.parametrize(
    ("camera", "low", "high"),
    [("fives", 0.978, 0.981), ("hrf", 0.930, 0.932), ("chase", 0.917, 0.92)],
)
def test_one_camera_has_one_width(
    shared: Callable[[str], Path], camera: str, low: float, high: float
) -> None:
    for path in sorted(shared("data/fundus/other").glob(f"{camera}_*.jpg")):
        pixels = read(path)
        field = find_field_of_view(pixels)
        assert field.method is Method.CIRCLE
        assert low < field.width / pixels.shape[1] < high, path.name


def test_the_bright_and_dark_photographs_of_idrid_have_one_width(
    shared: Callable[[str], Path],
) -> None:
    for path in sorted(shared("data/fundus/idrid_grading").glob("*.jpg"))[::24]:
        pixels = read(path)
        assert 0.794 < find_field_of_view(pixels).width / pixels.shape[1] < 0.80, path.name
