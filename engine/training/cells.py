"""Where lesions lie on drawn eyes, taught to a network's lower layers before all else.

The maps behind the third block of Table 1 are asked, cell by cell, which kinds of drawn lesion lie
there; a layer of its own answers, and is thrown away. The filters begin the network that then
learns from whole pictures and their labels alone. decided: beyond the paper, whose photographs, a
hundred times more, taught its filters without.
"""

import math
import time
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.errors import Refusal
from engine.networks.lesion_network import KINDS
from engine.networks.normed import Normed
from engine.networks.operators import Conv, MaxPool, RMSPool
from engine.task import Task
from engine.training import checkpoints
from engine.training.asked import heed
from engine.training.lesion_pictures import Drawing, Drawings, Material, Photographs
from engine.training.lesions_plan import Schedule
from engine.training.loop import CHECKPOINT_SECONDS, TELL_SECONDS
from engine.training.plan import Phantoms, Plan
from engine.training.run import Run

PART = "cells"
_WHAT = "Learning where drawn lesions lie"
_BLOCKS = 3
"""Of Table 1, from its beginning."""
AT_ONCE = 10
"""Drawn eyes of a step."""
RATE, _RISING = 2e-3, 50
"""Adam's, and the steps over which it rises."""
_RARE = 4.0
"""How much more a cell with a lesion weighs."""
_SELDOM = -4.0
"""The log-odds of a lesion that the answers begin with."""
_NOBODY = np.zeros(0, np.intp)


def showings(phantoms: Phantoms) -> int:
    """How many drawn eyes are shown in all: steps are full."""
    return phantoms.passes * _in_a_pass(phantoms.eyes) * AT_ONCE


class Cells(nn.Module):
    """The first three blocks of ``network``, sharing its weights, and what they say of each cell.

    ``generator`` draws the weights of the layer that answers.
    """

    def __init__(self, network: Normed, generator: torch.Generator) -> None:
        super().__init__()
        self.learning = network
        self._operators = _end(network)
        behind = reversed(network.network.operators[: self._operators])
        maps = next(len(each.weight) for each in behind if isinstance(each, Conv))
        self.answers = nn.Conv2d(maps, len(KINDS), 1)
        with torch.no_grad():
            self.answers.weight.normal_(0, 1 / math.sqrt(maps), generator=generator)
            cast(Tensor, self.answers.bias).fill_(_SELDOM)

    def forward(self, x: Tensor) -> Tensor:
        """The log-odds (n, kinds, y, x) of pictures (n, 3, s, s)."""
        answered: Tensor = self.answers(self.learning.up(x, self._operators))
        return answered


def teach(
    network: Normed,
    drawn: Drawings,
    plan: Plan,
    device: torch.device,
    run: Run,
    task: Task,
) -> None:
    """Teach ``network``'s lower layers in place, or take them from the run.

    It is shown as many eyes as ``showings`` says, each time drawn by lot. Raises ``Cancelled``,
    and ``Refusal`` if what it learns is no number any more.
    """
    generator = torch.Generator().manual_seed(plan.seed)
    cells = Cells(network, generator).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.Adam(cells.parameters(), lr=RATE)
    progress = checkpoints.resume(run, PART, cells, optimiser)
    in_a_pass = _in_a_pass(len(drawn.grades))
    total = plan.phantoms.passes * in_a_pass
    schedule = Schedule(steps=total, photographs=0, grafts=0, drawn=AT_ONCE)
    drawing = Drawing(_alone(drawn), _NOBODY, schedule, plan.network.size, plan.seed)
    saved, told = time.monotonic(), -TELL_SECONDS
    cells.train()
    for batch in drawing.batches(progress.batches):
        task.check()
        heed(run.folder, task)
        if time.monotonic() - told >= TELL_SECONDS:
            told, share = time.monotonic(), progress.at / in_a_pass
            run.tell(
                "running", PART, progress.passes, plan.phantoms.passes, share=share, what=_WHAT
            )
            task.progress(f"Training {PART}", progress.passes, plan.phantoms.passes)
        for group in optimiser.param_groups:
            group["lr"] = _rate(progress.batches, total)
        moved = batch.to(device)
        found = loss(cells(moved.inputs), moved.truth.labels)
        optimiser.zero_grad(set_to_none=True)
        found.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        progress.errors += _error(found)
        progress.at += 1
        progress.batches += 1
        if progress.at == in_a_pass:
            run.note(PART, {"pass": progress.passes + 1, "error": progress.errors / in_a_pass})
            progress.end_pass()
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                checkpoints.write(run, PART, cells, optimiser, progress)
                saved = time.monotonic()
    checkpoints.write(run, PART, cells, optimiser, progress)


def lower(network: Normed) -> dict[str, Tensor]:
    """The tensors of a network's state that ``teach`` teaches."""
    operators = range(_end(network))
    begins = tuple(
        name for at in operators for name in (f"network.operators.{at}.", f"norms.{at}.")
    )
    return {name: value for name, value in network.state_dict().items() if name.startswith(begins)}


def loss(answers: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy of the cells' ``answers`` (n, kinds, y, x) and drawn ``labels`` (n, s, s).

    A cell shows a kind where any of its pixels does.
    """
    kinds = torch.stack([labels == kind for kind in range(1, len(KINDS) + 1)], dim=1).float()
    there = F.adaptive_max_pool2d(kinds, answers.shape[2:])
    return F.binary_cross_entropy_with_logits(answers, there, pos_weight=answers.new_tensor(_RARE))


def _in_a_pass(eyes: int) -> int:
    """Steps of ``AT_ONCE`` eyes that make a pass over so many."""
    return -(-eyes // AT_ONCE)


def _alone(drawn: Drawings) -> Material:
    width = drawn.values.shape[-1]
    none = np.zeros((0, 3, width, width), np.int8)
    photographs = Photographs(none, _NOBODY, _NOBODY)
    grafts = Drawings(none, np.zeros((0, width, width), np.uint8), _NOBODY, _NOBODY)
    return Material(photographs, grafts, drawn)


def _end(network: Normed) -> int:
    """How many operators there are before the pooling behind the last block that is taught."""
    pools = [
        at
        for at, each in enumerate(network.network.operators)
        if isinstance(each, MaxPool | RMSPool)
    ]
    return pools[_BLOCKS - 1]


def _error(found: Tensor) -> float:
    error = float(found.detach())
    if not math.isfinite(error):
        raise Refusal(
            "The network does not learn where lesions lie.",
            "Its error is no number any more.",
            "Take other drawn eyes: another seed in the plan.",
        )
    return error


def _rate(step: int, total: int) -> float:
    falling = 0.01 + 0.99 * (1 + math.cos(math.pi * step / total)) / 2
    return RATE * min(1.0, (step + 1) / _RISING) * falling
