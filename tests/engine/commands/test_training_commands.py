"""The commands about training say what they found, and refuse what cannot be done."""

import errno
import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import lesions_run
import msgspec
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from engine import locks, runs
from engine.commands.training import app, measured_words
from engine.packs.manifest import HeldPart
from engine.packs.pack import Pack
from engine.training import carry_out, normalised
from engine.training import plan as plans
from engine.training.run import Run

HELD_OUT = """
recipe = "retinopathy"
[pack]
name = "p"
version = "1"
title = "t"
licence = "x"
intended_use = "u"
[data]
grades = "grades.csv"
name = "n"
licence = "l"
source = "s"
limits = "l"
held_out = 0.25
[optimisation]
passes = 9
"""


def call(*words: object) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, [str(word) for word in words])
    return found.exit_code, found.stdout, found.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(20):
        path = tmp_path / "eyes" / ("normal", "disease")[number % 2] / f"p{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (number, 0, 0)).save(path)
    return tmp_path / "eyes"


def test_a_check_is_told_in_words_and_as_json(folder: Path) -> None:
    code, said, _ = call("check", folder, "--quiet")
    assert code == 0
    assert "20 pictures of 20 patients" in said
    assert "not referable" in said
    _, said, _ = call("check", folder, "--json", "--quiet")
    assert [each["referable"] for each in json.loads(said)["classes"]] == [True, False]


def test_a_training_is_begun_by_what_was_wished(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = []
    monkeypatch.setattr(
        carry_out, "carry_out", lambda run, device, task: carried.append(run) or 1 / 0
    )
    call(
        "train", "--data", folder, "--run", tmp_path / "run", "--passes", 3, "--size", 224,
        "--sparsity", "0.001", "--referable", "normal", "--quiet",
    )  # fmt: skip
    assert carried == [tmp_path / "run"]
    plan, _ = plans.read(tmp_path / "run" / "plan.toml")
    assert plan.data.classes == {"disease": False, "normal": True}
    assert (plan.optimisation.passes, plan.network.size, plan.sparsity.nu) == (3, 224, 0.001)


def test_a_size_that_no_network_has_is_wrong_usage(folder: Path, tmp_path: Path) -> None:
    code, _, said = call("train", "--data", folder, "--run", tmp_path / "run", "--size", 300)
    assert code == 2
    assert "--size" in said
    assert not (tmp_path / "run").exists()


def test_a_plan_is_carried_out_in_the_run_folder_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = lesions_run.table(tmp_path / "data")
    (data / "plan.toml").write_text(lesions_run.PLAN)
    carried = []
    monkeypatch.setattr(carry_out, "carry_out", lambda run, *_: carried.append(run) or 1 / 0)
    call("train", data / "plan.toml", "--run", tmp_path / "own", "--quiet")
    assert carried == [tmp_path / "own"]
    assert (tmp_path / "own" / "plan.toml").read_text() == lesions_run.PLAN
    code, _, said = call("train", data / "plan.toml", "--run", tmp_path / "own", "--quiet")
    assert code == 1
    assert "holds a run already" in said


def test_a_plan_that_names_no_column_of_its_table_begins_no_run(tmp_path: Path) -> None:
    (tmp_path / "grades.csv").write_text("image,dr_grade,subject\n")
    (tmp_path / "plan.toml").write_text(HELD_OUT)
    code, _, said = call("train", tmp_path / "plan.toml", "--run", tmp_path / "run", "--quiet")
    assert code == 1
    assert "The column patient_visit is missing" in said
    assert not (tmp_path / "run").exists()


def test_an_ensemble_is_joined_in_its_own_run(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.touch()
    code, _, said = call("train", plan, "--from", tmp_path, "--run", tmp_path / "own", "--quiet")
    assert code == 2
    assert "--from works in that run" in said


def test_classes_that_names_do_not_tell_are_asked_for(tmp_path: Path, folder: Path) -> None:
    (folder / "normal").rename(folder / "a")
    (folder / "disease").rename(folder / "b")
    code, _, said = call("train", "--data", folder, "--out", tmp_path / "runs", "--quiet")
    assert code == 1
    assert "--referable NAME" in said
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("named", [["--run", "runs/own"], ["--out", "runs"]])
def test_a_training_that_is_refused_before_it_learns_leaves_no_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: list[str]
) -> None:
    for number, path in enumerate(sorted(folder.rglob("*.png"))):
        # Black, and so without the field of an eye, as only their preparation tells.
        Image.new("RGB", (64 + number, 64)).save(path)
    monkeypatch.setattr(normalised, "_spread", lambda make, items: map(make, items))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    code, _, said = call("train", "--data", folder, *named, "--passes", 1, "--quiet")
    assert code == 1
    assert said
    assert not list((tmp_path / "runs").iterdir())


def test_a_folder_that_somebody_watches_tells_why_it_was_refused(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "normal").rename(folder / "a")
    (folder / "disease").rename(folder / "b")
    own = tmp_path / "runs" / "own"
    own.mkdir(parents=True)
    call("train", "--data", folder, "--run", own, "--quiet")
    assert "--referable NAME" in runs.status(own).said
    runs.forget_refused(own.parent)
    assert not own.exists()


def test_without_a_plan_or_a_folder_there_is_nothing_to_train(tmp_path: Path) -> None:
    assert call("train", "--quiet")[0] == 2


def test_the_state_of_a_run_stands_apart_from_the_part_that_it_is_at(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "one", HELD_OUT, tmp_path)
    (run.folder / "status.json").write_text('{"state":"running","part":"fold-0"}')
    code, said, _ = call("runs", tmp_path)
    assert code == 0
    assert said.split() == [str(run.folder), "interrupted", "fold-0"]


def test_a_run_that_goes_on_is_paused_gone_on_with_and_stopped(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text('{"state":"running"}')
    with (tmp_path / "lock").open("wb") as lock:
        locks.take(lock)
        assert call("pause", tmp_path)[0] == 0
        assert runs.status(tmp_path).state == "paused"
        assert call("resume", tmp_path)[0] == 0
        assert runs.status(tmp_path).state == "running"
        assert call("stop", tmp_path)[0] == 0
        assert runs.status(tmp_path).state == "stopping"


@pytest.mark.parametrize(
    ("plan", "best", "kept"),
    [
        (HELD_OUT, True, "Its best round is kept"),
        (HELD_OUT, False, "There is no pack yet: no round is over"),
        (HELD_OUT.replace("held_out = 0.25", "folds = 3"), True, "There is no pack yet: all its"),
        (lesions_run.PLAN, False, "There is no pack yet: all its folds make it"),
        ("", False, "nothing is kept"),
    ],
)
def test_who_stops_a_run_is_told_what_is_left_of_it(
    tmp_path: Path, plan: str, best: bool, kept: str
) -> None:
    run = Run.begin(tmp_path / "run", plan, tmp_path) if plan else Run(tmp_path / "run")
    run.folder.mkdir(exist_ok=True)
    if best:
        run.save_best(runs.PART, {"a": torch.zeros(1)}, {"pass": 1})
    (run.folder / "status.json").write_text('{"state":"running"}')
    with (run.folder / "lock").open("wb") as lock:
        locks.take(lock)
        code, said, _ = call("stop", run.folder, "--quiet")
    assert code == 0
    assert kept in said
    assert ("It can go on: lesionlens resume" in said) == (kept != "nothing is kept")


def test_a_run_that_was_stopped_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        carry_out, "carry_out", lambda run, *_: asked.append({*run.iterdir()}) or 1 / 0
    )
    Run.begin(tmp_path, HELD_OUT, tmp_path)
    requests = {tmp_path / name for name in (runs.STOP, runs.PAUSE)}
    for request in requests:
        runs.ask(tmp_path, request.name)
    call("resume", tmp_path, "--quiet")
    assert len(asked) == 1
    assert not requests & asked[0]


@pytest.mark.parametrize(
    ("state", "said"), [("running", "is still stopping"), ("begun", "is being carried out already")]
)
def test_to_resume_a_run_whose_process_still_works_takes_no_stop_back(
    tmp_path: Path, state: str, said: str
) -> None:
    Run.begin(tmp_path, HELD_OUT, tmp_path)
    (tmp_path / "status.json").write_text(f'{{"state":"{state}"}}')
    with (tmp_path / "lock").open("wb") as lock:
        locks.take(lock)
        runs.ask(tmp_path, runs.STOP)
        code, _, refused = call("resume", tmp_path, "--quiet")
        assert (code, (tmp_path / runs.STOP).exists()) == (1, True)
    assert said in refused


def test_to_resume_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(HELD_OUT)
    code, _, said = call("resume", tmp_path / "plan.toml", "--quiet")
    assert code == 1
    assert "There is no run to go on with." in said


def test_a_run_without_a_process_cannot_be_asked(tmp_path: Path) -> None:
    code, _, said = call("stop", tmp_path)
    assert code == 1
    assert "No process works on" in said


def test_a_run_without_a_pack_cannot_be_shipped(tmp_path: Path) -> None:
    for name in ("plan.toml", "data.json"):
        (tmp_path / name).touch()
    code, _, said = call("ship", tmp_path, "--name", "a", "--intended-use", "Something to try.")
    assert code == 1
    assert "has no pack" in said


def test_a_figure_is_told_with_its_interval_and_whether_it_flatters(
    untrained: Pack, tmp_path: Path
) -> None:
    def told(**more: object) -> str:
        manifest = msgspec.structs.replace(untrained.manifest, **more)
        return measured_words(replace(untrained, manifest=manifest, folder=tmp_path))

    written = HELD_OUT.replace("held_out = 0.25", 'patient = "patient"')
    (tmp_path / "plan.toml").write_text(f'{written}schedule = "cosine"\n')
    plain = "A_z 0.500 (0.400 to 0.600, 95\u202f% interval) on pictures not learnt from."
    assert told() == plain
    said = told(held=HeldPart(8, 9))
    assert said.startswith(plain)
    assert "chosen on these same pictures, so the figure flatters" in said
    (tmp_path / "plan.toml").write_text(f'{written}schedule = "plateau"\n')
    assert told().startswith(plain)
    assert "rate of learning followed its A_z on these same pictures" in told()


def test_runs_are_listed_with_where_they_stand(tmp_path: Path) -> None:
    Run.begin(tmp_path / "runs" / "one", "", tmp_path).tell("running", "fold-1", 3, 9)
    Run.begin(tmp_path / "runs" / "two", "", tmp_path)
    code, out, _ = call("runs", tmp_path / "runs", "--json")
    assert code == 0
    assert [run["state"] for run in json.loads(out)["runs"]] == ["interrupted", "begun"]


@pytest.mark.parametrize("working", [True, False])
def test_a_training_into_a_run_that_is_there_leaves_it_and_what_it_tells(
    folder: Path, tmp_path: Path, working: bool
) -> None:
    run = Run.begin(tmp_path / "one", HELD_OUT, tmp_path)
    run.tell("done", "pack", 1, 1)
    before = {path: path.read_bytes() for path in run.folder.iterdir() if path.is_file()}
    with run.held() if working else nullcontext():
        code, _, said = call("train", "--data", folder, "--run", run.folder, "--quiet")
    assert code == 1
    assert ("carried out already" if working else "holds a run already") in said
    assert {path: path.read_bytes() for path in before} == before


def test_a_run_whose_pictures_were_moved_says_where_they_lay(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "one", HELD_OUT, tmp_path / "eyes")
    code, _, said = call("resume", run.folder, "--quiet")
    assert code == 1
    assert f"Its pictures lay in {tmp_path / 'eyes'}, and there is no such folder." in said


def test_where_there_is_no_folder_no_run_is_said_to_be_missing(tmp_path: Path) -> None:
    code, _, said = call("runs", tmp_path / "gone")
    assert code == 1
    assert f"There is no folder {tmp_path / 'gone'}." in said


def test_a_run_that_another_process_has_taken_over_is_not_forgotten(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "one", HELD_OUT, tmp_path)
    with run.held():
        carry_out.forget_unlearnt(run.folder)
        assert (run.folder / "plan.toml").exists()
    carry_out.forget_unlearnt(run.folder)
    assert not run.folder.exists()


def test_a_run_that_the_disk_refuses_tells_so_and_blames_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    run = Run.begin(tmp_path / "one", HELD_OUT, tmp_path)
    monkeypatch.setattr("engine.training.held_out.carry_out", full)
    code, _, said = call("resume", run.folder, "--quiet")
    assert code == 1
    assert "No space left on device" in said
    assert "No space left on device" in runs.status(run.folder).said


def test_odd_names_of_runs_and_folders_are_refused_in_a_sentence(
    folder: Path, tmp_path: Path
) -> None:
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    for words in (
        ("train", "--data", folder, "--run", tmp_path / ("x" * 300), "--referable", "disease"),
        ("train", "--data", circle, "--run", tmp_path / "run"),
        ("check", circle),
    ):
        found = CliRunner().invoke(app, [*map(str, words), "--quiet"])
        assert (found.exit_code, type(found.exception)) == (1, SystemExit)


def test_a_plan_that_an_editor_on_windows_saved_is_read(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_bytes(HELD_OUT.replace("\n", "\r\n").encode("utf-8-sig"))
    assert plans.read(plan)[0].optimisation.passes == 9
    plan.write_text(HELD_OUT, encoding="utf-16")
    code, _, said = call("train", plan)
    assert (code, "It is no text in UTF-8." in said) == (1, True)
    plan.write_text(HELD_OUT.replace('recipe = "retinopathy"', 'recipe = "lesion"'))
    assert "may be retinopathy, stages, lesions" in call("train", plan)[2]
