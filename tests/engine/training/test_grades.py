"""Grades are read or refused by line, and a patient is never parted."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import Refusal
from engine.reports import annotated
from engine.training import grades
from engine.training.plan import Data

DATA = Data("grades.csv", "drawn", "none", "drawn", "none")


def table(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    for image, _, _ in rows:
        (folder / f"{image}.jpg").write_bytes(image.encode())
    lines = ["image,dr_grade,patient_visit", *(",".join(row) for row in rows)]
    path = folder / "grades.csv"
    path.write_text("\n".join(lines))
    return path


def test_referable_begins_at_moderate(tmp_path: Path) -> None:
    path = table(tmp_path, [(f"i{grade}", str(grade), f"p{grade}") for grade in range(5)])
    assert grades.read(path, DATA).truth.tolist() == [False, False, True, True, True]


def test_no_patient_is_on_both_sides_of_a_fold_and_every_row_is_held_back_once(
    tmp_path: Path,
) -> None:
    rows = [(f"i{i}", str((i // 3) % 5), f"p{i // 3}") for i in range(60)]
    graded = grades.read(table(tmp_path, rows), DATA)
    folds = graded.folds(3, seed=0)
    assert sorted(np.concatenate(folds)) == list(range(60))
    for held in folds:
        seen = np.setdiff1d(np.arange(60), held)
        assert not set(graded.patients[held]) & set(graded.patients[seen])


def test_too_few_patients_of_a_class_are_counted_in_the_refusal(tmp_path: Path) -> None:
    rows = [("a", "0", "p1"), ("b", "0", "p2"), ("c", "0", "p3"), ("d", "3", "p4")]
    with pytest.raises(Refusal, match="1 patients are referable; 3 are needed"):
        grades.read(table(tmp_path, rows), DATA).folds(3, seed=0)


def test_a_grade_that_is_none_is_refused_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="Line 3 has the grade “7”"):
        grades.read(table(tmp_path, [("a", "0", "p1"), ("b", "7", "p2")]), DATA)


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    path = table(tmp_path, [("a", "0", "p1"), ("b", "1", "p2")])
    (tmp_path / "b.jpg").unlink()
    with pytest.raises(Refusal, match="No picture called b"):
        grades.read(path, DATA)


def test_all_lines_that_are_not_in_order_are_told_together(tmp_path: Path) -> None:
    rows = [("a", "0", "p1"), ("b", "7", "p2"), ("c", "1", ""), ("d", "1", "p4")]
    path = table(tmp_path, rows)
    (tmp_path / "d.jpg").unlink()
    said = "Line 3 has the grade “7”.* Line 4 has no patient_visit.* No picture called d"
    with pytest.raises(Refusal, match=said):
        grades.read(path, DATA)


def test_a_picture_that_we_annotated_is_not_learnt_from(tmp_path: Path) -> None:
    path = table(tmp_path, [("a", "0", "p1"), ("b", "1", "p2")])
    (tmp_path / "b.jpg").unlink()
    annotated.save(tmp_path / "b.png", Image.new("RGB", (60, 40)))
    with pytest.raises(Refusal, match=r"b\.png is a picture that LesionLens annotated"):
        grades.read(path, DATA)


def twice(folder: Path, second: tuple[str, str, str]) -> Path:
    """A table whose lines 3 and 4 name one picture under two names."""
    path = table(folder, [("c", "0", "p3"), ("a", "0", "p1"), second])
    (folder / "b.jpg").write_bytes((folder / "a.jpg").read_bytes())
    return path


def test_one_picture_under_two_names_is_told_by_nobody_who_learnt_from_it(tmp_path: Path) -> None:
    path = twice(tmp_path, ("b", "0", "p2"))
    said = r"a\.jpg of line 3 and b\.jpg of line 4 are the same picture, and count as two"
    with pytest.raises(Refusal, match=said):
        grades.read(path, DATA)


def test_one_picture_twice_of_one_patient_may_stay(tmp_path: Path) -> None:
    assert len(grades.read(twice(tmp_path, ("b", "1", "p1")), DATA).paths) == 3


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("image,dr_grade\n")
    with pytest.raises(Refusal, match="column"):
        grades.read(path, DATA)


def test_the_fingerprint_changes_with_a_picture(tmp_path: Path) -> None:
    path = table(tmp_path, [("a", "0", "p1"), ("b", "1", "p2")])
    before = grades.read(path, DATA).fingerprint
    (tmp_path / "a.jpg").write_bytes(b"another")
    assert grades.read(path, DATA).fingerprint != before


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("c", "Line 4 has no dr_grade"),
        ("c,1,", "Line 4 has no patient_visit"),
        (",1,p3", "Line 4 has no image"),
        ("a,3,p3", "Line 4 names a a second time"),
    ],
)
def test_a_line_that_is_short_or_said_twice_is_named(tmp_path: Path, line: str, named: str) -> None:
    path = table(tmp_path, [("a", "0", "p1"), ("b", "3", "p2")])
    path.write_text(f"{path.read_text()}\n{line}\n")
    with pytest.raises(Refusal, match=named):
        grades.read(path, DATA)


def test_a_line_is_the_files_own_where_others_are_blank(tmp_path: Path) -> None:
    path = table(tmp_path, [("a", "0", "p1"), ("b", "3", "p2")])
    for line, named in (("b,7,p2", "Line 5 has the grade"), ("b,0,", "Line 5 has no")):
        path.write_text(f"image,dr_grade,patient_visit\n\na,0,p1\n\n{line}\n")
        with pytest.raises(Refusal, match=named):
            grades.read(path, DATA)
    path.write_text("image,dr_grade,patient_visit\n\na,0,p1\n\nb,0,p2\n")
    (tmp_path / "b.jpg").write_bytes((tmp_path / "a.jpg").read_bytes())
    with pytest.raises(Refusal, match=r"of line 3 and b\.jpg of line 5"):
        grades.read(path, DATA)


def test_blanks_round_a_patient_or_a_picture_are_none_of_their_names(tmp_path: Path) -> None:
    path = table(tmp_path, [("a", "0", "p1"), ("b", "3", "p1")])
    path.write_text("image,dr_grade,patient_visit\na ,0,p1\nb,3, p1 \n")
    found = grades.read(path, DATA)
    assert found.patients.tolist() == ["p1", "p1"]
    assert [each.name for each in found.paths] == ["a.jpg", "b.jpg"]
    path.write_text("image,dr_grade,patient_visit\na,0,p1\n a,3,p2\n")
    with pytest.raises(Refusal, match="second time"):
        grades.read(path, DATA)


def test_a_picture_named_with_its_ending_and_without_is_not_told_by_who_learnt_from_it(
    tmp_path: Path,
) -> None:
    path = table(tmp_path, [("a", "0", "p1"), ("b", "3", "p2")])
    path.write_text(f"{path.read_text()}\na.jpg,0,p3\n")
    with pytest.raises(Refusal, match=r"Line 4 names a\.jpg a second time"):
        grades.read(path, DATA)
