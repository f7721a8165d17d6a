"""A drawn eye of training has the signs that its grade asks for, and none that it forbids."""

from collections import Counter
from functools import cache

import numpy as np

from engine.phantoms.ground import draw_anatomy
from engine.phantoms.lesions import Lesion, Mark
from engine.phantoms.real_marks import draw_real_marks
from engine.phantoms.severe import QUADRANTS, Signs, bead, draw_signs
from engine.phantoms.vessels import Vessel

SEEDS = range(60)
PROLIFERATIVE = {Lesion.NEW_VESSELS, Lesion.PRERETINAL_HAEMORRHAGE}


@cache
def _eyes(severity: int) -> list[tuple[Signs, tuple[Mark, ...]]]:
    eyes = []
    for seed in SEEDS:
        generator = np.random.default_rng(seed)
        anatomy = draw_anatomy(generator, (0.0, 0.0))
        signs = draw_signs(generator, severity, beading=seed % 3 > 0)
        sign = 1 if seed % 2 else -1
        eyes.append((signs, draw_real_marks(generator, severity, signs, anatomy, sign)))
    return eyes


def _kinds(marks: tuple[Mark, ...]) -> Counter[Lesion]:
    return Counter(mark.kind for mark in marks)


def _fewest_in_a_quadrant(marks: tuple[Mark, ...]) -> int:
    blood = [mark for mark in marks if mark.kind is Lesion.HAEMORRHAGE]
    return min(
        sum(right * mark.x > 0 and down * mark.y > 0 for mark in blood) for right, down in QUADRANTS
    )


def test_a_severe_eye_shows_at_least_one_of_the_three_signs() -> None:
    for signs, marks in _eyes(3):
        many = _fewest_in_a_quadrant(marks) > 20
        abnormal = _kinds(marks)[Lesion.MICROVASCULAR] >= 1
        assert many or abnormal or len(set(signs.beaded)) >= 2
        assert not PROLIFERATIVE & set(_kinds(marks))


def test_each_of_the_three_signs_is_met_alone() -> None:
    alone = Counter(
        (signs.bleeding, bool(signs.beaded), bool(signs.abnormal)) for signs, _ in _eyes(3)
    )
    for only in ((True, False, False), (False, True, False), (False, False, True)):
        assert alone[only] >= 1


def test_a_lesser_eye_shows_none_of_the_three() -> None:
    for severity in (0, 1, 2):
        for signs, marks in _eyes(severity):
            assert signs == Signs()
            assert _kinds(marks)[Lesion.HAEMORRHAGE] <= 20
            assert not _kinds(marks)[Lesion.MICROVASCULAR]


def test_the_kinds_of_the_milder_grades_are_those_of_the_scale() -> None:
    assert not any(marks for _, marks in _eyes(0))
    assert all(set(_kinds(marks)) == {Lesion.MICROANEURYSM} for _, marks in _eyes(1))
    for _, marks in _eyes(2):
        kinds = set(_kinds(marks))
        assert Lesion.MICROANEURYSM in kinds
        assert len(kinds) > 1
        assert not PROLIFERATIVE & kinds


def test_a_proliferative_eye_has_new_vessels_or_blood_before_the_retina() -> None:
    assert all(PROLIFERATIVE & set(_kinds(marks)) for _, marks in _eyes(4))


def test_an_eye_with_exudates_has_as_many_as_real_ones() -> None:
    counts = [_kinds(marks)[Lesion.HARD_EXUDATE] for _, marks in _eyes(2)]
    # IDRiD: 70 in the median, 5 to 445; half of ours run together or go under.
    assert 70 < np.median([count for count in counts if count]) < 180


def test_veins_are_beaded_in_the_quadrants_asked_for_and_nowhere_else() -> None:
    path = np.stack([np.linspace(-0.8, 0.8, 60), np.full(60, -0.3)], axis=1)
    vein, artery = (Vessel(path, np.full(60, 0.01), artery) for artery in (False, True))
    beaded, left_alone = bead(np.random.default_rng(1), [vein, artery], ((1, -1),))
    inside = beaded.path[:, 0] > 0
    assert np.ptp(beaded.half[inside]) > 0.4 * 0.01
    assert np.allclose(beaded.half[~inside], 0.01)
    assert left_alone is artery
