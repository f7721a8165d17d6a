"""``analyse --question stage``: JSON, words, heatmaps, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from engine.cli import app
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye


@pytest.fixture(scope="module")
def eye(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("eye") / "eye.png"
    Image.fromarray(draw_eye(5, width=700).pixels).save(path)
    return path


def run(pack: Pack, eye: Path, *more: str):  # type: ignore[no-untyped-def]
    asked = ["analyse", str(eye), "--question", "stage", "--pack", str(pack.folder), "--quiet"]
    return CliRunner().invoke(app, [*asked, *more])


def test_one_object_tells_scale_stages_heads_and_pack(stage_pack: Pack, eye: Path) -> None:
    said = json.loads(run(stage_pack, eye, "--json").stdout)
    assert said["scale"] == "ICDR"
    assert [stage["name"] for stage in said["stages"]] == ["none", "early", "late"]
    shares = [stage["probability"] for stage in said["stages"]]
    assert sum(shares) == pytest.approx(1)
    assert said["expected_stage"] == pytest.approx(1.5 * shares[1] + 3.5 * shares[2])
    assert set(said["heads"]) == {"vision", "lstm"}
    for head in said["heads"].values():
        assert sum(stage["probability"] for stage in head["stages"]) == pytest.approx(1)
    assert said["pack"]["name"] == "stages-untrained"
    assert said["heatmap"] is None
    assert isinstance(said["warnings"], list)


def test_the_heatmap_of_a_named_stage_lies_on_the_photographs_grid(
    stage_pack: Pack, eye: Path, tmp_path: Path
) -> None:
    out = tmp_path / "map.npy"
    said = json.loads(run(stage_pack, eye, "--json", "--stage", "2", "--heatmap", str(out)).stdout)
    assert said["explained"] == "late"
    assert said["heatmap"]["file"] == str(out)
    assert list(np.load(out).shape) == list(Image.open(eye).size[::-1])


def test_the_annotated_picture_has_a_panel_below_the_photograph(
    stage_pack: Pack, eye: Path, tmp_path: Path
) -> None:
    out = tmp_path / "drawn.png"
    assert run(stage_pack, eye, "--heatmap", str(out)).exit_code == 0
    assert Image.open(out).height > Image.open(eye).height


@pytest.mark.parametrize(
    "more",
    [
        ["--regions"],
        ["--truth"],
        ["--examination"],
        ["--checkpoint", "x"],
        ["--stage", "1"],
    ],
)
def test_an_option_that_could_do_nothing_is_wrong_usage(
    stage_pack: Pack, eye: Path, more: list[str]
) -> None:
    said = run(stage_pack, eye, *more)
    assert said.exit_code == 2
    assert more[0] in said.output or more[0] == "--examination"


def test_a_stage_that_the_pack_has_not_is_refused_in_a_sentence(
    stage_pack: Pack, eye: Path
) -> None:
    done = run(stage_pack, eye, "--stage", "7", "--heatmap", str(eye.parent / "map.npy"))
    assert done.exit_code == 1
    assert "It has no stage 7" in done.stderr
