"""What a folder holds is told from its layout, and patients are never parted."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import Refusal
from engine.evaluation.lesion_truth import LesionType, truth
from engine.reproduction import material
from engine.task import Task


def photograph(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.zeros((24, 30, 3), np.uint8)).save(path)


def table(path: Path, head: tuple[str, ...], *rows: tuple[object, ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def kaggle(folder: Path, patients: int = 20) -> Path:
    """As Kaggle gives it: the table beside a folder of photographs, two eyes of a patient."""
    rows = []
    for patient in range(1, patients + 1):
        for side in ("left", "right"):
            rows.append((f"{patient}_{side}", patient % 5))
            photograph(folder / "train" / f"{patient}_{side}.jpeg")
    table(folder / "trainLabels.csv", ("image", "level"), *rows)
    return folder


def test_kaggles_layout_gives_grades_patients_and_the_other_eye(tmp_path: Path) -> None:
    found = material.find(kaggle(tmp_path))
    learning = found.learning
    assert learning is not None
    assert found.lesions is None
    assert found.test is None
    assert len(learning) == 40
    np.testing.assert_array_equal(learning.truth[:10], [0, 0, 1, 1, 1, 1, 1, 1, 0, 0])
    assert learning.patients[:4].tolist() == ["1", "1", "2", "2"]
    assert learning.other[:4].tolist() == [1, 0, 3, 2]


def test_one_fold_holds_the_last_fifth_of_the_patients_back(tmp_path: Path) -> None:
    learning = material.find(kaggle(tmp_path)).learning
    assert learning is not None
    (held,) = learning.folds(1, seed=1)
    assert set(learning.patients[held]) == {"17", "18", "19", "20"}
    folds = learning.folds(3, seed=1)
    assert sorted(np.concatenate(folds).tolist()) == list(range(40))
    whose = [set(learning.patients[rows]) for rows in folds]
    assert not whose[0] & whose[1]
    assert not whose[1] & whose[2]


def test_kaggles_test_part_and_missing_photographs_are_told(tmp_path: Path) -> None:
    kaggle(tmp_path)
    (tmp_path / "train" / "3_left.jpeg").unlink()
    photograph(tmp_path / "test" / "90_left.jpeg")
    head = ("image", "level", "Usage")
    table(tmp_path / "test" / "retinopathy_solution.csv", head, ("90_left", 2, "Private"))
    found = material.find(tmp_path)
    assert found.learning is not None
    assert found.test is not None
    assert (len(found.learning), len(found.test)) == (39, 1)
    assert found.learning.other[found.learning.patients == "3"].tolist() == [-1]
    assert found.notes == ("trainLabels.csv: 1 of 40 are not there.",)


def test_a_table_with_a_grade_that_is_none_is_refused(tmp_path: Path) -> None:
    kaggle(tmp_path)
    table(tmp_path / "trainLabels.csv", ("image", "level"), ("1_left", 0), ("1_right", 7))
    with pytest.raises(Refusal, match="Line 3 has the grade “7”"):
        material.find(tmp_path)
    file = tmp_path / "trainLabels.csv"
    file.write_text(file.read_text().replace("\n", "\n\n"))
    with pytest.raises(Refusal, match="Line 5 has the grade “7”"):
        material.find(tmp_path)


def test_grades_and_lesions_in_two_subfolders_share_their_patients(tmp_path: Path) -> None:
    photograph(tmp_path / "grading" / "IDRiD_001.jpg")
    head = ("image", "dr_grade", "patient_visit")
    table(tmp_path / "grading" / "grading.csv", head, ("IDRiD_001", 3, "p7"))
    photograph(tmp_path / "lesions" / "IDRiD_01.jpg")
    photograph(tmp_path / "lesions" / "IDRiD_01_MA.png")
    table(tmp_path / "lesions" / "lesions.csv", ("image", "patient_visit"), ("IDRiD_01", "p7"))
    found = material.find(tmp_path)
    assert found.learning is not None
    assert found.lesions is not None
    assert found.learning.truth.tolist() == [True]
    assert [picture.name for picture in found.lesions.pictures] == ["IDRiD_01"]
    assert found.patient_of == {"IDRiD_01": "p7"}
    assert found.lesions_name == "lesions"


def test_a_photograph_that_is_learnt_from_is_known_among_those_with_lesions(
    tmp_path: Path,
) -> None:
    """Without a column for patients too, so that no network judges what it has learnt from."""
    for name in ("a", "b"):
        photograph(tmp_path / f"{name}.jpg")
    photograph(tmp_path / "a_MA.png")
    table(tmp_path / "grading.csv", ("image", "dr_grade"), ("a", 3), ("b", 0))
    found = material.find(tmp_path)
    assert found.learning is not None
    assert found.patient_of["a"] == found.learning.patients[0]


def test_diaretdb1s_layout_is_found_with_nothing_to_learn_from(tmp_path: Path) -> None:
    diaretdb1(tmp_path, "diaretdb1_image001")
    found = material.find(tmp_path)
    assert found.learning is None
    assert found.lesions is not None
    (picture,) = found.lesions.pictures
    marked = truth(picture.markings, (24, 30))
    assert marked.count(LesionType.HARD_EXUDATES) == 1
    assert marked.labels[LesionType.HARD_EXUDATES][12, 15] == 1


def test_a_folder_of_nothing_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(Refusal, match="Nothing was reproduced"):
            material.find(folder)


def test_drawn_eyes_have_their_masks_and_are_not_drawn_again(tmp_path: Path) -> None:
    found = material.drawn(40, 1, tmp_path, Task(), tests=1)
    assert found.drawn
    assert found.learning is not None
    assert found.lesions is not None
    assert len(found.lesions.pictures) == 1
    assert found.learning.truth.sum() == 20
    before = (tmp_path / "eye000.png").stat().st_mtime_ns
    material.drawn(40, 1, tmp_path, Task(), tests=1)
    assert (tmp_path / "eye000.png").stat().st_mtime_ns == before


def diaretdb1(folder: Path, *names: str) -> None:
    """Version 2.1's folders: photographs, and four experts' files for each."""
    images = folder / "resources" / "images" / "ddb1_fundusimages"
    marks = folder / "resources" / "images" / "ddb1_groundtruth"
    text = (
        "<imgannotooldata><markinglist><marking><circleregion><centroid><coords2d>15,12</coords2d>"
        "</centroid><radius>4</radius></circleregion><confidencelevel>High</confidencelevel>"
        "<markingtype>Hard_exudates</markingtype></marking></markinglist></imgannotooldata>"
    )
    marks.mkdir(parents=True)
    for name in names:
        photograph(images / f"{name}.png")
        for expert in range(1, 5):
            (marks / f"{name}_{expert:02d}_plain.xml").write_text(text)
