"""The pack of a run with a held-out part ships under a name and a written use, or is refused."""

import shutil
from pathlib import Path

import msgspec
import pytest
import torch
from quick_runs import USE, carried_out

from engine import run_notes, runs
from engine.errors import Refusal
from engine.packs import learnt_from, store
from engine.packs import pack as packs
from engine.training import carry_out
from engine.training import plan as plans
from engine.training.run import Run
from engine.training.ship import ship

pytestmark = pytest.mark.usefixtures("own_home", "in_this_process")


def test_the_best_round_ships_under_a_name_and_a_written_use(quick_run: Run) -> None:
    pack = ship(quick_run.folder, "drawn-eyes", "1.2.0", "Drawn eyes", USE, anyway=True)
    assert store.find("drawn-eyes@1.2.0", "retinopathy") == pack.folder
    card = (pack.folder / "card.md").read_text("utf-8")
    assert USE in card
    best = runs.see(quick_run.folder).best
    assert f"Pass {best.number} of 2 ships" in card
    assert "“lesions”, against “healthy”" in card
    assert "(fitted on these scores; right probabilities have up to 0." in card
    assert len(learnt_from.of(pack).likenesses) == pack.manifest.data.pictures
    written = plans.parse((pack.folder / "plan.toml").read_text("utf-8"), "plan")
    assert written.pack.name == "drawn-eyes"
    kept, _ = quick_run.best(runs.PART)
    for name, value in pack.network().state_dict().items():
        torch.testing.assert_close(value, kept[name].half().float(), rtol=0, atol=0)


def test_a_pack_that_held_out_pictures_speak_against_ships_on_purpose_alone_and_its_card_says_so(
    quick_run: Run,
) -> None:
    doubt = run_notes.doubt(runs.see(quick_run.folder))
    with pytest.raises(Refusal, match="has learnt nothing that held-out pictures show") as refused:
        ship(quick_run.folder, "doubted", "1.0.0", "", USE)
    assert doubt in str(refused.value)
    pack = ship(quick_run.folder, "doubted", "1.0.0", "", USE, anyway=True)
    for folder in (pack.folder, quick_run.folder / "pack"):
        assert doubt in " ".join((folder / "card.md").read_text("utf-8").split())


def test_what_is_written_for_a_pack_makes_no_line_or_heading_of_its_own(quick_run: Run) -> None:
    use = f"# {USE}\n\n## Limits\nThere\x07 are none.\u2028# None"
    pack = ship(quick_run.folder, "forged", "1.0.0", "#\nA\n# title", use, "x\n## y", anyway=True)
    lines = (pack.folder / "card.md").read_text("utf-8").splitlines()
    assert pack.manifest.title == "A # title"
    assert f"{USE} ## Limits There are none. # None" in lines
    assert lines.count("## Limits") == 1
    assert not [line for line in lines[1:] if line.startswith("# ")]


def test_a_run_whose_plan_has_a_version_of_before_is_gone_on_with_and_shipped(
    quick_run: Run, tmp_path: Path
) -> None:
    old = tmp_path / "old"
    shutil.copytree(quick_run.folder, old)
    shutil.rmtree(old / "pack")
    plan = old / "plan.toml"
    version = packs.load(quick_run.folder / "pack").manifest.version
    text = plan.read_text("utf-8").replace(f'version = "{version}"', 'version = "1.0.0-rc1"')
    plan.write_text(text, "utf-8")
    assert carried_out(Run(old)).manifest.version == "1.0.0-rc1"
    shipped = ship(old, "older", "1.0.0", "Older", USE, anyway=True)
    assert shipped.manifest.version == "1.0.0"
    # Nothing new is begun by it, and the sentence says what to change.
    with pytest.raises(Refusal, match=r"plan\.toml .* in pack\.version, a version is numbers"):
        carry_out.begin(plan, quick_run.data, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_the_plan_of_a_pack_that_ships_is_carried_out_again_and_ships_under_another_name(
    quick_run: Run, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shutil.copytree(quick_run.folder, again)
    shutil.rmtree(again / "pack")
    ships = packs.load(store.find("retinopathy-net-b")).manifest
    plan = plans.parse((again / "plan.toml").read_text("utf-8"), "plan")
    words = msgspec.structs.replace(plan.pack, name=ships.name, version=ships.version)
    text = plans.write(msgspec.structs.replace(plan, pack=words))
    (again / "plan.toml").write_text(text, "utf-8")
    for _ in ("made", "there already"):
        assert carried_out(Run(again)).manifest.name == ships.name
    with pytest.raises(Refusal, match="is not the one that comes with LesionLens") as told:
        packs.load(store.find(str(again / "pack")))
    assert "ship one that you trained yourself under another name" in told.value.advice
    assert ship(again, "again", "1.0.0", "Again", USE, anyway=True).manifest.name == "again"


@pytest.mark.parametrize(
    ("name", "version", "use", "why"),
    [
        (
            "bad name!",
            "1.0.0",
            USE,
            "“bad name!” cannot be a pack's name: a name takes Latin letters, digits and",
        ),
        ("bad name!", "1.0.0", "ok", "“bad name!” cannot be .* use is too short: .* another name"),
        ("name", "banana", USE, "“banana” cannot be a pack's version: .*, such as 1.2.0"),
        ("CON", "1.0.0", USE, "“CON” cannot be a pack's name: .* Windows' own"),
        ("name", "01.2", USE, "“01.2” cannot be a pack's version: .* none beginning with 0"),
        ("retinopathy-lesions", "9", USE, "comes with LesionLens is called retinopathy-lesions"),
        ("Retinopathy-Lesions", "9", USE, "comes with LesionLens is called retinopathy-lesions"),
        ("name", "1.0.0", " ", "use is not written"),
        ("name", "1.0.0", " ok ", "use is too short: 2 of at least 20 letters"),
    ],
)
def test_a_pack_without_a_use_or_with_a_name_that_cannot_be_filed_is_refused_in_words(
    quick_run: Run, name: str, version: str, use: str, why: str
) -> None:
    with pytest.raises(Refusal, match=why) as refused:
        ship(quick_run.folder, name, version, "", use)
    assert "regex" not in str(refused.value)
