"""Disc and fovea are found where they were drawn, doubted or not made up."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.answers import Landmarks
from engine.findings.disc_and_fovea import find_landmarks
from engine.findings.landmarks import landmarks_of
from engine.geometry import Circle
from engine.images.photograph import open_picture
from engine.phantoms.eye import PhantomEye, camera_of, draw_eye
from engine.pictures import Laterality
from engine.preparation.field_of_view import find_field_of_view
from engine.telling.region_words import AT_EDGE


def found_in(eye: PhantomEye) -> Landmarks:
    return find_landmarks(eye.pixels, find_field_of_view(eye.pixels).circle)


def away(place: tuple[float, float], truth: tuple[float, float], disc: Circle) -> float:
    """The distance in disc radii."""
    return float(np.hypot(place[0] - truth[0], place[1] - truth[1])) / disc.radius


@pytest.mark.parametrize("seed", range(2000, 2006))
def test_disc_and_fovea_of_a_drawn_eye_are_where_they_were_drawn(seed: int) -> None:
    eye = draw_eye(seed, width=500, camera=camera_of(seed))
    found = found_in(eye)
    assert found.disc is not None and found.fovea is not None
    assert away((found.disc.x, found.disc.y), (eye.disc.x, eye.disc.y), eye.disc) < 0.5
    assert away(found.fovea, eye.fovea, eye.disc) < 0.5
    assert found.disc.radius == pytest.approx(eye.disc.radius, rel=0.2)


@pytest.mark.parametrize("laterality", list(Laterality))
def test_the_side_of_the_disc_tells_which_eye_it_is(laterality: Laterality) -> None:
    eye = draw_eye(2, severity=0, laterality=laterality, width=500)
    assert found_in(eye).laterality is laterality


@pytest.mark.parametrize("width", [350, 600, 1200])
def test_landmarks_do_not_depend_on_the_resolution(width: int) -> None:
    eye = draw_eye(4, severity=2, width=width)
    found = found_in(eye)
    assert found.disc is not None and found.fovea is not None
    assert away((found.disc.x, found.disc.y), (eye.disc.x, eye.disc.y), eye.disc) < 0.3
    assert away(found.fovea, eye.fovea, eye.disc) < 0.3


def test_a_picture_without_an_eye_says_that_nothing_was_found() -> None:
    plain = np.zeros((400, 400, 3), np.uint8)
    cv2.circle(plain, (200, 200), 190, (180, 90, 30), -1)
    found = find_landmarks(plain, Circle(200, 200, 190))
    assert found.disc is None and found.fovea is None and found.laterality is None
    assert "disc was not found" in found.notes[0]


def test_a_fovea_outside_the_picture_is_not_found() -> None:
    eye = draw_eye(4, severity=0, laterality=Laterality.RIGHT, width=600)
    left = round(eye.disc.x - 2 * eye.disc.radius)
    cut = np.ascontiguousarray(eye.pixels[:, left:])
    found = find_landmarks(cut, Circle(eye.field.x - left, eye.field.y, eye.field.radius))
    assert found.disc is not None and found.fovea is None
    assert "fovea was not found" in found.notes[0]


@pytest.mark.parametrize("told", [None, *Laterality])
def test_with_the_disc_in_the_middle_no_fovea_is_made_up_for_one_that_is_out_of_sight(
    told: Laterality | None,
) -> None:
    """As cameras of 30 degrees take it."""
    for seed in range(4):
        eye = draw_eye(seed, severity=0, width=900)
        field = Circle(eye.disc.x, eye.disc.y, 4.4 * eye.disc.radius)
        found = find_landmarks(eye.pixels, field, told)
        assert found.disc is not None and found.fovea is None and found.laterality is None


@pytest.mark.parametrize("seed", [1, 5])
def test_a_fovea_at_the_edge_of_the_field_is_said_to_be_unsure(seed: int) -> None:
    """The same fovea, in a wide field and in one that ends shortly behind it."""
    eye = draw_eye(seed, severity=0, width=900)
    wide, narrow = (
        find_landmarks(eye.pixels, Circle(eye.disc.x, eye.disc.y, reach * eye.disc.radius))
        for reach in (8.0, 5.6)
    )
    assert narrow.fovea is not None and away(narrow.fovea, eye.fovea, eye.disc) < 0.5
    assert narrow.fovea_confidence < 0.6 < wide.fovea_confidence
    assert narrow.notes == (AT_EDGE,)


@pytest.mark.parametrize("name", ["chase_02R", "chase_04R", "chase_05L"])
def test_the_fovea_of_a_photograph_of_the_disc_is_not_told_as_sure(
    shared: Callable[[str], Path], name: str
) -> None:
    photograph = open_picture(shared("data/fundus/other") / f"{name}.jpg")
    found = landmarks_of(photograph.pixels, photograph.laterality)
    assert found.notes == (AT_EDGE,) and found.fovea_confidence < 0.75


@pytest.mark.parametrize("told", [None, Laterality.RIGHT])
@pytest.mark.parametrize("across", [True, False])
def test_a_picture_of_two_eyes_shows_no_fovea_and_neither_eye(
    across: bool, told: Laterality | None
) -> None:
    right, left = (
        draw_eye(2, severity=0, laterality=side, width=500).pixels for side in Laterality
    )
    found = landmarks_of(np.concatenate([right, left], axis=1 if across else 0), told)
    assert (found.disc, found.fovea, found.laterality) == (None, None, None)
    assert found.notes[0].startswith(
        "Disc and fovea were not looked for. The picture shows more than one field"
    )


def test_in_a_stretched_photograph_disc_and_fovea_are_not_looked_for() -> None:
    eye = draw_eye(2, severity=0, width=500).pixels
    wider = cv2.resize(eye, (round(1.3 * eye.shape[1]), len(eye))).astype(np.uint8)
    found = landmarks_of(wider)
    assert (found.disc, found.fovea, found.laterality) == (None, None, None)
    assert "looks stretched" in found.notes[0]


@pytest.mark.parametrize("told", list(Laterality))
def test_a_photograph_that_plainly_shows_the_other_eye_is_not_overruled(told: Laterality) -> None:
    drawn = next(each for each in Laterality if each is not told)
    eye = draw_eye(2, severity=0, laterality=drawn, width=500)
    found = find_landmarks(eye.pixels, find_field_of_view(eye.pixels).circle, told)
    assert found.laterality is drawn
    assert found.fovea is not None and away(found.fovea, eye.fovea, eye.disc) < 0.5


def test_a_fovea_nearer_to_the_disc_than_most_is_found_in_its_pit() -> None:
    """As in an eye whose disc looks larger than it is."""
    eye = draw_eye(9, severity=0, width=900)
    wide = 1.4 * eye.disc.radius
    cv2.circle(eye.pixels, (round(eye.disc.x), round(eye.disc.y)), round(wide), (250, 225, 170), -1)
    found = find_landmarks(eye.pixels, find_field_of_view(eye.pixels).circle)
    assert found.fovea is not None and away(found.fovea, eye.fovea, eye.disc) < 0.3


@pytest.mark.parametrize("name", ["chase_01L.jpg", "chase_02R.jpg"])
def test_the_fovea_of_a_photograph_is_not_looked_for_in_the_eye_that_it_does_not_show(
    shared: Callable[[str], Path], name: str
) -> None:
    """Both are taken with the disc in the middle; of the first the fovea is out of sight."""
    photograph = open_picture(shared("data/fundus/other") / name)
    found = landmarks_of(photograph.pixels, photograph.laterality)
    assert found.disc is not None and found.laterality in (None, photograph.laterality)


def test_the_disc_of_a_real_photograph_is_found(shared: Callable[[str], Path]) -> None:
    folder = shared("data/fundus/idrid_lesions")
    pixels = np.asarray(cv2.imread(str(folder / "IDRiD_10.jpg")))[..., ::-1]
    marked = np.asarray(cv2.imread(str(folder / "IDRiD_10_OD.png"), cv2.IMREAD_GRAYSCALE)) > 0
    pixels = np.ascontiguousarray(pixels)
    found = find_landmarks(pixels, find_field_of_view(pixels).circle)
    assert found.disc is not None
    y, x = np.argwhere(marked).mean(axis=0)
    radius = float(np.sqrt(marked.sum() / np.pi))
    assert np.hypot(found.disc.x - x, found.disc.y - y) < radius
