"""The loop that trains a network of stages by a schedule known ahead, and goes on after a kill.

METHODS L2, but for what ``stages_plan`` says. Every step draws from the seed and its own number
alone, so that a run that was killed goes on as if it had not been.
"""

import math
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch

from engine.networks.stage_network import StageNetwork
from engine.preparation.augmentation import Augmentation
from engine.progression.arms import Arm
from engine.progression.loop import Data, Drawing
from engine.progression.splits import Rows
from engine.task import Task
from engine.training import checkpoints
from engine.training.asked import heed
from engine.training.loop import CHECKPOINT_SECONDS, TELL_SECONDS
from engine.training.run import Run
from engine.training.stages_plan import Schedule

MOMENTUM = 0.9
DECAY = 1e-6
"""The paper's (METHODS L2)."""


@dataclass(frozen=True, eq=False)
class Part:
    """One network to train within a run: its name, how, on which rows of the pictures."""

    name: str
    arm: Arm
    data: Data
    rows: Rows
    seed: int
    augmentation: Augmentation


def train(
    network: StageNetwork,
    part: Part,
    schedule: Schedule,
    device: torch.device,
    run: Run,
    task: Task,
) -> None:
    """Train ``network`` in place, from the newest checkpoint of the part if there is one.

    The weights are those behind the last step. Raises ``Cancelled``: what was trained since the
    newest checkpoint, a minute and a pass at most, is then trained again.
    """
    network.to(device)
    optimiser = _optimiser(network, schedule)
    progress = checkpoints.resume(run, part.name, network, optimiser)
    arm = part.arm.for_stages(part.data.staged.count)
    draw = Drawing(arm, part.data, part.rows, schedule.sequences, part.augmentation, part.seed)
    saved, total, what = time.monotonic(), schedule.passes, f"Learning, {part.name}"
    try:
        while progress.passes < total:
            task.progress(f"Training {part.name}", progress.passes, total)
            network.train()
            before, paused, told, errors = time.monotonic(), 0.0, -TELL_SECONDS, 0.0
            for number in range(schedule.steps):
                paused += heed(run.folder, task)
                if time.monotonic() - told >= TELL_SECONDS:
                    told = time.monotonic()
                    share = number / schedule.steps
                    run.tell("running", part.name, progress.passes, total, share=share, what=what)
                step = progress.passes * schedule.steps + number
                for group in optimiser.param_groups:
                    group["lr"] = arm.faster * _rate(schedule, step)
                optimiser.zero_grad(set_to_none=True)
                with _reduced(schedule, device):
                    loss = draw.loss(network, step)
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                errors += loss.item()
            progress.end_pass()
            progress.batches += schedule.steps
            seconds = time.monotonic() - before - paused
            pictures = schedule.steps * schedule.sequences * part.data.staged.count
            run.note(
                part.name,
                {
                    "pass": progress.passes,
                    "error": errors / schedule.steps,
                    "rate": optimiser.param_groups[0]["lr"],
                    "pictures_per_second": round(pictures / seconds, 1),
                    "seconds": round(seconds, 2),
                },
            )
            run.tell("running", part.name, progress.passes, total, what=what)
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                checkpoints.write(run, part.name, network, optimiser, progress)
                saved = time.monotonic()
    finally:
        if task.cancelled:
            run.tell("cancelled", part.name, progress.passes, total)
    checkpoints.write(run, part.name, network, optimiser, progress)
    network.eval()
    task.progress(f"Training {part.name}", total, total)


def _optimiser(network: StageNetwork, schedule: Schedule) -> torch.optim.Optimizer:
    """Decay is of weights alone, not of norms and biases."""
    learning = [value for value in network.parameters() if value.requires_grad]
    groups = [
        {"params": [v for v in learning if v.ndim > 1], "weight_decay": schedule.weight_decay},
        {"params": [v for v in learning if v.ndim <= 1], "weight_decay": 0.0},
    ]
    if schedule.method == "sgd":
        rate = schedule.learning_rate
        return torch.optim.SGD(groups, rate, momentum=MOMENTUM, nesterov=True)
    return torch.optim.AdamW(groups, schedule.learning_rate)


def _rate(schedule: Schedule, step: int) -> float:
    if schedule.falling == "decay":
        return schedule.learning_rate / (1 + DECAY * step)
    part = step / (schedule.passes * schedule.steps)
    return schedule.learning_rate * (0.01 + 0.99 * (1 + math.cos(math.pi * part)) / 2)


def _reduced(schedule: Schedule, device: torch.device) -> AbstractContextManager[object]:
    if schedule.precision == "bfloat16":
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()
