"""The command line about both eyes and about an examination."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine import cli
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye

pytestmark = pytest.mark.usefixtures("user")


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("eyes")
    paths = []
    for name, seed in (("10_left", 1), ("10_right", 4), ("third", 2)):
        paths.append(folder / f"{name}.png")
        Image.fromarray(draw_eye(seed, severity=seed, width=500).pixels).save(paths[-1])
    return paths


def run(*arguments: object) -> int:
    asked = ["analyse", *map(str, arguments), "--question", "retinopathy", "--pack", "untrained"]
    return cli.main([*asked, "--quiet"])


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert run(*arguments, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_both_eyes_have_one_answer_with_every_field(
    capsys: pytest.CaptureFixture[str], eyes: list[Path], user: Pack, tmp_path: Path
) -> None:
    out = tmp_path / "map.npy"
    found = answer(capsys, eyes[0], "--other-eye", eyes[1], "--heatmap", out)
    assert set(found) == {
        "question", "together", "basis", "said", "probability", "interval", "level", "decision",
        "operating_point", "worst", "missing", "pack", "criterion", "device", "photographs",
        "warnings", "notes",
    }  # fmt: skip
    assert (found["together"], found["basis"]) == ("pair", "worst")
    assert found["pack"]["sha256"] == user.sha256
    each = {row["path"]: row["probability"] for row in found["photographs"]}
    assert list(each) == [str(eyes[0]), str(eyes[1])]
    assert found["probability"] == max(each.values()) == each[found["worst"]]
    files = [row["heatmap"]["file"] for row in found["photographs"]]
    assert files == [str(out), str(tmp_path / "map-2.npy")]
    for file, path in zip(files, eyes, strict=False):
        assert np.load(file).shape == np.asarray(Image.open(path)).shape[:2]


def test_an_examination_has_one_answer_of_all(
    capsys: pytest.CaptureFixture[str], eyes: list[Path], tmp_path: Path
) -> None:
    table = tmp_path / "context.csv"
    table.write_text("image,age\nother,40\nthird,50\n")
    found = answer(capsys, *eyes, "--examination", "--context", table)
    assert found["together"] == "examination"
    assert len(found["photographs"]) == 3
    assert "left aside" in found["warnings"][0]


def test_in_words_each_eye_has_its_line(
    capsys: pytest.CaptureFixture[str], eyes: list[Path]
) -> None:
    assert run(eyes[0], "--other-eye", eyes[1]) == 0
    said = capsys.readouterr().out
    assert "this is the worse eye's score." in said
    assert "10_left.png: " in said
    assert "10_right.png: " in said
    assert said.rstrip().endswith("Research use only. Not a medical device.")


def test_an_unreadable_other_eye_is_said_and_the_first_answered(
    capsys: pytest.CaptureFixture[str], eyes: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    found = answer(capsys, eyes[0], "--other-eye", broken)
    assert found["basis"] == "single"
    assert found["probability"] == found["photographs"][0]["probability"]
    assert found["photographs"][1]["probability"] is None
    assert found["photographs"][1]["reason"]
    assert found["warnings"]


@pytest.mark.parametrize("swapped", [False, True])
def test_one_eye_twice_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], eyes: list[Path], tmp_path: Path, swapped: bool
) -> None:
    again = tmp_path / ("copy.png" if swapped else "11_left.png")
    again.write_bytes((eyes[0] if swapped else eyes[1]).read_bytes())
    assert run(eyes[0], "--other-eye", again) == 1
    said = capsys.readouterr().err
    assert ("are the same photograph" if swapped else "both show the left eye") in said


def test_a_photograph_that_was_asked_about_and_cannot_be_read_is_refused(
    capsys: pytest.CaptureFixture[str], eyes: list[Path], tmp_path: Path
) -> None:
    assert run(tmp_path / "nothing.jpg", "--other-eye", eyes[0]) == 1
    assert capsys.readouterr().out == ""


def test_what_does_not_fit_together_is_wrong_usage(eyes: list[Path], tmp_path: Path) -> None:
    table = tmp_path / "context.csv"
    for wrong in (
        (eyes[0], eyes[1]),
        (eyes[0], "--other-eye", eyes[1], "--examination"),
        (eyes[0], "--context", table),
        (eyes[0], "--other-eye", eyes[1], "--regions"),
        (eyes[0], "--other-eye", eyes[1], "--heatmap", eyes[1]),
    ):
        assert run(*wrong) == 2


def test_a_checkpoint_that_the_pack_has_not_is_refused(
    capsys: pytest.CaptureFixture[str], eyes: list[Path]
) -> None:
    assert run(eyes[0], "--checkpoint", "step-8") == 1
    assert "no checkpoint step-8" in capsys.readouterr().err
