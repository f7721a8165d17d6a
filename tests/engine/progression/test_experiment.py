"""The paired experiment: the same splits and weights for all, gone on with, and told in figures."""

import json
import threading
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.errors import Cancelled, Refusal
from engine.evaluation import ordinal
from engine.networks import backbones
from engine.progression import experiment, figures
from engine.progression.experiment import Experiment
from engine.progression.loop import Schedule
from engine.progression.splits import Staged
from engine.task import Task


class Mean(backbones.Backbone):
    """Each colour's mean, on a grid that is quick."""

    input_size, features, early = 14, 3, ()

    def __init__(self) -> None:
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(3))

    def initialise(self, generator: torch.Generator) -> None:
        with torch.no_grad():
            self.scale.copy_(3 + torch.rand(3, generator=generator))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean(dim=(2, 3)) * self.scale


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backbones, "BACKBONES", {"mean": Mean})


@pytest.fixture
def staged() -> Staged:
    stages = np.repeat(np.arange(3), [20, 14, 12])
    return Staged(stages, np.array([f"p{i // 2}" for i in range(46)]), ("none", "mild", "severe"))


@pytest.fixture
def values(staged, tmp_path):
    greys = 40 * staged.stages + np.random.default_rng(0).integers(-18, 19, len(staged.stages))
    array = np.broadcast_to(greys[:, None, None, None], (46, 3, 16, 16)).astype(np.int8)
    np.save(tmp_path / "values.npy", array)
    return tmp_path / "values.npy"


ASKED = Experiment("mean", ("baseline", "cyclic"), 2, Schedule(steps=3, passes=2))


def run(asked, folder, values, staged, processes=1):
    return experiment.carry_out(asked, folder, values, staged, processes, Task())


def test_all_arms_are_tested_on_the_same_pictures_of_a_split(values, staged, tmp_path) -> None:
    found = run(ASKED, tmp_path / "run", values, staged)
    assert [(each.arm, each.split) for each in found] == [
        ("baseline", 0), ("cyclic", 0), ("baseline", 1), ("cyclic", 1)
    ]  # fmt: skip
    assert found[0].test == found[1].test
    assert found[0].test != found[2].test
    assert np.allclose(np.sum(found[1].lstm, axis=1), 1)


def test_what_ended_is_not_trained_again_and_a_torn_line_is(
    values, staged, tmp_path, monkeypatch
) -> None:
    folder = tmp_path / "run"
    first = run(ASKED, folder, values, staged)
    path = folder / experiment.RESULTS
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]) + lines[2][:50])
    trained = []
    real = experiment.train_one

    def spy(*given):
        trained.append(given[3:5])
        return real(*given)

    monkeypatch.setattr(experiment, "train_one", spy)
    again = run(ASKED, folder, values, staged)
    assert trained == [("baseline", 1), ("cyclic", 1)]
    assert again == first


def test_a_whole_line_that_is_no_result_is_refused_and_kept(values, staged, tmp_path) -> None:
    folder = tmp_path / "run"
    run(ASKED, folder, values, staged)
    path = folder / experiment.RESULTS
    changed = path.read_bytes().replace(b'"arm"', b'"arms"', 1)
    path.write_bytes(changed)
    with pytest.raises(Refusal, match="was changed"):
        run(ASKED, folder, values, staged)
    assert path.read_bytes() == changed


def test_more_splits_and_arms_may_be_asked_for_but_no_other_numbers(
    values, staged, tmp_path
) -> None:
    folder = tmp_path / "run"
    run(ASKED, folder, values, staged)
    more = Experiment("mean", ("baseline", "cyclic", "shuffled"), 3, ASKED.schedule)
    assert len(run(more, folder, values, staged)) == 9
    other = Experiment("mean", ("baseline",), 2, Schedule(steps=5, passes=3))
    with pytest.raises(Refusal, match="cannot go on"):
        run(other, folder, values, staged)


@pytest.mark.proof
def test_processes_find_what_one_finds(tmp_path, values, staged, monkeypatch) -> None:
    monkeypatch.undo()  # a process of its own knows the program's backbones alone
    asked = Experiment("small_112", ("baseline", "cyclic"), 1, Schedule(1, 1, sequences=2))
    alone = run(asked, tmp_path / "one", values, staged)
    spread = run(asked, tmp_path / "two", values, staged, processes=2)
    for one, two in zip(alone, spread, strict=True):
        assert (one.arm, one.test, one.best) == (two.arm, two.test, two.best)
        assert np.allclose(one.vision, two.vision, atol=1e-5)


def test_devices_get_the_trainings_by_turns(values, staged, tmp_path, monkeypatch) -> None:
    told: list[str] = []

    class Pool:
        """Does at once what it is given."""

        _processes = None

        def __init__(self, *_: object, **__: object) -> None: ...

        def submit(self, do, *given):  # type: ignore[no-untyped-def]
            told.append(given[-1])
            done: Future[object] = Future()
            done.set_result(do(*given[:-1], "cpu"))
            return done

        def shutdown(self, **_: object) -> None: ...

    monkeypatch.setattr(experiment, "ProcessPoolExecutor", Pool)
    cards = ["cuda:0", "cuda:1", "cpu"]
    experiment.carry_out(ASKED, tmp_path / "run", values, staged, 3, Task(), cards)
    assert told == ["cuda:0", "cuda:1", "cpu", "cuda:0"]


def test_what_order_gains_is_cyclic_less_shuffled_on_the_same_pictures(staged) -> None:
    test = tuple(range(0, 46, 4))
    truth = staged.stages[list(test)]

    def told(arm: str, split: int, wrong: int) -> experiment.Result:
        said = np.eye(3)[(truth + (np.arange(len(test)) < wrong)) % 3]
        vision = tuple(map(tuple, said.tolist()))
        return experiment.Result(arm, split, test, 34, vision, vision, 0, ())

    wrong = {"cyclic": (1, 2, 0, 3), "shuffled": (4, 2, 3, 5)}
    # Out of their order, as processes end.
    found = [told(arm, split, wrong[arm][split]) for split in (2, 0, 3, 1) for arm in wrong]
    differences = np.array([3, 0, 3, 2]) / len(test)
    for each in figures.order_learnt(found, staged):
        assert each.difference.mean == pytest.approx(differences.mean())
        assert each.difference.deviation == pytest.approx(differences.std(ddof=1))
        error = np.sqrt((1 / 4 + len(test) / 34) * differences.var(ddof=1))
        assert each.difference.t == pytest.approx(differences.mean() / error)
    assert [each.head for each in figures.order_learnt(found, staged)] == ["vision", "lstm"]
    assert figures.order_learnt([each for each in found if each.arm == "cyclic"], staged) == []


def test_a_second_p_takes_the_pictures_that_were_trained_on_alone(values, staged, tmp_path) -> None:
    found = run(ASKED, tmp_path / "run", values, staged)
    cyclic = figures.figures(found, staged)[1]
    accuracies = {
        (each.arm, each.split): np.mean(np.argmax(each.vision, 1) == staged.stages[list(each.test)])
        for each in found
    }
    differences = np.array(
        [accuracies["cyclic", split] - accuracies["baseline", split] for split in (0, 1)]
    )
    ratio = np.mean([len(each.test) / (each.learnt_from - each.validated) for each in found])
    expected = ordinal.resampled_test(differences, float(ratio)).p
    assert cyclic.p_of_trained == pytest.approx(expected, nan_ok=True)
    assert all(0 < each.validated < each.learnt_from for each in found)
    older = [replace(each, validated=0) for each in found]
    assert figures.figures(older, staged)[1].p_of_trained is None


def test_a_folder_of_before_a_choice_goes_on_with_the_usual_one_alone(
    values, staged, tmp_path
) -> None:
    run(ASKED, tmp_path / "run", values, staged)
    path = tmp_path / "run" / "experiment.json"
    kept = json.loads(path.read_text())
    del kept["rectified"]
    path.write_text(json.dumps(kept))
    run(ASKED, tmp_path / "run", values, staged)
    with pytest.raises(Refusal, match="cannot go on"):
        run(replace(ASKED, rectified=False), tmp_path / "run", values, staged)


def test_figures_are_those_of_the_predictions(values, staged, tmp_path) -> None:
    asked = Experiment("mean", ("baseline", "cyclic"), 4, Schedule(steps=3, passes=2))
    found = run(asked, tmp_path / "run", values, staged)
    told = {(each.arm, each.head): each for each in figures.figures(found, staged)}
    assert set(told) == {("baseline", "vision"), ("cyclic", "vision"), ("cyclic", "lstm")}
    by_hand = {}
    for arm, head in told:
        by_hand[arm, head] = np.array(
            [
                np.mean(np.argmax(getattr(each, head), 1) == staged.stages[list(each.test)])
                for each in found
                if each.arm == arm
            ]
        )
    cyclic = told["cyclic", "lstm"]
    assert cyclic.accuracy == pytest.approx(by_hand["cyclic", "lstm"].mean())
    assert cyclic.deviation == pytest.approx(by_hand["cyclic", "lstm"].std(ddof=1))
    differences = by_hand["cyclic", "lstm"] - by_hand["baseline", "vision"]
    assert cyclic.against.mean == pytest.approx(differences.mean())
    assert told["baseline", "vision"].against is None
    assert cyclic.confusion.sum() == sum(len(each.test) for each in found if each.arm == "cyclic")
    assert len(cyclic.steps) == 3


def test_a_folder_goes_on_with_the_patients_that_it_began_with_alone(
    tmp_path, values, staged
) -> None:
    run(ASKED, tmp_path / "run", values, staged)
    alone = Staged(staged.stages, np.arange(46).astype(str), staged.names)
    with pytest.raises(Refusal, match="other pictures, patients"):
        run(ASKED, tmp_path / "run", values, alone)


class Stubborn:
    """Stands for a pool whose trainings never end; as the system's, it forgets its processes."""

    def __init__(self, *_: object, **__: object) -> None:
        self._processes = {1: self}

    def submit(self, *_: object) -> "Future[object]":
        return Future()

    def shutdown(self, **_: object) -> None:
        self._processes = None

    def terminate(self) -> None:
        ENDED.append(self)


ENDED: list[Stubborn] = []


def test_cancelled_it_ends_the_processes_that_are_at_work(
    tmp_path, values, staged, monkeypatch
) -> None:
    task = Task()
    monkeypatch.setattr(experiment, "ProcessPoolExecutor", Stubborn)
    threading.Timer(0.1, task.cancel).start()
    with pytest.raises(Cancelled):
        experiment.carry_out(ASKED, tmp_path / "run", values, staged, 2, task)
    assert len(ENDED) == 1


def test_a_process_that_the_system_ended_is_a_refusal(
    tmp_path, values, staged, monkeypatch
) -> None:
    class Killed(Stubborn):
        def submit(self, *_: object) -> "Future[object]":
            killed: Future[object] = Future()
            killed.set_exception(BrokenProcessPool())
            return killed

    monkeypatch.setattr(experiment, "ProcessPoolExecutor", Killed)
    with pytest.raises(Refusal, match="fewer processes"):
        experiment.carry_out(ASKED, tmp_path / "run", values, staged, 2, Task())
