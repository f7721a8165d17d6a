"""Which CSV beside photographs is taken for their grades, and what is said where none is."""

from pathlib import Path

import class_folders
import pytest

from engine.errors import Refusal
from engine.runs import Check
from engine.task import Task
from engine.training import data


def beside(folder: Path, **tables: str) -> Path:
    """Sixteen pictures in one folder, and these tables."""
    class_folders.write(folder, {"": [f"p{number}.png" for number in range(16)]})
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    return folder


def graded(part: str = ",") -> str:
    rows = (f"p{number}.png{part}{number % 2 * 3}" for number in range(16))
    return "\n".join((f"image{part}dr_grade", *rows))


def check(folder: Path) -> Check:
    return data.check_folder(folder, (), Task())


def why(folder: Path) -> str:
    with pytest.raises(Refusal) as refused:
        check(folder)
    return str(refused.value)


@pytest.mark.parametrize("part", [",", ";"])
def test_cells_are_parted_as_a_spreadsheet_of_any_country_does(tmp_path: Path, part: str) -> None:
    found = check(beside(tmp_path, grades=graded(part)))
    assert (found.table, found.pictures, found.referable) == ("grades.csv", 16, 8)


def test_of_two_tables_of_grades_none_is_guessed_and_both_are_named(tmp_path: Path) -> None:
    said = why(beside(tmp_path, first=graded(), second=graded()))
    assert "It holds 2 of them: first.csv and second.csv." in said
    assert "Leave one of them there" in said


def test_a_table_without_grades_is_told_by_its_columns(tmp_path: Path) -> None:
    said = why(beside(tmp_path, list="id,label\np0.png,1\n"))
    assert "list.csv is none: its columns are id, label." in said
    assert "needs the columns image and dr_grade" in said


def test_without_any_table_classes_are_asked_for(tmp_path: Path) -> None:
    assert "is not sorted by class" in why(beside(tmp_path))
