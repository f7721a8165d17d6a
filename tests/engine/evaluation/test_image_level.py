"""Photographs that contain a type of lesion, told by their maps' maxima (METHODS Q7.5)."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from engine.evaluation.image_level import GROUPS, contains, image_level
from engine.evaluation.lesion_level import Marked
from engine.evaluation.lesion_truth import LesionType


def photograph(*kinds: LesionType) -> Marked:
    return Marked("eye", {0.0: {kind: np.zeros(1, np.intp) for kind in kinds}})


MARKED = [
    photograph(LesionType.MICROANEURYSMS),
    photograph(LesionType.HAEMORRHAGES, LesionType.SOFT_EXUDATES),
    photograph(LesionType.OTHER),
    photograph(),
]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("microaneurysms", [True, False, False, False]),
        ("red lesions", [True, True, False, False]),
        ("bright lesions", [False, True, False, False]),
    ],
)
def test_a_group_is_contained_where_one_of_its_types_is(group: str, expected: list[bool]) -> None:
    assert contains(MARKED, GROUPS[group]).tolist() == expected


def test_the_figures_are_those_of_the_maxima() -> None:
    scores = np.array([0.4, 0.2, 0.1, 0.3])
    truth = contains(MARKED, GROUPS["red lesions"])
    found = image_level(scores, truth)
    assert found is not None
    assert found.area.value == roc_auc_score(truth, scores)
    assert (found.sensitivity, found.specificity, found.threshold) == (0.5, 1.0, 0.4)


def test_a_type_that_all_photographs_have_has_no_figure() -> None:
    assert image_level(np.arange(4.0), np.ones(4, bool)) is None
