"""A map or a mask over a volume, tinted onto whichever slice is seen."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.seen.heatmap import Samples
from viewer.seen.plane import Plane


@dataclass(frozen=True, eq=False)
class VolumeOverlay:
    """``values`` is (z, y, x) on the volume's own grid; ``upper_end`` is the value shown as 1.

    Floats are a map and sampled between voxels; whole numbers are a mask, whose edges stay sharp.
    Those of ``labels`` are rows of ``label_table``, of which ``upper_end`` is the last. ``name``
    says in the corner what it is.
    """

    values: NDArray[Any]
    upper_end: float = 1.0
    name: str = ""
    labels: bool = False

    @property
    def is_mask(self) -> bool:
        """Whether it has no values between its voxels'."""
        return self.values.dtype.kind in "bui"

    @cached_property
    def extent(self) -> tuple[slice, slice, slice] | None:
        """Where it is not zero, (z, y, x); None if nowhere. Takes 0.1 s the first time."""
        spans = []
        seen = np.any(self.values, axis=2)
        for shadow in (seen.any(axis=1), seen.any(axis=0), np.any(self.values, axis=(0, 1))):
            found = np.flatnonzero(shadow)
            if not found.size:
                return None
            spans.append(slice(int(found[0]), int(found[-1]) + 1))
        return spans[0], spans[1], spans[2]

    def flat(self, plane: Plane, reach: range) -> NDArray[Any] | None:
        """What the slices of ``reach`` have of it, laid on each other within its extent, (y, x).

        A mask shows all that it has in any of them, where labels differ the one nearest to the
        plane's own slice; a map its greatest value. None if there is nothing.
        """
        if self.extent is None:
            return None
        span = self.extent[2 - plane.axis]
        there = [at for at in reach if at in range(span.start, span.stop)]
        if not there:
            return None
        rows, columns = (_widened(self, axis) for axis in reversed(plane.axes))
        slices = np.moveaxis(self.values, 2 - plane.axis, 0)[:, rows, columns]
        nearest, *others = sorted(there, key=lambda at: abs(at - plane.index))
        laid = np.asarray(slices[nearest])
        if others:
            laid = laid.copy()
        for at in others:
            if self.is_mask:
                np.copyto(laid, slices[at], where=laid == 0)
            else:
                np.maximum(laid, slices[at], out=laid)
        return laid

    def sample(self, plane: Plane, part: NDArray[Any]) -> Samples | None:
        """As much of ``part``, which is ``flat``, as a view shows, at the view's own size."""
        rows, columns = (_widened(self, axis) for axis in reversed(plane.axes))
        edges = np.array([[columns.start, rows.start], [columns.stop, rows.stop]]) - 0.5
        placed = edges @ plane.to_screen[:2, :2].T + plane.to_screen[:2, 2]
        low, high = np.ceil(placed.min(axis=0)), np.ceil(placed.max(axis=0))
        across = slice(int(max(low[0], 0)), int(min(high[0], plane.view[0])))
        down = slice(int(max(low[1], 0)), int(min(high[1], plane.view[1])))
        if down.start >= down.stop or across.start >= across.stop:
            return None
        back = plane.from_screen.copy()
        back[:2, 2] += back[:2, :2] @ (across.start, down.start)
        back[:2, 2] -= (columns.start - 1, rows.start - 1)
        size = (across.stop - across.start, down.stop - down.start)
        # One voxel repeated around it: beyond its outermost centres it goes on level.
        shares = np.multiply(part, 1 / self.upper_end, dtype=np.float32)
        wider = cv2.copyMakeBorder(shares, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
        sampling = cv2.INTER_NEAREST if self.is_mask else cv2.INTER_LINEAR
        sampled = cv2.warpAffine(wider, back[:2], size, flags=sampling | cv2.WARP_INVERSE_MAP)
        return Samples(down, across, np.asarray(sampled, np.float32))


def _widened(overlay: VolumeOverlay, axis: int) -> slice:
    """Its extent along a voxel axis; of a map one further, where it fades out."""
    if overlay.extent is None:
        return slice(0, 0)
    span, side = overlay.extent[2 - axis], overlay.values.shape[2 - axis]
    reach = 0 if overlay.is_mask else 1
    return slice(max(span.start - reach, 0), min(span.stop + reach, side))
