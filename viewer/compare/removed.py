"""Which part of a photograph is blacked out or left: the strongest evidence first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from engine.answers import Heatmap
from engine.geometry import Affine

_BLACK = 0xFF000000


@dataclass(frozen=True, eq=False)
class Order:
    """When each pixel of a map's grid goes.

    ``shares`` is float32 (y, x): the share of the assessed pixels, above 0 up to 1, from which on
    this one is removed, and above 1 where nothing was assessed. ``way_back`` maps the grid's (x, y)
    to the photograph's.
    """

    shares: NDArray[np.float32]
    way_back: Affine

    @classmethod
    def of(cls, heatmap: Heatmap) -> "Order":
        """By a map's own evidence; where it has none, nothing is said to have been assessed."""
        values = heatmap.values
        shares = np.full(values.size, 2, np.float32)
        count = int(np.count_nonzero(values))
        first = np.argsort(-values, axis=None, kind="stable")[:count]
        shares[first] = np.arange(1, count + 1, dtype=np.float32) / max(count, 1)
        return cls(shares.reshape(values.shape), heatmap.way_back)

    def black(self, share: float, *, revealed: bool) -> NDArray[np.bool_]:
        """The pixels of the grid that are black, (y, x): ``share`` of them, or all others.

        ``share`` is from 0 to 1. Outside of what was assessed none is.
        """
        gone: NDArray[np.bool_] = self.shares <= share
        if revealed:
            gone = ~gone & (self.shares <= 1)
        return gone


@dataclass(frozen=True)
class Removed:
    """What is black of a view: an order, how much of it, and which side of it."""

    order: Order
    share: float
    revealed: bool = False

    def image(self) -> QImage:
        """The grid's pixels, black or transparent."""
        black = self.order.black(self.share, revealed=self.revealed)
        pixels = np.where(black, np.uint32(_BLACK), np.uint32(0))
        height, width = pixels.shape
        kind = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(pixels.tobytes(), width, height, 4 * width, kind).copy()


def draw_removed(painter: QPainter, image: QImage, to_view: Affine, ratio: float) -> None:
    """Black out a view; ``to_view`` maps the grid's (x, y) to device pixels, ``ratio`` a logical.

    Whole squares, never smoothed: a pixel of the grid is removed or it is not.
    """
    left, top = (to_view[axis, 2] - to_view[axis, axis] / 2 + 0.5 for axis in (0, 1))
    wide, high = image.width() * to_view[0, 0], image.height() * to_view[1, 1]
    painter.drawImage(QRectF(left / ratio, top / ratio, wide / ratio, high / ratio), image)
