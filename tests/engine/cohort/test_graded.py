"""A table of graded photographs beside it."""

from pathlib import Path

import pytest
from PIL import Image

from engine.cohort.graded import about, read
from engine.errors import Refusal
from engine.reports import annotated


def table(folder: Path, text: str, *pictures: str) -> Path:
    for name in pictures:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    path = folder / "grades.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_photographs_lie_beside_the_table_with_any_known_ending(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "image,dr_grade,patient_visit\na,0,p1\nb,2,p1\nc.png,4,\nsub/d,1,p2\n",
        "a.JPG", "b.tiff", "c.png", "sub/d.webp", "b.txt",
    )  # fmt: skip
    rows = read(path)
    assert [row.path and row.path.name for row in rows] == ["a.JPG", "b.tiff", "c.png", "d.webp"]
    assert [row.referable for row in rows] == [False, True, True, False]
    assert [row.patient for row in rows] == ["p1", "p1", "", "p2"]


def test_a_photograph_is_not_named_twice_in_two_ways(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"Line 3 names a\.jpg once more"):
        read(table(tmp_path, "image,dr_grade\na,2\na.jpg,0\n", "a.jpg"))


def test_a_table_from_another_system_finds_photographs_in_small_or_capital_letters(
    tmp_path: Path,
) -> None:
    path = table(tmp_path, "image,dr_grade\na.JPG,0\nTWO,1\n", "A.jpg", "two.png", "Two.png")
    found, unsure = read(path)
    assert found.path == tmp_path / "A.jpg"
    with pytest.raises(Refusal, match=r"may be any of several beside the table: Two.png, two.png"):
        unsure.open()


def test_the_patient_is_optional(tmp_path: Path) -> None:
    assert read(table(tmp_path, "dr_grade,image\n3,a\n"))[0].patient == ""


def test_a_photograph_that_is_not_there_or_there_twice_has_no_path(tmp_path: Path) -> None:
    rows = read(table(tmp_path, "image,dr_grade\ngone,0\ntwice,0\n", "twice.jpg", "twice.png"))
    assert [row.path for row in rows] == [None, None]


def test_an_annotated_picture_is_no_photograph_and_no_second_one(tmp_path: Path) -> None:
    page = Image.new("RGB", (60, 40))
    page.save(tmp_path / "eye.jpg")
    annotated.save(tmp_path / "eye.png", page)
    annotated.save(tmp_path / "alone.png", page)
    rows = read(table(tmp_path, "image,dr_grade\neye,0\nalone,0\neye.png,1\n"))
    assert rows[0].path == tmp_path / "eye.jpg"
    for row in rows[1:]:
        with pytest.raises(Refusal, match="LesionLens annotated"):
            row.open()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("image,grade\na,1\n", "dr_grade is missing"),
        ("image,dr_grade\na,1\nb,5\n", "Line 3 has the grade “5”"),
        ("image,dr_grade\n,1\n", "Line 2 has no image"),
        ("image,dr_grade\na,1\na,2\n", "Line 3 names a once more"),
        ("image,dr_grade\n\na,1\n\n\nb,5\n", "Line 6 has the grade “5”"),
        (
            "image_id,adjudicated_dr_grade,adjudicated_gradable\na,,0\nb,9,1\n",
            "Line 3 has the grade “9”",
        ),
        ("image,dr_grade\n", "no row"),
        ("image,dr_grade\na,1\nb,2,3,\n", "Line 3 has 3 cells in place of 2"),
        ("image,dr_grade\na,5\nb,1\n,2\n", "Line 2 has the grade “5”; .* Line 4 has no image"),
        ("image,dr_grade\n" + 8 * "a,7\n", "Line 6 .* There are 3 more"),
    ],
)
def test_a_table_that_is_not_in_order_is_refused_by_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        read(table(tmp_path, text))


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        read(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("column", ["patient", "patient_id"])
def test_the_patients_column_may_have_its_other_names(tmp_path: Path, column: str) -> None:
    assert read(table(tmp_path, f"image,dr_grade,{column}\na,0,p1\n"))[0].patient == "p1"


def test_rows_without_a_patient_are_counted_where_others_name_one(tmp_path: Path) -> None:
    text = "image,dr_grade,patient\na,0,p1\nb,2,\nc,4, \nd,3,p2\n"
    rows = read(table(tmp_path, text))
    assert about(rows) == ("2 rows name no patient; each counts as one of its own.",)
    assert about(rows[::3]) == about(rows[1:3]) == ()


def test_of_several_photographs_of_one_name_all_are_named(tmp_path: Path) -> None:
    gone, twice = read(
        table(tmp_path, "image,dr_grade\ngone,0\ntwice,0\n", "twice.jpg", "twice.png")
    )
    with pytest.raises(Refusal, match=r"twice may be any of several .*: twice\.jpg, twice\.png"):
        twice.open()
    with pytest.raises(Refusal, match="No photograph called gone lies beside the table"):
        gone.open()


def test_a_photograph_of_another_ending_is_named_and_not_taken(tmp_path: Path) -> None:
    (row,) = read(table(tmp_path, "image,dr_grade\n16_left.jpeg,0\n", "16_left.png"))
    with pytest.raises(Refusal, match=r"called 16_left\.jpeg lies .*; 16_left\.png does\."):
        row.open()


def test_a_spreadsheets_own_table_is_not_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    for encoding in ("cp1252", "utf-16"):
        path.write_text("image;dr_grade;patient\na;2;Müller\n", encoding=encoding)
        with pytest.raises(Refusal, match="no text in UTF-8") as told:
            read(path)
        assert "CSV UTF-8" in told.value.advice


def test_cells_may_be_parted_by_tabs(tmp_path: Path) -> None:
    (row,) = read(table(tmp_path, "image\tdr_grade\tpatient\na, left\t2\tp1\n"))
    assert (row.image, row.grade, row.patient) == ("a, left", 2, "p1")


def test_a_column_that_is_missing_is_told_beside_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"dr_grade is missing; .* “image”, “referable”"):
        read(table(tmp_path, "image,referable\na,1\n"))


def test_a_table_of_yes_and_no_is_not_taken_for_grades_without_a_word(tmp_path: Path) -> None:
    rows = read(table(tmp_path, "image,dr_grade\na,0\nb,1\n"))
    assert [said for said in about(rows) if "No grade is above 1" in said]
    assert not about(read(table(tmp_path, "image,dr_grade\na,0\nb,1\nc,2\n")))
    assert not about(read(table(tmp_path, "image,dr_grade\na,0\nb,0\n")))
