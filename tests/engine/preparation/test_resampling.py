"""A real-valued box on a grid of whole pixels, beside sums over every pixel's overlap."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.preparation import resampling
from engine.preparation.resampling import resample, resample_box

PIXELS = np.random.default_rng(4).integers(0, 256, (23, 31, 3), dtype=np.uint8)


def _mean(pixels: NDArray[np.uint8], box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """The mean over a box (left, top, right, bottom) within the picture, pixel by pixel."""
    left, top, right, bottom = box
    total = np.zeros(3)
    for y in range(pixels.shape[0]):
        high = max(0.0, min(y + 0.5, bottom) - max(y - 0.5, top))
        for x in range(pixels.shape[1]):
            wide = max(0.0, min(x + 0.5, right) - max(x - 0.5, left))
            total += high * wide * pixels[y, x]
    return total / ((right - left) * (bottom - top))


@pytest.mark.parametrize(
    ("corner", "sides", "size"),
    [
        ((-0.5, -0.5), (31, 23), (7, 5)),
        ((-0.5, -0.5), (31, 23), (31, 5)),
        ((3.2, 1.7), (20.4, 9.1), (4, 3)),
        ((17.9, 12.25), (12.5, 10.0), (2, 9)),
    ],
)
@pytest.mark.parametrize("shared_from", [0, 10**9])
def test_shrinking_takes_the_mean_over_each_pixel_of_a_box_of_any_shape(
    corner: tuple[float, float],
    sides: tuple[float, float],
    size: tuple[int, int],
    shared_from: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resampling, "_MANY", shared_from)
    found = resample(PIXELS, corner, sides, size)
    assert found.shape == (size[1], size[0], 3)
    step_x, step_y = sides[0] / size[0], sides[1] / size[1]
    for row in range(size[1]):
        for column in range(size[0]):
            left, top = corner[0] + column * step_x, corner[1] + row * step_y
            expected = _mean(PIXELS, (left, top, left + step_x, top + step_y))
            np.testing.assert_allclose(found[row, column], expected, rtol=1e-5)


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_every_channel_is_resampled_alone(channels: int) -> None:
    pixels = np.random.default_rng(5).random((12, 17, channels), dtype=np.float32)
    found = resample(pixels, (1.3, 0.4), (13.1, 8.8), (4, 3))
    for channel in range(channels):
        alone = resample(pixels[..., channel : channel + 1], (1.3, 0.4), (13.1, 8.8), (4, 3))
        np.testing.assert_allclose(found[..., channel], alone[..., 0], rtol=1e-6)


def test_a_box_of_the_pictures_own_pixels_is_cut_out_and_repeated_beyond_the_border() -> None:
    picture = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    cut = resample_box(picture, -1.5, 0.5, 6, 6)
    rows, columns = np.clip(np.arange(1, 7), 0, 3), np.clip(np.arange(-1, 5), 0, 4)
    assert np.array_equal(cut, picture[rows[:, None], columns])
    # A box a hair beside it is averaged, to almost the same.
    assert np.allclose(cut, resample_box(picture, -1.5 + 1e-6, 0.5, 6, 6), atol=1e-3)
