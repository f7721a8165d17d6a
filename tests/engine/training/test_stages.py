"""The recipe of stages: what is written is what was done, also after a kill."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest
import staged_run
import torch

from engine import cli, runs
from engine.errors import Refusal
from engine.learning import stage_calibration
from engine.networks import backbones
from engine.networks.stage_network import StageNetwork
from engine.packs import pack as packs
from engine.packs import store
from engine.preparation.augmentation import Augmentation
from engine.progression import loop
from engine.progression.arms import BASELINE
from engine.progression.loop import Data
from engine.task import Task
from engine.training import carry_out, stage_loop, staged_pictures, stages_card, stages_plan
from engine.training.run import Run
from engine.training.ship import ship
from engine.training.stage_loop import Part
from engine.training.stages_judging import Compared

PHANTOMS = "[phantoms]\neyes = 16\npasses = 1\n"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The whole recipe, drawn eyes first, in one piece."""
    data = staged_run.table(tmp_path_factory.mktemp("data"))
    run = staged_run.begun(
        tmp_path_factory.mktemp("runs") / "run", data, staged_run.PLAN + PHANTOMS
    )
    carry_out.carry_out(run.folder, "processor", Task())
    return run


def test_a_run_ends_in_a_checked_pack_of_its_stages(trained: Run) -> None:
    manifest = packs.load(trained.folder / "pack").manifest
    part = manifest.stages
    assert (manifest.question, manifest.recipe) == ("stage", "stages")
    assert part.names == ("none", "some", "much")
    assert part.grades == (0.0, 1.5, 4.0)
    assert part.positive_from == 1
    assert (manifest.data.pictures, manifest.data.patients) == (24, 12)
    assert manifest.data.prevalence == 16 / 24
    vision = manifest.network.arguments["vision"]
    assert manifest.network.arguments == {
        "backbone": "small_112", "stages": 3, "gates": "hard", "size": 112, "vision": vision,
        "views": 1,
    }  # fmt: skip
    assert 0 <= vision <= 100
    shipped = packs.load(trained.folder / "pack").network().state_dict()
    kept, _ = trained.newest("all")
    for name, value in shipped.items():
        expected = kept[f"network.{name}"]
        expected = expected.half().float() if expected.is_floating_point() else expected
        torch.testing.assert_close(value, expected, rtol=0, atol=0)


def test_every_network_tells_its_passes_and_the_run_is_watched(trained: Run) -> None:
    assert runs.see(trained.folder).status.state == "done"
    assert runs.see(trained.folder).shippable
    parts = {json.loads(row)["part"] for row in (trained.folder / "metrics.jsonl").open()}
    trainings = {f"fold-{fold}-{arm}" for fold in (0, 1) for arm in ("cyclic", "baseline")}
    assert parts == {"phantoms", *trainings, "all", "out of fold"}
    for part in trainings:
        assert [row.number for row in runs.passes(trained.folder, part)] == [1, 2]
    assert [row.number for row in runs.passes(trained.folder, "phantoms")] == [1]


def test_a_fold_and_its_baseline_begin_with_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: dict[str, dict[str, torch.Tensor]] = {}

    def untrained(network, part, *_) -> None:
        begun[part.name] = {name: value.clone() for name, value in network.state_dict().items()}

    monkeypatch.setattr(stage_loop, "train", untrained)
    run = staged_run.begun(tmp_path / "run", staged_run.table(tmp_path / "data"))
    carry_out.carry_out(run.folder, "processor", Task())
    for fold in (0, 1):
        one, other = begun[f"fold-{fold}-cyclic"], begun[f"fold-{fold}-baseline"]
        assert all(torch.equal(one[name], other[name]) for name in one)
    assert not torch.equal(
        begun["fold-0-cyclic"]["by_vision.weight"], begun["fold-1-cyclic"]["by_vision.weight"]
    )


@pytest.mark.proof
def test_a_run_that_was_killed_goes_on_to_the_same_weights(trained: Run, tmp_path: Path) -> None:
    data = staged_run.table(tmp_path / "data")
    run = staged_run.begun(tmp_path / "run", data, staged_run.PLAN + PHANTOMS)
    code = (
        "import sys; from engine.task import Task\n"
        "from engine.training import carry_out, stage_loop\n"
        "stage_loop.CHECKPOINT_SECONDS = 0\n"
        "carry_out.carry_out(__import__('pathlib').Path(sys.argv[1]), 'processor', Task())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(run.folder)], cwd=Path.cwd())
    until = time.monotonic() + 40
    # In the middle of the second fold's network.
    while not list(run.checkpoints.glob("fold-1-cyclic-00001*")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert runs.status(run.folder).state == "interrupted"
    carry_out.carry_out(run.folder, "processor", Task())
    for part in ("fold-1-cyclic", "all"):
        one, other = trained.newest(part)[0], run.newest(part)[0]
        assert all(torch.equal(one[name], other[name]) for name in one)
        assert len(runs.passes(run.folder, part)) == 2


def test_a_stage_pack_is_found_for_its_question_alone(
    trained: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    pack = ship(trained.folder, "greys", "2.0.0", "Greys", "For telling greys apart in tests.")
    assert store.find("greys", "stage") == pack.folder == store.find("greys")
    with pytest.raises(Refusal, match="greys is a pack for stage, not for retinopathy"):
        store.find("greys", "retinopathy")
    card = (pack.folder / "card.md").read_text("utf-8")
    assert card.startswith("# Greys: greys 2.0.0")
    assert "For telling greys apart in tests." in card
    written = stages_plan.parse((pack.folder / "plan.toml").read_text("utf-8"), "plan")
    assert written.pack.name == "greys"


def test_a_plan_may_have_a_photograph_asked_about_four_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    logits = loop.logits

    def told(network: StageNetwork, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        asked.append(network.views)
        return logits(network, values)

    monkeypatch.setattr(loop, "logits", told)
    plan = staged_run.PLAN.replace("[schedule]", "views = 4\n[schedule]")
    run = staged_run.begun(tmp_path / "run", staged_run.table(tmp_path / "data"), plan)
    pack = carry_out.carry_out(run.folder, "processor", Task())
    assert asked == [4] * 4  # each fold's network and its baseline
    assert pack.manifest.network.arguments["views"] == 4
    card = " ".join((pack.folder / "card.md").read_text("utf-8").split())
    assert "each photograph is asked about four times" in card


def test_the_card_says_what_was_done(trained: Run) -> None:
    card = (trained.folder / "pack" / "card.md").read_text("utf-8")
    said = " ".join(card.split())
    assert "| some | 1 and 2 | 8 |" in card
    for what, of in (("sensitivity", 16), ("specificity", 8)):
        assert re.search(rf"{what} \d+%, \d+ of {of}, 95% interval \d+% to \d+%", said)
    assert "(fitted on these answers; right probabilities have up to 0." in said
    row = (
        r"\| baseline: [^|]*\| [^|]*\| \d+\.\d% \([^|]* to [^|]*\) \| \d\.\d+ \([^|]* to [^|]*\) \|"
    )
    assert re.search(row, card)
    assert "24 photographs of 12 patients (told apart by patient_visit)" in said
    assert "First 2 steps in which the backbone learnt the severity of 16 drawn" in said
    assert "then 4 steps of 2 sequences" in said
    assert "each stage once, in order, from a stage drawn anew" in said
    assert "The weights are those behind the last step: none was chosen" in said
    assert "turned by up to 360°, shifted, scaled, mirrored and changed in contrast anew" in said
    assert "from “some” on, which is any grey (grade 1 or more)" in said
    compared = trained.record("judged.json", Compared)
    for teller in compared.tellers:
        low, high = teller.figures.kappa_interval
        assert f"{teller.figures.quadratic_kappa:.3f} ({low:.3f} to {high:.3f})" in said
        assert np.sum(teller.confusion, axis=1).tolist() == [8, 8, 8]


def test_the_card_tells_what_many_splits_found_before_its_limits(trained: Run) -> None:
    manifest = packs.load(trained.folder / "pack").manifest
    plan = stages_plan.parse((trained.folder / "plan.toml").read_text("utf-8"), "plan")
    compared = trained.record("judged.json", Compared)
    without = stages_card.text(plan, manifest, compared)
    table = "| arm | gain |\n|---|---|\n| cyclic | +1.0 |"
    data = msgspec.structs.replace(plan.data, experiment=table)
    told = stages_card.text(msgspec.structs.replace(plan, data=data), manifest, compared)
    section = f"## What many splits found\n{table}\n\n## Limits"
    assert told == without.replace("## Limits", section)


def test_what_a_run_is_judged_by_is_said_by_networks_that_had_not_seen_it(trained: Run) -> None:
    from engine.networks import registry
    from engine.progression import loop
    from engine.training import checkpoints

    manifest = packs.load(trained.folder / "pack").manifest
    plan = stages_plan.parse((trained.folder / "plan.toml").read_text("utf-8"), "plan")
    staged = staged_pictures.read(plan, trained.data).staged
    values = np.load(trained.folder / "normalised.npy")
    told = np.zeros((24, 3))
    share = manifest.network.arguments["vision"] / 100
    for number, held in enumerate(staged_pictures.folds(plan, staged)):
        assert not set(staged.patients[held]) & set(np.delete(staged.patients, held))
        network = registry.build("stages", manifest.network.arguments)
        network.load_state_dict(checkpoints.weights(trained.newest(f"fold-{number}-cyclic")[0]))
        vision, lstm = loop.logits(network, values[held])
        told[held] = share * vision + (1 - share) * lstm
    fitted = stage_calibration.fit_softmax(told, staged.stages)
    assert manifest.stages.calibration.fitted.sharpness == pytest.approx(fitted.sharpness, rel=1e-3)


def test_a_run_does_not_go_on_with_other_grades(trained: Run) -> None:
    path = trained.data / "grades.csv"
    before = path.read_text()
    (trained.folder / "pack" / "manifest.json").rename(trained.folder / "kept.json")
    try:
        path.write_text(before.replace("eye0,0", "eye0,1"))
        with pytest.raises(Refusal, match="changed since it began"):
            carry_out.carry_out(trained.folder, "processor", Task())
        assert trained.status()["state"] == "refused"
    finally:
        path.write_text(before)
        (trained.folder / "kept.json").rename(trained.folder / "pack" / "manifest.json")


def test_too_few_patients_of_a_stage_are_told_before_a_run_is_made(tmp_path: Path) -> None:
    data = staged_run.table(tmp_path / "data", copies=2)
    plan = data / "plan.toml"
    plan.write_text(staged_run.PLAN.replace("folds = 2", "folds = 3"))
    with pytest.raises(Refusal, match="2 patients have the stage “none”; 3 are needed"):
        carry_out.begin(plan, None, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_column_that_is_missing_is_to_be_named_in_the_plan_and_by_no_option(
    tmp_path: Path,
) -> None:
    data = staged_run.table(tmp_path / "data")
    plan = data / "plan.toml"
    plan.write_text(staged_run.PLAN.replace("folds = 2", 'folds = 2\npatient = "nobody"'))
    with pytest.raises(Refusal, match="column nobody is missing") as refused:
        carry_out.begin(plan, None, tmp_path / "runs")
    assert "in the plan by data.column and data.patient" in refused.value.advice
    assert "--" not in refused.value.advice


def test_a_plan_begins_a_run_where_its_table_lies(tmp_path: Path) -> None:
    data = staged_run.table(tmp_path / "data")
    (data / "plan.toml").write_text(staged_run.PLAN)
    run = carry_out.begin(data / "plan.toml", None, tmp_path / "runs")
    assert run.data == data
    assert run.folder.name.startswith("grey-stages-")


def test_one_picture_of_two_patients_is_refused_by_its_lines(tmp_path: Path) -> None:
    data = staged_run.table(tmp_path)
    (data / "eye9.png").write_bytes((data / "eye0.png").read_bytes())
    # The table's second line has a stage that is left out.
    with pytest.raises(Refusal, match=r"eye0\.png of line 3 and eye9\.png of line 12 are the same"):
        staged_pictures.read(stages_plan.parse(staged_run.PLAN, "plan"), data)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('order = "0, 1+2, 4"', 'order = "0, 1, 2, 4"'), "names has 3 and stages.order 4"),
        (('order = "0, 1+2, 4"', 'order = "0, 1+1, 4"'), "names a label twice"),
        (('order = "0, 1+2, 4"', 'order = "4, 1+2, 0"'), "lowest grade to the highest"),
        (('"some", "much"]', '"some", "some"]'), "names one twice"),
        (('positive_from = "some"', 'positive_from = "none"'), "behind the first"),
        (('"small_112"', '"vgg"'), "vgg"),
        (('"small_112"', '"small_112"\nfreeze = "all"'), "nothing has taught"),
        (("[network]", "[phantoms]\neyes = 3\n[network]"), "both eyes and passes"),
        (("[schedule]", "[sequences]\nalpha = [1.0]\n[schedule]"), "1 weights, and there are 3"),
        (("[schedule]", "[sequences]\nalpha = [0, 0, 0]\n[schedule]"), "head untaught"),
        (("[schedule]", "[augmentation]\nscale = [1.2, 1.0]\n[schedule]"), "smaller to the larger"),
        (("passes = 2", "passes = 0"), "passes"),
        (("[schedule]", "[learning]\n[schedule]"), "learning"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(change: tuple[str, str], said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        stages_plan.parse(staged_run.PLAN.replace(*change), "plan.toml")
    assert said in str(refusal.value)
    assert "docs/stages.md" in str(refusal.value)


def test_a_plan_may_name_every_backbone_gate_and_order_that_there_is() -> None:
    from typing import get_args, get_type_hints

    from engine.networks.backbones import BACKBONES
    from engine.networks.lstm import Gates
    from engine.progression.loss import Reduction, WeightBy
    from engine.progression.sequences import Order

    def allowed(kind: type, key: str) -> set[str]:
        return set(get_args(get_type_hints(kind)[key]))

    assert allowed(stages_plan.Network, "backbone") == set(BACKBONES)
    assert allowed(stages_plan.Network, "gates") == set(Gates)
    assert allowed(stages_plan.Sequences, "order") == set(Order)
    assert allowed(stages_plan.Sequences, "reduction") == set(Reduction)
    assert allowed(stages_plan.Sequences, "weight_by") == set(WeightBy)


def test_a_rate_falls_from_what_the_plan_names() -> None:
    numbers = stages_plan.Schedule(passes=4, steps=5, learning_rate=0.1)
    rates = [stage_loop._rate(numbers, step) for step in range(20)]
    assert rates[0] == pytest.approx(0.1)
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 0.1 * 0.02
    # L2's check of the paper's: 1e-3 after 10,000 updates is 9.901e-4.
    paper = msgspec.structs.replace(numbers, learning_rate=1e-3, falling="decay")
    assert stage_loop._rate(paper, 10_000) == pytest.approx(9.901e-4, rel=1e-4)


def test_reduced_products_change_a_loss_little_and_are_taken(tmp_path: Path) -> None:
    run = staged_run.begun(tmp_path / "run", staged_run.table(tmp_path / "data"))
    exact = stages_plan.parse(staged_run.PLAN, "plan")
    numbers = msgspec.structs.replace(exact.schedule, passes=1, steps=1, precision="bfloat16")
    reduced = msgspec.structs.replace(exact, schedule=numbers)
    losses = []
    for number, plan in enumerate((exact, reduced)):
        staged = staged_pictures.read(plan, run.data).staged
        data = Data(np.load(run.folder / "normalised.npy"), staged)
        network = StageNetwork(backbones.build("small_112"), 3)
        network.backbone.initialise(torch.Generator().manual_seed(0))
        network.initialise(torch.Generator().manual_seed(0))
        rows, augmentation = np.arange(24), Augmentation()
        part = Part(f"part-{number}", BASELINE, data, rows, 0, augmentation)
        once = msgspec.structs.replace(plan.schedule, passes=1, steps=1)
        stage_loop.train(network, part, once, torch.device("cpu"), run, Task())
        losses.append(runs.passes(run.folder, part.name)[0].error)
    assert losses[0] != losses[1]
    assert losses[1] == pytest.approx(losses[0], rel=0.1)  # of six pictures a batch


def test_the_commands_about_packs_take_one_of_stages(
    trained: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    pack = str(trained.folder / "pack")
    assert cli.main(["packs", "check", pack, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == "stage"
    assert cli.main(["packs", "show", pack]) == 0
    assert "Stages of grey" in capsys.readouterr().out
    assert cli.main(["packs", "export", pack, str(tmp_path / "out"), "--json"]) == 0
    file = json.loads(capsys.readouterr().out)["file"]
    assert cli.main(["packs", "import", file, "--json"]) == 0
    capsys.readouterr()
    assert cli.main(["packs", "check", "grey-stages"]) == 0
    assert cli.main(["packs", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out.splitlines()[-1])["packs"]
    assert ("grey-stages", "stage") in {(each["name"], each["question"]) for each in listed}


def test_retinopathy_is_not_answered_by_a_pack_of_stages(trained: Run) -> None:
    from engine.questions import retinopathy

    with pytest.raises(Refusal, match="It answers stage, and retinopathy was asked"):
        retinopathy.check_question(packs.load(trained.folder / "pack"))


def test_the_weights_to_begin_with_are_no_part_of_the_datas_fingerprint(tmp_path: Path) -> None:
    data = staged_run.table(tmp_path)
    (data / "first.pth").write_bytes(b"weights")
    plain = stages_plan.parse(staged_run.PLAN, "plan")
    network = msgspec.structs.replace(plain.network, weights="first.pth")
    begun = staged_pictures.read(msgspec.structs.replace(plain, network=network), data)
    drawn = staged_pictures.read(plain, data)
    assert begun.fingerprint == drawn.fingerprint == drawn.begun_with
    assert begun.begun_with != begun.fingerprint
