"""A photograph's field on a small grid of fixed size, so that every eye looks alike to a finder."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.geometry import Affine, Circle, scaling

Plane = NDArray[np.float32]

RADIUS = 160  # pixels from the field's centre to its edge: a retinal vein is 4 wide
MARGIN = 0.97  # of the field's radius: beyond lies its soft edge


@dataclass(frozen=True, eq=False)
class Reduced:
    """The square round a field: ``pixels`` float32 (n, n, 3), 0–255, n = 2 ``radius``.

    ``mask`` (n, n) is where retina was photographed. ``way_back`` maps (x, y) here to picture
    (x, y).
    """

    pixels: Plane
    mask: NDArray[np.bool_]
    radius: int
    way_back: Affine

    def halved(self) -> "Reduced":
        """The same at half the size."""
        size = (self.radius, self.radius)
        pixels = cv2.resize(self.pixels, size, interpolation=cv2.INTER_AREA)
        mask = cv2.resize(self.mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        back = self.way_back @ scaling(2, 0.5, 0.5)
        return Reduced(np.asarray(pixels, np.float32), mask > 0.5, self.radius // 2, back)


def reduce(pixels: NDArray[np.uint8], field: Circle, radius: int = RADIUS) -> Reduced:
    """Bring the square round ``field`` of a photograph, uint8 (y, x, 3), to (2 ``radius``)²."""
    height, width = pixels.shape[:2]
    step = field.radius / radius
    size = (max(1, round(width / step)), max(1, round(height / step)))
    shrunk = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if step > 1 else 1)
    # Pixel centres at whole numbers; the rounded size makes the scale differ a little by axis.
    across, down = size[0] / width, size[1] / height
    x, y = (field.x + 0.5) * across - 0.5, (field.y + 0.5) * down - 0.5
    middle = radius - 0.5
    shift = np.array([[1, 0, middle - x], [0, 1, middle - y]])
    squared = cv2.warpAffine(shrunk, shift, (2 * radius, 2 * radius), flags=cv2.INTER_LINEAR)
    offset = np.arange(2 * radius) - middle
    mask = np.hypot(offset[:, None], offset) <= MARGIN * radius
    mask &= ((offset + y >= 0) & (offset + y <= size[1] - 1))[:, None]
    mask &= (offset + x >= 0) & (offset + x <= size[0] - 1)
    back = np.array(
        [
            [1 / across, 0, field.x - middle / across],
            [0, 1 / down, field.y - middle / down],
            [0, 0, 1],
        ]
    )
    return Reduced(squared.astype(np.float32), mask, radius, back)


def blur_within(values: Plane, mask: Plane, sigma: float) -> Plane:
    """A Gaussian mean of ``values`` over ``mask`` (1 inside, 0 outside) alone."""
    weight = np.maximum(cv2.GaussianBlur(mask, (0, 0), sigma), 1e-3)
    return np.asarray(cv2.GaussianBlur(values * mask, (0, 0), sigma) / weight, np.float32)


def against_ring(
    values: Plane, mask: Plane, inner: float, ring: tuple[float, float], needed: tuple[float, float]
) -> Plane:
    """How a disc of radius ``inner`` differs from the ring round it, everywhere: (y, x).

    The difference of the means over the root of the summed variances; -inf where less than
    ``needed`` of disc and ring lies in ``mask``. Lengths are in pixels.
    """
    reach = int(np.ceil(ring[1]))
    offset = np.arange(-reach, reach + 1)
    far = np.hypot(offset[:, None], offset)
    disc = np.clip(inner - far + 0.5, 0, 1)
    around = np.clip(far - ring[0] + 0.5, 0, 1) * np.clip(ring[1] - far + 0.5, 0, 1)
    means, spreads, seen = [], [], np.ones(values.shape, np.bool_)
    for kernel, share in zip((disc, around), needed, strict=True):
        count = _sum(mask, kernel)
        mean = _sum(values * mask, kernel) / np.maximum(count, 1)
        means.append(mean)
        spreads.append(_sum(values * values * mask, kernel) / np.maximum(count, 1) - mean**2)
        seen &= count >= share * kernel.sum()
    spread = np.maximum(spreads[0], 0) + np.maximum(spreads[1], 0) + _FLOOR**2
    return np.where(seen, (means[0] - means[1]) / np.sqrt(spread), -np.inf).astype(np.float32)


_FLOOR = 0.03  # spread of even tissue, in parts of the background: below it nothing is surer


def _sum(values: Plane, kernel: NDArray[np.float64]) -> Plane:
    weighed = cv2.filter2D(values, -1, kernel.astype(np.float32), borderType=cv2.BORDER_CONSTANT)
    return np.asarray(weighed, np.float32)
