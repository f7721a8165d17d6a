"""analyse, as a person or a script calls it: the answer, its map, its regions."""

import json
from pathlib import Path

import numpy as np
import pytest
from analysed import analyse
from PIL import Image

from engine import cli
from engine.packs import store
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.pictures import Laterality

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("user")


@pytest.mark.parametrize("question", ["retinopathy", "stage"])
def test_analyse_says_which_table_tells_the_eye(
    capsys: Captured, eye: Path, question: str, stage_pack: Pack
) -> None:
    store.install(stage_pack.folder)
    table = eye.with_name("visits.csv")
    table.write_text(f"image,patient,eye\n{eye.name},P,OS\n")
    pack = "untrained" if question == "retinopathy" else stage_pack.manifest.name
    asked = ["analyse", str(eye), "--question", question, "--pack", pack, "--quiet"]
    assert cli.main(asked) == 0
    assert f"{eye.name} is OS, as the visits' table visits.csv says." in capsys.readouterr().out
    table.write_text(f"image,patient,eye\n{eye.name},P,OS\n{eye.name},P,OD\n")
    assert cli.main([*asked, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["eye"] == {"laterality": None, "from": "", "table": None}
    assert any("visits.csv was not used" in warning for warning in answer["warnings"])


def test_analyse_prints_one_object_with_every_field(
    capsys: Captured, eye: Path, user: Pack
) -> None:
    answer = analyse(capsys, eye)
    assert set(answer) == {
        "question", "probability", "interval", "level", "decision", "reason", "operating_point",
        "pack", "criterion", "heatmap", "device", "warnings", "notes", "eye",
    }  # fmt: skip
    assert answer["question"] == "retinopathy"
    assert answer["interval"][0] <= answer["probability"] <= answer["interval"][1]
    assert answer["level"] == 0.9
    assert answer["pack"] == {"name": "untrained", "version": "1.0.0", "sha256": user.sha256}
    assert answer["heatmap"]["shape"] == list(np.asarray(Image.open(eye)).shape[:2])
    assert answer["heatmap"]["file"] is None
    assert answer["criterion"] == "pi"


@pytest.mark.parametrize("criterion", ["pi", "omega", "relevance", "pi_photograph"])
def test_the_npy_holds_the_map_of_each_criterion_on_the_photographs_own_grid(
    capsys: Captured, eye: Path, tmp_path: Path, criterion: str
) -> None:
    out = tmp_path / "map.npy"
    answer = analyse(capsys, eye, "--heatmap", str(out), "--criterion", criterion)
    values = np.load(out)
    assert answer["criterion"] == criterion
    assert answer["heatmap"]["file"] == str(out)
    assert list(values.shape) == answer["heatmap"]["shape"]
    assert values.dtype == np.float32
    assert np.isfinite(values).all()
    assert values.min() == 0 < values.max()


def test_regions_and_landmarks_come_with_the_answer_when_asked_for(
    capsys: Captured, eye: Path
) -> None:
    answer = analyse(capsys, eye, "--regions")
    found, drawn = answer["regions"], draw_eye(3, severity=3, width=800)
    assert found["threshold"] == 0.25
    assert [each["number"] for each in found["regions"]] == [
        number for number, _ in enumerate(found["regions"], 1)
    ]
    left_out = found["left_out"]
    told = sum(each["share"] for each in found["regions"])
    assert 0 < told <= 1 - left_out["specks_share"] - left_out["regions_share"] + 1e-6
    disc = answer["landmarks"]["disc"]
    assert np.hypot(disc["x"] - drawn.disc.x, disc["y"] - drawn.disc.y) < drawn.disc.radius


def test_regions_are_told_in_words_with_their_place(capsys: Captured, eye: Path) -> None:
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--regions", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "Regions the model looked at, from 0.25 of the scale:" in said
    assert "DD from fovea" in said
    assert "Left out: " in said


def test_a_disc_that_lies_as_in_the_other_eye_than_the_name_says_is_told(
    capsys: Captured, tmp_path: Path
) -> None:
    path = tmp_path / "16_left.png"
    Image.fromarray(draw_eye(3, severity=3, laterality=Laterality.RIGHT, width=600).pixels).save(
        path
    )
    notes = analyse(capsys, path, "--regions")["landmarks"]["notes"]
    assert notes == ["In doubt: the disc lies as in a right eye."]


def test_an_annotated_picture_is_not_scored(capsys: Captured, eye: Path, tmp_path: Path) -> None:
    out = tmp_path / "seen.png"
    analyse(capsys, eye, "--heatmap", str(out))
    answer = analyse(capsys, out)
    assert (answer["decision"], answer["probability"]) == ("ungradable", None)
    assert answer["reason"].startswith("This is a picture that LesionLens annotated")
    assert answer["warnings"] == []


def test_the_png_is_the_annotated_picture(capsys: Captured, eye: Path, tmp_path: Path) -> None:
    out = tmp_path / "seen.png"
    analyse(capsys, eye, "--heatmap", str(out))
    with Image.open(out) as drawn:
        assert drawn.height > Image.open(eye).height  # legend and strip stand below
        assert drawn.info == {"Software": "LesionLens, annotated picture"}


def test_an_ungradable_photograph_is_an_answer(capsys: Captured, tmp_path: Path) -> None:
    dark = tmp_path / "dark.png"
    Image.fromarray((draw_eye(3, width=800).pixels * 0.04).astype(np.uint8)).save(dark)
    answer = analyse(capsys, dark, "--heatmap", str(tmp_path / "map.npy"))
    assert answer["decision"] == "ungradable"
    assert answer["probability"] is None
    assert answer["interval"] is None
    assert answer["heatmap"] is None
    assert answer["reason"]
    assert not (tmp_path / "map.npy").exists()


def test_without_json_the_answer_is_words_with_interval_and_notice(
    capsys: Captured, eye: Path
) -> None:
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "90 % interval".replace(" %", "\N{NARROW NO-BREAK SPACE}%") in said
    assert "Research use only. Not a medical device." in said
