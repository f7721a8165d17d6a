"""The loop that trains a network to draw lesions, and goes on after a kill.

The schedule is known ahead. What is kept is the running mean of the weights (Polyak and Juditsky
1992), which holds still where the weights themselves still wander. Every step draws from the seed
and its own number alone.
"""

import copy
import math
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from engine.errors import Refusal
from engine.networks.lesion_network import Member, initialise
from engine.task import Task
from engine.training import checkpoints
from engine.training.asked import heed
from engine.training.lesion_loss import loss
from engine.training.lesion_pictures import Drawing, Material, Rows
from engine.training.lesions_plan import Schedule
from engine.training.loop import CHECKPOINT_SECONDS, TELL_SECONDS
from engine.training.run import Run, read_checkpoint

PASS = 100
"""Steps between two words about how it goes."""
_RISING = 100
_LOWEST = 0.002
"""The share of the rate that it ends with."""
_MEMORY = 0.998
"""Of the running mean, once it has some steps to go by."""
_STEEPEST = 3.0
"""The longest gradient that is followed whole."""


@dataclass(frozen=True, eq=False)
class Part:
    """One network to train within a run: its name, and the photographs that it learns from."""

    name: str
    material: Material
    rows: Rows
    seed: int


class _Pair(nn.Module):
    """The weights that learn, and their running mean."""

    def __init__(self, member: Member) -> None:
        super().__init__()
        self.learning = member
        self.kept = copy.deepcopy(member)
        self.kept.requires_grad_(False)
        self.kept.eval()

    def train(self, mode: bool = True) -> "_Pair":
        """The mean is never in training mode."""
        self.learning.train(mode)
        return self

    @torch.no_grad()
    def remember(self, steps: int) -> None:
        """Move the mean towards the weights, behind so many steps."""
        share = 1 - min(_MEMORY, steps / (steps + 9))
        learnt = self.learning.state_dict()
        for name, value in self.kept.state_dict().items():
            if value.is_floating_point():
                value.lerp_(learnt[name], share)
            else:
                value.copy_(learnt[name])


def trained(
    part: Part, schedule: Schedule, size: int, device: torch.device, run: Run, task: Task
) -> Member:
    """A network of the part, from its newest checkpoint if there is one, in evaluation mode.

    Raises ``Cancelled``: what was trained since the newest checkpoint, a minute and a pass at most,
    is then trained again. Raises ``Refusal`` if what it learns is no number any more.
    """
    member = Member(norm=True)
    initialise(member, torch.Generator().manual_seed(part.seed))
    pair = _Pair(member)
    pair.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = _optimiser(pair.learning, schedule)
    progress = checkpoints.resume(run, part.name, pair, optimiser)
    total = -(-schedule.steps // PASS)
    drawing = Drawing(part.material, part.rows, schedule, size, part.seed)
    saved = before = time.monotonic()
    told, paused, what = -TELL_SECONDS, 0.0, f"Learning, {part.name}"
    pair.train()
    try:
        for batch in drawing.batches(progress.batches):
            task.check()
            paused += heed(run.folder, task)
            if time.monotonic() - told >= TELL_SECONDS:
                told, share = time.monotonic(), progress.at / PASS
                run.tell("running", part.name, progress.passes, total, share=share, what=what)
                task.progress(f"Training {part.name}", progress.passes, total)
            for group in optimiser.param_groups:
                group["lr"] = _rate(schedule, progress.batches)
            torch.manual_seed(part.seed * 1_000_003 + progress.batches)  # of the dropout
            moved = batch.to(device)
            with _reduced(schedule, device):
                drawn = pair.learning(moved.inputs)
            parts = loss(drawn, moved.truth)
            optimiser.zero_grad(set_to_none=True)
            parts.total.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(pair.learning.parameters(), _STEEPEST)
            optimiser.step()
            progress.batches += 1
            progress.at += 1
            pair.remember(progress.batches)
            each = (parts.pixels, parts.grades, parts.somewhere)
            progress.told.append(tuple(float(value.detach()) for value in each))
            if progress.at >= PASS or progress.batches == schedule.steps:
                pixels, grades, somewhere = torch.tensor(progress.told).mean(0).tolist()
                _check_learning(part.name, pixels + grades + somewhere)
                seconds = time.monotonic() - before - paused
                row = {
                    "pass": progress.passes + 1,
                    "pixels": pixels,
                    "grades": grades,
                    "somewhere": somewhere,
                    "rate": optimiser.param_groups[0]["lr"],
                    "steps": progress.batches,
                    "seconds": round(seconds, 2),
                }
                before, paused = time.monotonic(), 0.0
                progress.end_pass()
                run.note(part.name, row)
                run.tell("running", part.name, progress.passes, total, what=what)
                if time.monotonic() - saved > CHECKPOINT_SECONDS:
                    checkpoints.write(run, part.name, pair, optimiser, progress)
                    saved = time.monotonic()
            # Behind the pass's end: a run that goes on from here must not count its pass again.
            if schedule.keep_every and progress.batches % schedule.keep_every == 0:
                checkpoints.keep(run, part.name, pair, optimiser, progress)
    finally:
        if task.cancelled:
            run.tell("cancelled", part.name, progress.passes, total)
    checkpoints.write(run, part.name, pair, optimiser, progress)
    task.progress(f"Training {part.name}", total, total)
    return pair.kept


def _check_learning(part: str, error: float) -> None:
    if not math.isfinite(error):
        raise Refusal(
            f"The network does not learn: {part}.",
            "Its error is no number any more.",
            "Begin a run with a smaller schedule.learning_rate, or with precision float32.",
        )


def kept(path: Path) -> Member:
    """The running mean of the weights in a checkpoint, in evaluation mode."""
    tensors, _ = read_checkpoint(path)
    under = "network.kept."
    weights = {name.removeprefix(under): v for name, v in tensors.items() if name.startswith(under)}
    member = Member(norm=True)
    member.load_state_dict(weights)
    return member.eval()


def _optimiser(member: Member, schedule: Schedule) -> torch.optim.Optimizer:
    """Decay is of weights alone, not of norms and biases."""
    weights = list(member.parameters())
    groups = [
        {"params": [v for v in weights if v.ndim > 1], "weight_decay": schedule.weight_decay},
        {"params": [v for v in weights if v.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, schedule.learning_rate)


def _rate(schedule: Schedule, step: int) -> float:
    falling = (1 + math.cos(math.pi * step / schedule.steps)) / 2 + _LOWEST
    return schedule.learning_rate * min(1.0, (step + 1) / _RISING) * falling


def _reduced(schedule: Schedule, device: torch.device) -> AbstractContextManager[object]:
    if schedule.precision == "bfloat16":
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()
