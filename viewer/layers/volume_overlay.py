"""A map or a mask over a volume, tinted onto whichever slice is seen."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.layers.heatmap import Samples
from viewer.panes.plane import Axis, Plane


@dataclass(frozen=True, eq=False)
class VolumeOverlay:
    """``values`` is (z, y, x) on the volume's own grid; ``upper_end`` is the value shown as 1.

    Floats are a map and sampled between voxels; whole numbers are a mask, whose edges stay sharp.
    ``name`` says in the corner what it is.
    """

    values: NDArray[Any]
    upper_end: float = 1.0
    name: str = ""

    @property
    def is_mask(self) -> bool:
        """Whether it has no values between its voxels'."""
        return self.values.dtype.kind in "bui"

    def sample(self, plane: Plane) -> Samples | None:
        """The part of it that a view shows, at the view's own size; None if there is none."""
        values = _slice(self.values, plane)
        x, y, width, height = cv2.boundingRect(np.asarray(values != 0, np.uint8))
        if not width:
            return None
        reach = 0 if self.is_mask else 1
        spans = (
            (max(x - reach, 0), min(x + width + reach, values.shape[1])),
            (max(y - reach, 0), min(y + height + reach, values.shape[0])),
        )
        return _warped(values, spans, plane, self)


def _slice(values: NDArray[Any], plane: Plane) -> NDArray[Any]:
    if plane.axis is Axis.X:
        return values[:, :, plane.index]
    return values[:, plane.index] if plane.axis is Axis.Y else values[plane.index]


def _warped(
    values: NDArray[Any],
    spans: tuple[tuple[int, int], tuple[int, int]],
    plane: Plane,
    overlay: VolumeOverlay,
) -> Samples | None:
    (left, right), (top, bottom) = spans
    edges = np.array([[left - 0.5, top - 0.5], [right - 0.5, bottom - 0.5]])
    placed = edges @ plane.to_screen[:2, :2].T + plane.to_screen[:2, 2]
    low, high = np.ceil(placed.min(axis=0)), np.ceil(placed.max(axis=0))
    columns = slice(int(max(low[0], 0)), int(min(high[0], plane.view[0])))
    rows = slice(int(max(low[1], 0)), int(min(high[1], plane.view[1])))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return None
    part = values[top:bottom, left:right].astype(np.float32) / overlay.upper_end
    wider = cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    back = plane.from_screen.copy()
    back[:2, 2] += back[:2, :2] @ (columns.start, rows.start)
    back[:2, 2] -= (left - 1, top - 1)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    sampling = cv2.INTER_NEAREST if overlay.is_mask else cv2.INTER_LINEAR
    sampled = cv2.warpAffine(wider, back[:2], size, flags=sampling | cv2.WARP_INVERSE_MAP)
    return Samples(rows, columns, np.asarray(np.clip(sampled, 0, 1), np.float32))
