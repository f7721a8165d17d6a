"""Which detections are false for one type of lesion, and which lesions they hit (METHODS Q7.3).

A map does not know types, so a detection on a lesion of another type is counted in both ways.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.detections import Touches
from engine.evaluation.lesion_truth import Groups, LesionType


class OtherLesions(StrEnum):
    """What a detection on a lesion of another type is: nothing, or a false positive."""

    IGNORE = "ignore"
    COUNT = "count"


@dataclass(frozen=True, eq=False)
class Judgement:
    """Detections of one picture: how many, which lesions each hits, and which are doubtful.

    ``doubtful``, (count,), are those on what was marked with too little confidence, where the
    protocol excuses them.
    """

    count: int
    touches: Mapping[LesionType, Touches]
    doubtful: NDArray[np.bool_]


def verdict(
    judgement: Judgement,
    groups: Mapping[LesionType, Groups],
    kind: LesionType,
    others: OtherLesions,
) -> tuple[NDArray[np.bool_], Touches]:
    """Which detections are false, (count,), and pairs of a detection and the merged lesion it hits.

    ``groups`` tells which of the marked lesions are one.
    """
    own = judgement.touches.get(kind, np.zeros((0, 2), np.intp))
    kept = judgement.doubtful.copy()
    kept[own[:, 0]] = True
    if others is OtherLesions.IGNORE:
        for pairs in judgement.touches.values():
            kept[pairs[:, 0]] = True
    if not len(own):
        return ~kept, own
    return ~kept, np.stack([own[:, 0], groups[kind][own[:, 1]]], axis=1)
