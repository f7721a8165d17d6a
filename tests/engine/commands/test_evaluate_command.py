"""evaluate against grades and lesions alike: words, codes, and pictures of our own left out."""

import shutil
from pathlib import Path

import pytest
from evaluated import TYPES, evaluate, maps_of
from PIL import Image

from engine import cli
from engine.reports import annotated

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("user")


def test_annotated_pictures_are_left_out_of_figures_and_counted(
    capsys: Captured, graded: Path, marked: Path, tmp_path: Path
) -> None:
    one = "1 picture that LesionLens annotated was left out."
    for kind, source in (("graded", graded.parent), ("eyes", marked)):
        shutil.copytree(source, tmp_path / kind)
        page = Image.new("RGB", (60, 40))
        annotated.save(tmp_path / kind / "seen.png", page)
    table = tmp_path / "graded" / "grades.csv"
    table.write_text(f"{table.read_text()}\nseen,0,patient9\n")
    said = evaluate(capsys, "untrained", "--grades", table)
    assert (said["n"], said["warnings"]) == (6, [one])
    copied = tmp_path / "eyes"
    maps = maps_of(copied, tmp_path / "maps", TYPES)
    assert one in evaluate(capsys, "--lesions", copied, "--maps", maps)["warnings"]


def test_without_json_the_figures_are_words_with_the_notice(
    capsys: Captured, marked: Path, graded: Path, tmp_path: Path
) -> None:
    maps = maps_of(marked, tmp_path / "maps", TYPES)
    for options in (["--lesions", marked, "--maps", maps], ["untrained", "--grades", graded]):
        assert cli.main(["evaluate", "--question", "retinopathy", *map(str, options)]) == 0
        said = capsys.readouterr().out
        assert "Research use only. Not a medical device." in said
        assert "95\N{NARROW NO-BREAK SPACE}%" in said


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 2),
        (["--grades", "a.csv", "--lesions", "b"], 2),
        (["--grades", "a.csv", "--maps", "b"], 2),
        (["untrained", "--lesions", "a", "--maps", "b"], 2),
        (["--grades", "a.csv", "--predictions", "./a.csv"], 2),
        (["--lesions", "a", "--against", "untrained"], 2),
        (["--grades", "nowhere.csv", "untrained", "--against", "nobody"], 1),
        (["--lesions", "a", "--criterion", "pi", "--criterion", "pi_photograph"], 2),
        (["--grades", "nowhere.csv", "untrained"], 1),
        (["--lesions", "nowhere", "untrained"], 1),
        (["nobody", "--grades", "nowhere.csv"], 1),
    ],
)
def test_wrong_usage_and_refusals_have_their_codes(
    capsys: Captured, options: list[str], code: int
) -> None:
    assert evaluate(capsys, *options, code=code) == {}
