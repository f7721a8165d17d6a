"""The paired experiment: every arm on the same random splits, resumable and spread over processes.

METHODS L2, L3. A training that ends becomes one line of ``results.jsonl`` in the experiment's
folder; what a kill interrupts is trained again.
"""

import json
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from engine.errors import Refusal
from engine.folders import write_bytes
from engine.networks.backbones import FrozenNorms
from engine.networks.lstm import Gates
from engine.progression import arms, splits
from engine.progression.loop import Data, Schedule, fit, tell
from engine.progression.splits import Staged
from engine.task import Task

RESULTS = "results.jsonl"
LOOK_SECONDS = 0.5
"""Between two looks whether the trainings of other processes are to be given up."""


@dataclass(frozen=True)
class Experiment:
    """What is compared. ``start`` names a file of backbone weights that all arms begin with."""

    backbone: str
    arms: tuple[str, ...]
    splits: int = 20
    schedule: Schedule = field(default_factory=Schedule)
    gates: Gates = Gates.HARD
    freeze: str = "none"
    frozen_norms: FrozenNorms = FrozenNorms.EVAL
    rectified: bool = True
    """Whether z has a rectifier (METHODS L2)."""
    even: bool = True
    test: float = 0.2
    validation: float = 0.1
    seed: int = 0
    start: str = ""


@dataclass(frozen=True)
class Result:
    """One training: what it told of the split's test pictures, and each pass of it."""

    arm: str
    split: int
    test: tuple[int, ...]
    learnt_from: int
    vision: tuple[tuple[float, ...], ...]
    lstm: tuple[tuple[float, ...], ...]
    best: int
    rows: tuple[dict[str, Any], ...]
    validated: int = 0
    """How many of ``learnt_from`` only chose the best pass; 0 where that was not kept."""


def carry_out(
    experiment: Experiment,
    folder: Path,
    values: Path,
    staged: Staged,
    processes: int,
    task: Task,
    devices: Sequence[str] = ("cpu",),
) -> list[Result]:
    """Train what ``folder`` does not hold yet, and give all results.

    ``values`` is a .npy of int8 (n, 3, w, w), row by row the pictures of ``staged``. ``devices``,
    as torch names them, get the trainings by turns.

    Raises:
        Refusal: the folder holds another experiment, a split cannot be drawn, or the system ended a
            process.
        Cancelled: the task was cancelled; trainings that are under way are given up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _hold_to(experiment, staged, folder)
    done = {(each.arm, each.split): each for each in results(folder)}
    wanted = [
        (arm, split)
        for split in range(experiment.splits)
        for arm in experiment.arms
        if (arm, split) not in done
    ]
    for split in {split for _, split in wanted}:
        _split(experiment, staged, split)  # what cannot be split is told before any training
    total = experiment.splits * len(experiment.arms)
    with (folder / RESULTS).open("ab") as file:
        for result in _trained(experiment, values, staged, wanted, processes, devices, task):
            file.write(msgspec.json.encode(result) + b"\n")
            file.flush()
            done[result.arm, result.split] = result
            task.progress("Training", len(done), total)
    return [done[arm, split] for split in range(experiment.splits) for arm in experiment.arms]


def results(folder: Path) -> list[Result]:
    """The trainings that ended so far; a line that a kill tore is left out.

    Raises ``Refusal`` where a whole line is none of them.
    """
    path = folder / RESULTS
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        write_bytes(path, whole)
    try:
        return [msgspec.json.decode(line, type=Result) for line in whole.splitlines()]
    except msgspec.MsgspecError as fault:
        raise Refusal(
            "The experiment was not gone on with.",
            f"{path.name} in {folder} was changed, or another version wrote it.",
            "Name another folder.",
        ) from fault


def _trained(
    experiment: Experiment,
    values: Path,
    staged: Staged,
    wanted: Sequence[tuple[str, int]],
    processes: int,
    devices: Sequence[str],
    task: Task,
) -> Iterator[Result]:
    if processes == 1:
        for arm, split in wanted:
            yield train_one(experiment, values, staged, arm, split, task, devices[0])
        return
    # spawn: a fork after OpenMP has run hangs.
    pool = ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_alone, max_tasks_per_child=None
    )
    try:
        running = [
            pool.submit(train_one, experiment, values, staged, arm, split, None, device)
            for (arm, split), device in zip(wanted, cycle(devices), strict=False)
        ]
        left: set[Future[Result]] = set(running)
        while left:
            task.check()
            ended, left = wait(left, LOOK_SECONDS, FIRST_COMPLETED)
            for each in ended:
                yield each.result()
    except BrokenProcessPool as fault:
        raise Refusal(
            "The experiment was broken off.",
            "The system ended one of its processes, as it does for want of memory.",
            "Run it again with fewer processes; what was trained is kept.",
        ) from fault
    finally:
        working = list((pool._processes or {}).values())  # shutting down forgets them
        pool.shutdown(wait=False, cancel_futures=True)
        for process in working:
            process.terminate()


def _alone() -> None:
    import torch

    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def train_one(
    experiment: Experiment,
    values: Path,
    staged: Staged,
    arm: str,
    number: int,
    task: Task | None = None,
    device: str = "cpu",
) -> Result:
    """Train one arm on one split on a device, and test it."""
    import torch

    from engine.networks import backbones
    from engine.networks.stage_network import StageNetwork

    split = _split(experiment, staged, number)
    data = Data(np.load(values, mmap_mode="r"), staged)
    # All arms of a split begin with the same weights.
    generator = torch.Generator().manual_seed(experiment.seed * 100_003 + number)
    backbone = backbones.build(experiment.backbone)
    backbone.initialise(generator)
    if experiment.start:
        backbones.load_weights(backbone, Path(experiment.start))
    if experiment.freeze != "none":
        backbone.freeze(all_=experiment.freeze == "all", norms=experiment.frozen_norms)
    network = StageNetwork(backbone, staged.count, experiment.gates, rectified=experiment.rectified)
    network.initialise(generator)
    network.to(device)
    outcome = fit(
        network, arms.named(arm), data, split, experiment.schedule,
        experiment.seed + number, task or Task(),
    )  # fmt: skip
    told = tell(network, data.values[split.test])
    return Result(
        arm,
        number,
        tuple(split.test.tolist()),
        len(split.train) + len(split.validation),
        tuple(map(tuple, told.vision.tolist())),
        tuple(map(tuple, told.lstm.tolist())),
        outcome.best,
        tuple(outcome.rows),
        len(split.validation),
    )


def _split(experiment: Experiment, staged: Staged, number: int) -> splits.Split:
    return splits.draw(
        staged,
        experiment.seed + number,
        test=experiment.test,
        validation=experiment.validation,
        even=experiment.even,
    )


def _hold_to(experiment: Experiment, staged: Staged, folder: Path) -> None:
    """Let the folder go on only with what it began with; more arms or splits may be asked for."""
    told = json.loads(msgspec.json.encode(experiment))
    begun = {name: value for name, value in told.items() if name not in ("arms", "splits")}
    begun["stages"] = staged.stages.tolist()
    # Whose pictures are parted from whose decides the splits.
    begun["patients"] = np.unique(staged.patients, return_inverse=True)[1].tolist()
    path = folder / "experiment.json"
    if not path.exists():
        write_bytes(path, json.dumps(begun).encode())
        return
    kept = json.loads(path.read_text("utf-8"))
    # A folder of an earlier version does not tell its patients, nor what it could not choose.
    usual = json.loads(msgspec.json.encode(Experiment("", ())))
    missing = {name for name in begun if name not in kept}
    if any(name != "patients" and begun[name] != usual.get(name) for name in missing) or kept != {
        name: value for name, value in begun.items() if name in kept
    }:
        raise Refusal(
            "The experiment cannot go on.",
            f"{folder.name} holds one with other pictures, patients or numbers.",
            "Give another folder, or the numbers that it began with.",
        )
