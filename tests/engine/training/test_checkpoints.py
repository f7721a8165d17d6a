"""A checkpoint holds any of the papers' networks with all that goes on with it."""

from pathlib import Path

import torch

from engine.networks import registry
from engine.training import checkpoints, loop
from engine.training.checkpoints import Progress
from engine.training.plan import Optimisation
from engine.training.run import Run


def test_net_a_comes_back_with_its_optimiser_and_its_place(tmp_path: Path) -> None:
    built, other = (registry.build("net_a", {"size": 112}) for _ in range(2))
    for value in built.parameters():
        value.grad = torch.ones_like(value)
    adam, fresh = (loop.make_optimiser(each, Optimisation(passes=1)) for each in (built, other))
    adam.step()
    run = Run.begin(tmp_path / "run", "", tmp_path)
    progress = Progress(passes=1, batches=8, at=3, told=[(0.5, 0.25)])
    checkpoints.keep(run, "part", built, adam, progress)
    found = checkpoints.resume(run, "part", other, fresh)
    assert (found.passes, found.batches, found.at) == (1, 8, 3)
    assert [list(row) for row in found.told] == [[0.5, 0.25]]
    for name, value in built.state_dict().items():
        torch.testing.assert_close(other.state_dict()[name], value, rtol=0, atol=0)
    first, again = (next(iter(each.state_dict()["state"].values())) for each in (adam, fresh))
    torch.testing.assert_close(again["exp_avg"], first["exp_avg"], rtol=0, atol=0)
