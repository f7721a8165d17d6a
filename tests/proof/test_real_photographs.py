"""Every real photograph at hand: gradable, its field found, and answered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.images.photograph import open_picture
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
