"""Every real photograph at hand: gradable, its field found, and answered."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.images.photograph import open_picture
from engine.preparation.field_of_view import Method, find_field_of_view
from engine.questions.looking import see

pytestmark = pytest.mark.proof


def refused(folder: Path) -> list[str]:
    """The names of a folder's photographs that are not graded."""
    paths = sorted(folder.glob("*.jpg"))
    return [path.name for path in paths if see(open_picture(path), 448).reasons]


def test_photographs_of_other_cameras_are_all_gradable(shared: Callable[[str], Path]) -> None:
    assert set(refused(shared("data/fundus/other"))) <= {"fives_37_A.jpg"}  # hazy: either way


@pytest.mark.parametrize("name", ["idrid_grading", "idrid_lesions"])
def test_nearly_all_of_a_clinics_photographs_are_gradable(
    shared: Callable[[str], Path], name: str
) -> None:
    folder = shared(f"data/fundus/{name}")
    assert len(refused(folder)) <= 0.02 * len(list(folder.glob("*.jpg")))


STRETCHES = [
    *((factor, 1) for factor in (0.75, 1.05, 1.1, 1.2, 4 / 3, 1.4)),
    *((1, factor) for factor in (1.05, 1.1, 1.2, 1.4)),
]


@pytest.mark.parametrize("name", ["other", "idrid_grading", "idrid_lesions"])
def test_every_photograph_is_round_until_it_is_stretched_and_then_told_by_how_much(
    shared: Callable[[str], Path], name: str
) -> None:
    for path in sorted(shared(f"data/fundus/{name}").glob("*.jpg")):
        pixels = open_picture(path).pixels
        field = find_field_of_view(pixels)
        assert field.method is Method.CIRCLE, path.name
        if path.name == "IDRiD_089.jpg":  # its dark side hides the edge
            continue
        high, wide = pixels.shape[:2]
        for across, down in STRETCHES:
            if (path.name, down) in {("IDRiD_04.jpg", 1.05), ("IDRiD_12.jpg", 1.05)}:
                continue  # cut above and below: two arcs tell their edges as well
            size = (round(across * wide), round(down * high))
            found = find_field_of_view(cv2.resize(pixels, size).astype(np.uint8))
            assert found.method is Method.ELLIPSE, (path.name, across, down)
            assert found.stretch == pytest.approx(size[0] / wide * high / size[1], rel=0.01)
            assert found.x / size[0] == pytest.approx(field.x / wide, abs=0.001), path.name
            assert found.y / size[1] == pytest.approx(field.y / high, abs=0.001), path.name
