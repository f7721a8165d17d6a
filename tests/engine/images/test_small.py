"""The small picture in the list: its greys, its shape, and how it lies."""

import numpy as np
import pytest

from engine.images.small import LARGEST, draw_small, window_of
from engine.pictures import GreyWindow, Grid, VolumeFacts, grid_of


def facts(**told: object) -> VolumeFacts:
    return VolumeFacts(Grid((8, 6, 1), (1.0, 1.0, None)), **told)  # type: ignore[arg-type]


def test_greys_follow_the_header_s_first_window() -> None:
    picture = np.full((6, 8), 40, np.int16)
    picture[:, :2], picture[:, 6:] = -500, 900
    windows = (GreyWindow(40, 400), GreyWindow(-600, 1500))
    small = draw_small(picture, facts(windows=windows))
    assert small[0, 0].tolist() == [0, 0, 0]
    assert small[90, 112].tolist() == [128, 128, 128]
    assert small[0, -1].tolist() == [255, 255, 255]


def test_pixels_that_are_not_square_are_drawn_in_proportion() -> None:
    wide = VolumeFacts(Grid((100, 100, 1), aspect=2.0))
    assert draw_small(np.zeros((100, 100), np.int16), wide).shape[:2] == (112, 224)


def test_low_values_are_bright_where_the_header_says_so() -> None:
    picture = np.tile(np.arange(8, dtype=np.int16), (6, 1))
    plain = draw_small(picture, facts(windows=(GreyWindow(4, 4),)))
    inverted = draw_small(picture, facts(windows=(GreyWindow(4, 4),), inverted=True))
    np.testing.assert_allclose(inverted, 255 - plain.astype(float), atol=1)


def test_without_a_window_the_extremes_and_what_was_not_measured_are_left_out() -> None:
    picture = np.arange(1000, dtype=np.float32).reshape(20, 50)
    picture[0, 0], picture[0, 1], picture[0, 2] = np.nan, np.inf, 1e9
    window = window_of(picture, facts())
    assert window.centre - window.width / 2 == pytest.approx(12, abs=2)
    assert window.centre + window.width / 2 == pytest.approx(990, abs=2)
    padded = np.full((20, 50), -2000, np.int16)
    padded[0] = np.arange(50)
    assert window_of(padded, facts(padding=-2000.0)).centre == pytest.approx(24.5)


@pytest.mark.parametrize("nothing", [np.nan, np.inf])
def test_a_picture_without_values_is_drawn_all_the_same(nothing: float) -> None:
    assert draw_small(np.full((6, 8), nothing), facts()).shape == (168, 224, 3)


def test_it_fills_the_room_and_its_pixels_are_square_in_millimetres() -> None:
    grid = Grid((8, 6, 1), (0.5, 2.0, None))
    small = draw_small(np.zeros((6, 8), np.uint8), VolumeFacts(grid))
    assert small.shape == (LARGEST[1], round(LARGEST[1] * 4 / 12), 3)


def test_colours_stay() -> None:
    picture = np.zeros((6, 8, 3), np.uint8)
    picture[:] = 10, 200, 30
    small = draw_small(picture, facts(colour=True))
    assert {tuple(pixel) for pixel in small.reshape(-1, 3)} == {(10, 200, 30)}


# Toward which x and y of the picture grow, and which corner of the patient is bright.
@pytest.mark.parametrize(
    ("x", "y", "z"),
    [
        ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        ((-1, 0, 0), (0, -1, 0), (0, 0, 1)),
        ((0, 1, 0), (-1, 0, 0), (0, 0, 1)),
        ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
        ((0, 0, 1), (1, 0, 0), (0, 1, 0)),
        ((0, 1, 0), (0, 0, -1), (-1, 0, 0)),
        ((0, 0, 1), (0, -1, 0), (1, 0, 0)),
    ],
)
def test_it_lies_as_is_the_custom_however_the_file_is_stored(
    x: tuple[int, ...], y: tuple[int, ...], z: tuple[int, ...]
) -> None:
    # By custom the upper left corner is right and front, right and head, or front and head.
    affine = np.eye(4)
    affine[:3, :3] = np.array([x, y, z]).T
    places = np.array([[affine[:3, :3] @ (a, b, 0) for a in range(8)] for b in range(6)])
    is_axial = not any(axis[2] for axis in (x, y))
    is_sagittal = not any(axis[0] for axis in (x, y))
    first = places[..., 1 if is_sagittal else 0]
    second = places[..., 1] if is_axial else -places[..., 2]
    corner = (first == first.min()) & (second == second.min())
    grid = grid_of(affine, (8, 6, 1))
    small = draw_small(
        corner.astype(np.uint8) * 255, VolumeFacts(grid, windows=(GreyWindow(127, 255),))
    )
    assert small[0, 0].min() > 240
    assert small[-1, -1].max() == small[0, -1].max() == small[-1, 0].max() == 0
