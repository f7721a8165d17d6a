"""Whether a picture shows the back of more than the one eye whose field was found."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.preparation.field_of_view import FieldOfView

LOOKED_AT = 256  # about the longer side's pixels: every nth is enough for a whole eye
RIM = 0.525  # of the field's width from its middle: the glow about its edge ends before
BLACK = 0.05  # of what lies outside: as dark as that is no eye, though a scan's black be lifted
LIT = 0.15  # of the field's upper quartile of brightness: an eye of less than half its light has it
RED = 0.15  # (red - green) / brightest, as a field of an eye itself has it at the least
GREEN = -0.10  # (green - blue) / brightest, likewise


def beside(pixels: NDArray[np.uint8], field: FieldOfView) -> float:
    """The largest piece outside the field that is lit and coloured as the back of an eye.

    ``pixels`` are uint8 (y, x, 3). The result is the piece's area, of the whole field's: two eyes
    in one picture, side by side or one above the other, have 0.7 to 0.9 (the rim is left out).
    """
    step = max(1, round(max(pixels.shape[:2]) / LOOKED_AT))
    coarse = pixels[::step, ::step]
    rows = np.arange(len(coarse)) * step - field.y
    columns = np.arange(coarse.shape[1]) * step - field.x
    square = (rows**2)[:, None] + columns**2
    outside = square > (RIM * field.width) ** 2
    if not outside.any():
        return 0.0
    total = coarse @ np.ones(3, np.float32)
    light = np.quantile(total[square <= (field.width / 2) ** 2], 0.75)
    black = np.quantile(total[outside], BLACK)
    if black > light / 2:  # paper
        black = 0.0
    alike = outside & (total - black >= LIT * (light - black))
    # Next to nothing is lit outside a usual field: only there colours are looked at.
    red, green, blue = coarse[alike].astype(np.float32).T
    scale = np.maximum(np.maximum(red, green), blue) + 8  # the noise of black has no colour
    alike[alike] = (red - green >= RED * scale) & (green - blue >= GREEN * scale)
    opened = cv2.morphologyEx(alike.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(opened)
    largest = int(stats[1:, cv2.CC_STAT_AREA].max(initial=0))
    share: float = largest * step**2 / (np.pi / 4 * field.width**2)
    return share
