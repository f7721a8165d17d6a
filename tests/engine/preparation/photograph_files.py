"""Photographs' files as OpenCV reads them."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray


def read(path: Path) -> NDArray[np.uint8]:
    """uint8 (y, x, 3): red, green, blue."""
    pixels: NDArray[np.uint8] = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    return pixels
