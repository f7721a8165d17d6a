"""A table names pictures in its own folder or below, and reaches nothing else."""

from pathlib import Path

import pytest

from engine.errors import Refusal
from engine.images.beside import picture_called


def test_a_picture_is_found_with_its_ending_or_without_and_in_subfolders(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.png", "b.JPG", "in/c.tif"):
        (tmp_path / name).touch()
    for name, found in (("a", "a.png"), ("a.png", "a.png"), ("b", "b.JPG"), ("in/c", "in/c.tif")):
        assert picture_called(tmp_path, name) == tmp_path / found
    assert picture_called(tmp_path, "d") is None


@pytest.mark.parametrize("lead", ["../", "in/../../", "/"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, lead: str) -> None:
    (tmp_path / "outside.png").touch()
    folder = tmp_path / "table"
    (folder / "in").mkdir(parents=True)
    name = str(tmp_path / "outside") if lead == "/" else f"{lead}outside"
    with pytest.raises(Refusal, match="leads out of it"):
        picture_called(folder, name)
