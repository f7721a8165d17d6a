"""The loop that trains one arm on one split: batches of sequences, fixed validation, the best kept.

METHODS L2. Every step draws from the seed and its own number alone.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from engine.errors import Refusal
from engine.networks.stage_network import Heads, StageNetwork
from engine.preparation.augmentation import Augmentation, Draw, warp
from engine.preparation.fundus import LEVELS
from engine.progression import sequences
from engine.progression.arms import Arm
from engine.progression.sequences import Order, draw_pictures, draw_stages
from engine.progression.splits import Rows, Split, Staged
from engine.task import Task

SLIGHT = Augmentation(rotation=5.0, translation=0.0, scale=(1.0, 1.0), flip=0.0, contrast=1.0)
"""The paper's: a turn of 5° at most, and nothing else."""


@dataclass(frozen=True)
class Schedule:
    """Numbers of the training; the paper's (METHODS L2), of whose two step counts this is one."""

    steps: int = 100
    passes: int = 100
    """Of ``steps`` each, at most."""
    patience: int = 10
    sequences: int = 16
    learning_rate: float = 1e-3
    momentum: float = 0.9
    decay: float = 1e-6
    monitor: Literal["total", "first"] = "total"
    keep: Literal["best", "last"] = "best"
    precision: Literal["float32", "bfloat16"] = "float32"
    """Of products in training; what a network tells is computed in float32 always."""
    augmentation: Augmentation = SLIGHT


@dataclass(frozen=True, eq=False)
class Data:
    """``values`` int8 (n, 3, w, w), normalised values times 128, and their stages."""

    values: NDArray[np.int8]
    staged: Staged


@dataclass(frozen=True, eq=False)
class Told:
    """What a trained network says of pictures: both heads' shares (n, K)."""

    vision: NDArray[np.float64]
    lstm: NDArray[np.float64]


@dataclass
class Outcome:
    """How a training went: a row for each pass, and the pass whose weights were kept."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    best: int = 0


def fit(
    network: StageNetwork,
    arm: Arm,
    data: Data,
    split: Split,
    schedule: Schedule,
    seed: int,
    task: Task,
    after: Callable[[int, dict[str, Any]], None] = lambda *_: None,
) -> Outcome:
    """Train ``network`` in place on the split; its weights are those of the best pass behind.

    ``after`` is called with each pass's number and row.

    Raises:
        Refusal: the training diverged: its loss is no number.
        Cancelled: the task was cancelled.
    """
    arm = arm.for_stages(data.staged.count)
    watched = _watched(arm, data.staged, split.validation, seed)
    steps = Steps(network, arm, data, split.train, schedule, seed)
    outcome, best, kept, waited = Outcome(), math.inf, _copy(network), 0
    for number in range(1, schedule.passes + 1):
        network.train()
        errors = 0.0
        for step in range((number - 1) * schedule.steps, number * schedule.steps):
            task.check()
            errors += steps.take(step)
        row = {
            "pass": number,
            "loss": errors / schedule.steps,
            **_judge(network, arm, data, watched),
        }
        outcome.rows.append(row)
        after(number, row)
        if not math.isfinite(errors):
            raise Refusal(
                f"The training of {arm.name} was broken off.",
                f"Its loss was no number any more in pass {number}.",
                "Train with a smaller learning rate.",
            )
        judged = row["first_loss" if schedule.monitor == "first" else "held_out_loss"]
        if judged < best:
            best, outcome.best, waited = judged, number, 0
            if schedule.keep == "best":
                kept = _copy(network)
        else:
            waited += 1
            if waited >= schedule.patience:
                break
    if schedule.keep == "best":
        network.load_state_dict(kept)
    else:
        outcome.best = outcome.rows[-1]["pass"]
    network.eval()
    return outcome


class Steps:
    """The training's steps of one arm, each drawn from the seed and its own number alone.

    METHODS L2: plain descent with Nesterov's momentum, lr_t = lr_0 / (1 + decay t).
    """

    def __init__(
        self,
        network: StageNetwork,
        arm: Arm,
        data: Data,
        rows: Rows,
        schedule: Schedule,
        seed: int,
    ) -> None:
        self._network = network
        self._rate, self._decay = schedule.learning_rate * arm.faster, schedule.decay
        self._reduced = schedule.precision == "bfloat16"
        self._optimiser = torch.optim.SGD(
            [value for value in network.parameters() if value.requires_grad],
            self._rate,
            momentum=schedule.momentum,
            nesterov=True,
        )
        weighed = arm.for_stages(data.staged.count)
        self._drawing = Drawing(
            weighed, data, rows, schedule.sequences, schedule.augmentation, seed
        )

    def take(self, number: int) -> float:
        """Draw step ``number``'s pictures, move the weights, and give the loss before it."""
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate / (1 + self._decay * number)
        self._optimiser.zero_grad(set_to_none=True)
        device = next(self._network.parameters()).device.type
        with torch.autocast(device, torch.bfloat16, enabled=self._reduced):
            loss = self._drawing.loss(self._network, number)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        return loss.item()


def tell(network: StageNetwork, values: NDArray[np.int8], at_once: int = 64) -> Told:
    """What both heads say of pictures int8 (n, 3, w, w): one vision pass each."""
    vision, lstm = (torch.from_numpy(found) for found in logits(network, values, at_once))
    return Told(vision.softmax(1).numpy(), lstm.softmax(1).numpy())


def logits(
    network: StageNetwork, values: NDArray[np.int8], at_once: int = 64
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The logits of the vision head and of the LSTM's, each (n, K), of pictures as in ``tell``."""
    network.eval()
    vision, lstm = [], []
    with torch.inference_mode():
        for at in range(0, len(values), at_once):
            heads = network(_plain(values[at : at + at_once], network))
            vision.append(heads.vision[:, 0].double().cpu())
            lstm.append(heads.lstm[:, 0].double().cpu())
    return torch.cat(vision).numpy(), torch.cat(lstm).numpy()


@dataclass(frozen=True, eq=False)
class Drawing:
    """Draws a step's pictures and gives their loss; each step by the seed and its number alone."""

    arm: Arm
    data: Data
    rows: Rows
    sequences: int
    augmentation: Augmentation
    seed: int

    def loss(self, network: StageNetwork, step: int) -> Tensor:
        """The mean over the step's sequences, or over as many single pictures (the baseline)."""
        draw = np.random.default_rng([self.seed, step])
        generator = torch.Generator().manual_seed(int(draw.integers(2**62)))
        stages_count = self.data.staged.count
        # The baseline sees single pictures of stages drawn alike: Eq. 1's sampling without order.
        order = self.arm.order or Order.IID
        stages = draw_stages(order, stages_count, self.sequences, draw)
        chosen = draw_pictures(stages, _of_stage(self.data.staged, self.rows), draw)
        drawn = self.augmentation.draw(generator, chosen.size)
        inputs = _inputs(self.data.values[chosen.ravel()], drawn, network)
        torch.manual_seed(int(draw.integers(2**62)))  # of the dropout
        truth = torch.from_numpy(stages).to(inputs.device)
        if self.arm.order is None:
            logits = network.by_vision(network.features(inputs))
            return F.cross_entropy(logits.float(), truth.flatten())
        heads = _heads(network, inputs, stages.shape)
        return self.arm.loss(heads.lstm.float(), heads.vision.float(), truth)


def _heads(network: StageNetwork, inputs: Tensor, shape: tuple[int, ...]) -> Heads:
    """Both heads' logits of flattened sequences."""
    z = network.features(inputs).view(*shape, -1)
    return Heads(network.by_lstm(network.lstm(z)), network.by_vision(z))


def _watched(arm: Arm, staged: Staged, rows: Rows, seed: int) -> tuple[Rows, Rows]:
    """Stages and rows (n, K) of fixed sequences: each picture first once, in its own stage's."""
    order = arm.order or Order.CYCLIC
    draw = np.random.default_rng([seed, len(rows)])
    stages = draw_stages(order, staged.count, len(rows), draw)
    drawn_orders = order in (Order.IID, Order.SHUFFLED)
    for place, stage in enumerate(staged.stages[rows]):
        if drawn_orders:
            sequence = stages[place]
            there = int(np.flatnonzero(sequence == stage)[0]) if stage in sequence else 0
            sequence[there], sequence[0] = sequence[0], stage
        else:
            stages[place] = sequences.row(order, staged.count, int(stage))
    chosen = draw_pictures(stages, _of_stage(staged, rows), draw)
    chosen[:, 0] = rows
    return stages, chosen


def _judge(
    network: StageNetwork, arm: Arm, data: Data, watched: tuple[Rows, Rows]
) -> dict[str, Any]:
    """Loss and accuracy of the fixed sequences, by head and step."""
    stages, chosen = watched
    network.eval()
    with torch.inference_mode():
        pictures = np.unique(chosen)
        z = torch.cat(
            [
                network.features(_plain(data.values[pictures[at : at + 64]], network))
                for at in range(0, len(pictures), 64)
            ]
        )
        z = z[torch.from_numpy(np.searchsorted(pictures, chosen))]
        told = Heads(network.by_lstm(network.lstm(z)).cpu(), network.by_vision(z).cpu())
    truth = torch.from_numpy(stages)
    first = F.cross_entropy(told.vision[:, 0], truth[:, 0]).item()
    vision = (told.vision.argmax(2) == truth).double().mean(0)
    row: dict[str, Any] = {"first_loss": first, "vision": vision.tolist()}
    if arm.order is None:
        return {**row, "held_out_loss": first}
    lstm = (told.lstm.argmax(2) == truth).double().mean(0)
    total = arm.loss(told.lstm, told.vision, truth).item()
    first += F.cross_entropy(told.lstm[:, 0], truth[:, 0]).item()
    return {**row, "first_loss": first, "lstm": lstm.tolist(), "held_out_loss": total}


def _plain(values: NDArray[np.int8], network: StageNetwork) -> Tensor:
    return _inputs(values, Draw.identity(len(values)), network)


def _inputs(values: NDArray[np.int8], drawn: Draw, network: StageNetwork) -> Tensor:
    """Pictures on the network's grid and device."""
    device = network.by_vision.weight.device
    floats = torch.from_numpy(np.ascontiguousarray(values)).to(device).float().div_(LEVELS)
    warped = warp(floats, drawn, network.input_size)
    return warped.contiguous(memory_format=torch.channels_last)


def _of_stage(staged: Staged, rows: Rows) -> list[Rows]:
    return [rows[staged.stages[rows] == stage] for stage in range(staged.count)]


def _copy(network: StageNetwork) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}
