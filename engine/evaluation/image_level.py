"""Whether a photograph contains a type of lesion, by its map's maximum (METHODS Q7.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.evaluation import roc
from engine.evaluation.lesion_level import Marked
from engine.evaluation.lesion_truth import EVALUATED, LesionType

GROUPS: Mapping[str, tuple[LesionType, ...]] = {
    **{str(kind): (kind,) for kind in EVALUATED},
    "red lesions": (LesionType.MICROANEURYSMS, LesionType.HAEMORRHAGES),
    "bright lesions": (LesionType.HARD_EXUDATES, LesionType.SOFT_EXUDATES),
}
"""The types, and Figure 7's groups of them."""


@dataclass(frozen=True)
class ImageLevel:
    """A_z of the maps' maxima for one group, and the point of the curve nearest to (1, 1).

    ``threshold`` of the maxima is that point's; None where nothing is called.
    """

    area: roc.Area
    sensitivity: float
    specificity: float
    threshold: float | None


def contains(marked: Sequence[Marked], kinds: Sequence[LesionType]) -> NDArray[np.bool_]:
    """Whether each photograph has a lesion of one of the types, (pictures,)."""
    return np.array([any(each.count(kind) for kind in kinds) for each in marked], bool)


def image_level(
    scores: NDArray[np.float64],
    truth: NDArray[np.bool_],
    patients: NDArray[np.intp] | None = None,
) -> ImageLevel | None:
    """The figures of one group; all arrays are (pictures,), ``patients`` as for ``roc.area``.

    None where fewer than two photographs have it, or fewer than two have not.
    """
    try:
        area = roc.area(scores, truth, patients=patients)
    except Refusal:
        return None
    return ImageLevel(area, *roc.nearest_pair(scores, truth))
