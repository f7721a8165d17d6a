"""Affine maps between grids, a map laid on a picture's own grid, and where a tag stands on a line.

Pixel centres lie at whole numbers: pixel i covers [i - 1/2, i + 1/2]. Points are (x, y), arrays
(y, x).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.banded import Banded

Affine = NDArray[np.float64]
"""3x3, float64: maps a column (x, y, 1) of one grid to another."""


@dataclass(frozen=True)
class Circle:
    """A circle in picture pixels."""

    x: float
    y: float
    radius: float


def scaling(scale: float, x: float, y: float) -> Affine:
    """The affine that multiplies by ``scale`` and then adds (x, y)."""
    return np.array([[scale, 0.0, x], [0.0, scale, y], [0.0, 0.0, 1.0]])


def apply(affine: Affine, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map points (n, 2), columns x and y, to (n, 2)."""
    moved: NDArray[np.float64] = points @ affine[:2, :2].T + affine[:2, 2]
    return moved


def place(
    values: NDArray[np.float32], way_back: Affine, shape: tuple[int, int]
) -> NDArray[np.float32]:
    """Lay a map on its picture's own grid by bilinear sampling, 0 outside the map's frame.

    ``values`` is (y, x) on the network's grid, ``way_back`` maps network (x, y) to picture (x, y)
    by one scale and a shift, ``shape`` is the picture's (y, x). Values are per network pixel and
    are not multiplied by the scale (METHODS Q1.3). Exact: sampled in float64 positions, without
    the fixed-point grid of image libraries.
    """
    height, width = shape
    rows = _positions((np.arange(height) - way_back[1, 2]) / way_back[1, 1], values.shape[0])
    columns = _positions((np.arange(width) - way_back[0, 2]) / way_back[0, 0], values.shape[1])
    placed = np.zeros(shape, np.float32)
    _weights(rows).down(_weights(columns).along(values), out=placed[rows.inside, columns.inside])
    return placed


@dataclass(frozen=True, eq=False)
class _Positions:
    """Those pixels of a line that lie ``inside`` of a map: ``at``, from 0 to ``last``."""

    inside: slice
    at: NDArray[np.float64]
    last: int


def _positions(at: NDArray[np.float64], count: int) -> _Positions:
    """Those of rising positions ``at`` that lie within the outer edges of ``count`` map pixels."""
    last = count - 1
    start, end = np.searchsorted(at, -0.5), np.searchsorted(at, last + 0.5, "right")
    return _Positions(slice(int(start), int(end)), np.clip(at[start:end], 0, last), last)


def _weights(positions: _Positions) -> Banded:
    """Each pixel is made of the two of the map that it lies between."""
    low = np.minimum(positions.at.astype(np.intp), max(positions.last - 1, 0))
    part = (positions.at - low).astype(np.float32)
    sources = np.stack([low, np.minimum(low + 1, positions.last)], axis=1)
    return Banded.of(sources, np.stack([1 - part, part], axis=1))


def ring(circle: Circle) -> NDArray[np.float64]:
    """A circle as a closed line (n, 2), a point every two degrees."""
    turns = np.radians(np.arange(0, 360, 2))
    around = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    points: NDArray[np.float64] = (circle.x, circle.y) + circle.radius * around
    return points
