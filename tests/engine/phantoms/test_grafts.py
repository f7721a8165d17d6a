"""Lesions laid on a photograph change it within their masks alone, and look as sharp as it is."""

import numpy as np
import pytest

from engine.geometry import Circle
from engine.phantoms.eye import draw_eye
from engine.phantoms.grafts import Host, graft, host
from engine.phantoms.lesions import Lesion

EYE = draw_eye(5, severity=0, width=500)


def _host() -> Host:
    return host(EYE.pixels, EYE.field, EYE.disc, EYE.fovea)


@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_nothing_changes_outside_the_masks_of_lesions_and_of_what_is_harmless(
    severity: int,
) -> None:
    laid = graft(_host(), 11, severity)
    inside = np.any([laid.harmless, *laid.lesions.values()], axis=0)
    assert inside.any()
    assert np.array_equal(laid.pixels[~inside], EYE.pixels[~inside])
    assert not np.array_equal(laid.pixels[inside], EYE.pixels[inside])


def test_a_graft_of_grade_0_is_the_photograph_but_for_what_is_harmless() -> None:
    grafts = [graft(_host(), seed, 0) for seed in range(8)]
    for laid in grafts:
        assert np.array_equal(laid.pixels[~laid.harmless], EYE.pixels[~laid.harmless])
        assert not any(mask.any() for mask in laid.lesions.values())
    assert {bool(laid.harmless.any()) for laid in grafts} == {True, False}


def test_blood_darkens_and_exudates_brighten() -> None:
    for seed in range(4):
        laid = graft(_host(), seed, 3)
        change = laid.pixels[..., 1].astype(int) - EYE.pixels[..., 1]
        only = {
            kind: mask & (sum(other.astype(int) for other in laid.lesions.values()) == 1)
            for kind, mask in laid.lesions.items()
        }
        assert change[only[Lesion.HAEMORRHAGE]].mean() < -2
        if only[Lesion.HARD_EXUDATE].any():
            assert change[only[Lesion.HARD_EXUDATE]].mean() > 2


def test_every_seed_lays_others() -> None:
    pictures = {graft(_host(), seed, 2).pixels.tobytes() for seed in range(12)}
    assert len(pictures) == 12


def test_the_photograph_itself_is_left_alone() -> None:
    before = EYE.pixels.copy()
    graft(_host(), 2, 4)
    assert np.array_equal(EYE.pixels, before)


def test_a_fovea_that_was_not_found_is_taken_to_lie_beside_the_disc() -> None:
    guessed = host(EYE.pixels, EYE.field, EYE.disc)
    known = _host()
    assert np.hypot(*np.subtract(guessed.fovea, known.fovea)) < 0.15


def test_a_disc_that_was_not_found_is_taken_to_lie_on_the_brighter_side() -> None:
    guessed = host(EYE.pixels, EYE.field)
    assert np.sign(guessed.disc[0]) == np.sign(_host().disc[0])


def test_a_photograph_without_any_landmark_takes_lesions() -> None:
    grey = np.full((200, 200, 3), 120, np.uint8)
    laid = graft(host(grey, Circle(99.5, 99.5, 98.0)), 3, 2)
    assert any(mask.any() for mask in laid.lesions.values())


def test_a_severity_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 4"):
        graft(_host(), 1, -1)
