"""What else stands on a view, so that words can keep off it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF


@dataclass(frozen=True, eq=False)
class Around:
    """Boxes of words, and closed lines (n, 2), in logical pixels."""

    boxes: Sequence[QRectF] = ()
    lines: Sequence[NDArray[np.float64]] = ()
