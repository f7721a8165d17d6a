"""The card of a network that draws lesions says what was done, and nothing that was not."""

import re
from pathlib import Path

import msgspec
import pytest

from engine.errors import Refusal
from engine.packs import pack as packs
from engine.training import (
    lesions_card,
    lesions_plan,
)
from engine.training.lesions_judging import Judged, MaskFigures
from engine.training.run import Run
from engine.training.ship import ship

USE = "For telling noise apart in tests."


def test_the_card_says_what_was_done(drawing_run: Run) -> None:
    said = " ".join((drawing_run.folder / "pack" / "card.md").read_text("utf-8").split())
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


def test_the_card_tells_of_no_drawings_that_nothing_was_learnt_from(drawing_run: Run) -> None:
    plan = lesions_plan.parse((drawing_run.folder / "plan.toml").read_text("utf-8"), "plan")
    manifest = packs.load(drawing_run.folder / "pack").manifest
    judged = drawing_run.record("judged.json", Judged)

    def said(grafts: int, drawn: int) -> str:
        schedule = msgspec.structs.replace(plan.schedule, grafts=grafts, drawn=drawn)
        other = msgspec.structs.replace(plan, schedule=schedule)
        return " ".join(lesions_card.text(other, manifest, judged).split())

    assert "times lesions were drawn" not in said(0, 1)
    assert "from drawings: 4 eyes were drawn as a whole." in said(0, 1)
    assert "no lesion was drawn for it" in said(0, 0)


def test_the_card_calls_no_map_seen_in_training_where_none_was(drawing_run: Run) -> None:
    plan = lesions_plan.parse((drawing_run.folder / "plan.toml").read_text("utf-8"), "plan")
    manifest = packs.load(drawing_run.folder / "pack").manifest
    judged = drawing_run.record("judged.json", Judged)
    none = MaskFigures(3, 0, (), (), (None,) * 5)

    def said(masks: MaskFigures) -> str:
        told = msgspec.structs.replace(judged, masks=masks)
        return lesions_card.text(plan, manifest, told)

    assert "seen in training" not in said(none).lower()
    assert "seen in training" in said(msgspec.structs.replace(none, seen=2))


def test_a_run_ships_under_another_name_with_the_same_figures(
    drawing_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(Refusal, match="Nothing shows that it tells better than chance"):
        ship(drawing_run.folder, "other", "2.0.0", "Others", USE)
    pack = ship(drawing_run.folder, "other", "2.0.0", "Others", USE, anyway=True)
    card = (pack.folder / "card.md").read_text("utf-8")
    before = (drawing_run.folder / "pack" / "card.md").read_text("utf-8")
    assert card.startswith("# Others: other 2.0.0")
    assert USE in card
    assert "Nothing shows that it tells better than chance" in card
    assert (
        card.split("## What it was trained on")[1] == before.split("## What it was trained on")[1]
    )
