"""Tables of comma-separated values as spreadsheets write them."""

from pathlib import Path

import pytest

from engine import csv_rows
from engine.errors import Refusal


@pytest.mark.parametrize(
    ("told", "part"),
    [("sep=;", ";"), ("SEP=,", ","), ("sep=|", "|"), ("sep=\t", "\t"), ('"sep=;"', ";")],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_first_line_that_says_what_parts_the_cells_is_no_row(
    tmp_path: Path, told: str, part: str, end: str
) -> None:
    path = tmp_path / "grades.csv"
    lines = [told, f"image{part}dr_grade", f"a{part}2", f"b{part}0", ""]
    path.write_text(end.join(lines), encoding="utf-8-sig", newline="")

    rows, columns = csv_rows.read(path, "The grades", "Name another.")

    assert columns == csv_rows.columns_of(path) == ("image", "dr_grade")
    assert rows == [{"image": "a", "dr_grade": "2"}, {"image": "b", "dr_grade": "0"}]
    assert [row.line for row in rows] == [3, 4]


def test_columns_that_begin_like_it_are_columns(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("sep=a;b\n1;2\n")
    assert csv_rows.columns_of(path) == ("sep=a", "b")


def test_of_two_columns_of_one_name_none_is_taken_for_the_other(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("image,dr_grade,,Dr_Grade,\na,0,,4,\n")
    with pytest.raises(Refusal, match="Two of its columns are called Dr_Grade"):
        csv_rows.read(path, "The grades", "Name another.")
    path.write_text("image,dr_grade,,\na,0,,\n")  # columns without a name are a spreadsheet's
    assert csv_rows.read(path, "The grades", "Name another.")[0][0]["dr_grade"] == "0"
