"""The small pictures of regions that stand in the rows of their list."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

_SMALL = 88
"""Pixels of a row's small picture: twice what it takes, for screens of a higher ratio."""


def cropped(pixels: NDArray[Any], boxes: list[tuple[int, int, int, int]]) -> dict[int, QImage]:
    """Parts of a photograph, uint8 (y, x, 3), by numbers from 1; empty ones are left out.

    ``boxes`` are left, top, right, bottom, as edges of pixels counted from the first.
    """
    pictures = {}
    for number, (left, top, right, bottom) in enumerate(boxes, 1):
        part = np.ascontiguousarray(pixels[top:bottom, left:right])
        if not part.size:
            continue
        scale = _SMALL / max(part.shape[:2])
        size = (max(round(part.shape[1] * scale), 1), max(round(part.shape[0] * scale), 1))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = np.ascontiguousarray(cv2.resize(part, size, interpolation=way))
        image = QImage(
            small.data, size[0], size[1], 3 * size[0], QImage.Format.Format_RGB888
        ).copy()
        pictures[number] = image
    return pictures
