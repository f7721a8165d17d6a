"""A folder by class is trained on, watched, stopped, gone on with, and shipped."""

import json
import shutil
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from class_folders import eyes, two
from PIL import Image

from engine import run_notes, runs
from engine.errors import Cancelled, Refusal
from engine.packs import learnt_from, store
from engine.packs import pack as packs
from engine.packs.manifest import HeldPart
from engine.packs.pack import Pack
from engine.questions import retinopathy
from engine.task import Task
from engine.telling import words
from engine.training import card, carry_out, data, folds, held_out, normalised
from engine.training import plan as plans
from engine.training.asked import Stopped, heed
from engine.training.grades import Graded
from engine.training.looks import is_fixed, pin
from engine.training.normalised import Pictures
from engine.training.quick import Wishes
from engine.training.run import Run
from engine.training.ship import ship

USE = "Showing colleagues what a network finds in drawn eyes."


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    # In this process: the pool's processes take seconds to begin.
    monkeypatch.setattr(normalised, "_spread", lambda make, items: map(make, items))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return eyes(tmp_path_factory.mktemp("drawn"))


def begin(folder: Path, to: Path, **wishes: object) -> Run:
    quick = Wishes(**{"passes": 2, **wishes})  # type: ignore[arg-type]
    return carry_out.begin_quickly(folder, quick, to.parent, to, Task())


def carried_out(run: Run, task: Task | None = None) -> Pack:
    return carry_out.carry_out(run.folder, "processor", task or Task())


@pytest.fixture(scope="module")
def trained(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    patch = pytest.MonkeyPatch()
    patch.setattr(normalised, "_spread", lambda make, items: map(make, items))
    run = begin(drawn, tmp_path_factory.mktemp("run") / "run")
    carried_out(run)
    patch.undo()
    return run


def test_every_round_tells_its_area_with_an_interval(trained: Run) -> None:
    seen = runs.see(trained.folder)
    assert seen.status.state == "done"
    assert [each.number for each in seen.passes] == [1, 2]
    for each in seen.passes:
        assert each.area_low <= each.area <= each.area_high
        assert each.held_error > 0
        assert each.seconds > 0


def test_the_same_held_out_pictures_are_looked_at_after_fixed_rounds(trained: Run) -> None:
    seen = runs.see(trained.folder)
    assert seen.looks == (1, 2)
    assert [each.referable for each in seen.pinned].count(False) == 1
    pictures = np.load(trained.folder / runs.LOOKS / "pictures.npy")
    looks = [np.load(trained.folder / runs.LOOKS / f"{n:05d}.npy") for n in seen.looks]
    assert len(pictures) == len(seen.pinned)
    for look in looks:
        assert look.shape == (len(pictures), 112, 112)
        assert look.max() == 1
    assert not np.array_equal(*looks)


def test_what_a_run_is_made_of_is_told(trained: Run) -> None:
    facts = runs.see(trained.folder).facts
    assert (facts.fitting, facts.held_out, facts.held_referable) == (12, 4, 2)
    assert (facts.network, facts.size, facts.passes) == ("net_b", 112, 2)


def test_the_best_round_ships_under_a_name_and_a_written_use(trained: Run) -> None:
    pack = ship(trained.folder, "drawn-eyes", "1.2.0", "Drawn eyes", USE, anyway=True)
    assert store.find("drawn-eyes@1.2.0", "retinopathy") == pack.folder
    card = (pack.folder / "card.md").read_text("utf-8")
    assert USE in card
    best = runs.see(trained.folder).best
    assert f"Pass {best.number} of 2 ships" in card
    assert "“lesions”, against “healthy”" in card
    assert "(fitted on these scores; right probabilities have up to 0." in card
    assert len(learnt_from.of(pack).likenesses) == pack.manifest.data.pictures
    written = plans.parse((pack.folder / "plan.toml").read_text("utf-8"), "plan")
    assert written.pack.name == "drawn-eyes"
    kept, _ = trained.best(runs.PART)
    for name, value in pack.network().state_dict().items():
        torch.testing.assert_close(value, kept[name].half().float(), rtol=0, atol=0)


def test_a_pack_that_held_out_pictures_speak_against_ships_on_purpose_alone_and_its_card_says_so(
    trained: Run,
) -> None:
    doubt = run_notes.doubt(runs.see(trained.folder))
    with pytest.raises(Refusal, match="has learnt nothing that held-out pictures show") as refused:
        ship(trained.folder, "doubted", "1.0.0", "", USE)
    assert doubt in str(refused.value)
    pack = ship(trained.folder, "doubted", "1.0.0", "", USE, anyway=True)
    for folder in (pack.folder, trained.folder / "pack"):
        assert doubt in " ".join((folder / "card.md").read_text("utf-8").split())


def test_what_is_written_for_a_pack_makes_no_line_or_heading_of_its_own(trained: Run) -> None:
    use = f"# {USE}\n\n## Limits\nThere\x07 are none.\u2028# None"
    pack = ship(trained.folder, "forged", "1.0.0", "#\nA\n# title", use, "x\n## y", anyway=True)
    lines = (pack.folder / "card.md").read_text("utf-8").splitlines()
    assert pack.manifest.title == "A # title"
    assert f"{USE} ## Limits There are none. # None" in lines
    assert lines.count("## Limits") == 1
    assert not [line for line in lines[1:] if line.startswith("# ")]


def test_a_card_counts_its_photographs_once_and_says_which_were_held_out(trained: Run) -> None:
    said = " ".join((trained.folder / "pack" / "card.md").read_text("utf-8").split())
    assert said.count("16 photographs") == 1
    assert "Of all, 4 were held out: the pass that ships was chosen on these." in said


def test_a_pack_of_so_few_eyes_tells_counts_and_no_share_of_them(trained: Run) -> None:
    pack = packs.load(trained.folder / "pack")
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


def test_a_card_tells_the_column_that_told_patients_of_one_photograph_each(trained: Run) -> None:
    manifest = packs.load(trained.folder / "pack").manifest
    plan, _ = plans.read(trained.folder / "plan.toml")
    of_table = msgspec.structs.replace(plan.data, grades="grades.csv", patient="subject")
    held = replace(trained.held_out(), patients_told=True)
    told = card.text(msgspec.structs.replace(plan, data=of_table), manifest, held)
    said = " ".join(told.split())
    assert "16 photographs of 16 patients (told apart by subject)" in said
    assert "Measured on 4 photographs of 4 patients" in said
    assert "the interval of A_z takes those of a patient together" in said
    assert "not known" not in said


def test_a_share_of_many_held_out_eyes_stands_beside_its_count(trained: Run) -> None:
    manifest = packs.load(trained.folder / "pack").manifest
    figures = msgspec.structs.replace(manifest.figures, specificity=0.6)
    many = msgspec.structs.replace(manifest, figures=figures, held=HeldPart(30, 25))
    assert "Of 25 eyes" in retinopathy.notes(many)[0]
    told = f"10 (40{words.THIN}%, 95{words.THIN}% interval 21 to 61{words.THIN}%) were called"
    assert told in retinopathy.notes(many)[0]


def test_a_run_whose_plan_has_a_version_of_before_is_gone_on_with_and_shipped(
    trained: Run, tmp_path: Path
) -> None:
    old = tmp_path / "old"
    shutil.copytree(trained.folder, old)
    shutil.rmtree(old / "pack")
    plan = old / "plan.toml"
    version = packs.load(trained.folder / "pack").manifest.version
    text = plan.read_text("utf-8").replace(f'version = "{version}"', 'version = "1.0.0-rc1"')
    plan.write_text(text, "utf-8")
    assert carried_out(Run(old)).manifest.version == "1.0.0-rc1"
    shipped = ship(old, "older", "1.0.0", "Older", USE, anyway=True)
    assert shipped.manifest.version == "1.0.0"
    # Nothing new is begun by it, and the sentence says what to change.
    with pytest.raises(Refusal, match=r"plan\.toml .* in pack\.version, a version is numbers"):
        carry_out.begin(plan, trained.data, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_the_plan_of_a_pack_that_ships_is_carried_out_again_and_ships_under_another_name(
    trained: Run, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shutil.copytree(trained.folder, again)
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
    trained: Run, name: str, version: str, use: str, why: str
) -> None:
    with pytest.raises(Refusal, match=why) as refused:
        ship(trained.folder, name, version, "", use)
    assert "regex" not in str(refused.value)


def test_who_stops_it_keeps_the_best_round_so_far_and_can_go_on_to_the_planned_end(
    drawn: Path, trained: Run, tmp_path: Path
) -> None:
    run = begin(drawn, tmp_path / "run")

    def after_a_round(what: str, done: int, _total: int) -> None:
        if what.startswith("Training") and done == 1:
            runs.ask(run.folder, runs.STOP)

    pack = carried_out(run, Task(after_a_round))
    seen = runs.see(run.folder)
    assert seen.status.state == "stopped"
    assert len(seen.passes) == 1
    assert seen.shippable
    assert pack.network()
    said = " ".join((pack.folder / "card.md").read_text("utf-8").split())
    assert "It was stopped after 1 of the 2 passes that were planned." in said
    assert "carries it out again" not in said
    runs.take_back(run.folder, runs.STOP)
    again = carried_out(run)
    assert runs.status(run.folder).state == "done"
    assert len(runs.passes(run.folder)) == 2
    assert "stopped" not in (again.folder / "card.md").read_text("utf-8")
    (ended, _), (whole, _) = run.newest(runs.PART), trained.newest(runs.PART)
    for name, value in ended.items():
        torch.testing.assert_close(value, whole[name])


def test_a_stopped_run_of_before_that_left_nothing_to_go_on_from_keeps_its_pack(
    trained: Run, tmp_path: Path
) -> None:
    run = Run(Path(shutil.copytree(trained.folder, tmp_path / "run")))
    for checkpoint in run.checkpoints.glob(f"{runs.PART}-*"):
        checkpoint.unlink()
    run.tell("stopped", runs.PART, 2, 9)
    with pytest.raises(Refusal, match="only its best round was kept"):
        carried_out(run)
    assert runs.see(run.folder).shippable
    # Somebody made room: what is left is the pack alone.
    shutil.rmtree(run.checkpoints)
    runs.forget_refused(run.folder.parent)
    assert ship(run.folder, "left", "1.0.0", "Left", USE, anyway=True).manifest.name == "left"


def test_who_stops_it_before_the_first_round_is_told_that_nothing_is_kept(
    drawn: Path, tmp_path: Path
) -> None:
    run = begin(drawn, tmp_path / "run")

    def at_once(what: str, _done: int, _total: int) -> None:
        if what.startswith("Training"):
            runs.ask(run.folder, runs.STOP)

    with pytest.raises(Cancelled):
        carried_out(run, Task(at_once))
    assert runs.status(run.folder).state == "cancelled"


@pytest.mark.parametrize("step", ["Looking at the pictures", "Preparing photographs"])
def test_who_stops_it_before_it_trains_need_not_wait_for_the_training(
    drawn: Path, tmp_path: Path, step: str
) -> None:
    said = []

    def stop(what: str, _done: int, _total: int) -> None:
        said.append(what)
        if what == step:
            runs.ask(tmp_path / "run", runs.STOP)

    (tmp_path / "run").mkdir()  # as the window does, to watch it
    wishes = (drawn, Wishes(passes=1), tmp_path, tmp_path / "run", Task(stop))
    with pytest.raises(Cancelled):
        carried_out(carry_out.begin_quickly(*wishes), Task(stop))
    assert runs.status(tmp_path / "run").state == "cancelled"
    assert said[-1] == step


def test_it_waits_while_it_is_to_pause(tmp_path: Path) -> None:
    runs.ask(tmp_path, runs.PAUSE)
    threading.Timer(0.3, runs.take_back, (tmp_path, runs.PAUSE)).start()
    begun = time.monotonic()
    paused = heed(tmp_path, Task())
    assert 0.3 <= paused <= time.monotonic() - begun
    runs.ask(tmp_path, runs.STOP)
    with pytest.raises(Stopped):
        heed(tmp_path, Task())


def test_a_run_whose_process_is_gone_says_so(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.tell("running", runs.PART, 1, 9)
    assert runs.status(tmp_path).state == "interrupted"
    with run.held():
        assert runs.status(tmp_path).state == "running"
        runs.ask(tmp_path, runs.PAUSE)
        assert runs.status(tmp_path).state == "paused"


def test_what_stands_in_the_way_is_told_in_a_run_folder_that_is_watched(tmp_path: Path) -> None:
    folder = two(tmp_path / "few", 3)
    (tmp_path / "run").mkdir()
    with pytest.raises(Refusal, match="3 patients are referable"):
        begin(folder, tmp_path / "run")
    status = runs.status(tmp_path / "run")
    assert status.state == "refused"
    assert "3 patients are referable" in status.said


def test_a_picture_without_an_eye_is_left_out_and_named(drawn: Path, tmp_path: Path) -> None:
    black = tmp_path / "black.png"
    Image.fromarray(np.zeros((90, 90, 3), np.uint8)).save(black)
    flat = tmp_path / "flat.png"
    Image.fromarray(np.full((90, 90, 3), 128, np.uint8)).save(flat)
    values, unfit = normalised.photographs_that_can(
        [next(drawn.rglob("*.png")), black, flat], 112, tmp_path / "n.npy", Task()
    )
    assert values[0].any()
    assert not values[1:].any()
    assert list(unfit) == [1, 2]
    assert unfit[2].endswith("No round field of a fundus camera was found, and it has no colour.")


def test_pictures_are_written_as_they_come_and_not_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: list[weakref.ref[np.ndarray]] = []
    most = 0

    def made(_make: object, items: list[int]) -> Iterator[np.ndarray]:
        nonlocal most
        for item in items:
            picture = np.full((3, 2, 2), item, np.int8)
            alive.append(weakref.ref(picture))
            most = max(most, sum(each() is not None for each in alive))
            yield picture

    monkeypatch.setattr(normalised, "_spread", made)
    (tmp_path / ".n.npy.0badcafe").touch()  # a killed run's
    found = normalised.phantoms(range(9), 112, tmp_path / "n.npy", Task()).values
    assert found[:, 2, 1, 0].tolist() == list(range(9))
    assert most <= 3
    assert [path.name for path in tmp_path.iterdir()] == ["n.npy"]


def test_a_run_goes_on_with_the_pictures_that_it_held_out_alone(
    drawn: Path, tmp_path: Path
) -> None:
    run = begin(drawn, tmp_path / "run")
    folds.hold(run, [np.array([0])])  # as if an older library had parted the patients
    with pytest.raises(Refusal, match="parts its patients otherwise"):
        carried_out(run)


def test_no_patient_is_on_both_sides(tmp_path: Path) -> None:
    patients = np.repeat(np.arange(20).astype(str), 2)
    truth = np.arange(40) // 2 % 2 == 0
    graded = Graded(tuple(Path(str(n)) for n in range(40)), truth, patients, "")
    held = held_out.split(graded, 0.25, 1)
    seen = np.setdiff1d(np.arange(40), held)
    assert not set(patients[held]) & set(patients[seen])
    assert len(held) == pytest.approx(10, abs=2)
    assert truth[pin(truth, held, 1)].tolist() == [True, True, False]


@pytest.mark.parametrize("told", [True, False])
def test_a_run_says_that_each_picture_counts_as_a_patient_only_where_none_was_told(
    drawn: Path, tmp_path: Path, told: bool
) -> None:
    plan, _ = plans.read(begin(drawn, tmp_path / "run").folder / "plan.toml")
    paths, patients = tuple(map(Path, "abcd")), np.array(list("abcd"))
    graded = Graded(paths, np.arange(4) > 1, patients, "", patients_told=told)
    facts = held_out._facts(plan, graded, np.array([0]), (), torch.device("cpu"))
    assert facts.pictures_as_patients is not told


def test_a_run_whose_names_tell_patients_says_so_in_both_its_records(
    trained: Run, tmp_path: Path
) -> None:
    run = Run(Path(shutil.copytree(trained.folder, tmp_path / "run")))
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


def test_looks_are_kept_more_often_at_the_beginning() -> None:
    kept = [number for number in range(1, 41) if is_fixed(number, 40)]
    assert kept == [1, 2, 4, 5, 8, 10, 15, 16, 20, 25, 30, 32, 35, 40]


def test_two_runs_that_are_to_be_alike_are_bit_for_bit(drawn: Path, tmp_path: Path) -> None:
    weights = []
    for name in ("one", "two"):
        run = begin(drawn, tmp_path / name, passes=1)
        plan, _ = plans.read(run.folder / "plan.toml")
        text = plans.write(plan).replace("deterministic = false", "deterministic = true")
        (run.folder / "plan.toml").write_text(text, "utf-8")
        weights.append(carried_out(run).network().state_dict())
    assert json.dumps(sorted(weights[0])) == json.dumps(sorted(weights[1]))
    for name, value in weights[0].items():
        assert torch.equal(value, weights[1][name])


@pytest.mark.parametrize("share", [0.1, 0.2, 0.25, 0.3, 0.4, 0.5])
def test_the_share_held_out_is_the_one_that_was_asked_for(share: float) -> None:
    patients = np.repeat(np.arange(60), 2).astype(str)
    truth = np.repeat(np.arange(60) % 2 == 0, 2)
    graded = Graded(tuple(Path(str(n)) for n in range(120)), truth, patients, "")
    held = held_out.split(graded, share, 1)
    assert len(held) == pytest.approx(120 * share, abs=4)
    assert held.tolist() == sorted(set(held.tolist()))
    seen = np.setdiff1d(np.arange(120), held)
    assert not set(patients[held]) & set(patients[seen])
