"""From a heatmap to detections, and from detections to the lesions they lie on (METHODS Q7.3)."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import Heatmap
from engine.geometry import Affine, Circle, apply

SMOOTHING = 1.0  # network pixels
WINDOW = 7  # network pixels: a peak is above all others of it
MOST = 200  # detections of a picture
REACH = 2.0  # network pixels within which a lesion is hit

Labels = NDArray[np.int32]
"""(y, x) on the photograph's grid: 0 where there is no lesion, else the lesion's number from 1."""

Touches = NDArray[np.intp]
"""(n, 2): the number of a detection, and that of a lesion it hits, both from 0."""


@dataclass(frozen=True, eq=False)
class Detections:
    """Where a heatmap says that something is.

    ``points`` is (k, 2), x and y in photograph pixels; ``scores`` is (k,), falling. ``reach`` is
    how far, in photograph pixels, a detection may lie from a lesion that it hits.
    """

    points: NDArray[np.float64]
    scores: NDArray[np.float64]
    reach: float


def assessed_pixels(heatmap: Heatmap, assessed: Circle) -> NDArray[np.bool_]:
    """The network pixels whose centres lie in the eroded field and on the photograph, (y, x)."""
    rows, columns = heatmap.values.shape
    scale = heatmap.way_back[0, 0]
    x = scale * np.arange(columns) + heatmap.way_back[0, 2]
    y = scale * np.arange(rows) + heatmap.way_back[1, 2]
    height, width = heatmap.picture_shape
    inside: NDArray[np.bool_] = np.hypot(x - assessed.x, (y - assessed.y)[:, None]) <= (
        assessed.radius
    )
    inside &= (x >= -0.5) & (x <= width - 0.5)
    inside &= ((y >= -0.5) & (y <= height - 0.5))[:, None]
    return inside


def smoothed(values: NDArray[np.float32], deviation: float = SMOOTHING) -> NDArray[np.float64]:
    """A map (y, x) blurred by a Gaussian of so many network pixels; 0 leaves it as it is."""
    plain = values.astype(np.float64)
    if not deviation:
        return plain
    reach = int(np.ceil(4 * deviation))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    weights /= weights.sum()
    # decided: nothing lies outside the frame, as nothing lies outside the field.
    blurred = cv2.sepFilter2D(plain, -1, weights, weights, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(blurred, np.float64)


def peaks(values: NDArray[np.float64], within: NDArray[np.bool_], way_back: Affine) -> Detections:
    """The strict local maxima of a smoothed map (y, x) ``within`` the field, 200 at most.

    A flat top is no maximum, so a constant map has none.
    """
    around = np.ones((WINDOW, WINDOW), np.uint8)
    around[WINDOW // 2, WINDOW // 2] = 0
    rows, columns = np.nonzero((values > cv2.dilate(values, around)) & within)
    scores = values[rows, columns]
    kept = np.argsort(-scores, kind="stable")[:MOST]
    points = np.stack([columns[kept], rows[kept]], axis=1).astype(np.float64)
    return Detections(apply(way_back, points), scores[kept], REACH * float(way_back[0, 0]))


def touches(detections: Detections, labels: Labels) -> Touches:
    """Which detections hit which lesions: those with a pixel's centre within reach.

    A detection that lies on a lesion is within reach of it: two network pixels are more than half
    the diagonal of a photograph pixel wherever a photograph is gradable.
    """
    found: list[tuple[int, int]] = []
    for number, point in enumerate(detections.points):
        found += [(number, lesion) for lesion in _near(point, detections.reach, labels)]
    return np.array(found, np.intp).reshape(-1, 2)


def _near(point: NDArray[np.float64], reach: float, labels: Labels) -> list[int]:
    """The lesions, from 0, with a pixel's centre no further than ``reach`` from (x, y)."""
    height, width = labels.shape
    x, y = float(point[0]), float(point[1])
    columns = np.arange(max(int(np.ceil(x - reach)), 0), min(int(np.floor(x + reach)) + 1, width))
    rows = np.arange(max(int(np.ceil(y - reach)), 0), min(int(np.floor(y + reach)) + 1, height))
    if not len(columns) or not len(rows):
        return []
    window = labels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if not window.any():
        return []
    near = (columns - x) ** 2 + ((rows - y) ** 2)[:, None] <= reach**2
    return [int(label) - 1 for label in np.unique(window[near & (window > 0)])]
