"""A box of a picture on a grid of whole pixels."""

import numpy as np

from engine.preparation.resampling import resample_box


def test_a_box_of_the_pictures_own_pixels_is_cut_out_and_repeated_beyond_the_border() -> None:
    picture = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    cut = resample_box(picture, -1.5, 0.5, 6, 6)
    rows, columns = np.clip(np.arange(1, 7), 0, 3), np.clip(np.arange(-1, 5), 0, 4)
    assert np.array_equal(cut, picture[rows[:, None], columns])
    # A box a hair beside it is averaged, to almost the same.
    assert np.allclose(cut, resample_box(picture, -1.5 + 1e-6, 0.5, 6, 6), atol=1e-3)
