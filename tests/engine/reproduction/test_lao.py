"""The command that compares ways of learning stages, on any table of pictures and stages."""

import csv
import json
from math import nan
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from engine.cli import app
from engine.reports import annotated
from engine.reproduction import lao as lao_page


@pytest.fixture
def table(tmp_path: Path) -> Path:
    draw = np.random.default_rng(0)
    with (tmp_path / "stages.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["image", "stage", "patient"])
        for number in range(48):
            stage = number % 2
            grey = draw.integers(0, 60, (30, 20)) + 120 * stage
            Image.fromarray(grey.astype(np.uint8)).save(tmp_path / f"{number}.png")
            rows.writerow([number, ["low", "high"][stage], f"p{number // 2}"])
    return tmp_path / "stages.csv"


def lao(table: Path, *more: str):
    out = table.parent / "out"
    asked = ["--order", "low,high", "--pictures", "plain", "--splits", "2", "--steps", "1"]
    few = ["--passes", "1", "--arm", "baseline", "--arm", "cyclic"]
    return CliRunner().invoke(
        app, ["reproduce", "lao", "--data", str(table), "--out", str(out), *asked, *few, *more]
    )


def test_any_ordered_labels_are_compared_and_told_beside_what_is_printed(table: Path) -> None:
    said = lao(table, "--json", "--quiet")
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert told["stages"] == ["low", "high"]
    assert [(each["arm"], each["head"]) for each in told["arms"]] == [
        ("baseline", "vision"), ("cyclic", "vision"), ("cyclic", "lstm")
    ]  # fmt: skip
    for each in told["arms"]:
        counts = np.array(each["confusion"])
        assert each["accuracy"] == pytest.approx(np.trace(counts) / counts.sum())
    page = (table.parent / "out" / "report.md").read_text("utf-8")
    assert "63.1 ± 2.7" in page
    assert "from random weights" in page
    assert "Table II" in page
    for each in told["arms"]:
        picture = table.parent / "out" / f"confusion-{each['arm']}-{each['head']}.png"
        assert Image.open(picture).size[0] > 400


def test_it_goes_on_where_it_was_and_refuses_other_numbers(table: Path) -> None:
    assert lao(table, "--quiet").exit_code == 0
    results = (table.parent / "out" / "results.jsonl").read_bytes()
    assert lao(table, "--quiet").exit_code == 0
    assert (table.parent / "out" / "results.jsonl").read_bytes() == results
    for option, value in (("--learning-rate", "0.5"), ("--gates", "sigmoid"), ("--keep", "last")):
        other = lao(table, option, value, "--quiet")
        assert other.exit_code == 1
        assert "cannot go on" in other.output
    Image.fromarray(np.zeros((300, 200), np.uint8)).save(table.parent / "3.png")
    other = lao(table, "--quiet")
    assert other.exit_code == 1
    assert "other pictures" in other.output


def test_a_table_that_cannot_be_used_is_told_in_a_sentence(table: Path) -> None:
    said = lao(table, "--order", "low,middle,high", "--quiet")
    assert said.exit_code == 1
    assert "No picture has the stage middle" in said.output


def test_a_table_of_other_stages_is_read_by_its_own_columns(tmp_path: Path) -> None:
    """Ripeness in three words, two readers' columns, a label that nobody asked for."""
    draw = np.random.default_rng(0)
    with (tmp_path / "fruit.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["photo", "tree", "first reader", "second reader"])
        for number in range(40):
            word = ["green", "turning", "ripe", "unclear"][number % 4]
            grey = draw.integers(0, 40, (24, 24)) + 60 * (number % 4)
            Image.fromarray(grey.astype(np.uint8)).save(tmp_path / f"f{number}.png")
            rows.writerow([f"f{number}", f"t{number // 8}", "ripe", word])
    columns = [
        "--image-column", "photo", "--stage-column", "second reader", "--patient-column", "tree"
    ]  # fmt: skip
    said = CliRunner().invoke(
        app,
        [
            "reproduce", "lao", "--data", str(tmp_path / "fruit.csv"), "--out",
            str(tmp_path / "out"), "--order", "green,turning,ripe", "--pictures", "plain",
            "--splits", "1", "--steps", "1", "--passes", "1", "--arm", "cyclic", "--json",
            "--quiet", *columns,
        ],
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert (told["stages"], told["pictures"]) == (["green", "turning", "ripe"], 30)
    page = (tmp_path / "out" / "report.md").read_text("utf-8")
    assert "30 pictures of 5 patients; stages green (10), turning (10), ripe (10)" in page


def test_a_picture_of_two_patients_is_refused_as_in_a_training(table: Path) -> None:
    (table.parent / "4.png").write_bytes((table.parent / "0.png").read_bytes())
    said = lao(table, "--quiet")
    assert said.exit_code == 1
    assert "0.png of line 2 and 4.png of line 6 are the same picture" in said.output


def test_a_picture_that_the_program_annotated_is_refused_as_in_a_training(table: Path) -> None:
    annotated.save(table.parent / "5.png", Image.new("RGB", (60, 40)))
    said = lao(table, "--quiet")
    assert said.exit_code == 1
    assert "5.png is a picture that LesionLens annotated" in said.output


def test_a_column_that_is_not_there_is_named(table: Path) -> None:
    for option in ("--image-column", "--stage-column", "--patient-column"):
        said = lao(table, option, "nowhere", "--quiet")
        assert said.exit_code == 1
        assert "The column nowhere is missing" in said.output
        assert option in " ".join(said.output.split())


def test_a_difference_that_never_varies_is_told_without_a_p() -> None:
    alike = lao_page.ResampledTest(0.0, 0.0, nan, nan)
    assert "nan" not in lao_page._points(alike)
