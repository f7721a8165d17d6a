"""evaluate --grades, as a researcher or a script calls it, on drawn eyes whose grades are known."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from evaluated import evaluate
from sklearn.metrics import roc_auc_score

from engine import cli
from engine.packs.pack import Pack

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("user")


def test_grades_give_the_figures_of_what_the_pack_said(
    capsys: Captured, graded: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    said = evaluate(capsys, "untrained", "--grades", graded, "--predictions", out)
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 8
    assert list(rows[0])[:4] == ["case", "patient", "truth", "score"]
    scored = [row for row in rows if row["score"]]
    truth = np.array([row["truth"] == "1" for row in scored])
    scores = np.array([float(row["score"]) for row in scored])
    called = scores >= 0.4  # the pack's operating point
    assert said["n"] == len(scored) == 6
    assert said["auc"] == pytest.approx(roc_auc_score(truth, scores))
    assert said["interval"][0] <= said["auc"] <= said["interval"][1]
    assert said["sensitivity"] == pytest.approx(called[truth].mean())
    assert said["specificity"] == pytest.approx((~called)[~truth].mean())
    assert [row["decision"] for row in rows[6:]] == ["ungradable", ""]
    assert "dark" in rows[6]["reason"]
    assert "gone" in rows[7]["reason"]
    assert len(said["left_out"]) == 2
    assert rows[3]["patient"] == "patient1"
    assert said["warnings"] == []


def test_each_score_is_that_of_analyse(capsys: Captured, graded: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    evaluate(capsys, "untrained", "--grades", graded, "--predictions", out)
    arguments = ["analyse", str(graded.parent / "eye4.png"), "--question", "retinopathy"]
    assert cli.main([*arguments, "--pack", "untrained", "--json", "--quiet"]) == 0
    alone = json.loads(capsys.readouterr().out)["probability"]
    with out.open() as file:
        rows = {row["case"]: row for row in csv.DictReader(file)}
    assert float(rows["eye4"]["score"]) == alone


def test_the_same_file_named_again_is_counted_once(
    capsys: Captured, graded: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "graded"
    shutil.copytree(graded.parent, folder)
    table = folder / "grades.csv"
    before = evaluate(capsys, "untrained", "--grades", table)
    shutil.copy(folder / "eye0.png", folder / "copy.png")
    table.write_text(f"{table.read_text()}\ncopy,0,patient7\n")
    said = evaluate(capsys, "untrained", "--grades", table)
    (warning,) = said["warnings"]
    assert warning.startswith("1 photograph is left out")
    assert "copy" in warning
    assert [said[key] for key in ("n", "auc", "interval")] == [
        before[key] for key in ("n", "auc", "interval")
    ]
    assert any("counted there" in each["reason"] for each in said["left_out"])


def test_the_report_on_grades_has_the_curve_and_the_table(
    capsys: Captured, graded: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report"
    said = evaluate(capsys, "untrained", "--grades", graded, "--report", out)
    assert f"{said['auc']:.3f}" in (out / "report.md").read_text("utf-8")
    assert (out / "roc.png").exists()
    assert len((out / "predictions.csv").read_text().splitlines()) == 9


def test_two_packs_are_compared_on_the_same_photographs(
    capsys: Captured, graded: Path, tmp_path: Path, drawing_pack: Pack
) -> None:
    out, report = tmp_path / "out.csv", tmp_path / "report"
    options = ["untrained", "--against", drawing_pack.folder, "--grades", graded]
    said = evaluate(capsys, *options, "--predictions", out, "--report", report)
    with out.open() as file:
        rows = list(csv.DictReader(file))
    scored = [row for row in rows if row["score"] and row["score_against"]]
    truth = [row["truth"] == "1" for row in scored]
    areas = [
        roc_auc_score(truth, [float(row[name]) for row in scored])
        for name in ("score", "score_against")
    ]
    assert said["n"] == len(scored) == 6
    assert [said[side]["auc"] for side in ("first", "second")] == pytest.approx(areas)
    assert said["second"]["pack"]["name"] == "drawing"
    low, high = said["difference"]["interval"]
    assert said["difference"]["auc"] == pytest.approx(areas[0] - areas[1])
    assert low <= said["difference"]["auc"] <= high
    called = [(row["decision"], row["decision_against"]) for row in scored]
    apart = said["answered_differently"].values()
    alone = sum(each["first_alone_right"] + each["second_alone_right"] for each in apart)
    assert alone == sum(one != other for one, other in called)
    assert len(said["left_out"]) == 2
    assert f"{areas[1]:.3f}" in (report / "report.md").read_text("utf-8")
    assert (report / "roc.png").exists()


def test_a_table_of_one_class_is_refused_after_its_predictions_are_written(
    capsys: Captured, graded: Path, tmp_path: Path
) -> None:
    table = graded.with_name("one.csv")
    table.write_text("image,dr_grade\neye0,0\neye1,1\n")
    out = tmp_path / "out.csv"
    assert not evaluate(capsys, "untrained", "--grades", table, "--predictions", out, code=1)
    assert len(out.read_text().splitlines()) == 3
