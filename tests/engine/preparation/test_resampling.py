"""A real-valued box on a grid of whole pixels, beside sums over every pixel's overlap."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.preparation import resampling
from engine.preparation.resampling import resample_box, resample_boxes

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
    ("corner", "side", "size"),
    [((-0.5, -0.5), 23, 5), ((7.2, 1.7), 20.4, 4), ((17.9, 9.25), 12.5, 9), ((0.1, 2.9), 19.5, 19)],
)
def test_shrinking_takes_the_mean_over_each_pixel_of_a_box(
    corner: tuple[float, float], side: float, size: int
) -> None:
    found = resample_box(PIXELS, *corner, side, size)
    assert found.shape == (size, size, 3)
    step = side / size
    for row in range(size):
        for column in range(size):
            left, top = corner[0] + column * step, corner[1] + row * step
            expected = _mean(PIXELS, (left, top, left + step, top + step))
            np.testing.assert_allclose(found[row, column], expected, rtol=1e-5)


def test_a_result_of_several_bands_is_the_mean_of_any_numbers() -> None:
    size = 2 * resampling._BAND + 7
    pixels = np.random.default_rng(6).random((3 * size, 3 * size, 3), dtype=np.float32)
    found = resample_box(pixels, -0.5, -0.5, 3 * size, size)
    expected = pixels.reshape(size, 3, size, 3, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_other_sizes_and_threads_beside_it_change_no_bit(threads: int) -> None:
    pixels = np.random.default_rng(7).integers(0, 255, (400, 500, 3), np.uint8)
    box = (20.3, 10.7, 380.9)
    together = resample_boxes(pixels, *box, (40, 300, 150), threads=threads)
    for found, size in zip(together, (40, 300, 150), strict=True):
        assert np.array_equal(found, resample_box(pixels, *box, size))


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_every_channel_is_resampled_alone(channels: int) -> None:
    pixels = np.random.default_rng(5).random((12, 17, channels), dtype=np.float32)
    found = resample_box(pixels, 1.3, 0.4, 8.8, 4)
    for channel in range(channels):
        alone = resample_box(pixels[..., channel : channel + 1], 1.3, 0.4, 8.8, 4)
        np.testing.assert_allclose(found[..., channel], alone[..., 0], rtol=1e-6)


def test_a_box_of_the_pictures_own_pixels_is_cut_out_and_repeated_beyond_the_border() -> None:
    picture = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    cut = resample_box(picture, -1.5, 0.5, 6, 6)
    rows, columns = np.clip(np.arange(1, 7), 0, 3), np.clip(np.arange(-1, 5), 0, 4)
    assert np.array_equal(cut, picture[rows[:, None], columns])
    # A box a hair beside it is averaged, to almost the same.
    assert np.allclose(cut, resample_box(picture, -1.5 + 1e-6, 0.5, 6, 6), atol=1e-3)
