"""What experts marked in a photograph: lesions of each type, and which of them are one (Q7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.evaluation.detections import Labels

CONTAINED = 0.75
"""A pixel is marked where the experts' mean confidence is above it, strictly (the paper's)."""

Groups = NDArray[np.intp]
"""(lesions,): the number, from 0, of the merged lesion that each marked one belongs to."""


Confidence = NDArray[np.bool_] | NDArray[np.float32]
"""(y, x) on the photograph's grid: the experts' mean confidence, 0 to 1, or marked at all."""


class LesionType(StrEnum):
    """Types of lesion, by their full names: the usual letters clash (METHODS Q7.2)."""

    HARD_EXUDATES = "hard exudates"
    SOFT_EXUDATES = "soft exudates"
    MICROANEURYSMS = "microaneurysms"
    HAEMORRHAGES = "haemorrhages"
    OTHER = "other lesions"


EVALUATED = tuple(kind for kind in LesionType if kind is not LesionType.OTHER)
"""The paper's four, in its order. Others, new vessels for one, only excuse a detection on them."""


class Markings(Protocol):
    """Where the markings of one photograph come from."""

    def confidence(self, kind: LesionType, shape: tuple[int, int]) -> Confidence | None:
        """The markings of a type; None for none. ``shape`` is the photograph's (y, x).

        Raises ``Refusal`` if it cannot be read or has another size.
        """


@dataclass(frozen=True)
class Labelled:
    """A photograph whose lesions were marked. ``name`` is its file's, without the ending."""

    name: str
    photograph: Path
    markings: Markings


@dataclass(frozen=True)
class LeftOut:
    """A file that is not evaluated, and why: a sentence."""

    path: Path
    reason: str


@dataclass(frozen=True)
class LesionSet:
    """Photographs with marked lesions, in the order of their names, and what was left out."""

    pictures: tuple[Labelled, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, eq=False)
class Truth:
    """The lesions of one photograph: labels for each type that occurs, on its own grid.

    ``uncertain`` is where something of any type was marked with too little confidence, (y, x).
    """

    labels: Mapping[LesionType, Labels]
    uncertain: NDArray[np.bool_] | None = field(default=None)

    def count(self, kind: LesionType) -> int:
        """How many lesions of a type there are."""
        return int(self.labels[kind].max()) if kind in self.labels else 0


def truth(markings: Markings, shape: tuple[int, int], threshold: float = CONTAINED) -> Truth:
    """The 8-connected parts of where the mean confidence is above ``threshold``.

    ``shape`` is the photograph's (y, x). Raises ``Refusal`` as ``Markings.confidence`` does.
    """
    labels: dict[LesionType, Labels] = {}
    uncertain: NDArray[np.bool_] | None = None
    for kind in LesionType:
        confidence = markings.confidence(kind, shape)
        if confidence is None:
            continue
        marked = confidence > threshold
        if marked.any():
            _, found = cv2.connectedComponents(marked.astype(np.uint8), connectivity=8)
            labels[kind] = np.asarray(found, np.int32)
        doubtful = (confidence > 0) & ~marked
        if doubtful.any():
            uncertain = doubtful if uncertain is None else uncertain | doubtful
    return Truth(labels, uncertain)


def merged(labels: Labels, distance: float) -> Groups:
    """Join lesions closer than ``distance`` pixels, as an expert who outlines areas would.

    The distance of two lesions is that of their nearest pixels' centres. decided: only the counting
    changes; what lies between two lesions does not become a lesion. 0 joins nothing.
    """
    count = int(labels.max())
    owner = np.arange(count)
    if distance <= 0 or count < 2:
        return owner
    edges = _edges(labels, count)
    low = np.array([points.min(axis=0) for points in edges])
    high = np.array([points.max(axis=0) for points in edges])
    for one in range(count - 1):
        gap = np.maximum(low[one + 1 :] - high[one], low[one] - high[one + 1 :])
        near = np.hypot(*np.maximum(gap, 0).T) < distance
        for other in one + 1 + np.flatnonzero(near):
            if owner[one] != owner[other] and _closer(edges[one], edges[other], distance):
                owner[owner == owner[other]] = owner[one]
    _, groups = np.unique(owner, return_inverse=True)
    return groups.astype(np.intp)


def _edges(labels: Labels, count: int) -> list[NDArray[np.float64]]:
    """The outermost pixels (x, y) of each lesion."""
    marked = (labels > 0).astype(np.uint8)
    inner = cv2.erode(marked, np.ones((3, 3), np.uint8), borderValue=0)
    rows, columns = np.nonzero(marked > inner)
    owners = labels[rows, columns]
    order = np.argsort(owners, kind="stable")
    points = np.stack([columns, rows], axis=1)[order].astype(np.float64)
    return np.split(points, np.searchsorted(owners[order], np.arange(2, count + 1)))


def _closer(one: NDArray[np.float64], other: NDArray[np.float64], distance: float) -> bool:
    """Whether two pixels of the two are closer than so much."""
    low, high = other.min(axis=0) - distance, other.max(axis=0) + distance
    # Only what can be near enough is compared: plaques of exudate have long outlines.
    for start in range(0, len(one), 256):
        part = one[start : start + 256]
        part = part[((part > low) & (part < high)).all(axis=1)]
        if len(part):
            squares = ((part[:, None] - other) ** 2).sum(axis=2)
            if bool((squares < distance**2).any()):
                return True
    return False
