"""A photograph's smaller levels show things where they are."""

import numpy as np
import pytest

from viewer.seen.pyramid import build, lay_in, level_for, preview


def _dot(height: int, width: int, y: int, x: int) -> np.ndarray:
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[y, x] = 255
    return pixels


def _middle_of_light(level) -> tuple[float, float]:
    rows, columns = np.nonzero(level.pixels[..., 0])
    light = level.pixels[rows, columns, 0].astype(float)
    x, y = np.average(columns, weights=light), np.average(rows, weights=light)
    return level.step * x + level.first, level.step * y + level.first


@pytest.mark.parametrize("size", [(2848, 4288), (2001, 3003)])
def test_a_single_bright_pixel_survives_every_halving_within_half_a_pixel_of_the_level(
    size: tuple[int, int],
) -> None:
    # Four grey values are lost per halving; 255 / 64 is still seen at an eighth of the size.
    for y, x in ((1000, 2000), (1001, 2007), (size[0] - 1, size[1] - 1)):
        for level in build(_dot(*size, y, x)):
            assert level.pixels[..., :3].max() > 0
            assert np.abs(np.subtract(_middle_of_light(level), (x, y))).max() <= level.step / 2


def test_what_is_laid_in_lies_where_it_lies_in_the_photograph() -> None:
    pyramid = build(np.zeros((2001, 3003, 3), np.uint8))
    quarter = np.zeros((501, 751), np.uint8)
    quarter[200:204, 500:504] = 200
    lay_in(pyramid, quarter)
    for level in pyramid:
        rows, columns = np.nonzero(level.pixels[..., 3])
        weights = level.pixels[rows, columns, 3].astype(float)
        middle = np.average([columns, rows], axis=1, weights=weights)
        expected = np.array([502 * 3003 / 751, 202 * 2001 / 501]) - 0.5
        found = level.step * middle + level.first
        assert np.abs(found - expected).max() <= max(level.step / 2, 0.6)
        assert level.pixels[..., :3].max() == 0


def test_a_preview_does_not_copy_the_photograph() -> None:
    pixels = np.zeros((100, 1200, 3), np.uint8)
    assert preview(pixels)[0].pixels is pixels


def test_levels_halve_until_the_width_is_below_a_thousand() -> None:
    widths = [level.pixels.shape[1] for level in build(np.zeros((2848, 4288, 3), np.uint8))]
    assert widths == [4288, 2144, 1072, 536]


def test_a_level_is_reduced_by_less_than_half_and_never_enlarged() -> None:
    pyramid = build(np.zeros((2848, 4288, 3), np.uint8))
    for scale in (0.126, 0.25, 0.3, 0.5, 0.51, 1.0):
        assert 0.5 < level_for(pyramid, scale).step * scale <= 1
    assert level_for(pyramid, 7.0) is pyramid[0]


def test_the_first_frame_shows_things_where_they_are() -> None:
    pixels = np.zeros((2848, 4288, 3), np.uint8)
    pixels[1000:1040, 2000:2040] = 255
    small = preview(pixels)[-1]
    assert np.subtract(_middle_of_light(small), (2019.5, 1019.5)) == pytest.approx(0, abs=2)
    assert max(small.pixels.shape) <= 1100
