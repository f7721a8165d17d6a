"""The same picture twice is taken once, or not at all where two say different things of it."""

from pathlib import Path

import pytest
from class_folders import check, two, write

from engine.task import Task
from engine.training import data


def test_the_same_picture_twice_in_a_class_is_taken_once(tmp_path: Path) -> None:
    folder = two(tmp_path)
    (folder / "normal" / "zz copy.png").write_bytes((folder / "normal" / "p000.png").read_bytes())
    found = check(folder)
    assert found.pictures == 16
    assert [each.name for each in found.left_out] == ["normal/zz copy.png"]
    assert "normal/p000.png" in found.left_out[0].why


def test_of_the_same_picture_twice_the_one_whose_patient_is_told_is_taken(tmp_path: Path) -> None:
    folder = two(tmp_path)
    both = write(folder, {"normal/p089": ["x139.jpg", "x140.jpg"]}) / "normal" / "p089"
    export = folder / "normal" / "AAA_export.jpg"
    export.write_bytes((both / "x139.jpg").read_bytes())
    found = check(folder)
    assert (found.pictures, found.patients) == (18, 17)
    assert [each.name for each in found.left_out] == ["normal/AAA_export.jpg"]
    assert "normal/p089/x139.jpg" in found.left_out[0].why


@pytest.mark.parametrize(
    "name",
    ["12_left (1)", "12_left copy", "12_left copy 2", "12_left - Copy (2)", "Copy of 12_left",
     "12_left(1)", "12_left - Kopie"],
)  # fmt: skip
def test_a_copy_beside_its_photograph_is_of_the_same_patient(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, {"normal": ["12_left.png", "12_right.png"], "disease": ["9.png"]})
    there = folder / "normal"
    (there / f"{name}.png").write_bytes((there / "12_left.png").read_bytes())
    gathered = data.gather(folder, Task())
    (gone,) = gathered.left_out
    assert (gone.name, gone.why) == (
        f"normal/{name}.png",
        "It is the same picture as normal/12_left.png.",
    )
    eyes = [each for each in gathered.pictures if each.path.stem.startswith("12_")]
    assert [each.patient for each in eyes] == ["12", "12"]


def test_a_table_that_gives_a_copy_to_another_patient_is_believed_in_neither(
    tmp_path: Path,
) -> None:
    names = [f"x{n:02d}q" for n in range(32)]
    write(tmp_path, {".": [f"{name}.png" for name in names]})
    (tmp_path / "x00q (1).png").write_bytes((tmp_path / "x00q.png").read_bytes())
    rows = [f"{name},{n % 2 * 3},p{n}" for n, name in enumerate([*names, "x00q (1)"])]
    (tmp_path / "grades.csv").write_text("image,dr_grade,patient\n" + "\n".join(rows))
    assert len(check(tmp_path).left_out) == 2


def test_the_same_picture_of_two_patients_is_left_out_of_both(tmp_path: Path) -> None:
    folder = two(tmp_path, 9)
    copy = folder / "normal" / "p000" / "export.png"
    copy.parent.mkdir()
    copy.write_bytes((folder / "normal" / "p001.png").read_bytes())
    found = check(folder)
    assert {each.name for each in found.left_out} == {"normal/p001.png", "normal/p000/export.png"}
    assert all("p000 and p001" in each.why for each in found.left_out)
    assert found.pictures == 17


def test_the_same_picture_in_two_classes_is_left_out_of_both(tmp_path: Path) -> None:
    folder = two(tmp_path, 9)
    (folder / "disease" / "x.png").write_bytes((folder / "normal" / "p000.png").read_bytes())
    found = check(folder)
    assert {each.name for each in found.left_out} == {"normal/p000.png", "disease/x.png"}
    assert found.pictures == 17
