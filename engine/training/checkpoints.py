"""A checkpoint: all of a part of a run that lets it go on as if it had never stopped."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from engine.training.run import Run


@dataclass
class Progress:
    """Where a part stands: what a checkpoint holds beside its tensors.

    ``collapsed`` says that the answers were once nearly the same for all, which is warned of once.
    ``at`` are the batches of the pass under way; what stands behind it is what that pass tells.
    """

    passes: int = 0
    best: float = 0.0
    best_error: float = math.inf
    waited: int = 0
    divisions: int = 0
    batches: int = 0
    ruled: int = 0
    since_validation: int = 0
    watched: list[float] = field(default_factory=list)
    collapsed: bool = False
    at: int = 0
    errors: float = 0.0
    clips: int = 0
    norms: list[float] = field(default_factory=list)
    told: list[tuple[float, ...]] = field(default_factory=list)

    def end_pass(self) -> None:
        """The pass is over: count it, and forget what it told."""
        self.passes += 1
        self.at, self.errors, self.clips = 0, 0.0, 0
        self.norms, self.told = [], []


def write(
    run: Run, part: str, network: nn.Module, optimiser: torch.optim.Optimizer, progress: Progress
) -> None:
    """Write a checkpoint behind a pass, or within one; all but the newest two are dropped."""
    run.save(part, progress.passes, *_state(network, optimiser, progress))


def keep(
    run: Run, part: str, network: nn.Module, optimiser: torch.optim.Optimizer, progress: Progress
) -> None:
    """Write a checkpoint after so many batches, never dropped."""
    run.keep_step(part, progress.batches, *_state(network, optimiser, progress))


def resume(run: Run, part: str, network: nn.Module, optimiser: torch.optim.Optimizer) -> Progress:
    """Fill network and optimiser from the newest checkpoint of the part, if there is one."""
    found = run.newest(part)
    run.rewind(part, found[1]["passes"] if found else 0)
    if found is None:
        return Progress()
    tensors, facts = found
    network.load_state_dict(weights(tensors))
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in _under(tensors, "optimiser").items():
        number, _, key = name.partition(".")
        state.setdefault(int(number), {})[key] = value
    optimiser.load_state_dict(
        {"state": state, "param_groups": optimiser.state_dict()["param_groups"]}
    )
    return Progress(**facts)


def weights(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The network's own of a checkpoint's tensors."""
    return _under(tensors, "network")


def _state(
    network: nn.Module, optimiser: torch.optim.Optimizer, progress: Progress
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
    for number, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{name}": value for name, value in state.items()}
    return tensors, vars(progress)


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(f"{prefix}."): value
        for name, value in tensors.items()
        if name.startswith(f"{prefix}.")
    }
