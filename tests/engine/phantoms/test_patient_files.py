"""A drawn patient's folder: photographs, the table of visits, and what is true of each."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import Refusal
from engine.phantoms import patient_files
from engine.task import Task


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("patient") / "out"
    written = patient_files.write(out, 2, Task(), visits=3, width=300)
    assert sorted(path.name for path in written) == sorted(path.name for path in out.iterdir())
    return out


def test_every_visit_has_both_eyes_in_the_table(folder: Path) -> None:
    with (folder / "visits.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["eye"] for row in rows] == ["OD", "OS"] * 3
    assert {row["patient"] for row in rows} == {"DEMO-0002"}
    assert rows[-1]["dr_grade"] == "4"
    for row in rows:
        assert row["image"].startswith(row["date"])
        assert (folder / row["image"]).is_file()


def test_what_is_new_lies_where_the_pictures_differ(folder: Path) -> None:
    told = json.loads((folder / "truth.json").read_text("utf-8"))["pictures"]
    name = max(told)
    picture = np.array(Image.open(folder / name))
    blood = [mark for mark in told[name]["new"] if mark["kind"] == "preretinal haemorrhage"]
    for mark in blood:
        y, x = round(mark["y"] + mark["radius"] / 2), round(mark["x"])
        assert picture[y, x, 0] < 140
    assert len(told[name]["new"]) > 20
    assert told[min(told)]["gone"] == []


def test_a_folder_that_is_not_empty_is_left_alone(folder: Path) -> None:
    with pytest.raises(Refusal, match="not empty"):
        patient_files.write(folder, 1, Task())
