"""Choosing a checkpoint on other pictures, and pooling scores of different scales (Q7.6)."""

import numpy as np
import pytest

from engine.evaluation.folds import cross_validated, fold_of
from engine.evaluation.froc import Found, Peaks, limited_area

MISSED = -np.inf


def pictures(generator: np.random.Generator, shift: float, scale: float = 1.0) -> list[Found]:
    """Twenty pictures; ``shift`` is how far hits stand above false detections."""
    return [
        Found(scale * generator.normal(size=30), scale * (shift + generator.normal(size=4)))
        for _ in range(20)
    ]


def test_folds_are_the_sorted_order_modulo_ten() -> None:
    assert fold_of(12).tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]


def test_the_better_candidate_is_chosen_in_every_fold() -> None:
    generator = np.random.default_rng(0)
    found = cross_validated(
        {"early": pictures(generator, 0.5), "late": pictures(generator, 2)}, fold_of(20)
    )
    assert [choice.candidate for choice in found.choices] == ["late"] * 10
    assert [choice.fold for choice in found.choices] == list(range(10))


def test_a_fold_is_not_chosen_by_its_own_pictures() -> None:
    # On the other fold "a" hits and "b" misses; on its own it is the other way round.
    hit, missed = Found(np.zeros(0), np.array([1.0])), Found(np.zeros(0), np.array([MISSED]))
    found = cross_validated({"a": [hit, missed], "b": [missed, hit]}, np.array([0, 1]))
    assert [choice.candidate for choice in found.choices] == ["b", "a"]
    assert limited_area(Peaks(found.found)) == 0


def test_scores_become_the_false_positives_a_picture_of_their_threshold() -> None:
    one = Found(np.array([9.0, 5.0, 5.0, 1.0]), np.array([7.0, MISSED]))
    two = Found(np.array([8.0, 2.0]), np.array([5.0, 0.5]))
    found = cross_validated({"only": [one, two]}, np.array([0, 1]))
    # Of the other picture's false detections, so many are at or above each score.
    assert found.found[0].false.tolist() == [0, -1, -1, -2]
    assert found.found[0].hits.tolist() == [-1, MISSED]
    assert found.found[1].false.tolist() == [-1, -3]
    assert found.found[1].hits.tolist() == [-3, -4]


def test_networks_of_different_scales_are_pooled_as_if_they_had_one() -> None:
    generator = np.random.default_rng(1)
    plain = pictures(generator, 2)
    # Each fold's candidate is plainly best on the others but speaks in its own units.
    scaled = {
        str(fold): [Found(10.0**fold * each.false, 10.0**fold * each.hits) for each in plain]
        for fold in range(2)
    }
    folds = fold_of(20, 2)
    apart = cross_validated({"1": scaled["1"]}, folds)
    assert limited_area(Peaks(apart.found)) == pytest.approx(
        limited_area(Peaks(cross_validated({"0": scaled["0"]}, folds).found))
    )
    assert limited_area(Peaks(apart.found)) == pytest.approx(limited_area(Peaks(plain)), abs=0.05)
