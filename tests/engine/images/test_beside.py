"""A table names pictures in its own folder or below, and reaches nothing else."""

import unicodedata
from pathlib import Path

import pytest

from engine.errors import Refusal
from engine.images.beside import Beside


def test_a_picture_is_found_with_its_ending_or_without_and_in_subfolders(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.png", "b.JPG", "in/c.tif"):
        (tmp_path / name).touch()
    for name, found in (("a", "a.png"), ("a.png", "a.png"), ("b", "b.JPG"), ("in/c", "in/c.tif")):
        assert Beside(tmp_path).picture(name) == tmp_path / found
    assert Beside(tmp_path).picture("d") is None


@pytest.mark.parametrize("lead", ["../", "in/../../", "/"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, lead: str) -> None:
    (tmp_path / "outside.png").touch()
    folder = tmp_path / "table"
    (folder / "in").mkdir(parents=True)
    name = str(tmp_path / "outside") if lead == "/" else f"{lead}outside"
    with pytest.raises(Refusal, match="leads out of it"):
        Beside(folder).picture(name)


def test_a_name_in_other_letters_finds_the_one_picture_that_it_can_mean(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("eye.jpg", "LEFT.PNG", "in/Both.tif", "two.jpg", "Two.jpg"):
        (tmp_path / name).touch()
    beside = Beside(tmp_path)
    found = {
        "eye.JPG": "eye.jpg",
        "Eye": "eye.jpg",
        "left.png": "LEFT.PNG",
        "left": "LEFT.PNG",
        "in/both.TIF": "in/Both.tif",
        "Two.jpg": "Two.jpg",
        "two": "two.jpg",
    }
    for name, file in found.items():
        assert beside.picture(name) == tmp_path / file


def test_where_two_differ_from_a_name_by_their_letters_neither_is_taken(tmp_path: Path) -> None:
    for name in ("two.jpg", "Two.jpg"):
        (tmp_path / name).touch()
    with pytest.raises(Refusal) as refused:
        Beside(tmp_path).picture("TWO.JPG")
    assert refused.value.args == (
        "Which picture TWO.JPG is cannot be told.",
        "TWO.JPG may be any of several beside the table: Two.jpg, two.jpg.",
        "Name it as the file is called, with its ending.",
    )


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_may_be_letters_of_their_own_as_a_mac_spells_them(
    tmp_path: Path, form: str
) -> None:
    other = {"NFC": "NFD", "NFD": "NFC"}[form]
    file = tmp_path / unicodedata.normalize(form, "Müller.jpg")  # type: ignore[arg-type]
    file.touch()
    for name in ("Müller.jpg", "müller"):
        called = Beside(tmp_path).picture(unicodedata.normalize(other, name))  # type: ignore[arg-type]
        assert called == file


def test_what_is_too_long_for_a_name_is_called_by_no_picture(tmp_path: Path) -> None:
    assert Beside(tmp_path).picture("eye" * 100) is None


def test_a_folder_where_nobody_may_look_holds_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()

    def forbidden(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", forbidden)
    assert Beside(tmp_path).picture("in/eye") is None
