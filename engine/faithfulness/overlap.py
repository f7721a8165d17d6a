"""A map against what was marked as lesions: by a reader's outlines, or in a mask."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.geometry import Affine, apply
from engine.preparation.resampling import resample_box
from engine.truth_check import Overlap

_FINER = 8  # a lesion of half a network pixel counts by half

Outline = tuple[tuple[float, float], ...]
"""Corners (x, y) of a closed line, in photograph pixels."""


class Marked(Protocol):
    """Where lesions are, as shares of a grid's pixels."""

    def on_grid(self, way_back: Affine, shape: tuple[int, int]) -> NDArray[np.float32]:
        """How much of each pixel of a grid is marked, 0 to 1, (y, x) of ``shape``.

        ``way_back`` maps the grid's (x, y) to the photograph's by one scale and a shift.
        """


@dataclass(frozen=True)
class Outlines:
    """What a reader drew."""

    outlines: Sequence[Outline]

    def on_grid(self, way_back: Affine, shape: tuple[int, int]) -> NDArray[np.float32]:
        """See ``Marked``."""
        canvas = np.zeros((shape[0] * _FINER, shape[1] * _FINER), np.uint8)
        to_grid = np.asarray(np.linalg.inv(way_back), np.float64)
        for outline in self.outlines:
            points = apply(to_grid, np.array(outline, np.float64))
            # The middle of fine pixel 0 lies at -1/2 + 1/(2 _FINER); 1/256 is OpenCV's own grid.
            fine = (points + 0.5) * _FINER - 0.5
            # One at a time: two lines that cross would leave their common part empty.
            cv2.fillPoly(canvas, [np.round(fine * 256).astype(np.int32)], 1, shift=8)
        parts = canvas.reshape(shape[0], _FINER, shape[1], _FINER)
        marked: NDArray[np.float32] = parts.mean(axis=(1, 3)).astype(np.float32)
        return marked


@dataclass(frozen=True, eq=False)
class Mask:
    """Marked pixels of the photograph, bool (y, x)."""

    marked: NDArray[np.bool_]

    def on_grid(self, way_back: Affine, shape: tuple[int, int]) -> NDArray[np.float32]:
        """See ``Marked``: the mean over each grid pixel's area."""
        scale = float(way_back[0, 0])
        height, width = self.marked.shape
        # Nothing is marked beyond the photograph's border: a frame keeps it from being repeated.
        framed = np.zeros((height + 2, width + 2, 1), np.float32)
        framed[1:-1, 1:-1, 0] = self.marked
        left, top = (float(way_back[axis, 2]) - scale / 2 + 1 for axis in (0, 1))
        resampled = resample_box(framed, left, top, scale * shape[1], shape[1])
        marked: NDArray[np.float32] = resampled[..., 0]
        return marked


def overlap(
    values: NDArray[np.float32], mask: NDArray[np.bool_], marked: NDArray[np.float32]
) -> Overlap | None:
    """The map's overlap with ``marked``, all (y, x); None where nothing is marked in the field."""
    evidence, weights = values[mask].astype(np.float64), marked[mask].astype(np.float64)
    area = weights.sum()
    if area <= 0:
        return None
    total = evidence.sum()
    strongest = np.argsort(-evidence, kind="stable")
    count = max(1, round(area))
    return Overlap(
        float(evidence @ weights / total) if total else 0.0,
        float(area / weights.size),
        float(weights[strongest[:count]].mean()),
        bool(total > 0 and weights[strongest[0]] > 0),
    )
