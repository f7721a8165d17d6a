"""Where a drawn eye lies in its picture, and polygons drawn there with smooth edges.

A point of the field is (x, y) in units of the field's radius, the origin in the field's centre, x
to the right and y down, as the picture shows it. Everything that is drawn is measured in these
units, so that the same eye comes out at any width.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.geometry import Circle

_SHIFT = 4  # cv2 takes polygon corners in 16ths of a pixel


@dataclass(frozen=True)
class Frame:
    """A picture's shape and the circle of the field in it, in pixels."""

    height: int
    width: int
    field: Circle

    def to_pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the field (..., 2) as pixels (..., 2), columns x and y."""
        moved: NDArray[np.float64] = points * self.field.radius + (self.field.x, self.field.y)
        return moved

    def moved(self, across: float, down: float) -> "Frame":
        """The same picture with the field's origin elsewhere, by so many field radii."""
        x, y, r = self.field.x, self.field.y, self.field.radius
        return Frame(self.height, self.width, Circle(x + across * r, y + down * r, r))

    def blank(self) -> NDArray[np.uint8]:
        """An empty layer, uint8 (y, x)."""
        return np.zeros((self.height, self.width), np.uint8)

    def grid(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Every pixel's x (1, width) and y (height, 1) in field units."""
        x = (np.arange(self.width, dtype=np.float32) - self.field.x) / self.field.radius
        y = (np.arange(self.height, dtype=np.float32) - self.field.y) / self.field.radius
        return x[None].astype(np.float32), y[:, None].astype(np.float32)

    def spread(self, layer: NDArray[np.float32], half: float) -> NDArray[np.float32]:
        """Lay planes (c, n, n) that cover [-half, half] of the field on the picture's grid."""
        cells = layer.shape[-1]
        scale = 2 * half * self.field.radius / cells
        # Pixel centres at whole numbers: cell i's centre lies at -half + (i + 1/2) 2 half / cells.
        shift = -half * self.field.radius + scale / 2
        affine = np.array(
            [[scale, 0, self.field.x + shift], [0, scale, self.field.y + shift]], np.float64
        )
        laid = np.empty((len(layer), self.height, self.width), np.float32)
        for plane, coarse in zip(laid, layer, strict=True):
            cv2.warpAffine(
                coarse,
                affine,
                (self.width, self.height),
                dst=plane,
                flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
        return laid


def fill(layer: NDArray[np.uint8], corners: NDArray[np.float64], value: int) -> None:
    """Fill one polygon, corners (n, 2) in pixels, with a smooth edge; overwrites what is there."""
    fixed = np.round(corners * (1 << _SHIFT)).astype(np.int32)
    cv2.fillPoly(layer, [fixed[:, None]], value, cv2.LINE_AA, _SHIFT)


def soften(layer: NDArray[np.uint8], sigma: float) -> NDArray[np.float32]:
    """A layer as float32 0 to 1, blurred by ``sigma`` pixels (not at all below a third of one)."""
    scaled = layer.astype(np.float32) * np.float32(1 / 255)
    if sigma < 0.33:
        return scaled
    return np.asarray(cv2.GaussianBlur(scaled, (0, 0), sigma), np.float32)
