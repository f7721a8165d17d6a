"""A made-up patient: both eyes at several visits, worsening at places that are known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng

from engine.phantoms.camera import PLAIN, Camera
from engine.phantoms.eye import PhantomEye, draw_eye, streams_of
from engine.phantoms.ground import Anatomy, draw_anatomy
from engine.phantoms.lesions import Lesion, Mark
from engine.phantoms.severity import draw_marks
from engine.pictures import Laterality

PATH = {Laterality.RIGHT: (0, 0, 1, 2, 2, 3), Laterality.LEFT: (0, 1, 2, 2, 3, 4)}
"""ICDR grades at six visits; other counts of visits take the nearest of these."""
FIRST = date(2019, 3, 12)
RESORBED = 3
"""Haemorrhages of each eye that are there at its first moderate visit alone."""


@dataclass(frozen=True, eq=False)
class PhantomVisit:
    """Both eyes at one visit. ``new`` and ``gone`` since the visit before, as marks of this one.

    Marks are in field radii of this visit's picture; what is gone lies where it would be now.
    """

    date: date
    eyes: Mapping[Laterality, PhantomEye]
    grades: Mapping[Laterality, int]
    new: Mapping[Laterality, tuple[Mark, ...]]
    gone: Mapping[Laterality, tuple[Mark, ...]]


def draw_patient(seed: int, *, visits: int = 6, width: int = 1400) -> Iterator[PhantomVisit]:
    """Draw the visits of patient ``seed``, first to last.

    Every lesion stays where it came, but for a few haemorrhages that are resorbed. The camera
    looks a little aside at every visit, and its light differs.

    Raises:
        ValueError: fewer than one visit.
    """
    if visits < 1:
        raise ValueError(f"a patient comes at least once, not {visits} times")
    courses = {side: _Course.draw(seed, side, visits) for side in Laterality}
    draw = default_rng(SeedSequence([seed, 77]))
    day = FIRST + timedelta(days=int(draw.integers(60)))
    before: dict[Laterality, frozenset[int]] = dict.fromkeys(Laterality, frozenset())
    for visit in range(visits):
        eyes, new, gone, grades = {}, {}, {}, {}
        for side, course in courses.items():
            camera, aside = _camera(draw), _aside(draw)
            there = course.there(visit)
            shown = tuple(course.marks[i] for i in sorted(there))
            moved = [mark.moved(*aside) for mark in course.marks]
            eyes[side] = replace(
                draw_eye(
                    course.seed, laterality=side, width=width, camera=camera, lesions=shown,
                    aside=aside,
                ),
                severity=course.grades[visit],
            )  # fmt: skip
            grades[side] = course.grades[visit]
            new[side] = tuple(moved[i] for i in sorted(there - before[side]))
            gone[side] = tuple(moved[i] for i in sorted(before[side] - there))
            before[side] = there
        yield PhantomVisit(day, eyes, grades, new, gone)
        day += timedelta(days=int(draw.integers(170, 420)))


@dataclass(frozen=True)
class _Course:
    """What becomes of one eye: its lesions as a plain camera shows them, and when each is there."""

    seed: int
    sign: int
    grades: tuple[int, ...]
    marks: tuple[Mark, ...]
    spans: tuple[tuple[int, int], ...]
    """The first visit at which each is there, and the first at which it is there no more."""

    @classmethod
    def draw(cls, seed: int, side: Laterality, visits: int) -> "_Course":
        own = seed * 2 + (side is Laterality.LEFT)
        sign = 1 if side is Laterality.RIGHT else -1
        grades = _grades(PATH[side], visits)
        generator = default_rng(SeedSequence([own, 78]))
        anatomy = draw_anatomy(streams_of(own)[1], PLAIN.gaze)
        marks: list[Mark] = []
        spans: list[tuple[int, int]] = []
        for mark in _worst(generator, anatomy, sign, max(grades)):
            marks.append(mark)
            spans.append((_onset(mark, marks, grades), visits))
        marks, spans = _graded(generator, anatomy, sign, grades, marks, spans)
        return cls(own, sign, grades, tuple(marks), tuple(spans))

    def there(self, visit: int) -> frozenset[int]:
        """Which marks are there at a visit."""
        return frozenset(i for i, (come, go) in enumerate(self.spans) if come <= visit < go)


def _worst(generator: Generator, anatomy: Anatomy, sign: int, grade: int) -> list[Mark]:
    """The marks of the worst visit; a proliferative eye was a severe one before."""
    marks = draw_marks(generator, min(grade, 3), anatomy, sign)
    if grade == 4:
        later = (Lesion.NEW_VESSELS, Lesion.PRERETINAL_HAEMORRHAGE)
        marks += [mark for mark in draw_marks(generator, 4, anatomy, sign) if mark.kind in later]
    return marks


def _grades(path: Sequence[int], visits: int) -> tuple[int, ...]:
    places = np.rint(np.linspace(0, len(path) - 1, visits)).astype(int)
    return tuple(path[place] for place in places) if visits > 1 else (path[-1],)


def _first(grades: Sequence[int], least: int) -> int:
    """The first visit with a grade of at least so much; behind the last where there is none."""
    return next((visit for visit, grade in enumerate(grades) if grade >= least), len(grades))


def _onset(mark: Mark, so_far: Sequence[Mark], grades: Sequence[int]) -> int:
    """When a mark of the worst grade comes, so that every visit shows the rules of its own."""
    alike = sum(other.kind is mark.kind for other in so_far)
    match mark.kind:
        case Lesion.MICROANEURYSM:
            return _first(grades, 1 if alike % 2 else 2)
        case Lesion.NEW_VESSELS | Lesion.PRERETINAL_HAEMORRHAGE:
            return _first(grades, 4)
        case Lesion.HAEMORRHAGE:
            # A moderate eye has at most 20; it gets the first few, and more at a later visit.
            if alike > 12:
                return _first(grades, 3)
            later = _first(grades, 2) + (alike > 5)
            return min(later, _first(grades, 3))
        case _:
            return min(_first(grades, 2) + alike % 2, _first(grades, 3))


def _graded(
    generator: Generator,
    anatomy: Anatomy,
    sign: int,
    grades: Sequence[int],
    marks: list[Mark],
    spans: list[tuple[int, int]],
) -> tuple[list[Mark], list[tuple[int, int]]]:
    """Add the haemorrhages that are resorbed: there at the first moderate visit alone."""
    come = _first(grades, 2)
    if come + 1 >= len(grades) or grades[come] != 2:
        return marks, spans
    drawn: list[Mark] = []
    while len(drawn) < RESORBED:
        found = draw_marks(generator, 2, anatomy, sign)
        drawn += [mark for mark in found if mark.kind is Lesion.HAEMORRHAGE]
    return marks + drawn[:RESORBED], spans + [(come, come + 1)] * RESORBED


def _camera(draw: Generator) -> Camera:
    """The same make at every visit, in other light."""
    return replace(
        PLAIN,
        brightness=float(draw.uniform(0.9, 1.08)),
        gradient=(float(draw.normal(0.02, 0.03)), float(draw.normal(-0.03, 0.03))),
    )


def _aside(draw: Generator) -> tuple[float, float]:
    """No eye looks quite where it looked before."""
    across, down = np.clip(draw.normal(0, 0.035, 2), -0.08, 0.08)
    return float(across), float(down)
