"""What a command is to write: nothing is lost for it, and what cannot be is said beforehand."""

import shutil
from pathlib import Path

import pytest
from analysed import analyse
from evaluated import TYPES, evaluate, maps_of

from engine import cli
from engine.packs import store

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("user")


def test_an_annotated_picture_is_written_over_none_but_one_of_its_own(
    capsys: Captured, eye: Path, tmp_path: Path
) -> None:
    other, own = tmp_path / "other.png", tmp_path / "seen.png"
    other.write_bytes(eye.read_bytes())
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--heatmap"]
    for more in ([str(other)], [str(tmp_path / "a.png"), "--other-eye", "b.jpg"]):
        (tmp_path / "a-2.png").write_bytes(eye.read_bytes())
        assert cli.main([*arguments, *more, "--quiet"]) == 2
        assert "is left as it is" in " ".join(capsys.readouterr().err.split())
    assert cli.main([*arguments, str(tmp_path / "gone" / "seen.png"), "--quiet"]) == 2
    assert "there is no folder" in " ".join(capsys.readouterr().err.split())
    assert other.read_bytes() == (tmp_path / "a-2.png").read_bytes() == eye.read_bytes()
    own.touch()  # as mktemp leaves it
    for _ in range(2):
        assert analyse(capsys, eye, "--heatmap", str(own))["heatmap"]["file"] == str(own)


@pytest.mark.parametrize("name", ["eye0.png", "grades.csv", "nowhere/p.csv"])
def test_predictions_are_written_over_nothing_else_and_that_is_said_before_asking(
    capsys: Captured, marked: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "find", lambda *_: pytest.fail("It was asked."))
    shutil.copy(marked / "eye0.png", tmp_path)
    for table in ("table.csv", "grades.csv"):
        (tmp_path / table).write_text("image,dr_grade\neye0,3\n")
    there = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    words = ("--grades", tmp_path / "table.csv", "--predictions", tmp_path / name)
    evaluate(capsys, *words, code=2)
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == there


def test_a_report_is_no_file_and_that_is_said_before_asking(
    capsys: Captured, marked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "find", lambda *_: pytest.fail("It was asked."))
    (tmp_path / "note.txt").write_text("Mine.")
    evaluate(capsys, "--lesions", marked, "--report", tmp_path / "note.txt", code=2)
    assert (tmp_path / "note.txt").read_text() == "Mine."


def test_predictions_are_written_again_over_those_of_before(
    capsys: Captured, marked: Path, tmp_path: Path
) -> None:
    maps = maps_of(marked, tmp_path / "maps", TYPES)
    words = ("--lesions", marked, "--maps", maps, "--predictions", tmp_path / "p.csv")
    evaluate(capsys, *words)
    first = (tmp_path / "p.csv").read_bytes()
    evaluate(capsys, *words)
    assert (tmp_path / "p.csv").read_bytes() == first


def test_a_name_that_no_file_can_have_and_a_link_in_a_circle_are_wrong_usage(
    capsys: Captured, eye: Path, tmp_path: Path
) -> None:
    circle = tmp_path / "circle.jpg"
    circle.symlink_to(circle)
    arguments = ["analyse", "--question", "retinopathy", "--quiet", "--heatmap"]
    assert cli.main([*arguments, str(tmp_path / ("x" * 300 + ".png")), str(eye)]) == 2
    assert "cannot be written" in " ".join(capsys.readouterr().err.split())
    assert cli.main([*arguments, str(tmp_path / "a.png"), str(circle)]) == 1
    assert "It is a link to nowhere." in capsys.readouterr().err
    assert cli.main([*arguments, str(tmp_path / "a.png"), "--truth-figure", "b.svg", str(circle)])
    assert "our fault" not in capsys.readouterr().err
