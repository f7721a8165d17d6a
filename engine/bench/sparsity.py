"""What a training step of net B costs with the sparsity term, beside a plain step without it.

Every step is the training loop's own, the optimiser and the guards included, on the same batch.
The plain one is itself held against a loop that is nothing but torch.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.bench.ratio import Timings, interleave, machine
from engine.networks.net_b import NetB
from engine.networks.operator_network import initialise
from engine.networks.operators import RMS_EPS, SLOPE, Conv, Dense, Dropout, Maxout, MaxPool, RMSPool
from engine.task import Task
from engine.training.checkpoints import Progress
from engine.training.loop import Step, make_optimiser
from engine.training.plan import Optimisation
from engine.training.sparsity import Route, Sparsity

REFERENCE = "the training loop's plain step: autograd, without the term, on the same batch"
BARE = "torch's own modules, loss.backward() and Adam's step, channels-last"
MEMORY = "all that torch holds at its peak in the step of the default route, over the plain step's"

NU = 1e-3
"""The paper's."""

_ROUTES = {
    "ratio": Route.FUSED,
    "fused_exact": Route.FUSED_EXACT,
    "double_backward": Route.DOUBLE_BACKWARD,
}


def run(
    task: Task, *, size: int = 448, batches: tuple[int, ...] = (4, 12), repeats: int = 7
) -> dict[str, Any]:
    """The figures of ``lesionlens bench sparsity``: net B of ``size`` pixels.

    ``ratio`` is the default route over the plain step; ``fused_exact`` and ``double_backward`` are
    the other routes over it, ``plain_over_bare`` is the plain step over a bare loop, ``memory`` the
    default route's peak over the plain step's. ``batches`` holds them for every batch; the last
    one's are the chief ones.

    Raises:
        Cancelled: the task was cancelled.
    """
    figures = {batch: _figures(size, batch, repeats, task) for batch in batches}
    return {
        "benchmark": "sparsity",
        **figures[batches[-1]],
        "batches": {str(batch): found for batch, found in figures.items()},
        "reference": REFERENCE,
        "plain_over_bare_reference": BARE,
        "memory_means": MEMORY,
        "repeats": repeats,
        "network": f"net B, {size} px, float32",
        "nu": NU,
        "threads": torch.get_num_threads(),
        "machine": machine(),
    }


def _figures(size: int, batch: int, repeats: int, task: Task) -> dict[str, Any]:
    generator = torch.Generator().manual_seed(0)
    inputs = 0.26 * torch.randn(batch, 3, size, size, generator=generator)
    inputs = inputs.contiguous(memory_format=torch.channels_last)
    truth = (torch.arange(batch) % 2).float()
    steps = {name: _own(size, Sparsity(NU, route)) for name, route in _ROUTES.items()}
    steps |= {"plain": _own(size, None), "bare": _bare(size)}
    timings = interleave(
        {name: partial(step, inputs, truth) for name, step in steps.items()}, repeats, task
    )
    peaks = {
        name: _peak_of_training(size, sparsity, inputs, truth)
        for name, sparsity in (("ratio", Sparsity(NU)), ("plain", None))
    }
    return {
        **_ratios(timings),
        "memory": peaks["ratio"] / peaks["plain"],
        "mebibytes": {name: peak / 2**20 for name, peak in peaks.items()},
        "seconds": {name: timings.median(name) for name in steps},
        "batch": batch,
    }


def _ratios(timings: Timings) -> dict[str, float]:
    found = {name: timings.ratio(name, "plain") for name in _ROUTES}
    found["plain_over_bare"] = timings.ratio("plain", "bare")
    ratios = {name: each.ratio for name, each in found.items()}
    spreads = {
        "spread" if name == "ratio" else f"{name}_spread": each.spread
        for name, each in found.items()
    }
    return ratios | spreads


def _drawn(size: int) -> NetB:
    network = NetB(size)
    initialise(network, torch.Generator().manual_seed(1))
    return network.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload,no-any-return]


def _own(size: int, sparsity: Sparsity | None) -> Callable[[Tensor, Tensor], object]:
    network = _drawn(size)
    optimiser = make_optimiser(network, Optimisation(passes=1))
    return Step(network, optimiser, sparsity, Progress()).take


def _bare(size: int) -> Callable[[Tensor, Tensor], float]:
    network = BareNetB(_drawn(size)).train()
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-4, weight_decay=0.001)

    def step(inputs: Tensor, truth: Tensor) -> float:
        optimiser.zero_grad()
        loss = F.mse_loss(network(inputs), truth)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        return loss.item()

    return step


class BareNetB(nn.Module):
    """Net B as one would write it down with torch's own modules, with the weights of ours."""

    def __init__(self, network: NetB) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(_torchs_own(layer) for layer in network.operators))

    def forward(self, x: Tensor) -> Tensor:
        """Predictions (n,) for pictures (n, 3, s, s)."""
        predictions: Tensor = self.layers(x).squeeze(1)
        return predictions


def _torchs_own(layer: nn.Module) -> nn.Module:
    match layer:
        case Conv():
            maps, maps_in, window, _ = layer.weight.shape
            conv = nn.Conv2d(maps_in, maps, window, layer.stride, layer.padding, bias=False)
            conv.weight = layer.weight
            return nn.Sequential(conv, _Untied(layer.bias), nn.LeakyReLU(SLOPE, inplace=True))
        case Dense():
            dense = nn.Linear(layer.weight.shape[1], layer.weight.shape[0])
            dense.weight, dense.bias = layer.weight, layer.bias
            rectifier = [nn.LeakyReLU(SLOPE, inplace=True)] if layer.rectified else []
            return nn.Sequential(nn.Flatten(), dense, *rectifier)
        case MaxPool():
            return nn.MaxPool2d(layer.window, layer.stride)
        case RMSPool():
            return _RMS(layer.window, layer.stride)
        case Maxout():
            return _Pairs()
        case Dropout():
            return nn.Dropout(0.5)
    raise TypeError(f"net B has no {type(layer).__name__}")


class _Untied(nn.Module):
    """One bias per map and position."""

    def __init__(self, bias: nn.Parameter) -> None:
        super().__init__()
        self.bias = bias

    def forward(self, x: Tensor) -> Tensor:
        return x + self.bias


class _RMS(nn.Module):
    """The root of the mean square over each window."""

    def __init__(self, window: int, stride: int) -> None:
        super().__init__()
        self.mean = nn.AvgPool2d(window, stride)

    def forward(self, x: Tensor) -> Tensor:
        mean: Tensor = self.mean(x.square())
        return (mean + RMS_EPS).sqrt()


class _Pairs(nn.Module):
    """The larger of each two units next to each other."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.maximum(x[:, 0::2], x[:, 1::2])


def _peak_of_training(size: int, sparsity: Sparsity | None, inputs: Tensor, truth: Tensor) -> int:
    """The most bytes at once: weights, gradients, Adam's moments and what a step needs."""
    step = _own(size, sparsity)

    def twice() -> None:
        # The first gradients still stand when the second step begins, as in a loop.
        step(inputs, truth)
        step(inputs, truth)

    weights = sum(value.nbytes for value in NetB(size).parameters())
    return weights + _peak(twice)


def _peak(work: Callable[[], object]) -> int:
    """The most bytes at once that torch's allocator gave out in ``work``.

    What was there before is not counted, nor that it is let go: the profiler does not know it.
    """
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        work()
    assert profiled.profiler is not None
    events = profiled.profiler.kineto_results.events()
    changes = [event for event in events if event.name() == "[memory]"]
    held = most = 0
    for event in sorted(changes, key=lambda event: int(event.start_ns())):
        held += event.nbytes()
        most = max(most, held)
    return most
