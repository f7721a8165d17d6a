"""The annotated picture says which eye it is, where that is known."""

import numpy as np

from engine.answers import Look
from engine.pictures import Laterality, Photograph
from engine.reports import annotated

SIDE = 960
LOOK = Look(0.7, 0.1, "azure")


def corner(eye: Laterality | None) -> np.ndarray:
    photograph = Photograph(np.full((SIDE, SIDE, 3), 90, np.uint8), "eye.png", "c" * 64, eye)
    return np.asarray(annotated.draw(photograph, None, None, LOOK))[:40, :160].astype(int)


def test_each_eye_is_written_in_light_letters_with_a_dark_halo() -> None:
    right, left = corner(Laterality.RIGHT), corner(Laterality.LEFT)
    for page in (right, left):
        assert page.max() > 220 and page.min() < 10
    assert (right != left).any()


def test_an_eye_that_is_not_known_is_not_guessed() -> None:
    assert (corner(None) == 90).all()
