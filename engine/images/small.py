"""The small picture of a series, as it stands in a list."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.pictures import GreyWindow, Grid, VolumeFacts

LARGEST = (224, 184)
"""Width and height in pixels: twice what a list shows, for screens with small ones."""

_DARKEST, _BRIGHTEST = 1, 99
"""Percentiles that are shown black and white where the header has no window."""


def draw_small(picture: NDArray[Any], facts: VolumeFacts) -> NDArray[np.uint8]:
    """Draw a slice (y, x) or (y, x, 3) as uint8 (y, x, 3), its pixels square in mm.

    It fills ``LARGEST`` as far as its shape allows, and lies as slices of its orientation do by
    custom: the patient's right at the left, the back at the bottom or at the right, the feet at
    the bottom.
    """
    if not facts.colour:
        picture = _greys(picture, facts)
    picture, sides = _hung(picture, facts.grid.pixel, facts.grid)
    height, width = picture.shape[:2]
    scale = min(LARGEST[0] / (width * sides[0]), LARGEST[1] / (height * sides[1]))
    size = (
        max(1, round(width * sides[0] * scale)),
        max(1, round(height * sides[1] * scale)),
    )
    smaller = size[0] < width or size[1] < height
    way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    small = cv2.resize(np.ascontiguousarray(picture), size, interpolation=way).astype(np.uint8)
    return small if small.ndim == 3 else cv2.cvtColor(small, cv2.COLOR_GRAY2RGB).astype(np.uint8)


def window_of(picture: NDArray[Any], facts: VolumeFacts) -> GreyWindow:
    """The header's first window, else one from the values' own percentiles."""
    if facts.windows:
        return facts.windows[0]
    finite = picture[np.isfinite(picture)]
    if facts.padding is not None and (measured := finite[finite != facts.padding]).size:
        finite = measured
    if not finite.size:
        return GreyWindow(0.5, 1.0)
    low, high = np.percentile(finite, (_DARKEST, _BRIGHTEST)).tolist()
    return GreyWindow((low + high) / 2, max(high - low, 1e-6))


def _greys(picture: NDArray[Any], facts: VolumeFacts) -> NDArray[np.uint8]:
    window = window_of(picture, facts)
    share = (picture.astype(np.float64) - window.centre) / window.width + 0.5
    greys = np.nan_to_num(np.clip(share, 0, 1)) * 255
    return (255 - greys if facts.inverted else greys).round().astype(np.uint8)


def _hung(
    picture: NDArray[Any], sides: tuple[float, float], grid: Grid
) -> tuple[NDArray[Any], tuple[float, float]]:
    """Turned and mirrored by quarters as is the custom; as it is where the place is unknown."""
    letters = grid.orientation
    if letters is None:
        return picture, sides
    across, down = letters[0], letters[1]
    # What runs toward the head or the feet stands upright; front to back does so in axial slices.
    if across in "IS" or (across in "AP" and down in "RL"):
        picture, sides = np.swapaxes(picture, 0, 1), (sides[1], sides[0])
        across, down = down, across
    if across in "RA":
        picture = picture[:, ::-1]
    if down in "AS":
        picture = picture[::-1]
    return picture, sides
