"""A folder by class is checked in words before any training."""

from pathlib import Path

import pytest
from class_folders import check, two, write
from PIL import Image

from engine.errors import Refusal
from engine.reports import annotated
from engine.runs import Check, FoundClass
from engine.training.class_names import referable_by_name
from engine.training.quick import Wishes, plan_for


def test_two_folders_are_counted_and_told_apart_by_their_names(tmp_path: Path) -> None:
    found = check(two(tmp_path, 9))
    assert [(each.name, each.pictures, each.referable) for each in found.classes] == [
        ("disease", 9, True),
        ("normal", 9, False),
    ]
    assert (found.pictures, found.referable, found.patients) == (18, 9, 18)
    assert not found.refusal


@pytest.mark.parametrize(
    ("names", "referable"),
    [
        (["0", "1", "2", "3", "4"], {"2", "3", "4"}),
        (["0", "1"], {"1"}),
        (["0 - none", "Grade 3"], {"Grade 3"}),
        (["No_DR", "Mild", "Moderate", "Severe", "Proliferate_DR"],
         {"Moderate", "Severe", "Proliferate_DR"}),
        (["normal", "glaucoma"], {"glaucoma"}),
        (["a", "referable"], {"referable"}),
    ],
)  # fmt: skip
def test_names_tell_what_is_referable(names: list[str], referable: set[str]) -> None:
    assert referable_by_name(names) == {name: name in referable for name in names}


@pytest.mark.parametrize("names", [["left", "right"], ["a", "b", "c"], ["normal", "healthy"]])
def test_names_that_do_not_tell_are_not_guessed(names: list[str]) -> None:
    assert referable_by_name(names) is None


def test_who_is_asked_may_say_which_class_is_referable(tmp_path: Path) -> None:
    folder = write(tmp_path, {c: [f"p{c}{n}.png" for n in range(8)] for c in "abc"})
    assert check(folder).undecided
    found = check(folder, "b", "c")
    assert [each.referable for each in found.classes] == [False, True, True]
    assert found.referable == 16


def test_a_class_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="There is no class glaucoma"):
        check(two(tmp_path), "glaucoma")


def test_a_class_that_is_too_short_names_what_was_left_out(tmp_path: Path) -> None:
    folder = two(tmp_path)
    (folder / "normal" / "p000.png").write_text("No picture.")
    refusal = check(folder).refusal
    assert refusal.startswith("7 patients are not referable; 8 are needed")
    assert "Left out: normal/p000.png: " in refusal


def test_files_that_are_no_photographs_are_left_out_and_named(tmp_path: Path) -> None:
    folder = two(tmp_path)
    (folder / "normal" / "notes.jpg").write_text("no picture")
    (folder / "normal" / "empty.png").write_bytes(b"")
    (folder / "normal" / "notes.txt").write_text("no picture")
    found = check(folder)
    named = {"normal/notes.jpg", "normal/empty.png", "normal/notes.txt"}
    assert {each.name for each in found.left_out} == named
    assert "3 files were left out." in found.warnings


def test_camera_raw_files_are_left_out_by_name_and_by_content(tmp_path: Path) -> None:
    folder = two(tmp_path)
    (folder / "normal" / "a.nef").write_bytes(b"of any content")
    raw = Image.new("RGB", (8, 8))
    raw.save(folder / "normal" / "b.tif", tiffinfo={50706: b"\1\4\0\0"})
    why = {each.name: each.why for each in check(folder).left_out}
    assert why["normal/a.nef"] == "It is camera raw: export it as a JPEG or TIFF first."
    assert "It is a camera's raw file" in why["normal/b.tif"]


def test_annotated_pictures_are_left_out_and_counted(tmp_path: Path) -> None:
    folder = two(tmp_path, 8)
    page = Image.new("RGB", (60, 40))
    annotated.save(folder / "normal" / "seen.png", page)
    found = check(folder)
    assert found.pictures == 16
    assert [each.name for each in found.left_out] == ["normal/seen.png"]
    assert "1 picture that LesionLens annotated was left out." in found.warnings
    annotated.save(folder / "disease" / "seen.png", page)
    assert "2 pictures that LesionLens annotated were left out." in check(folder).warnings


def test_too_few_patients_of_a_class_are_refused(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {"normal": [f"p{n}.png" for n in range(9)], "disease": ["p90_left.png", "p90_right.png"]},
    )
    assert check(folder).refusal.startswith("1 patient is referable")


@pytest.mark.parametrize(
    "make", [lambda folder: None, lambda folder: write(folder, {"one": ["a.png"]})]
)
def test_a_folder_that_is_not_sorted_by_class_is_refused(tmp_path: Path, make) -> None:
    make(tmp_path)
    with pytest.raises(Refusal, match="is not sorted by class"):
        check(tmp_path)


def test_a_table_of_grades_is_taken_instead_of_folders(tmp_path: Path) -> None:
    write(tmp_path, {".": [f"i{n}.png" for n in range(20)]})
    rows = [f"i{n},{4 * (n % 2)},v{n // 2}" for n in range(20)]
    (tmp_path / "grades.csv").write_text("image,dr_grade,patient\n" + "\n".join(rows))
    found = check(tmp_path)
    assert found.table == "grades.csv"
    assert (found.pictures, found.referable, found.patients) == (20, 10, 10)


def of_table(classes: dict[str, bool]) -> Check:
    found = tuple(FoundClass(name, 9, referable) for name, referable in classes.items())
    return Check("there", found, 40, 20, 40, table="grades.csv")


@pytest.mark.parametrize(
    ("classes", "first"),
    [
        ({"0": False, "1": False, "2": True, "3": True}, 2),
        ({"0": False, "2": False, "3": True, "4": True}, 3),
        ({"0": False, "1": True}, 1),
        ({"0": False, "4": True}, 2),
    ],
)
def test_the_plan_means_by_a_grade_what_its_check_said(
    classes: dict[str, bool], first: int
) -> None:
    assert plan_for(of_table(classes), Wishes()).data.referable_from == first


def test_grades_that_are_referable_out_of_order_are_refused() -> None:
    with pytest.raises(Refusal, match="a higher one must be referable"):
        plan_for(of_table({"0": False, "2": True, "3": False}), Wishes())
