"""Whether a region looks bright or red against what surrounds it, guessed from the green."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import Heatmap, Tint

FINER = 2  # samples per network pixel: most lesions are smaller than one
PLAIN = 0.06  # of the surroundings' green: a smaller difference is not seen
CLEARER = 1.3  # times the other difference, else both are there
_AROUND = (4, 0.5)  # how far the surroundings reach: network pixels, or of the region's longer side
_ENDS = (0.05, 0.95)  # quantiles that are compared: a region is larger than the lesion in it
_FEWEST = 20  # samples that surroundings need


@dataclass(frozen=True, eq=False)
class Green:
    """The photograph's green on a grid FINER times the map's, float32; ``retina`` where it shows.

    ``retina`` is free of all regions, so that none stands for another's surroundings.
    """

    values: NDArray[np.float32]
    retina: NDArray[np.bool_]


def sample_green(pixels: NDArray[np.uint8], heatmap: Heatmap, retina: NDArray[np.bool_]) -> Green:
    """Bring a photograph, uint8 (y, x, 3), to the map's grid; ``retina`` is on that grid."""
    height, width = pixels.shape[:2]
    back = heatmap.way_back
    wanted = min(1.0, FINER / float(back[0, 0]))
    size = (max(1, round(width * wanted)), max(1, round(height * wanted)))
    green = np.ascontiguousarray(pixels[..., 1])
    shrunk = cv2.resize(green, size, interpolation=cv2.INTER_AREA)
    # From a sample to the map, to the photograph, to its shrunk copy; centres at whole numbers.
    affine = np.zeros((2, 3))
    for axis, (length, whole) in enumerate(zip(size, (width, height), strict=True)):
        scale = length / whole
        start = back[axis, axis] * (0.5 / FINER - 0.5) + back[axis, 2]
        affine[axis, axis] = back[axis, axis] / FINER * scale
        affine[axis, 2] = (start + 0.5) * scale - 0.5
    rows, columns = heatmap.values.shape
    sampled = cv2.warpAffine(
        shrunk,
        affine,
        (columns * FINER, rows * FINER),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return Green(sampled.astype(np.float32), _finer(retina))


def guess_tint(green: Green, cells: NDArray[np.bool_], top: int, left: int) -> Tint:
    """The colour of the region whose ``cells`` (y, x) begin at (``top``, ``left``) of the map.

    Compared are the ends of the distributions inside and around, since a region holds more than
    its lesion, and vessels run on both sides. Hard and soft exudates are brighter in green than
    the retina, blood is darker.
    """
    height, width = cells.shape
    reach = FINER * max(_AROUND[0], round(_AROUND[1] * max(height, width)))
    rows = _span(FINER * top - reach, FINER * (top + height) + reach, green.values.shape[0])
    columns = _span(FINER * left - reach, FINER * (left + width) + reach, green.values.shape[1])
    inside = np.zeros(green.values.shape, np.bool_)
    inside[FINER * top : FINER * (top + height), FINER * left : FINER * (left + width)] = _finer(
        cells
    )
    values, window = green.values[rows, columns], inside[rows, columns]
    around = values[green.retina[rows, columns] & ~window]
    if around.size < _FEWEST:
        return Tint.UNCLEAR
    low, high = np.quantile(values[window], _ENDS) - np.quantile(around, _ENDS)
    level = max(float(np.median(around)), 1.0)
    brighter, darker = float(high) / level, float(-low) / level
    if brighter >= PLAIN and brighter >= CLEARER * darker:
        return Tint.BRIGHT
    if darker >= PLAIN and darker >= CLEARER * brighter:
        return Tint.RED
    return Tint.UNCLEAR


def _span(start: int, stop: int, length: int) -> slice:
    return slice(max(0, start), min(length, stop))


def _finer(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return cells.repeat(FINER, axis=0).repeat(FINER, axis=1)
