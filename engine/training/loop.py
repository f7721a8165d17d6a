"""The loop that trains one network: passes over pictures, metrics, checkpoints, resume.

Every pass draws its order from the plan's seed and the pass's number alone, every step within it
its augmentation and its dropout likewise, so that a run that was killed goes on as if it had not
been, from a checkpoint after any step.
"""

import logging
import math
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.evaluation.roc import area
from engine.preparation.augmentation import Draw, warp
from engine.preparation.fundus import LEVELS
from engine.run_notes import COLLAPSED_BELOW
from engine.task import Task
from engine.training import checkpoints, precision
from engine.training.asked import Stopped, heed
from engine.training.checkpoints import Progress
from engine.training.feed import Feed
from engine.training.normalised import Pictures
from engine.training.plan import Optimisation
from engine.training.run import Run
from engine.training.sparsity import Figures, Sparsity, backward

log = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 60.0
TELL_SECONDS = 0.5
"""Between two words about a pass under way."""

# Q3: validate every 4,000 mini-batches, and wait ten validations for a gain of 0.0005.
VALIDATE_EVERY = 4_000
PATIENCE = 10
GAIN = 0.0005
DIVISIONS = 2

# Q3's rule: this many mini-batches on, the training error must be below this share of the variance.
JUDGED_AFTER = 5_000
LEARNT_BELOW = 0.9

# Guards of the sparsity term (METHODS Q3, Q5.2).
CLIPPED_ABOVE = 10.0
"""Times the running median of the gradient's norm."""
MEDIAN_OF = 101
RULING_FOR = 1_000
"""Mini-batches in a row in which the term was larger than the loss."""


class NotLearningError(Exception):
    """The training error did not fall in time (METHODS Q3): start again with larger weights."""


@dataclass(frozen=True)
class Part:
    """One network to train within a run: its name, its pictures, and those it is watched on.

    ``after`` is called behind every pass with the network and the pass's number.
    """

    name: str
    pictures: Pictures
    watched: Pictures | None
    number: int
    after: Callable[[nn.Module, int], None] | None = None


def train(
    network: nn.Module,
    part: Part,
    optimisation: Optimisation,
    seed: int,
    device: torch.device,
    run: Run,
    task: Task,
    sparsity: Sparsity | None = None,
) -> None:
    """Train ``network`` in place, from the newest checkpoint of the part if there is one.

    Loss and weight decay are Q3's: the mean squared error, and 0.0005 times the sum of squared
    weights, biases excepted; with ``sparsity`` Q5's term beside them. Raises
    ``NotLearningError``, and ``Cancelled``: what was trained since the newest checkpoint, a minute
    and a pass at most, is then trained again. Where a person asked it to stop and to keep its
    best, that is ``Stopped``, and it goes on from that very batch.
    """
    with precision.as_planned(optimisation):
        _train(network, part, optimisation, seed, device, run, task, sparsity)


def _train(
    network: nn.Module,
    part: Part,
    optimisation: Optimisation,
    seed: int,
    device: torch.device,
    run: Run,
    task: Task,
    sparsity: Sparsity | None,
) -> None:
    network.to(device)
    optimiser = make_optimiser(network, optimisation)
    progress = checkpoints.resume(run, part.name, network, optimiser)
    feed = Feed(part.pictures, _size(network), device)
    saved = time.monotonic()
    try:
        while progress.passes < optimisation.passes and progress.divisions <= DIVISIONS:
            task.progress(f"Training {part.name}", progress.passes, optimisation.passes)
            rate = _rate(optimisation, progress)
            for group in optimiser.param_groups:
                group["lr"] = rate
            before = time.monotonic()
            reduced = precision.reduced(optimisation, device)
            step = Step(network, optimiser, sparsity, progress, reduced)
            pictures = len(part.pictures) - progress.at * optimisation.batch
            row, paused = _one_pass(step, feed, part, optimisation, seed, run, task)
            seconds = time.monotonic() - before - paused
            row |= {"rate": rate, "pictures_per_second": round(pictures / seconds, 1)}
            row |= _watch(network, part, progress, device, run)
            if part.after is not None:
                part.after(network, progress.passes)
            row["seconds"] = round(time.monotonic() - before - paused, 2)
            run.note(part.name, {"pass": progress.passes, **row})
            run.tell("running", part.name, progress.passes, optimisation.passes)
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                checkpoints.write(run, part.name, network, optimiser, progress)
                saved = time.monotonic()
    except Stopped:  # between two batches
        checkpoints.write(run, part.name, network, optimiser, progress)
        raise
    finally:
        # A pass cut short by cancel is not counted: its half is undone by the next resume.
        if task.cancelled:
            run.tell("cancelled", part.name, progress.passes, optimisation.passes)
    checkpoints.write(run, part.name, network, optimiser, progress)
    task.progress(f"Training {part.name}", progress.passes, progress.passes)


def scores(network: nn.Module, pictures: Pictures, device: torch.device) -> NDArray[np.float64]:
    """The network's predictions, (n,), by the path that a test picture takes."""
    network.eval()
    found = []
    with torch.inference_mode():
        for start in range(0, len(pictures), 32):
            rows = np.arange(start, min(start + 32, len(pictures)))
            found.append(network(upright(network, pictures.rows(rows), device)).double().cpu())
    return torch.cat(found).numpy()


def upright(network: nn.Module, pictures: Pictures, device: torch.device) -> Tensor:
    """The network's inputs, (n, 3, s, s), as a test picture's."""
    batch = _batch(pictures.values, device)
    return warp(batch, Draw.identity(len(batch)), _size(network))


class Step:
    """One step of the optimiser after another, and what they tell over a pass."""

    def __init__(
        self,
        network: nn.Module,
        optimiser: torch.optim.Optimizer,
        sparsity: Sparsity | None,
        progress: Progress,
        reduced: AbstractContextManager[object] | None = None,
    ) -> None:
        self.network = network
        self._reduced = reduced or nullcontext()
        self.optimiser = optimiser
        self.progress = progress
        self._sparsity = sparsity

    def take(self, inputs: Tensor, truth: Tensor) -> float:
        """The mean squared error of the batch, before the step."""
        figures = self.gradient(inputs, truth)
        if isinstance(figures, Figures):
            told = (figures.loss, figures.term, figures.evidence, figures.spread)
            self.progress.told.append(told)
            self._guard(figures)
            self._clip()
        self.optimiser.step()
        return figures.loss if isinstance(figures, Figures) else float(figures.detach())

    def gradient(self, inputs: Tensor, truth: Tensor, *, exactly: bool = False) -> Figures | Tensor:
        """Leave the batch's gradient in the parameters; the loss, or the term's figures.

        ``exactly`` leaves bfloat16 aside, whatever the plan allows.
        """
        if self._sparsity is not None:
            return backward(self.network, inputs, truth, self._sparsity)
        self.optimiser.zero_grad(set_to_none=True)
        with nullcontext() if exactly else self._reduced:
            predictions = self.network(inputs)
        loss: Tensor = (predictions.float() - truth).square().mean()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    def row(self) -> dict[str, float]:
        """The term's figures over the pass: Q5.2's S, L_0 over L_L, and the clips."""
        told = self.progress.told
        if not told:
            return {}
        loss, term, evidence, spread = map(statistics.fmean, zip(*told, strict=True))
        return {
            "sparsity_term": term,
            "sparsity_over_error": term / loss if loss else math.inf,
            "evidence": evidence,
            "spread": spread,
            "clips": self.progress.clips,
        }

    def _guard(self, figures: Figures) -> None:
        progress = self.progress
        progress.ruled = progress.ruled + 1 if figures.term > figures.loss else 0
        if progress.ruled == RULING_FOR:
            log.warning("The sparsity term rules the loss: it flattens the network.")

    def _clip(self) -> None:
        parameters = [value for value in self.network.parameters() if value.grad is not None]
        norms = [value.grad.norm() for value in parameters if value.grad is not None]
        norm = torch.stack(norms).norm().item()
        before = self.progress.norms
        most = CLIPPED_ABOVE * statistics.median(before) if before else math.inf
        # What was clipped counts in full, so that the median can follow a lasting rise.
        self.progress.norms = [*before, norm][-MEDIAN_OF:]
        if norm > most:
            self.progress.clips += 1
            log.warning("A gradient of norm %.3g was clipped to %.3g.", norm, most)
            for value in parameters:
                assert value.grad is not None
                value.grad.mul_(most / norm)


def _one_pass(
    step: Step,
    feed: Feed,
    part: Part,
    optimisation: Optimisation,
    seed: int,
    run: Run,
    task: Task,
) -> tuple[dict[str, float], float]:
    """What the pass tells, and how many seconds it was paused for."""
    network, progress = step.network, step.progress
    network.train()
    key = [seed, part.number, progress.passes]
    order = _order(part.pictures.truth, optimisation.balance, np.random.default_rng(key))
    paused, told = 0.0, -TELL_SECONDS
    more: dict[str, float] = {}
    batches = [
        order[at : at + optimisation.batch] for at in range(0, len(order), optimisation.batch)
    ]
    first = progress.at
    seeds = [_number([*key, number]) for number in range(first, len(batches))]
    for number, (inputs, truth) in enumerate(feed.batches(batches[first:], seeds), first):
        paused += heed(run.folder, task)
        if time.monotonic() - told >= TELL_SECONDS:
            told = time.monotonic()
            share = number / len(batches)
            run.tell("running", part.name, progress.passes, optimisation.passes, share=share)
        if not progress.batches and not number and _is_reduced(optimisation, inputs):
            error = precision.gradient_error(
                network,
                partial(step.gradient, inputs, truth),
                partial(step.gradient, inputs, truth, exactly=True),
            )
            more["gradient_error"] = error
        torch.manual_seed(_number([*key, number, 1]))  # dropout's masks
        progress.errors += step.take(inputs, truth) * len(truth)
        progress.at += 1
        progress.batches += 1
        if optimisation.keep_every and progress.batches % optimisation.keep_every == 0:
            checkpoints.keep(run, part.name, network, step.optimiser, progress)
    error = progress.errors / len(order)
    more |= step.row()
    progress.end_pass()
    progress.since_validation += len(batches)
    variance = float(part.pictures.truth.var())
    progress.watched = [*progress.watched[-4:], error]
    if (
        progress.batches >= JUDGED_AFTER > progress.batches - len(batches)
        and np.mean(progress.watched) > LEARNT_BELOW * variance
    ):
        raise NotLearningError
    decay = sum(float(value.detach().square().sum()) for value in _weights(network))
    weight_term = optimisation.weight_decay / 2 * decay
    return {"error": error, "weight_term": weight_term, **more}, paused


def _is_reduced(optimisation: Optimisation, inputs: Tensor) -> bool:
    return optimisation.precision != "float32" and inputs.is_cuda


def _watch(
    network: nn.Module, part: Part, progress: Progress, device: torch.device, run: Run
) -> dict[str, float]:
    """A_z on the watched pictures, the best kept, and the plateau's bookkeeping (Q3)."""
    if part.watched is None or min(np.bincount(part.watched.truth, minlength=2)) < 2:
        return {}  # A_z takes two of each class
    scored = scores(network, part.watched, device)
    whole = area(scored, part.watched.truth, patients=part.watched.patients)
    found, error = whole.value, float(np.square(scored - part.watched.truth).mean())
    spread = float(scored.std())
    if spread < COLLAPSED_BELOW and not progress.collapsed:
        progress.collapsed = True
        log.warning("The network answers nearly the same for every held-back picture.")
    if progress.since_validation >= VALIDATE_EVERY:
        progress.since_validation = 0
        progress.waited = 0 if found >= progress.best + GAIN else progress.waited + 1
        if progress.waited >= PATIENCE:
            progress.waited = 0
            progress.divisions += 1
    # Few pictures have few possible areas: of equal ones the smaller error is the better.
    if (found, -error) > (progress.best, -progress.best_error):
        progress.best, progress.best_error = found, error
        run.save_best(part.name, network.state_dict(), {"pass": progress.passes, "area": found})
    low, high = whole.interval.low, whole.interval.high
    told = {"area": found, "area_low": low, "area_high": high}
    return told | {"held_error": error, "held_spread": spread}


def _rate(optimisation: Optimisation, progress: Progress) -> float:
    if optimisation.schedule == "plateau":
        return optimisation.learning_rate * 0.1**progress.divisions
    part = progress.passes / optimisation.passes
    return optimisation.learning_rate * (0.01 + 0.99 * (1 + math.cos(math.pi * part)) / 2)


def make_optimiser(network: nn.Module, optimisation: Optimisation) -> torch.optim.Adam:
    """Q3's: Adam, whose weight decay is coupled and spares the biases."""
    weights = _weights(network)
    biases = [value for value in network.parameters() if not any(value is w for w in weights)]
    return torch.optim.Adam(
        [
            {"params": weights, "weight_decay": optimisation.weight_decay},
            {"params": biases, "weight_decay": 0.0},
        ],
        lr=optimisation.learning_rate,
    )


def _weights(network: nn.Module) -> list[Tensor]:
    """Filters and connections; a normalisation's factors are none."""
    named = network.named_parameters()
    return [value for name, value in named if name.endswith("weight") and value.ndim > 1]


def _order(truth: NDArray[np.bool_], balance: bool, draw: np.random.Generator) -> NDArray[np.intp]:
    if not balance:
        return draw.permutation(len(truth))
    share = np.where(truth, 0.5 / truth.sum(), 0.5 / (~truth).sum())
    return draw.choice(len(truth), len(truth), p=share)


def _batch(values: NDArray[np.int8], device: torch.device) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).to(device).float().div_(LEVELS)


def _size(network: nn.Module) -> int:
    return int(network.input_size)  # type: ignore[arg-type]


def _number(key: list[int]) -> int:
    return int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0] >> np.uint64(1))
