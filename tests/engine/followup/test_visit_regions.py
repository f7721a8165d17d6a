"""What is new and gone between visits of a drawn patient, against what was drawn."""

from collections import Counter
from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.answers import Heatmap, Region
from engine.findings.landmarks import landmarks_of
from engine.followup.compare import Compared, Then, compare
from engine.geometry import Circle, apply
from engine.phantoms.eye import Lesion, Mark, PhantomEye, draw_eye
from engine.phantoms.patient import draw_patient
from engine.pictures import Laterality
from engine.task import Task
from engine.visits.change import Fate

SIZE = 448
"""Of the maps: the input of the networks of the papers."""


def map_of(
    pixels: NDArray[np.uint8], field: Circle, spots: list[tuple[float, float, float]]
) -> Heatmap:
    """A map that is bright at spots (x, y, radius) of the photograph, as a network's would be."""
    step = 2 * field.radius / SIZE
    back = np.array(
        [[step, 0, field.x - field.radius], [0, step, field.y - field.radius], [0, 0, 1]]
    )
    rows, columns = np.mgrid[:SIZE, :SIZE]
    values = np.zeros((SIZE, SIZE), np.float32)
    for x, y, radius in spots:
        far = np.hypot(back[0, 0] * columns + back[0, 2] - x, back[1, 1] * rows + back[1, 2] - y)
        values[far <= max(radius, step)] = 1
    return Heatmap(values, back, (pixels.shape[0], pixels.shape[1]))


def places(marks: tuple[Mark, ...], field: Circle) -> list[tuple[float, float, float]]:
    return [
        (field.x + each.x * field.radius, field.y + each.y * field.radius,
         each.radius * field.radius)
        for each in marks
    ]  # fmt: skip


def then(eye: PhantomEye) -> Then:
    heatmap = map_of(eye.pixels, eye.field, places(eye.marks, eye.field))
    return Then(eye.pixels, landmarks_of(eye.pixels), heatmap, eye.field)


def compared(earlier: Then, later: Then) -> Compared:
    return compare(earlier, later, 0.25, lambda _: None, Task())  # type: ignore[arg-type,return-value]


def holds(region: Region, spots: list[tuple[float, float, float]]) -> bool:
    """Whether a spot's centre lies in the region."""
    for x, y, _ in spots:
        column, row = apply(np.linalg.inv(region.way_back), np.array([[x, y]]))[0].round()
        inside = 0 <= row < region.cells.shape[0] and 0 <= column < region.cells.shape[1]
        if inside and region.cells[int(row), int(column)]:
            return True
    return False


def counted(seed: int, width: int) -> Counter[tuple[str, str, bool]]:
    """Of all regions of a patient: in which list, its fate, and whether it truly came or went."""
    found: Counter[tuple[str, str, bool]] = Counter()
    visits = list(draw_patient(seed, width=width))
    for side in Laterality:
        seen = [then(visit.eyes[side]) for visit in visits]
        for (earlier, _), (later, visit) in pairwise(zip(seen, visits, strict=True)):
            result = compared(earlier, later)
            alignment = result.change.alignment
            assert alignment is not None, (seed, side, result.change.notes)
            field = visit.eyes[side].field
            back = np.linalg.inv(np.array(alignment.matrix))
            gone = [
                (*apply(back, np.array([[x, y]]))[0].tolist(), radius)
                for x, y, radius in places(visit.gone[side], field)
            ]
            new = places(visit.new[side], field)
            for change in result.change.regions:
                if change.later is not None:
                    true = holds(result.later[change.later], new)
                    found["later", str(change.fate), true] += 1
                elif change.earlier is not None:
                    true = holds(result.earlier[change.earlier], gone)
                    found["earlier", str(change.fate), true] += 1
    return found


def rates(found: Counter[tuple[str, str, bool]], which: str, *fates: str) -> tuple[float, float]:
    """Precision and recall; what is uncertain counts as missed."""
    hit = sum(found[which, fate, True] for fate in fates)
    called = hit + sum(found[which, fate, False] for fate in fates)
    true = sum(count for (place, _, is_so), count in found.items() if place == which and is_so)
    return hit / max(called, 1), hit / max(true, 1)


@pytest.mark.proof
@pytest.mark.timeout(3000)
def test_what_came_and_went_in_twenty_drawn_patients_is_told() -> None:
    found: Counter[tuple[str, str, bool]] = Counter()
    for seed in range(1, 21):
        found += counted(seed, 1400)
    new, gone = rates(found, "later", "new", "grown"), rates(found, "earlier", "gone")
    print(f"new or grown: precision {new[0]:.3f} recall {new[1]:.3f}; ", end="")  # noqa: T201
    print(f"gone: precision {gone[0]:.3f} recall {gone[1]:.3f}; {dict(found)}")  # noqa: T201
    assert new[0] > 0.95 and new[1] > 0.8
    assert gone[0] > 0.7 and gone[1] > 0.8


def eye_with(*marks: Mark, aside: tuple[float, float] = (0.0, 0.0)) -> PhantomEye:
    return draw_eye(4, lesions=marks, width=700, aside=aside, laterality=Laterality.RIGHT)


OLD = Mark(Lesion.HAEMORRHAGE, -0.1, 0.45, 0.03)
OTHER = Mark(Lesion.HARD_EXUDATE, -0.3, -0.35, 0.02)


def fates(found: Compared) -> list[tuple[Fate, bool, bool]]:
    return sorted(
        (each.fate, each.earlier is not None, each.later is not None)
        for each in found.change.regions
    )


def test_a_lesion_that_came_is_new_and_one_that_went_is_gone() -> None:
    found = compared(then(eye_with(OLD)), then(eye_with(OTHER, aside=(0.04, 0.02))))
    assert fates(found) == [(Fate.GONE, True, False), (Fate.NEW, False, True)]


def test_a_lesion_that_became_larger_has_grown_and_is_told_once() -> None:
    small, large = (Mark(OLD.kind, OLD.x, OLD.y, radius) for radius in (0.02, 0.05))
    found = compared(then(eye_with(small)), then(eye_with(large, aside=(0.04, 0.02))))
    assert fates(found) == [(Fate.GROWN, True, True)]


def test_a_lesion_in_the_place_of_one_that_went_is_new_and_has_not_grown_of_it() -> None:
    # So near that their regions lie on each other; the one is dark, the other bright.
    one, other = Mark(OLD.kind, OLD.x, OLD.y, 0.03), Mark(OTHER.kind, OLD.x + 0.055, OLD.y, 0.03)
    eyes = eye_with(one), eye_with(other)
    earlier, later = (
        Then(eye.pixels, landmarks_of(eye.pixels),
             map_of(eye.pixels, eye.field, [(x, y, 1.3 * radius)
                                            for x, y, radius in places(eye.marks, eye.field)]),
             eye.field)
        for eye in eyes
    )  # fmt: skip
    assert fates(compared(earlier, later)) == [(Fate.GONE, True, False), (Fate.NEW, False, True)]


def test_a_lesion_that_the_model_saw_only_later_is_not_new() -> None:
    earlier, later = eye_with(OLD), eye_with(OLD, aside=(0.04, 0.02))
    blind = Then(
        earlier.pixels, landmarks_of(earlier.pixels),
        map_of(earlier.pixels, earlier.field, [(300.0, 200.0, 12.0)]), earlier.field,
    )  # fmt: skip
    found = compared(blind, then(later))
    assert (Fate.STAYED, False, True) in fates(found)
    assert not [
        each for each in found.change.regions if each.fate in (Fate.NEW, Fate.GROWN, Fate.GONE)
    ]


def test_what_lies_outside_the_area_assessed_before_is_uncertain() -> None:
    earlier, later = eye_with(), eye_with(OLD)
    x, y, _ = places((OLD,), earlier.field)[0]
    small = Circle(earlier.field.x, earlier.field.y, 0.3 * earlier.field.radius)
    assert np.hypot(x - small.x, y - small.y) > small.radius
    part = Then(earlier.pixels, landmarks_of(earlier.pixels),
                map_of(earlier.pixels, earlier.field, []), small)  # fmt: skip
    found = compared(part, then(later))
    assert {each.fate for each in found.change.regions} == {Fate.UNCERTAIN}


def test_in_another_light_and_sharpness_nothing_is_new() -> None:
    eye = eye_with(OLD, OTHER)
    rows = np.linspace(0.75, 1.1, eye.pixels.shape[0])[:, None, None]
    dim = cv2.GaussianBlur(eye.pixels * rows, (0, 0), 1.2)
    noise = np.random.default_rng(0).normal(0, 2, dim.shape)
    other = np.clip(dim + noise * (eye.pixels > 15), 0, 255).astype(np.uint8)
    grid = [(eye.field.x + 80 * a, eye.field.y + 80 * b, 8.0) for a in range(-3, 4)
            for b in range(-3, 4) if a * a + b * b < 10]  # fmt: skip
    one, two = (
        Then(pixels, landmarks_of(pixels), map_of(pixels, eye.field, grid), eye.field)
        for pixels in (eye.pixels, other)
    )
    found = compared(one, two)
    assert not [
        each for each in found.change.regions if each.fate in (Fate.NEW, Fate.GROWN, Fate.GONE)
    ]
    assert len(found.change.regions) >= 20


def test_that_only_the_strongest_of_many_regions_are_compared_is_said() -> None:
    eye = eye_with()
    few, again, many = (
        Then(eye.pixels // shade, landmarks_of(eye.pixels), map_of(eye.pixels, eye.field, [
            (eye.field.x + 50 * a, eye.field.y + 50 * b, 8.0)
            for a in range(-3, 4) for b in range(-3, reach)
        ]), eye.field)
        for reach, shade in ((1, 1), (1, 2), (4, 2))
    )  # fmt: skip
    note = "Of each visit the 40 strongest regions are compared."
    assert note not in compared(few, again).change.notes
    assert note in compared(few, many).change.notes


def test_of_one_photograph_twice_no_change_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "engine.followup.compare._stage", lambda *_: pytest.fail("stages were compared")
    )
    eye = eye_with(OLD)
    found = compared(then(eye), then(eye))
    assert (found.change.alignment, found.change.regions, found.earlier) == (None, (), ())
    assert found.change.notes == ("Both are the same photograph.",)


def test_two_eyes_are_not_compared_and_words_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    # Not by their stages either: those are not even looked at.
    monkeypatch.setattr(
        "engine.followup.compare._stage", lambda *_: pytest.fail("stages were compared")
    )
    other = draw_eye(5, lesions=[OLD], width=700, laterality=Laterality.RIGHT)
    found = compared(then(eye_with(OLD)), then(other))
    assert found.change.alignment is None and not found.change.regions
    assert any("same eye" in note for note in found.change.notes)
