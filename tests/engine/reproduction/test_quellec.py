"""The whole reproduction on a few drawn eyes: trained, judged, drawn, written, and gone on with."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import Cancelled, Refusal
from engine.evaluation import froc, lesion_sets, roc
from engine.evaluation.lesion_truth import LesionSet
from engine.learning.growing import Size
from engine.packs.pack import Pack
from engine.phantoms import eye_files
from engine.reproduction import ensemble, quellec
from engine.reproduction.material import Learning, Material
from engine.reproduction.quellec import Reproduction
from engine.reproduction.recipe import Recipe
from engine.task import Task
from engine.training.normalised import Pictures
from engine.training.plan import Optimisation

CPU = torch.device("cpu")

PASS = Optimisation(passes=1, batch=8, learning_rate=1e-4, schedule="cosine")
RECIPE = Recipe("quick", ("net_b",), (0.0, 1e-2), 112, 1.343, PASS, start=PASS, folds=2)

PLAIN = replace(RECIPE, nus=(0.0,))


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> LesionSet:
    folder = tmp_path_factory.mktemp("marked")
    for seed, severity in enumerate((3, 4, 0, 0)):
        eye_files.write(folder / f"eye{seed}.png", seed, severity=severity, width=360)
    return lesion_sets.find(folder)


def learning() -> Learning:
    """Ten patients with two eyes each, seen as noise."""
    truth = np.repeat(np.arange(10) % 2 == 0, 2)
    values = np.random.default_rng(0).integers(-20, 20, (20, 3, 128, 128), np.int8)

    def prepare(_size: int, _file: Path, _task: Task) -> Pictures:
        return Pictures(values, truth)

    rows = np.arange(20)
    patients = np.array([f"p{row // 2}" for row in rows])
    return Learning("noise", truth, patients, rows ^ 1, "seal", prepare)


@pytest.fixture
def material(marked: LesionSet) -> Material:
    return Material(learning(), None, marked, "four drawn eyes", {"eye0": "p3"}, ("A note.",))


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ensemble, "SIZE", Size(5, 5))
    monkeypatch.setattr(froc, "DRAWS", 20)


def until_judging() -> Task:
    """A task that is cancelled when all is trained."""
    task = Task(lambda what, *_: task.cancel() if what == "Judging heatmaps" else None)
    return task


def test_tables_and_figures_are_written_and_a_second_run_trains_nothing(
    tmp_path: Path, material: Material
) -> None:
    Reproduction(material, RECIPE, tmp_path, CPU).carry_out(Task())
    said = json.loads((tmp_path / "report.json").read_text("utf-8"))
    tables = said["tables"]
    assert list(tables) == ["table_2", "table_3", "table_4"]
    second = tables["table_2"]["cells"]
    assert second["ν 0.01"]["A_z, photographs held back"]["value"] is not None
    assert second["ν 0.001"]["A_z, photographs held back"]["value"] is None
    # Of two eyes of a patient one tells less than another patient's does.
    cell = second["ν 0"]["A_z, photographs held back"]
    assert "those of a patient taken together in the interval" in cell["source"]
    (kept,) = tmp_path.glob("scores/net_b-nu-0-*held-back*.npy")
    scores, truth = np.load(kept), learning().truth
    clustered = roc.area(scores, truth, patients=np.arange(20) // 2).interval
    assert cell["interval"] == pytest.approx([clustered.low, clustered.high])
    assert clustered != roc.area(scores, truth).interval
    third = tables["table_3"]["cells"]
    for row in ("ω", "π", "π, sparsity-enhanced", "relevance α 2, β 1"):
        mean = third[f"{row}, net B"]["mean"]
        assert 0 <= mean["interval"][0] <= mean["value"] <= mean["interval"][1] <= 1
        assert "4 photographs of four drawn eyes, each counted as independent" in mean["source"]
    fourth = tables["table_4"]["cells"]
    assert fourth["ensemble, net B"]["Kaggle-test in the paper"]["value"] is not None
    assert "e-ophtha" in fourth["ensemble, net B"]["e-ophtha-test"]["source"]
    page = (tmp_path / "report.md").read_text("utf-8")
    assert "Not a medical device" in page
    assert "A note." in page
    files = [file for each in said["figures"].values() for file in each["files"]]
    assert {"figure-7.png", "figure-8.png", "figure-6-haemorrhages.png"} <= set(files)
    for file in files:
        assert (tmp_path / file).read_bytes().startswith(b"\x89PNG")
        assert f"({file})" in page
    checkpoints = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.safetensors")}
    assert len({path.parent for path in checkpoints}) == 3
    with pytest.raises(Cancelled):
        Reproduction(material, RECIPE, tmp_path, CPU).carry_out(until_judging())
    again = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.safetensors")}
    assert again == checkpoints


def test_kaggles_test_part_is_judged_by_networks_and_forests_that_learnt_elsewhere(
    tmp_path: Path,
) -> None:
    tested = replace(learning(), name="test/retinopathy_solution.csv")
    found = Material(learning(), tested, None, "", {}, ())
    page = Reproduction(found, PLAIN, tmp_path, CPU).carry_out(Task()).as_json()
    for row in ("one network, net B", "ensemble, net B"):
        cell = page["tables"]["table_4"]["cells"][row]["Kaggle-test in the paper"]
        assert cell["value"] is not None
        assert cell["source"].startswith("20 photographs of test/retinopathy_solution.csv, those")
    sources = {
        cell["source"]
        for row in page["tables"]["table_3"]["cells"].values()
        for cell in row.values()
    }
    assert sources == {quellec.NO_LESIONS}
    assert page["figures"]["Figure 6: FROC"]["missing"] == quellec.NO_LESIONS


def test_marked_photographs_of_one_patient_are_told_as_such(
    tmp_path: Path, marked: LesionSet, untrained: Pack
) -> None:
    whose = {"eye0": "p3", "eye1": "p3"}
    material = Material(None, None, marked, "four drawn eyes", whose, ())
    said = quellec.by_pack(material, untrained, tmp_path, CPU, Task()).as_json()["tables"]
    source = said["table_3"]["cells"]["π, net B"]["mean"]["source"]
    assert "those of a patient taken together in the interval" in source


def test_stopped_in_its_midst_it_keeps_what_was_trained(tmp_path: Path, material: Material) -> None:
    def stop(what: str, _done: int, _total: int) -> None:
        if list(tmp_path.glob("runs/net_b-start/checkpoints/fold-1-00001.safetensors")):
            task.cancel()

    task = Task(stop)
    with pytest.raises(Cancelled):
        Reproduction(material, PLAIN, tmp_path, CPU).carry_out(task)
    (first,) = tmp_path.glob("runs/net_b-start/checkpoints/fold-0-00001.safetensors")
    before = first.stat().st_mtime_ns
    with pytest.raises(Cancelled):
        Reproduction(material, PLAIN, tmp_path, CPU).carry_out(until_judging())
    assert len(list(tmp_path.glob("runs/*/checkpoints/fold-1-00001.safetensors"))) == 2
    assert first.stat().st_mtime_ns == before


def test_networks_of_other_numbers_are_not_gone_on_with(tmp_path: Path, material: Material) -> None:
    task = Task(lambda *_: task.cancel() if list(tmp_path.glob("runs/*/plan.toml")) else None)
    with pytest.raises(Cancelled):
        Reproduction(material, RECIPE, tmp_path, CPU).carry_out(task)
    other = replace(RECIPE, seed=2)
    with pytest.raises(Refusal, match="begun with other numbers"):
        Reproduction(material, other, tmp_path, CPU).carry_out(Task())


def test_without_grades_a_packs_heatmaps_fill_what_they_can(
    tmp_path: Path, marked: LesionSet, untrained: Pack
) -> None:
    material = Material(None, None, marked, "four drawn eyes", {}, ())
    page = quellec.by_pack(material, untrained, tmp_path, CPU, Task())
    said = page.as_json()["tables"]
    mean = said["table_3"]["cells"]["π, net B"]["mean"]
    assert mean["value"] is not None
    assert "the pack untrained 1.0.0" in mean["source"]
    for row in said["table_4"]["cells"].values():
        assert row["Kaggle-test in the paper"]["source"] == quellec.NO_GRADES
    assert (tmp_path / "figure-7.png").exists()
