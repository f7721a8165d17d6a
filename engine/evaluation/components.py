"""Detections as connected parts of a thresholded heatmap: METHODS Q7.3's option `components`.

A part hits every lesion that it touches. Thresholds are the same for all pictures, so they are
known only when all maps are there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.evaluation.detections import Labels, Touches
from engine.evaluation.lesion_truth import LesionType
from engine.evaluation.verdict import Judgement
from engine.geometry import Affine

THRESHOLDS = 200

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Mapped:
    """A smoothed map and its field, both (y, x), with what its pixels cover.

    ``covered`` are pairs of a network pixel, counted along rows, and a lesion with a pixel in it;
    ``doubtful`` are the network pixels that hold something marked with too little confidence.
    """

    values: NDArray[np.float32]
    within: NDArray[np.bool_]
    covered: Mapping[LesionType, Touches]
    doubtful: NDArray[np.intp]


def covered(labels: Labels, way_back: Affine, shape: tuple[int, int]) -> Touches:
    """Which lesions have a pixel in which network pixel: (n, 2), flat network pixel and lesion.

    ``labels`` lie on the photograph's grid, ``shape`` is the network's (y, x).
    """
    rows, columns = np.nonzero(labels)
    x = np.rint((columns - way_back[0, 2]) / way_back[0, 0]).astype(np.intp)
    y = np.rint((rows - way_back[1, 2]) / way_back[1, 1]).astype(np.intp)
    inside = (x >= 0) & (y >= 0) & (x < shape[1]) & (y < shape[0])
    pairs = np.stack([y * shape[1] + x, labels[rows, columns].astype(np.intp) - 1], axis=1)
    return np.unique(pairs[inside], axis=0).reshape(-1, 2)


def thresholds(maps: Sequence[Mapped]) -> Values:
    """``THRESHOLDS`` quantiles of the values in all pictures' fields, falling, none twice.

    decided: the shares of pixels above them are equally far apart in their logarithm, from one in
    a million to a tenth: the whole curve lies among the highest values, and lower down the parts
    run together until one covers every lesion. Zero and less is no evidence, and no threshold.
    """
    if not maps:
        return np.zeros(0)
    values = np.concatenate([each.values[each.within] for each in maps])
    shares = np.geomspace(1e-6, 0.1, THRESHOLDS)
    found = np.unique(np.quantile(values, 1 - shares, method="higher"))[::-1]
    return found[found > 0].astype(np.float64)


def judge(mapped: Mapped, threshold: float) -> Judgement:
    """The 8-connected parts of where the map is the threshold or more, and what they touch."""
    above = ((mapped.values >= threshold) & mapped.within).astype(np.uint8)
    count, numbers = cv2.connectedComponents(above, connectivity=8)
    part_of = numbers.ravel().astype(np.intp) - 1  # -1 where there is none
    touches = {}
    for kind, pairs in mapped.covered.items():
        met = np.stack([part_of[pairs[:, 0]], pairs[:, 1]], axis=1)
        touches[kind] = np.unique(met[met[:, 0] >= 0], axis=0).reshape(-1, 2)
    doubtful = np.zeros(count - 1, bool)
    met_doubt = part_of[mapped.doubtful]
    doubtful[met_doubt[met_doubt >= 0]] = True
    return Judgement(count - 1, touches, doubtful)


class Components:
    """False positives and hits at every threshold; for ``froc``.

    ``false`` and ``hits`` are (pictures, thresholds), ``lesions`` is (pictures,). Parts merge as
    the threshold falls, so that both may fall again: the curve takes the highest so far.
    """

    def __init__(
        self, false: NDArray[np.intp], hits: NDArray[np.intp], lesions: NDArray[np.intp]
    ) -> None:
        self.pictures = len(lesions)
        self.lesions = lesions
        self._false, self._hits = false.astype(float), hits.astype(float)

    @property
    def steps(self) -> int:
        """How many thresholds there are."""
        return int(self._false.shape[1])

    def sweep(self, weights: Values, steps: int) -> tuple[Values, Values]:
        """See ``froc.Swept``."""
        false = weights @ self._false[:, :steps] / weights.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            sensitivity = weights @ self._hits[:, :steps] / (weights @ self.lesions[:, None])
        return np.maximum.accumulate(false, axis=1), np.maximum.accumulate(sensitivity, axis=1)
