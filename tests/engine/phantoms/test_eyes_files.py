"""Many drawn eyes in a folder: as many of each grade, and a table that can be learnt from."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import Cancelled, Refusal
from engine.phantoms import eyes_files
from engine.phantoms.eye import camera_of, draw_eye
from engine.progression import table
from engine.task import Task


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("many") / "eyes"
    written = eyes_files.write(out, 2, 10, Task(), width=200)
    assert sorted(path.name for path in written) == sorted(path.name for path in out.iterdir())
    return out


def test_the_table_is_read_as_stages_that_are_alike_in_number(folder: Path) -> None:
    found = table.read(folder / eyes_files.TABLE, "0,1+2,3,4")
    assert np.bincount(found.staged.stages).tolist() == [2, 4, 2, 2]
    assert len(set(found.staged.patients)) == 10


def test_every_eye_is_the_one_that_its_truth_tells_of(folder: Path) -> None:
    told = json.loads((folder / eyes_files.TRUTH).read_text("utf-8"))
    with (folder / eyes_files.TABLE).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["image"] for row in rows] == list(told)
    for row in rows[:5]:
        truth = told[row["image"]]
        assert (truth["severity"], truth["laterality"]) == (int(row["dr_grade"]), row["eye"])
        seed = truth["seed"]
        again = draw_eye(seed, severity=truth["severity"], width=200, camera=camera_of(seed))
        assert np.array_equal(np.array(Image.open(folder / row["image"])), again.pixels)
        assert len(truth["lesions"]) == len(again.marks)


def test_fewer_eyes_are_the_first_of_more_and_another_seed_has_others(
    folder: Path, tmp_path: Path
) -> None:
    eyes_files.write(tmp_path / "fewer", 2, 1, Task(), width=200)
    eyes_files.write(tmp_path / "others", 3, 1, Task(), width=200)
    first = (folder / "eye-00000.png").read_bytes()
    assert (tmp_path / "fewer" / "eye-00000.png").read_bytes() == first
    assert (tmp_path / "others" / "eye-00000.png").read_bytes() != first


def test_a_folder_that_holds_something_is_left_alone(folder: Path) -> None:
    with pytest.raises(Refusal, match="not empty"):
        eyes_files.write(folder, 1, 5, Task())


def test_cancelled_it_leaves_no_table(tmp_path: Path) -> None:
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        eyes_files.write(tmp_path / "eyes", 1, 5, task)
    assert not (tmp_path / "eyes" / eyes_files.TABLE).exists()
