"""The card of a run with a held-out part: photographs, patients and shares as they were counted."""

import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from engine import runs
from engine.packs import pack as packs
from engine.packs.manifest import HeldPart
from engine.questions import retinopathy
from engine.task import Task
from engine.telling import words
from engine.training import card, data, held_out
from engine.training import plan as plans
from engine.training.normalised import Pictures
from engine.training.run import Run

pytestmark = pytest.mark.usefixtures("own_home")


def test_a_card_counts_its_photographs_once_and_says_which_were_held_out(quick_run: Run) -> None:
    said = " ".join((quick_run.folder / "pack" / "card.md").read_text("utf-8").split())
    assert said.count("16 photographs") == 1
    assert "Of all, 4 were held out: the pass that ships was chosen on these." in said


def test_a_pack_of_so_few_eyes_tells_counts_and_no_share_of_them(quick_run: Run) -> None:
    pack = packs.load(quick_run.folder / "pack")
    card = " ".join((pack.folder / "card.md").read_text("utf-8").split())
    assert "16 photographs; which are of one patient is not known, so each counted as one" in card
    assert "told apart" not in card
    assert "each counted as independent of the others" in card
    called = round((1 - pack.manifest.figures.specificity) * 2)
    assert pack.manifest.format == 5
    assert f", {2 - called} of 2, 95% interval " in card
    note = retinopathy.notes(pack.manifest)[0]
    assert note.startswith(
        f"Of 2 eyes that are not referable and that it had not learnt from, {called} w"
    )
    assert "chosen on these same eyes" in note
    assert "%" not in note


def test_a_card_tells_the_column_that_told_patients_of_one_photograph_each(quick_run: Run) -> None:
    manifest = packs.load(quick_run.folder / "pack").manifest
    plan, _ = plans.read(quick_run.folder / "plan.toml")
    of_table = msgspec.structs.replace(plan.data, grades="grades.csv", patient="subject")
    held = replace(quick_run.held_out(), patients_told=True)
    told = card.text(msgspec.structs.replace(plan, data=of_table), manifest, held)
    said = " ".join(told.split())
    assert "16 photographs of 16 patients (told apart by subject)" in said
    assert "Measured on 4 photographs of 4 patients" in said
    assert "the interval of A_z takes those of a patient together" in said
    assert "not known" not in said


def test_a_share_of_many_held_out_eyes_stands_beside_its_count(quick_run: Run) -> None:
    manifest = packs.load(quick_run.folder / "pack").manifest
    figures = msgspec.structs.replace(manifest.figures, specificity=0.6)
    many = msgspec.structs.replace(manifest, figures=figures, held=HeldPart(30, 25))
    assert "Of 25 eyes" in retinopathy.notes(many)[0]
    told = f"10 (40{words.THIN}%, 95{words.THIN}% interval 21 to 61{words.THIN}%) were called"
    assert told in retinopathy.notes(many)[0]


def test_a_run_whose_names_tell_patients_says_so_in_both_its_records(
    quick_run: Run, tmp_path: Path
) -> None:
    run = Run(Path(shutil.copytree(quick_run.folder, tmp_path / "run")))
    run.take_pack_back()
    plan, text = plans.read(run.folder / "plan.toml")
    graded, _ = data.read(run.data, plan.data, Task())
    held = held_out.split(graded, 0.25, 1)
    patients = graded.patients.copy()
    patients[held[1]] = patients[held[0]]  # as "7_left" and "7_right" would tell
    graded = replace(graded, patients=patients)
    pictures = Pictures(np.load(run.folder / "normalised.npy"), graded.truth, graded.numbers)
    cpu = torch.device("cpu")
    run.keep_facts(held_out._facts(plan, graded, held, (), cpu))
    held_out._finish(plan, text, run, graded, pictures, held, cpu, False)
    assert not runs.see(run.folder).facts.pictures_as_patients
    assert run.held_out().patients_told
    said = " ".join((run.folder / "pack" / "card.md").read_text("utf-8").split())
    assert "16 photographs of 15 patients (told apart by their names or the table)" in said
