"""Tables of grades as the sets of photographs that people have call their columns."""

from pathlib import Path

import pytest

from engine import grade_columns
from engine.cohort import graded
from engine.training import tables

OWN = [
    "Image name,Retinopathy grade,Risk of macular edema ,,,\nIDRiD_001,3,2,,,\n,,,,,\n",
    "image,level\n10_left,3\n",
    "id_code,diagnosis\n000c1434d8d7,3\n",
    "image_id,adjudicated_dr_grade,adjudicated_dme,adjudicated_gradable\n2005.jpg,3.0,0,1\n"
    "none.jpg,,,0\n",
    "image_id,patient_id,camera,DR_SDRG,DR_ICDR\nimg00001,1,Canon CR,2,3\n",
]


@pytest.mark.parametrize("text", OWN)
def test_a_known_sets_own_table_is_read_as_it_is(tmp_path: Path, text: str) -> None:
    table = tmp_path / "labels.csv"
    table.write_text(text)
    (row,) = graded.read(table)
    assert (row.image, row.grade) == (text.splitlines()[1].split(",")[0], 3)
    assert tables.table_in(tmp_path) == "labels.csv"


def test_a_table_of_another_kind_is_none_of_grades() -> None:
    assert grade_columns.ours(("image_id", "diagnosis")) == {}
    assert grade_columns.ours(("image", "stage")) == {}


@pytest.mark.parametrize("column", ["Patient_ID", " patient ", "PATIENT_VISIT"])
def test_the_patients_column_is_known_however_it_is_written(tmp_path: Path, column: str) -> None:
    assert grade_columns.patient(("image", "dr_grade", column)) == column
    table = tmp_path / "labels.csv"
    table.write_text(f"image,dr_grade,{column}\na,0,amy,,\n")
    assert graded.read(table)[0].patient == "amy"


def test_columns_of_ours_win_over_those_of_a_set() -> None:
    known = grade_columns.ours(("level", "image", "dr_grade"))
    assert known == {"image": "image", "dr_grade": "dr_grade"}


def test_of_several_columns_the_widest_tells_the_patient() -> None:
    named = ("image", "patient_visit", "Patient", "dr_grade")
    assert grade_columns.patient(named) == "Patient"
