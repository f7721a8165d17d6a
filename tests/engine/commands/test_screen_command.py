"""screen, as a person or a script calls it."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from engine import cli
from engine.packs import store
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye

pytestmark = pytest.mark.usefixtures("user")


def screen(*more: str | Path) -> int:
    fixed = ["screen", "--question", "retinopathy", "--pack", "untrained"]
    return cli.main([*fixed, "--device", "processor", *map(str, more)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "eyes"
    folder.mkdir()
    Image.fromarray(draw_eye(1, width=520).pixels).save(folder / "eye.png")
    (folder / "bad.jpg").write_bytes(b"")
    return folder


def test_it_prints_one_object_and_goes_on_when_called_again(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.csv"
    assert screen(folder, "--out", out, "--json", "--quiet") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["question"] == "retinopathy"
    assert said["pack"]["name"] == "untrained"
    assert (said["pictures"], said["there_before"], said["not_read"]) == (2, 0, 1)
    assert sum(said["decisions"].values()) == 1
    assert said["pictures_per_second"] > 0
    assert screen(folder, "--out", out, "--json", "--quiet") == 0
    assert json.loads(capsys.readouterr().out)["there_before"] == 2
    with out.open(newline="", encoding="utf-8") as file:
        assert [row["path"] for row in csv.DictReader(file)] == ["eyes/bad.jpg", "eyes/eye.png"]


def test_its_table_says_which_photographs_the_pack_learnt_from(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, taught_by: Callable[..., Pack]
) -> None:
    Image.fromarray(draw_eye(2, width=520).pixels).save(folder / "new.png")
    store.install(taught_by(Image.open(folder / "eye.png")).folder)
    out = tmp_path / "results.csv"
    assert screen(folder, "--pack", "taught", "--out", out, "--quiet") == 0
    capsys.readouterr()
    with out.open(newline="", encoding="utf-8") as file:
        said = {row["path"]: row["warnings"] for row in csv.DictReader(file)}
    assert "The pack taught learnt from this photograph" in said["eyes/eye.png"]
    assert "learnt from" not in said["eyes/new.png"]


def test_what_cannot_be_screened_is_one_sentence_and_exit_code_1(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    assert screen(tmp_path / "none", "--out", tmp_path / "a.csv") == 1
    assert "There is no folder" in capsys.readouterr().err
    assert screen(folder, "--out", tmp_path / "none" / "a.csv") == 1
    assert "a.csv was not written" in capsys.readouterr().err


def test_a_photograph_that_is_a_link_to_nowhere_has_its_row(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    (folder / "moved.jpg").symlink_to(tmp_path / "gone.jpg")
    (folder / "circle.jpg").symlink_to(folder / "circle.jpg")
    out = tmp_path / "a.csv"
    for _ in range(2):  # and again when it is gone on with
        assert screen(folder, "--out", out, "--quiet") == 0
        with out.open(newline="") as file:
            reasons = {Path(row["path"]).name: row["reason"] for row in csv.DictReader(file)}
        assert "It is a link to nowhere." in reasons["moved.jpg"]
        assert "It is a link to nowhere." in reasons["circle.jpg"]
        assert reasons.keys() == {"eye.png", "bad.jpg", "moved.jpg", "circle.jpg"}
