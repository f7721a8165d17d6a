"""Tables of stages: any ordered labels, stages put together, faults named."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import Refusal
from engine.progression import table


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str, pictures: str = "abcdef") -> Path:
        for name in pictures:
            (tmp_path / f"{name}.png").touch()
        path = tmp_path / "stages.csv"
        path.write_text(text, "utf-8")
        return path

    return write


def test_whole_numbers_are_stages_in_their_order(written) -> None:
    found = table.read(written("image,stage\na,10\nb,2\nc,2\nd,0\n"))
    assert found.staged.names == ("0", "2", "10")
    assert found.staged.stages.tolist() == [2, 1, 1, 0]
    assert [path.name for path in found.paths] == ["a.png", "b.png", "c.png", "d.png"]
    assert len(set(found.staged.patients)) == 4


def test_grades_are_put_together_and_patients_kept(written) -> None:
    path = written("image,dr_grade,patient_visit\na,0,p1\nb,1,p1\nc,2,p2\nd,3,p3\ne,4,p4\n")
    found = table.read(path, "0,1+2,3,4")
    assert found.staged.names == ("0", "1+2", "3", "4")
    assert found.staged.stages.tolist() == [0, 1, 1, 2, 3]
    assert found.staged.patients.tolist() == ["p1", "p1", "p2", "p3", "p4"]


def test_a_label_outside_the_order_is_left_out(written) -> None:
    found = table.read(written("image,stage\na,mild\nb,unknown\nc,none\n"), "none,mild")
    assert found.staged.stages.tolist() == [1, 0]
    assert np.array_equal([path.stem for path in found.paths], ["a", "c"])


@pytest.mark.parametrize(
    ("text", "order", "said"),
    [
        ("picture,stage\na,1\n", "", "column image"),
        ("image,level\na,1\n", "", "column stage"),
        ("image,stage\na,1\nb,\n", "", "Line 3 has no stage"),
        ("image,stage\n\na,1\n\nb,\n", "", "Line 5 has no stage"),
        ("image,stage\na,1\na,2\n", "", "named twice"),
        ("image,stage\na,1\nz,2\n", "", "No picture called z"),
        ("image,stage\na,1\nb,1\n", "", "Fewer than two"),
        ("image,stage\na,mild\nb,none\n", "", "order of stages"),
        ("image,stage\na,mild\nb,none\n", "none,mild,severe", "No picture has the stage severe"),
        ("image,stage\na,mild\nb,none\n", "none,none", "twice or none"),
    ],
)
def test_a_fault_is_named(written, text: str, order: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        table.read(written(text), order)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\x00")
    for name in ("bad.csv", "missing.csv"):
        with pytest.raises(Refusal, match="cannot be read"):
            table.read(tmp_path / name)


def test_a_picture_named_in_two_ways_is_named_twice(written) -> None:
    with pytest.raises(Refusal, match=r"a\.png is named twice"):
        table.read(written("image,stage,patient\na,0,p1\na.png,0,p2\nb,1,p3\n"))
