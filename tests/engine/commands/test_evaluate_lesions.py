"""evaluate --lesions, as a researcher or a script calls it, on eyes whose lesions are drawn."""

import csv
import shutil
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from evaluated import CODES, TYPES, evaluate, maps_of
from PIL import Image

from engine import cli
from engine.phantoms import eye_files

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("user")


def test_the_truth_as_a_heatmap_finds_nearly_all_and_noise_nearly_nothing(
    capsys: Captured, marked: Path, tmp_path: Path
) -> None:
    true = evaluate(
        capsys, "--lesions", marked, "--maps", maps_of(marked, tmp_path / "true", TYPES)
    )
    assert true["pictures"] == 4
    assert true["pack"] is None
    assert true["mean_area"] > 0.7
    noise = tmp_path / "noise"
    noise.mkdir()
    generator = np.random.default_rng(0)
    for seed in range(4):
        shape = Image.open(marked / f"eye{seed}.png").size[::-1]
        np.save(noise / f"eye{seed}.npy", generator.random(shape, np.float32))
    assert evaluate(capsys, "--lesions", marked, "--maps", noise)["mean_area"] < 0.1


def test_a_map_of_one_type_finds_that_type_and_other_lesions_count_as_asked(
    capsys: Captured, marked: Path, tmp_path: Path
) -> None:
    maps = maps_of(marked, tmp_path / "maps", ["haemorrhages"])
    said = evaluate(capsys, "--lesions", marked, "--maps", maps)
    assert list(said["areas"]) == TYPES
    assert said["areas"]["haemorrhages"]["maps"] > 0.7
    assert said["areas"]["hard exudates"]["maps"] < 0.2
    variants = {(each["other_lesions"], each["merge"]): each for each in said["variants"]}
    assert set(variants) == {("ignore", 0), ("count", 0), ("ignore", 2), ("count", 2)}
    for key in ("areas", "mean_area"):
        assert said[key] == variants["ignore", 0][key]
    ignored, counted = variants["ignore", 0]["areas"], variants["count", 0]["areas"]
    for name in TYPES:
        assert counted[name]["maps"] <= ignored[name]["maps"]
    for each in variants.values():
        known = [area["maps"] for area in each["areas"].values() if area["maps"] is not None]
        assert each["mean_area"] == pytest.approx(np.mean(known))
        low, high = each["mean_interval"]
        assert low <= each["mean_area"] <= high


def test_a_packs_criteria_stand_beside_each_other(capsys: Captured, marked: Path) -> None:
    said = evaluate(
        capsys, "untrained", "--lesions", marked, "--criterion", "pi", "--criterion", "omega"
    )
    assert said["question"] == "retinopathy"
    assert said["pack"]["name"] == "untrained"
    assert said["device"] == "cpu"
    assert said["criterion"] == "pi"
    for name in TYPES:
        assert list(said["areas"][name]) == ["pi", "omega"]
    areas = [said["areas"][name]["pi"] for name in TYPES if said["areas"][name]["pi"] is not None]
    assert said["mean_area"] == pytest.approx(np.mean(areas))
    assert [Path(each["path"]).name for each in said["left_out"]] == ["unknown.jpg"]
    assert said["warnings"] == ["Left out: 1 of the files."]
    assert set(said["image_level"]["pi"]) == {*TYPES, "red lesions", "bright lesions"}
    assert any("chosen on these same photographs" in note for note in said["notes"])


def test_a_file_that_is_no_photograph_is_left_out_with_its_reason(
    capsys: Captured, marked: Path, tmp_path: Path
) -> None:
    maps = maps_of(marked, tmp_path / "maps", TYPES)
    (maps / "eye1.npy").write_bytes(b"no array")
    said = evaluate(capsys, "--lesions", marked, "--maps", maps)
    assert said["pictures"] == 3
    assert [Path(each["path"]).name for each in said["left_out"]] == ["unknown.jpg", "eye1.png"]
    assert "eye1.npy cannot be judged" in said["left_out"][1]["reason"]


def test_components_are_judged_where_they_are_asked_for(
    capsys: Captured, marked: Path, tmp_path: Path
) -> None:
    maps = maps_of(marked, tmp_path / "maps", ["haemorrhages"])
    options = ["--lesions", marked, "--maps", maps, "--detections", "components", "--merge", "0"]
    said = evaluate(capsys, *options)
    assert said["areas"]["haemorrhages"]["maps"] > 0.7
    assert [each["merge"] for each in said["variants"]] == [0, 0]


def test_detections_are_told_one_a_row_with_what_they_hit(
    capsys: Captured, marked: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    maps = maps_of(marked, tmp_path / "maps", TYPES)
    for file in maps.iterdir():  # half of it lies beside the lesions
        values = np.load(file)
        np.save(file, np.maximum(values, np.roll(values, 90, axis=1)))
    evaluate(capsys, "--lesions", marked, "--maps", maps, "--predictions", out)
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:7] == ["case", "patient", "truth", "score", "criterion", "x", "y"]
    truth = {
        f"eye{seed}": {
            name: np.asarray(Image.open(marked / f"eye{seed}_{code}.png"))
            for name, code in CODES.items()
        }
        for seed in range(4)
    }
    for row in rows:
        masks = truth[row["case"]]
        x, y = round(float(row["x"])), round(float(row["y"]))
        on = [name for name in TYPES if masks[name][y, x]]
        assert all(row[name] for name in on)
        near = {name: masks[name][max(y - 5, 0) : y + 6, max(x - 5, 0) : x + 6] for name in TYPES}
        assert not any(row[name] and not near[name].any() for name in TYPES)
        hit = any(row[name] for name in [*TYPES, "other lesions"])
        assert row["truth"] == str(int(hit))
    assert {row["truth"] for row in rows} == {"0", "1"}


def test_the_report_stands_by_itself(capsys: Captured, marked: Path, tmp_path: Path) -> None:
    maps, out = maps_of(marked, tmp_path / "maps", TYPES), tmp_path / "a" / "report"
    said = evaluate(capsys, "--lesions", marked, "--maps", maps, "--report", out)
    text = (out / "report.md").read_text("utf-8")
    day = datetime.now(UTC)
    made = {f"LesionLens {version('lesionlens')}, {day - timedelta(n):%Y-%m-%d}." for n in (0, 1)}
    assert made & set(text.splitlines())
    assert "Research use only. Not a medical device." in text
    assert f"{said['mean_area']:.3f}" in text
    for line in text.splitlines():
        if line.startswith("!["):
            assert Image.open(out / line[2 : line.index("]")]).size[0] > 1000
    assert (out / "detections.csv").exists()
    assert "unknown.jpg: It has no mask" in text


def test_the_same_marked_photograph_under_another_name_is_counted_once(
    capsys: Captured, marked: Path, tmp_path: Path
) -> None:
    before = evaluate(capsys, "untrained", "--lesions", marked, "--criterion", "pi")
    folder = tmp_path / "marked"
    shutil.copytree(marked, folder)
    for file in list(folder.glob("eye0*")):
        shutil.copy(file, folder / file.name.replace("eye0", "eye7"))
    said = evaluate(capsys, "untrained", "--lesions", folder, "--criterion", "pi")
    *_, last = said["left_out"]
    assert Path(last["path"]).name == "eye7.png"
    assert last["reason"] == "It is the same picture as eye0.png, and counted there."
    for key in ("pictures", "lesions", "areas", "variants", "image_level"):
        assert said[key] == before[key]
    # Where another reader marked something else, nobody can say who is right.
    for mask in folder.glob("eye7_*.png"):
        blank = np.zeros_like(np.asarray(Image.open(mask)))
        blank[300:304, 250:254] = 255
        Image.fromarray(blank).save(mask)
    said = evaluate(capsys, "untrained", "--lesions", folder, "--criterion", "pi")
    assert said["pictures"] == 3
    reasons = {Path(each["path"]).name: each["reason"] for each in said["left_out"]}
    why = "It is the same picture as {}, and the marked lesions differ."
    assert reasons["eye0.png"] == why.format("eye7.png")
    assert reasons["eye7.png"] == why.format("eye0.png")


def test_columns_of_figures_stand_apart_also_where_one_says_that_it_has_no_interval(
    capsys: Captured, tmp_path: Path
) -> None:
    eye_files.write(tmp_path / "eye.png", 3, severity=4, width=520)  # one alone: all draws agree
    said = ["evaluate", "untrained", "--question", "retinopathy", "--lesions", str(tmp_path)]
    assert cli.main([*said, "--criterion", "pi", "--criterion", "omega", "--quiet"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("mean ")]
    assert rows
    assert all(row.count("all draws agree)  ") == 1 for row in rows), rows
