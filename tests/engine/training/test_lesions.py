"""The recipe of lesions: what is written is what was done, also after a kill."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import lesions_run
import msgspec
import numpy as np
import pytest
import torch

from engine import runs
from engine.answers import Criterion
from engine.errors import Refusal
from engine.evaluation import lesion_truth
from engine.networks import lesion_network
from engine.networks.lesion_network import REFERABLE, LesionNetwork, Member, folded
from engine.packs import learnt_from
from engine.packs import pack as packs
from engine.preparation.likeness import of_normalised
from engine.task import Task
from engine.training import (
    carry_out,
    checkpoints,
    discovery,
    lesion_figures,
    lesion_loop,
    lesion_material,
    lesions_card,
    lesions_plan,
)
from engine.training.lesion_figures import Column, Masks
from engine.training.lesion_loss import Loss
from engine.training.lesion_pictures import upright
from engine.training.lesions_judging import Judged, MaskFigures
from engine.training.plan import LesionMasks
from engine.training.run import Run
from engine.training.ship import ship

USE = "For telling noise apart in tests."


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The whole recipe in one piece."""
    data = lesions_run.table(tmp_path_factory.mktemp("data"))
    run = lesions_run.begun(tmp_path_factory.mktemp("runs") / "run", data)
    carry_out.carry_out(run.folder, "processor", Task())
    return run


def kept(run: Run, fold: int) -> Member:
    """The running mean of a fold's weights, from its last checkpoint."""
    return lesion_loop.kept(sorted(run.checkpoints.glob(f"fold-{fold}-{'[0-9]' * 5}.*"))[-1])


def learnt(run: Run, steps: int) -> Member:
    """The first fold's network alone, taught so many steps."""
    plan = lesions_plan.parse((run.folder / "plan.toml").read_text("utf-8"), "plan")
    table = lesion_material.read(plan.data, run.data)
    material = lesion_material.material(plan, table, run, Task())
    part = lesion_loop.Part("fold-0", material, np.arange(6), 1)
    schedule = msgspec.structs.replace(plan.schedule, steps=steps)
    return lesion_loop.trained(part, schedule, 128, torch.device("cpu"), run, Task())


def test_its_pack_tells_which_network_has_not_seen_a_photograph(trained: Run) -> None:
    plan = lesions_plan.parse((trained.folder / "plan.toml").read_text("utf-8"), "plan")
    table = lesion_material.read(plan.data, trained.data)
    own = of_normalised(np.load(trained.folder / "normalised.npy"))
    found = learnt_from.of(packs.load(trained.folder / "pack"))
    fold_of = dict(zip(map(bytes, found.likenesses), found.folds.tolist(), strict=True))
    for fold, held in enumerate(table.folds(2, plan.seed)):
        assert {fold_of[bytes(own[row])] for row in held} == {fold}


def test_a_run_ends_in_a_checked_pack_of_its_folds_networks(trained: Run) -> None:
    pack = packs.load(trained.folder / "pack")
    manifest = pack.manifest
    assert (manifest.question, manifest.recipe) == ("retinopathy", "lesions")
    assert manifest.network.name == "lesions"
    assert manifest.network.arguments == {"size": 128, "members": 2}
    assert (manifest.data.pictures, manifest.data.patients) == (18, 9)
    assert len(learnt_from.of(pack).likenesses) == 18
    expected = folded([kept(trained, 0), kept(trained, 1)], 128).state_dict()
    for name, value in pack.network().state_dict().items():
        torch.testing.assert_close(value, expected[name].half().float(), rtol=0, atol=0)


def test_every_network_tells_its_passes_and_the_run_is_watched(trained: Run) -> None:
    assert runs.see(trained.folder).status.state == "done"
    assert runs.see(trained.folder).shippable
    parts = {json.loads(row)["part"] for row in (trained.folder / "metrics.jsonl").open()}
    assert parts == {"fold-0", "fold-1", "out of fold"}


def test_a_photograph_is_judged_by_a_network_that_had_not_seen_its_patient(trained: Run) -> None:
    plan = lesions_plan.parse((trained.folder / "plan.toml").read_text("utf-8"), "plan")
    table = lesion_material.read(plan.data, trained.data)
    values = np.load(trained.folder / "normalised.npy")
    told = np.zeros(18)
    for number, held in enumerate(table.folds(2, plan.seed)):
        assert not set(table.patients[held]) & set(np.delete(table.patients, held))
        network = folded([kept(trained, number)], 128)
        with torch.inference_mode():
            told[held] = network.draw(upright(values[held], 128)).grades[:, REFERABLE].numpy()
    from engine.evaluation.roc import area

    expected = area(told, table.grades >= 2).value
    assert packs.load(trained.folder / "pack").manifest.figures.area == pytest.approx(expected)


@pytest.mark.proof
def test_a_run_that_was_killed_goes_on_to_the_same_weights(trained: Run, tmp_path: Path) -> None:
    run = lesions_run.begun(tmp_path / "run", lesions_run.table(tmp_path / "data"))
    code = (
        "import sys; from engine.task import Task\n"
        "from engine.training import carry_out, lesion_loop\n"
        "lesion_loop.CHECKPOINT_SECONDS, lesion_loop.PASS = -1, 1\n"
        "carry_out.carry_out(__import__('pathlib').Path(sys.argv[1]), 'processor', Task())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(run.folder)], cwd=Path.cwd())
    until = time.monotonic() + 40
    while not list(run.checkpoints.glob("fold-1-00001*")):  # in the middle of the second network
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    carry_out.carry_out(run.folder, "processor", Task())
    one = kept(trained, 1).state_dict()
    other = kept(run, 1).state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_goes_on_from_a_kept_step_at_a_passs_end_as_if_it_had_not_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = lesions_run.table(tmp_path / "data")
    monkeypatch.setattr(lesion_loop, "PASS", 2)
    whole = lesions_run.begun(tmp_path / "whole", data)
    run = lesions_run.begun(tmp_path / "run", data)
    expected = learnt(whole, 5).state_dict()
    keep = checkpoints.keep

    def killed_behind(*rest: Any) -> None:
        keep(*rest)
        monkeypatch.setattr(checkpoints, "keep", keep)
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoints, "keep", killed_behind)
    with pytest.raises(KeyboardInterrupt):
        learnt(run, 5)
    found = learnt(run, 5).state_dict()
    rows = [json.loads(row) for row in (run.folder / "metrics.jsonl").open()]
    assert [(row["pass"], row["steps"]) for row in rows] == [(1, 2), (2, 4), (3, 5)]
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_a_network_whose_error_is_no_number_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lesions_run.begun(tmp_path / "run", lesions_run.table(tmp_path / "data"))
    nan = torch.tensor(float("nan"), requires_grad=True)
    monkeypatch.setattr(lesion_loop, "loss", lambda *_: Loss(nan, nan, nan))
    with pytest.raises(Refusal, match="does not learn: fold-0"):
        learnt(run, 3)


def test_the_card_says_what_was_done(trained: Run) -> None:
    said = " ".join((trained.folder / "pack" / "card.md").read_text("utf-8").split())
    assert "18 photographs of 9 patients (told apart by patient_visit)" in said
    assert "2 times lesions were drawn on each photograph without retinopathy, and 4 eyes" in said
    assert "No pixel that a person marked was learnt from" in said
    assert "how much the heatmap is smoothed was chosen on the 51 photographs of IDRiD" in said
    assert "the interval of A_z takes those of a patient together" in said
    assert "3 steps of 2 photographs, 1 drawn on and 1 drawn (6 photographs in all" in said
    assert "How right its maps are" not in said
    assert re.search(
        r"\| 0\.\d+ \(fitted on these scores; right probabilities have up to 0\.", said
    )
    kappa = r"five grades \| -?\d\.\d+, 95% interval -?\d\.\d+ to \d\.\d+, 1000 draws of patients"
    assert re.search(kappa, said)


def test_maps_are_measured_by_networks_that_had_not_seen_the_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    from engine.phantoms.eye import draw_eye

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
    masks = Masks(lesion_truth_set(tmp_path), {"a": "p1", "b": "p2", "c": "p3"})
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


def lesion_truth_set(folder: Path) -> tuple[lesion_truth.Labelled, ...]:
    from engine.evaluation import lesion_sets

    return lesion_sets.find(folder).pictures


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("[drawings]\ngrafts = 0\neyes = 4\n", "grafts"),
        ("[drawings]\ngrafts = 2\neyes = 0\n", "eyes"),
        ("[drawings]\n[masks]\nfolder = 'x'\n", "both folder and table"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(wrong: str, told: str) -> None:
    text = lesions_run.PLAN.replace("[drawings]\ngrafts = 2\neyes = 4\n", wrong)
    with pytest.raises(Refusal, match=told):
        lesions_plan.parse(text, "plan")


def test_more_folds_than_one_pack_can_hold_are_refused_before_they_are_trained() -> None:
    assert lesions_plan.MOST_FOLDS == lesion_network.MOST_MEMBERS
    text = lesions_run.PLAN.replace("folds = 2", "folds = 9")
    with pytest.raises(Refusal, match="at most 8"):
        lesions_plan.parse(text, "plan")


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


def test_a_healthy_grade_with_a_risk_of_oedema_is_no_eye_without_lesions(tmp_path: Path) -> None:
    lesions_run.table(tmp_path)
    grades = tmp_path / "grades.csv"
    grades.write_text(grades.read_text().replace("eye1,0,p0,0", "eye1,0,p0,1"))
    table = lesion_material.read(lesions_plan.parse(lesions_run.PLAN, "plan").data, tmp_path)
    assert table.healthy.tolist()[:3] == [True, False, False]


def test_the_card_tells_of_no_drawings_that_nothing_was_learnt_from(trained: Run) -> None:
    plan = lesions_plan.parse((trained.folder / "plan.toml").read_text("utf-8"), "plan")
    manifest = packs.load(trained.folder / "pack").manifest
    judged = trained.record("judged.json", Judged)

    def said(grafts: int, drawn: int) -> str:
        schedule = msgspec.structs.replace(plan.schedule, grafts=grafts, drawn=drawn)
        other = msgspec.structs.replace(plan, schedule=schedule)
        return " ".join(lesions_card.text(other, manifest, judged).split())

    assert "times lesions were drawn" not in said(0, 1)
    assert "from drawings: 4 eyes were drawn as a whole." in said(0, 1)
    assert "no lesion was drawn for it" in said(0, 0)


def test_the_card_calls_no_map_seen_in_training_where_none_was(trained: Run) -> None:
    plan = lesions_plan.parse((trained.folder / "plan.toml").read_text("utf-8"), "plan")
    manifest = packs.load(trained.folder / "pack").manifest
    judged = trained.record("judged.json", Judged)
    none = MaskFigures(3, 0, (), (), (None,) * 5)

    def said(masks: MaskFigures) -> str:
        told = msgspec.structs.replace(judged, masks=masks)
        return lesions_card.text(plan, manifest, told)

    assert "seen in training" not in said(none).lower()
    assert "seen in training" in said(msgspec.structs.replace(none, seen=2))


def test_what_was_discovered_is_told_of_the_weights_that_were_kept(
    trained: Run, tmp_path: Path
) -> None:
    from PIL import Image

    from engine.phantoms.eye import draw_eye

    eye = draw_eye(4, severity=2, width=400)
    Image.fromarray(eye.pixels).save(tmp_path / "a.png")
    mask = np.zeros(eye.pixels.shape[:2], np.uint8)
    mask[200:204, 200:204] = 255
    Image.fromarray(mask).save(tmp_path / "a_HE.png")
    pictures = lesion_figures.ready(Masks(lesion_truth_set(tmp_path), {"a": "p9"}), 128, Task())
    values, truth = np.load(trained.folder / "normalised.npy")[:4], np.array([0, 0, 1, 1], bool)
    told = discovery.write(
        trained, "fold-0", values, truth, pictures, 128, torch.device("cpu"), Task()
    )
    rows = [row.split(",") for row in told.read_text("utf-8").splitlines()]
    assert rows[0][:2] == ["steps", "area"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert rows[1][rows[0].index("haemorrhages")] != ""
    assert rows[1][rows[0].index("soft exudates")] == ""
    assert ">haemorrhages</text>" in told.with_suffix(".svg").read_text("utf-8")


def test_folds_without_a_healthy_photograph_are_refused(tmp_path: Path) -> None:
    plan = lesions_plan.parse(lesions_run.PLAN, "plan")
    lesions_run.table(tmp_path)
    grades = tmp_path / "grades.csv"
    # All photographs without retinopathy belong to one patient; grade 1 is no host.
    rows = grades.read_text().replace(",p0,", ",same,").splitlines()
    kept_rows = [row for row in rows if ",0,p" not in row]
    grades.write_text("\n".join(kept_rows) + "\n")
    with pytest.raises(Refusal, match="without retinopathy"):
        lesion_material.read(plan.data, tmp_path).folds(2, 1)


def test_an_oedema_risk_is_of_its_own_line(tmp_path: Path) -> None:
    lesions_run.table(tmp_path)
    table = tmp_path / "grades.csv"
    data = lesions_plan.parse(lesions_run.PLAN, "plan").data
    before = lesion_material.read(data, tmp_path)
    columns = table.read_text().splitlines()[0].count(",")
    # As a spreadsheet leaves them behind its last row.
    table.write_text(table.read_text().rstrip("\n") + f"\n{',' * columns}\n")
    after = lesion_material.read(data, tmp_path)
    assert after.oedema.tolist() == before.oedema.tolist()


def test_an_oedema_risk_that_is_none_is_refused(tmp_path: Path) -> None:
    lesions_run.table(tmp_path)
    grades = tmp_path / "grades.csv"
    grades.write_text(grades.read_text().replace(",p1,1", ",p1,7", 1))
    with pytest.raises(Refusal, match="dme_risk"):
        lesion_material.read(lesions_plan.parse(lesions_run.PLAN, "plan").data, tmp_path)


def test_a_run_ships_under_another_name_with_the_same_figures(
    trained: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(Refusal, match="Nothing shows that it tells better than chance"):
        ship(trained.folder, "other", "2.0.0", "Others", USE)
    pack = ship(trained.folder, "other", "2.0.0", "Others", USE, anyway=True)
    card = (pack.folder / "card.md").read_text("utf-8")
    before = (trained.folder / "pack" / "card.md").read_text("utf-8")
    assert card.startswith("# Others: other 2.0.0")
    assert USE in card
    assert "Nothing shows that it tells better than chance" in card
    assert (
        card.split("## What it was trained on")[1] == before.split("## What it was trained on")[1]
    )
