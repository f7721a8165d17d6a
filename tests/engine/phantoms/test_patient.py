"""A made-up patient: one retina over the years, worsening by the rules at places that are known."""

from collections import Counter

import cv2
import numpy as np
import pytest

from engine.phantoms.eye import draw_eye
from engine.phantoms.lesions import Lesion
from engine.phantoms.patient import PATH, draw_patient
from engine.pictures import Laterality

WIDTH = 500


@pytest.fixture(scope="module")
def visits():
    return list(draw_patient(3, width=WIDTH))


def test_grades_never_fall_and_dates_rise(visits) -> None:
    assert len(visits) == 6
    days = [visit.date for visit in visits]
    assert days == sorted(set(days))
    for side in Laterality:
        assert tuple(visit.grades[side] for visit in visits) == PATH[side]


@pytest.mark.parametrize("seed", range(3))
def test_every_visit_shows_the_rules_of_its_grade(seed: int) -> None:
    for visit in draw_patient(seed, width=120):
        for side, eye in visit.eyes.items():
            kinds = Counter(mark.kind for mark in eye.marks)
            grade = visit.grades[side]
            bleeding = [mark for mark in eye.marks if mark.kind is Lesion.HAEMORRHAGE]
            soft = sum(kinds[kind] for kind in (Lesion.HARD_EXUDATE, Lesion.SOFT_EXUDATE))
            proliferative = kinds[Lesion.NEW_VESSELS] + kinds[Lesion.PRERETINAL_HAEMORRHAGE]
            assert bool(kinds[Lesion.MICROANEURYSM]) == (grade >= 1)
            assert bool(bleeding or soft) == (grade >= 2)
            assert bool(proliferative) == (grade == 4)
            if grade == 2:
                assert len(bleeding) <= 20
            if grade >= 3:
                middle = np.array([eye.field.x, eye.field.y])
                aside = np.array(eye.fovea) - middle
                plain = draw_eye(
                    seed * 2 + (side is Laterality.LEFT), laterality=side, width=120, lesions=()
                )
                moved = (aside - (np.array(plain.fovea) - middle)) / eye.field.radius
                quadrants = Counter((mark.x > moved[0], mark.y > moved[1]) for mark in bleeding)
                assert min(quadrants.values()) > 20
                assert len(quadrants) == 4


def test_what_is_new_and_gone_is_the_difference_of_visits(visits) -> None:
    for side in Laterality:
        known: set[int] = set()
        for visit in visits:
            seeds = {mark.seed for mark in visit.eyes[side].marks}
            assert {mark.seed for mark in visit.new[side]} == seeds - known
            assert {mark.seed for mark in visit.gone[side]} == known - seeds
            known = seeds
        assert any(visit.gone[side] for visit in visits), "something is resorbed"


def test_lesions_keep_their_place_on_the_retina(visits) -> None:
    for side in Laterality:
        placed: dict[int, np.ndarray] = {}
        shifts = []
        for visit in visits:
            eye = visit.eyes[side]
            fovea = (np.array(eye.fovea) - (eye.field.x, eye.field.y)) / eye.field.radius
            shifts.append(fovea)
            for mark in eye.marks:
                place = np.array([mark.x, mark.y]) - fovea
                assert np.allclose(placed.setdefault(mark.seed, place), place, atol=1e-9)
        assert np.ptp(np.array(shifts), axis=0).max() > 0.02, "the camera never looks quite alike"


def test_the_retina_itself_moves_with_disc_and_fovea(visits) -> None:
    first, second = (visits[number].eyes[Laterality.RIGHT] for number in (0, 1))
    moved = np.array([second.disc.x - first.disc.x, second.disc.y - first.disc.y])
    # The disc with the vessels that leave it, looked for in the other picture.
    half = int(2.2 * first.disc.radius)
    x, y = round(first.disc.x), round(first.disc.y)
    patch = first.pixels[y - half : y + half, x - half : x + half]
    found = cv2.matchTemplate(second.pixels, patch, cv2.TM_CCOEFF_NORMED)
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert np.allclose((column + half - x, row + half - y), moved, atol=1.5)
    assert np.hypot(*moved) > 3


def test_the_same_seed_is_the_same_patient() -> None:
    first, again = (list(draw_patient(5, visits=2, width=120)) for _ in range(2))
    for one, two in zip(first, again, strict=True):
        assert one.date == two.date
        for side in Laterality:
            assert np.array_equal(one.eyes[side].pixels, two.eyes[side].pixels)


@pytest.mark.parametrize("visits", [1, 2, 9])
def test_any_count_of_visits_ends_at_the_worst(visits: int) -> None:
    last = list(draw_patient(1, visits=visits, width=120))[-1]
    assert last.grades == {Laterality.RIGHT: 3, Laterality.LEFT: 4}
    with pytest.raises(ValueError, match="at least once"):
        next(draw_patient(1, visits=0))
