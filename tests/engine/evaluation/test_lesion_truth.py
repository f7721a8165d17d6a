"""Lesions of a confidence map, strictly above the threshold, and lesions that are one."""

import numpy as np
import pytest
from given_markings import Given
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.evaluation.lesion_truth import LesionType, merged, truth

KIND = LesionType.MICROANEURYSMS


def test_three_experts_of_four_are_not_enough() -> None:
    confidence = np.zeros((9, 9), np.float32)
    confidence[1, 1] = 0.75  # three are sure and one is silent
    confidence[5, 5] = 0.8125  # and here the fourth says perhaps
    found = truth(Given({KIND: confidence}), (9, 9))
    assert found.count(KIND) == 1
    assert found.labels[KIND][5, 5] == 1
    assert found.uncertain is not None
    assert np.argwhere(found.uncertain).tolist() == [[1, 1]]
    assert truth(Given({KIND: confidence}), (9, 9), 0.5).count(KIND) == 2


def test_pixels_that_meet_at_a_corner_are_one_lesion() -> None:
    marked = np.zeros((9, 9), bool)
    marked[1, 1] = marked[2, 2] = marked[2, 5] = True
    found = truth(Given({KIND: marked}), (9, 9))
    assert found.count(KIND) == 2
    assert found.count(LesionType.HAEMORRHAGES) == 0
    assert found.uncertain is None


def linked(labels: np.ndarray, distance: float) -> set[frozenset[int]]:
    """Single linkage by comparing every two pixels."""
    pixels = {label: np.argwhere(labels == label) for label in range(1, labels.max() + 1)}
    groups = [{label} for label in pixels]
    for one, first in pixels.items():
        for other, second in pixels.items():
            if np.hypot(*(first[:, None] - second).T).min() < distance:
                left = next(group for group in groups if one in group)
                right = next(group for group in groups if other in group)
                if left is not right:
                    left |= right
                    groups.remove(right)
    return {frozenset(group) for group in groups}


@given(
    arrays.arrays(np.bool_, (14, 16), fill=st.just(False)), st.integers(1, 9) | st.floats(0.5, 9)
)
def test_lesions_closer_than_the_distance_are_one(marked: np.ndarray, distance: float) -> None:
    found = truth(Given({KIND: marked}), marked.shape)
    if KIND not in found.labels:
        return
    labels = found.labels[KIND]
    groups = merged(labels, distance)
    assert {
        frozenset((np.flatnonzero(groups == group) + 1).tolist()) for group in np.unique(groups)
    } == linked(labels, distance)
    assert set(groups) == set(range(groups.max() + 1))


def test_nothing_is_joined_at_zero() -> None:
    labels = np.array([[1, 0, 2]], np.int32)
    assert merged(labels, 0).tolist() == [0, 1]
    assert merged(labels, 2.0).tolist() == [0, 1]
    assert merged(labels, 2.1).tolist() == [0, 0]
    # These are five apart, the boxes around them not four.
    slanted = np.zeros((7, 5), np.int32)
    slanted[[0, 1, 2, 3], [3, 2, 1, 0]] = 1
    slanted[6, 4] = 2
    assert merged(slanted, 5).tolist() == [0, 1]
    assert merged(slanted, 5.1).tolist() == [0, 0]


@pytest.mark.parametrize("kind", list(LesionType))
def test_types_go_by_their_full_names(kind: LesionType) -> None:
    assert len(str(kind)) > 10
