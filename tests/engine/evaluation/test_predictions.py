"""The predictions table as another program reads it."""

import csv
from pathlib import Path

import pytest

from engine.errors import Refusal
from engine.evaluation import predictions


def test_the_four_columns_come_first_and_what_a_row_lacks_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    rows = [{"case": "eye, left", "truth": 1, "score": 0.1 + 0.2}, {"case": "b", "grade": 3}]
    predictions.write(path, rows, ["grade"])
    with path.open(newline="") as file:
        read = list(csv.DictReader(file))
    assert list(read[0]) == ["case", "patient", "truth", "score", "grade"]
    assert read[0]["case"] == "eye, left"
    assert float(read[0]["score"]) == 0.1 + 0.2
    assert read[0]["patient"] == read[1]["truth"] == ""
    assert read[1]["grade"] == "3"


def test_a_folder_that_is_not_there_is_told_by_the_systems_own_words(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="No such file"):
        predictions.write(tmp_path / "nowhere" / "out.csv", [])
