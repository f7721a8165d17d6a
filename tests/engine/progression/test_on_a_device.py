"""What L1 demands, on the processor, and on a graphics card where there is one."""

import numpy as np
import pytest
import torch

from engine.networks.backbones import Small
from engine.networks.lstm import Gates, Lstm
from engine.networks.stage_network import StageNetwork
from engine.progression import arms, loop
from engine.progression.loop import Data, Schedule
from engine.progression.loss import SequenceLoss
from engine.progression.sequences import Order, rows
from engine.progression.splits import Split, Staged
from engine.task import Task


@pytest.fixture(params=["cpu", "cuda:0"])
def device(request: pytest.FixtureRequest) -> str:
    if request.param != "cpu" and not torch.cuda.is_available():
        pytest.skip("there is no graphics card that torch can use")
    return str(request.param)


def network(device: str) -> StageNetwork:
    generator = torch.Generator().manual_seed(0)
    backbone = Small(32)
    backbone.initialise(generator)
    made = StageNetwork(backbone, 4)
    made.initialise(generator)
    return made.to(device).eval()


def pictures(*shape: int, device: str) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1)).to(device)


@pytest.mark.parametrize("gates", list(Gates))
def test_the_cell_is_the_references_on_a_device(shared, gates: Gates, device: str) -> None:
    with np.load(shared("oracles/lstm_cell.npz")) as held:
        reference = {name: torch.from_numpy(held[name]) for name in held.files}
    cell = Lstm(5, 3, gates).double()
    names = {"from_input": "W_x", "from_state": "W_h", "bias": "b"}
    cell.load_state_dict({own: reference[its] for own, its in names.items()})
    told = cell.to(device)(reference["z"].to(device)).cpu()
    wanted = reference["h_hard" if gates is Gates.HARD else "h_sigmoid"]
    torch.testing.assert_close(told, wanted, rtol=0, atol=1e-12)


def test_the_first_step_of_a_repeated_picture_is_that_of_the_picture_alone(device: str) -> None:
    shown = pictures(2, 3, 32, 32, device=device)
    made = network(device)
    with torch.inference_mode():
        alone, repeated = made(shown), made.sequences(shown[:, None].expand(-1, 4, -1, -1, -1))
    for head in ("lstm", "vision"):
        one, many = getattr(alone, head)[:, 0], getattr(repeated, head)[:, 0]
        torch.testing.assert_close(one, many, atol=1e-5, rtol=1e-4)


def test_the_loss_on_a_device_is_the_processors(device: str) -> None:
    generator = torch.Generator().manual_seed(2)
    lstm, vision = (torch.randn(5, 4, 4, generator=generator) for _ in range(2))
    stages = torch.from_numpy(rows(Order.CYCLIC, 4))[[0, 1, 2, 3, 0]]
    loss = SequenceLoss(alpha=(1, 2, 3, 4), balance=(4, 2, 1.3333, 0.4))
    there = loss(lstm.to(device), vision.to(device), stages.to(device))
    torch.testing.assert_close(there.cpu(), loss(lstm, vision, stages))


def test_gradient_reaches_the_recurrent_weights_from_later_steps_alone(device: str) -> None:
    lstm = Lstm(6, 5)
    lstm.initialise(torch.Generator().manual_seed(0))
    lstm.to(device)
    z = pictures(3, 4, 6, device=device)
    for step, reaches in ((0, False), (3, True)):
        lstm.zero_grad()
        lstm(z)[:, step].sum().backward()
        assert bool(lstm.from_state.grad.abs().sum() > 0) is reaches


def test_a_training_runs_and_tells_on_the_device(device: str) -> None:
    stages = np.repeat(np.arange(4), 8)
    values = np.broadcast_to((30 * stages)[:, None, None, None], (32, 3, 36, 36)).astype(np.int8)
    staged = Staged(stages, np.arange(32).astype(str), tuple("abcd"))
    split = Split(np.arange(0, 32, 2), np.arange(1, 32, 4), np.arange(3, 32, 4))
    made = network(device)
    outcome = loop.fit(
        made, arms.named("cyclic"), Data(values, staged), split,
        Schedule(steps=2, passes=1, sequences=2), 0, Task(),
    )  # fmt: skip
    assert np.isfinite(outcome.rows[0]["held_out_loss"])
    assert loop.tell(made, values[split.test]).lstm.shape == (8, 4)
