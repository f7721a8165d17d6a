"""A photograph at halved sizes, so that reducing it skips no pixel (PLATFORM 4).

Bilinear reduction below one half looks at some pixels only, and a lesion of one or two pixels can
vanish; halving by the mean of 2 x 2 loses none.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_SMALLEST = 1000


@dataclass(frozen=True, eq=False)
class Level:
    """A photograph at one size: its pixel p lies at picture position ``step`` * p + ``first``.

    ``pixels`` is uint8 (y, x, 4), blue, green, red and what ``lay_in`` has laid in; warping four
    channels takes half the time of three. In a preview the photograph itself is (y, x, 3), red,
    green, blue.
    """

    pixels: NDArray[np.uint8]
    step: float
    first: float


Pyramid = tuple[Level, ...]
"""From the photograph itself to the smallest; each level half of the one before."""


def preview(pixels: NDArray[np.uint8]) -> Pyramid:
    """The photograph, and at once a small one made of every n-th pixel, for the first frame."""
    step = max(max(pixels.shape[:2]) // _SMALLEST, 1)
    thinned = bgra(np.ascontiguousarray(pixels[step // 2 :: step, step // 2 :: step]))
    return Level(pixels, 1.0, 0.0), Level(thinned, float(step), float(step // 2))


def build(pixels: NDArray[np.uint8]) -> Pyramid:
    """Halve ``pixels``, uint8 (y, x, 3), until the width is below 1000; all of four channels.

    The whole photograph too: turning what is seen of it for every frame cost 5 ms between a half
    and the full size (4288 x 2848 at 1920 x 1080), its copy takes 49 MB.
    """
    levels = [Level(bgra(pixels), 1.0, 0.0)]
    while levels[-1].pixels.shape[1] >= _SMALLEST:
        above = levels[-1]
        # The mean of two neighbours lies half a pixel beyond the first of them.
        half = _halved(above.pixels)
        levels.append(Level(half, 2 * above.step, above.first + above.step / 2))
    return tuple(levels)


def lay_in(pyramid: Pyramid, channel: NDArray[np.uint8]) -> None:
    """Make ``channel``, uint8 (y, x) of any size, the fourth of each level, to be warped with it.

    In place: until it is there nobody may look at the fourth channel, and then nothing is torn.
    """
    for level in pyramid:
        height, width = level.pixels.shape[:2]
        cv2.mixChannels([cv2.resize(channel, (width, height))], [level.pixels], [0, 3])


def bgra(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Four channels as Qt's RGB32 has them; what has them already is given back."""
    if pixels.shape[2] == 4:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA), np.uint8)


def level_for(pyramid: Pyramid, scale: float) -> Level:
    """The smallest level that is not enlarged at ``scale`` device pixels per picture pixel."""
    fine = [level for level in pyramid if level.step * scale <= 1.0]
    return fine[-1] if fine else pyramid[0]


def _halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        # Repeating the last row or column keeps the step exactly 2 and loses no pixel.
        evened = cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    else:
        evened = pixels
    size = ((width + 1) // 2, (height + 1) // 2)
    return np.asarray(cv2.resize(evened, size, interpolation=cv2.INTER_AREA), np.uint8)
