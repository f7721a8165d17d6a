"""The lesions of a drawn eye are those of its grade (ICDR, Wilkinson et al. 2003)."""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from engine.phantoms.ground import draw_anatomy
from engine.phantoms.lesions import Lesion, Mark
from engine.phantoms.severity import GRADES, draw_marks

SEEDS = range(150)
EXUDATES = (Lesion.HARD_EXUDATE, Lesion.SOFT_EXUDATE)
PROLIFERATIVE = (Lesion.NEW_VESSELS, Lesion.PRERETINAL_HAEMORRHAGE)


@cache
def _eyes(severity: int) -> list[list[Mark]]:
    eyes = []
    for seed in SEEDS:
        generator = np.random.default_rng(seed)
        anatomy = draw_anatomy(generator, (0.0, 0.0))
        eyes.append(draw_marks(generator, severity, anatomy, 1 if seed % 2 else -1))
    return eyes


def _kinds(marks: list[Mark]) -> Counter[Lesion]:
    return Counter(mark.kind for mark in marks)


def _fewest_in_a_quadrant(marks: list[Mark]) -> int:
    quadrants = Counter(
        (mark.x > 0, mark.y > 0) for mark in marks if mark.kind is Lesion.HAEMORRHAGE
    )
    return min(quadrants[right, down] for right in (False, True) for down in (False, True))


def test_grade_0_has_no_lesion() -> None:
    assert not any(_eyes(0))


def test_grade_1_has_microaneurysms_only() -> None:
    for marks in _eyes(1):
        assert set(_kinds(marks)) == {Lesion.MICROANEURYSM}


def test_grade_2_has_more_than_microaneurysms_and_less_than_grade_3() -> None:
    for marks in _eyes(2):
        kinds = _kinds(marks)
        assert kinds[Lesion.MICROANEURYSM]
        assert any(kinds[kind] for kind in (Lesion.HAEMORRHAGE, *EXUDATES))
        assert kinds[Lesion.HAEMORRHAGE] <= 20
        assert not any(kinds[kind] for kind in PROLIFERATIVE)


def test_grade_3_has_more_than_twenty_haemorrhages_in_each_quadrant() -> None:
    for marks in _eyes(3):
        assert _fewest_in_a_quadrant(marks) > 20
        assert not any(_kinds(marks)[kind] for kind in PROLIFERATIVE)


def test_grade_4_has_new_vessels_or_blood_before_the_retina_on_top() -> None:
    for marks in _eyes(4):
        kinds = _kinds(marks)
        assert any(kinds[kind] for kind in PROLIFERATIVE)
        assert kinds[Lesion.HAEMORRHAGE]


@pytest.mark.parametrize("severity", GRADES)
def test_every_lesion_lies_in_the_field(severity: int) -> None:
    for marks in _eyes(severity):
        assert all(np.hypot(mark.x, mark.y) < 1.0 and mark.radius > 0 for mark in marks)
