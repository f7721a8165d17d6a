"""What the answer loses with the regions that a heatmap shows, and with as large ones elsewhere.

Pixel by pixel removed (``curves``), a picture turns to grain, which a network that draws lesions
takes for lesions. A region is therefore painted over whole, in the colours around it.
"""

from collections.abc import Callable

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.truth_check import Painted

RIM = 3
"""Pixels round a region that go with it. Decided: a lesion's edge would still show it."""
MOST = 0.5
"""Of the assessed area: decided, where more would be painted over too little is left to take
colours from.
"""
_SPREADS = (2, 4, 8, 16, 32, 64)
_LEAST_KNOWN = 0.2
"""From how much that is known under a spread a colour is taken."""


def painted(
    picture: NDArray[np.float32],
    values: NDArray[np.float32],
    mask: NDArray[np.bool_],
    least: float,
    ask: Callable[[list[Tensor]], list[float]],
) -> Painted | None:
    """What ``ask`` tells of pictures (1, c, y, x) without what a map (y, x) shows, and elsewhere.

    None where the map shows nothing, or more than can be painted over.
    """
    shown = regions(values, mask, least)
    if shown is None:
        return None
    holes = (shown, *elsewhere(shown, mask))
    pictures = [torch.from_numpy(paint_over(picture, hole, mask))[None] for hole in holes]
    without, *others = ask(pictures)
    return Painted(float(shown.sum() / mask.sum()), without, (min(others), max(others)))


def regions(
    values: NDArray[np.float32], mask: NDArray[np.bool_], least: float
) -> NDArray[np.bool_] | None:
    """Where a map (y, x) is ``least`` or more within ``mask``, with a rim.

    None where it shows nothing, or more than can be painted over.
    """
    strong = (mask & (values > 0) & (values >= least)).astype(np.uint8)
    side = 2 * RIM + 1
    shown = mask & cv2.dilate(strong, np.ones((side, side), np.uint8)).astype(bool)
    return shown if 0 < shown.sum() <= MOST * mask.sum() else None


def elsewhere(shown: NDArray[np.bool_], mask: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """As many pixels in three other places: the same shapes, turned about the middle of the grid.

    Decided: what of them lies on what is shown, or outside ``mask``, is made up by the pixels
    nearest to them, else less would be painted over than by the map.
    """
    count, free = int(shown.sum()), mask & ~shown
    found = []
    for quarter in (1, 2, 3):
        turned = np.ascontiguousarray(np.rot90(shown, quarter))
        away = cv2.distanceTransform((~turned).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        places = np.flatnonzero(free)
        hole = np.zeros(free.size, bool)
        hole[places[np.argsort(away.flat[places], kind="stable")[:count]]] = True
        found.append(hole.reshape(free.shape))
    return found


def paint_over(
    picture: NDArray[np.float32], hole: NDArray[np.bool_], mask: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """The picture (c, y, x) with ``hole`` in the colours around it: the narrowest blur of what is
    known in ``mask`` that reaches.
    """
    painted, left = picture.copy(), hole.copy()
    known = (mask & ~hole).astype(np.float32)
    for spread in _SPREADS:
        weight = cv2.GaussianBlur(known, (0, 0), spread)
        reached = left & (weight > _LEAST_KNOWN)
        for channel, values in zip(painted, picture, strict=True):
            blurred = cv2.GaussianBlur(values * known, (0, 0), spread)
            channel[reached] = blurred[reached] / weight[reached]
        left &= ~reached
        if not left.any():
            break
    # Too far from all that is known: the middle of it all.
    painted[:, left] = np.median(picture[:, known > 0], axis=1)[:, None]
    return painted
