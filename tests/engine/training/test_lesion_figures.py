"""Maps are measured on marked photographs, by networks that have not seen their patients."""

from pathlib import Path

import lesions_run
import numpy as np
import pytest
import torch
from PIL import Image

from engine.answers import Criterion
from engine.errors import Refusal
from engine.evaluation import lesion_sets, lesion_truth
from engine.networks.lesion_network import LesionNetwork
from engine.phantoms.eye import draw_eye
from engine.task import Task
from engine.training import (
    discovery,
    lesion_figures,
    lesions_plan,
)
from engine.training.lesion_figures import Column, Masks
from engine.training.plan import LesionMasks
from engine.training.run import Run


def test_maps_are_measured_by_networks_that_had_not_seen_the_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("a", "b", "c")
    eye = draw_eye(4, severity=2, width=400)
    for name in names:
        Image.fromarray(eye.pixels).save(tmp_path / f"{name}.png")
        mask = np.zeros(eye.pixels.shape[:2], np.uint8)
        mask[200:204, 200:204] = 255
        Image.fromarray(mask).save(tmp_path / f"{name}_MA.png")
    asked: list[int] = []
    networks = [LesionNetwork(128), LesionNetwork(128)]
    together = LesionNetwork(128, 2)
    original = lesion_figures._seen

    def watched(network: LesionNetwork, *rest: object) -> object:
        if network is not together:
            asked.append(networks.index(network))
        return original(network, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(lesion_figures, "_seen", watched)
    masks = Masks(lesion_sets.find(tmp_path).pictures, {"a": "p1", "b": "p2", "c": "p3"})
    pictures = lesion_figures.ready(masks, 128, Task())
    columns = [
        Column("a", Criterion.LESIONS, tuple(networks)),
        Column("b", Criterion.PI, (*networks,)),
    ]
    shipped = Column("shipped", Criterion.LESIONS, (together,))
    found = lesion_figures.measure(
        pictures, columns, [{"p1"}, {"p2"}], shipped, {"p2"}, torch.device("cpu"), Task()
    )
    # Of p3 neither has learnt: they tell by turns.
    assert asked == [1, 1, 0, 0, 0, 0]
    assert found.seen == 1
    assert found.pictures == 3
    assert found.lesions[lesion_truth.LesionType.MICROANEURYSMS] == 3


def test_marked_lesions_of_nobody_known_are_refused(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg", "a_MA.png", "b_MA.png"):
        (tmp_path / name).touch()
    (tmp_path / "marked.csv").write_text("image,patient_visit\na,p1\nb\n")
    text = lesions_run.PLAN + f'[masks]\nfolder = "{tmp_path}"\ntable = "marked.csv"\n'
    plan = lesions_plan.parse(text, "plan")
    with pytest.raises(Refusal, match="no patient_visit of b"):
        lesion_figures.find(plan.masks, plan.data.patient, tmp_path, [])
    (tmp_path / "marked.csv").write_text("patient_visit,image\np1,a\np2\n")
    with pytest.raises(Refusal, match="no patient_visit of b"):
        lesion_figures.find(plan.masks, plan.data.patient, tmp_path, [])


def test_blanks_round_the_name_of_a_photograph_with_marked_lesions_are_none_of_it(
    tmp_path: Path,
) -> None:
    for name in ("a.jpg", "a_MA.png"):
        (tmp_path / name).touch()
    (tmp_path / "marked.csv").write_text("image,patient_visit\na ,p1\n")
    asked = LesionMasks(str(tmp_path), "marked.csv")
    found = lesion_figures.find(asked, "patient_visit", tmp_path, [])
    assert found is not None
    assert found.patients["a"] == "p1"


def test_a_photograph_that_was_learnt_from_under_another_code_is_told_by_none_who_learnt_from_it(
    tmp_path: Path,
) -> None:
    for name in ("a.jpg", "b.jpg", "a_MA.png", "b_MA.png"):
        (tmp_path / name).touch()
    (tmp_path / "marked.csv").write_text("image,patient_visit\na,other\nb,p2\n")
    asked = LesionMasks(str(tmp_path), "marked.csv")
    learnt = [("a", "p1"), ("c", "p2")]
    found = lesion_figures.find(asked, "patient_visit", tmp_path, learnt)
    assert found is not None
    # Of b it is not known that it is another's p2: networks that learnt from p2 do not tell it.
    assert (found.patients["a"], found.patients["b"]) == ("p1", "p2")


def test_a_photograph_of_two_patients_who_were_both_learnt_from_is_refused(tmp_path: Path) -> None:
    for name in ("a.jpg", "a_MA.png"):
        (tmp_path / name).touch()
    (tmp_path / "marked.csv").write_text("image,patient_visit\na,p2\n")
    asked = LesionMasks(str(tmp_path), "marked.csv")
    # Networks that have not seen p2 may have learnt from it.
    learnt = [("a", "p1"), ("c", "p2")]
    with pytest.raises(Refusal, match="Two tables give a to two different patients"):
        lesion_figures.find(asked, "patient_visit", tmp_path, learnt)


def test_what_was_discovered_is_told_of_the_weights_that_were_kept(
    drawing_run: Run, tmp_path: Path
) -> None:
    eye = draw_eye(4, severity=2, width=400)
    Image.fromarray(eye.pixels).save(tmp_path / "a.png")
    mask = np.zeros(eye.pixels.shape[:2], np.uint8)
    mask[200:204, 200:204] = 255
    Image.fromarray(mask).save(tmp_path / "a_HE.png")
    pictures = lesion_figures.ready(
        Masks(lesion_sets.find(tmp_path).pictures, {"a": "p9"}), 128, Task()
    )
    values, truth = np.load(drawing_run.folder / "normalised.npy")[:4], np.array([0, 0, 1, 1], bool)
    told = discovery.write(
        drawing_run, "fold-0", values, truth, pictures, 128, torch.device("cpu"), Task()
    )
    rows = [row.split(",") for row in told.read_text("utf-8").splitlines()]
    assert rows[0][:2] == ["steps", "area"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert rows[1][rows[0].index("haemorrhages")] != ""
    assert rows[1][rows[0].index("soft exudates")] == ""
    assert ">haemorrhages</text>" in told.with_suffix(".svg").read_text("utf-8")
