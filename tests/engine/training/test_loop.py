"""Training learns, stops when asked, and goes on as if it had not been stopped."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import run_notes
from engine.errors import Cancelled
from engine.networks import registry
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.task import Task
from engine.training import loop
from engine.training.checkpoints import Progress
from engine.training.loop import Part
from engine.training.normalised import Pictures
from engine.training.plan import Optimisation
from engine.training.run import Run
from engine.training.sparsity import Figures, Sparsity

CPU = torch.device("cpu")


def pictures(n: int = 12) -> Pictures:
    """Half of them with a bright blot in the middle, which is what is to be learnt."""
    generator = np.random.default_rng(0)
    values = generator.integers(-12, 12, (n, 3, 128, 128)).astype(np.int8)
    truth = np.arange(n) % 2 == 0
    values[truth, :, 56:72, 56:72] = 100
    return Pictures(values, truth)


def network() -> OperatorNetwork:
    built = registry.build("net_b", {"size": 112})
    assert isinstance(built, OperatorNetwork)
    initialise(built, torch.Generator().manual_seed(0), prevalence=0.5)
    return built


def begin(folder: Path) -> Run:
    return Run.begin(folder, "", folder)


def train(run: Run, passes: int, task: Task | None = None, **numbers: object) -> OperatorNetwork:
    trained = network()
    plan = Optimisation(passes=passes, batch=6, learning_rate=3e-4, schedule="cosine", **numbers)  # type: ignore[arg-type]
    part = Part("part", pictures(), pictures(), 1)
    loop.train(trained, part, plan, 7, CPU, run, task or Task())
    return trained


def test_what_sets_the_classes_apart_is_learnt(tmp_path: Path) -> None:
    trained = train(begin(tmp_path / "run"), 12)
    scores = loop.scores(trained, pictures(), CPU)
    assert scores[::2].min() > scores[1::2].max()


def test_a_killed_run_ends_in_the_same_weights_as_one_that_was_not(tmp_path: Path) -> None:
    whole = train(begin(tmp_path / "whole"), 3)
    run = begin(tmp_path / "killed")
    stop = Task()

    def killed(_what: str, done: int, _total: int) -> None:
        if done == 2:
            stop.cancel()

    stop = Task(killed)
    monkeypatched = loop.CHECKPOINT_SECONDS
    loop.CHECKPOINT_SECONDS = 0.0
    try:
        with pytest.raises(Cancelled):
            train(run, 3, stop)
    finally:
        loop.CHECKPOINT_SECONDS = monkeypatched
    run.note("part", {"pass": 3})  # as if it had been killed behind a pass, before its checkpoint
    resumed = train(run, 3)
    rows = [json.loads(line) for line in (run.folder / "metrics.jsonl").read_text().splitlines()]
    assert [row["pass"] for row in rows] == [1, 2, 3]
    assert "area" in rows[-1]
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(resumed.state_dict()[name], value, rtol=0, atol=0)


@pytest.mark.parametrize("with_sparsity", [False, True])
def test_a_run_goes_on_from_a_checkpoint_in_the_middle_of_a_pass(
    tmp_path: Path, with_sparsity: bool
) -> None:
    def trained(run: Run) -> OperatorNetwork:
        built = network()
        numbers = Optimisation(
            passes=2, batch=4, learning_rate=3e-4, schedule="cosine", keep_every=2
        )
        part = Part("part", pictures(), pictures(), 1)
        term = Sparsity(1e-3) if with_sparsity else None
        loop.train(built, part, numbers, 7, CPU, run, Task(), term)
        return built

    run = begin(tmp_path / "run")
    whole = trained(run).state_dict()
    rows = (run.folder / "metrics.jsonl").read_text().splitlines()
    assert list(run.kept_steps("part")) == [2, 4, 6]
    # Step 4 is the first of the second pass's three.
    for later in (*run.checkpoints.glob("part-0*"), run.kept_steps("part")[6]):
        later.unlink()
    resumed = trained(run).state_dict()
    for name, value in whole.items():
        torch.testing.assert_close(resumed[name], value, rtol=0, atol=0)
    again = [json.loads(row) for row in (run.folder / "metrics.jsonl").read_text().splitlines()]
    told = [json.loads(row) for row in rows]
    for row in (*again, *told):
        del row["time"], row["pictures_per_second"], row["seconds"]
    assert again == told
    assert list(run.kept_steps("part")) == [2, 4, 6]


def test_a_finished_part_is_not_trained_again(tmp_path: Path) -> None:
    run = begin(tmp_path / "run")
    train(run, 2)
    rows = (run.folder / "metrics.jsonl").read_text()
    train(run, 2)
    assert (run.folder / "metrics.jsonl").read_text() == rows


def test_only_the_newest_two_checkpoints_and_the_best_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    run = begin(tmp_path / "run")
    train(run, 4)
    kept = sorted(path.name for path in run.checkpoints.iterdir())
    assert kept == [
        "best-part.safetensors",
        "part-00003.safetensors",
        "part-00004.safetensors",
    ]


def test_filter_weights_decay_and_biases_do_not() -> None:
    built = network()
    decay, none = loop.make_optimiser(built, Optimisation(passes=1)).param_groups
    assert (decay["weight_decay"], none["weight_decay"]) == (0.001, 0.0)
    assert sum(value.numel() for value in none["params"]) == sum(
        value.numel() for name, value in built.named_parameters() if name.endswith("bias")
    )
    assert len(decay["params"]) + len(none["params"]) == len(list(built.parameters()))


def test_a_network_that_does_not_learn_in_time_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "JUDGED_AFTER", 2)
    monkeypatch.setattr(loop, "LEARNT_BELOW", 0.0)
    with pytest.raises(loop.NotLearningError):
        train(begin(tmp_path / "run"), 2)


def test_a_plateau_divides_the_rate_by_ten_twice_and_then_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "VALIDATE_EVERY", 1)
    monkeypatch.setattr(loop, "PATIENCE", 1)
    monkeypatch.setattr(loop, "GAIN", 2.0)  # never gained: every validation is one on the plateau
    run = begin(tmp_path / "run")
    plan = Optimisation(passes=9, batch=6, schedule="plateau")
    loop.train(network(), Part("part", pictures(), pictures(), 1), plan, 7, CPU, run, Task())
    rows = [json.loads(line) for line in (run.folder / "metrics.jsonl").read_text().splitlines()]
    assert [row["rate"] for row in rows] == pytest.approx([1e-4, 1e-5, 1e-6])


def test_with_the_sparsity_term_a_pass_tells_its_figures(tmp_path: Path) -> None:
    run = begin(tmp_path / "run")
    part, numbers = Part("part", pictures(), None, 1), Optimisation(passes=1, batch=6)
    loop.train(network(), part, numbers, 7, CPU, run, Task(), Sparsity(1e-3))
    [row] = [json.loads(line) for line in (run.folder / "metrics.jsonl").read_text().splitlines()]
    assert row["evidence"] > 0
    assert row["sparsity_term"] > 0
    assert row["sparsity_over_error"] == pytest.approx(row["sparsity_term"] / row["error"], rel=0.1)


def test_a_gradient_far_above_the_usual_is_clipped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    norms = []

    def jumping(trained: OperatorNetwork, *_: object) -> Figures:
        size = 1000.0 if len(norms) == 2 else 1.0
        norms.append(size)
        for value in trained.parameters():
            value.grad = torch.zeros_like(value)
        last = trained.operators[-1]
        last.bias.grad = torch.full_like(last.bias, size)
        return Figures(0.1, 0.2, 1.0, 0.5)

    seen = []
    monkeypatch.setattr(loop, "backward", jumping)
    monkeypatch.setattr(loop, "RULING_FOR", 3)
    step = torch.optim.Adam.step
    monkeypatch.setattr(
        torch.optim.Adam,
        "step",
        lambda self: (
            seen.append(float(self.param_groups[1]["params"][-1].grad)),
            step(self),
        ),
    )
    run = begin(tmp_path / "run")
    numbers = Optimisation(passes=1, batch=3)
    loop.train(
        network(), Part("part", pictures(), None, 1), numbers, 7, CPU, run, Task(), Sparsity(1e-3)
    )
    assert seen == pytest.approx([1, 1, 10, 1])
    assert json.loads((run.folder / "metrics.jsonl").read_text())["clips"] == 1
    assert "rules the loss" in caplog.text


def test_a_network_that_answers_the_same_for_all_is_said_to_have_collapsed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    flat = network()
    for value in flat.parameters():
        value.data.zero_()
    numbers = Optimisation(passes=2, batch=6, learning_rate=1e-12)
    part = Part("part", pictures(), pictures(), 1)
    run = begin(tmp_path / "run")
    loop.train(flat, part, numbers, 7, CPU, run, Task())
    assert caplog.text.count("nearly the same") == 1
    rows = [json.loads(line) for line in (run.folder / "metrics.jsonl").read_text().splitlines()]
    assert [row["held_spread"] < run_notes.COLLAPSED_BELOW for row in rows] == [True, True]


def test_a_patients_watched_pictures_count_together_in_the_interval(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(0)
    truth = np.repeat(np.arange(80) % 2 == 0, 2)
    scored = np.repeat(generator.normal(size=80), 2) + truth
    monkeypatch.setattr(loop, "scores", lambda *_: scored)
    widths = []
    for patients in (np.repeat(np.arange(80), 2), None):
        watched = Pictures(np.zeros((160, 1), np.int8), truth, patients).rows(np.arange(160))
        part = Part("part", watched, watched, 1)
        told = loop._watch(network(), part, Progress(), CPU, begin(tmp_path / str(len(widths))))
        widths.append(told["area_high"] - told["area_low"])
    assert widths[0] > 1.3 * widths[1]
