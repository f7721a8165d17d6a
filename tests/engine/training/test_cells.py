"""Drawn lesions teach lower layers cell by cell."""

import math

import torch

from engine.networks.net_b import NetB
from engine.networks.normed import Normed
from engine.networks.operator_network import initialise
from engine.training import cells
from engine.training.cells import Cells


def answers_that_know(there: torch.Tensor) -> torch.Tensor:
    return torch.where(there, 20.0, -20.0)


def test_a_cell_shows_a_kind_where_any_of_its_pixels_does() -> None:
    labels = torch.zeros((1, 64, 64), dtype=torch.uint8)
    labels[0, 33, 17] = 3
    there = torch.zeros((1, 5, 4, 4), dtype=torch.bool)
    there[0, 2, 2, 1] = True
    assert cells.loss(answers_that_know(there), labels) < 1e-6
    assert cells.loss(answers_that_know(~there), labels) > 10
    nowhere = cells.loss(answers_that_know(torch.zeros_like(there)), labels)
    # One cell of eighty is wrong, by 20, and weighs four times as much.
    assert math.isclose(float(nowhere), 4 * 20 / 80, rel_tol=1e-4)


def test_the_lower_layers_learn_where_a_spot_lies() -> None:
    network = NetB(112)
    initialise(network, torch.Generator().manual_seed(1), gain=1.343)
    asked = Cells(Normed(network), torch.Generator().manual_seed(3))
    before = network.operators[0].weight.clone()
    draw = torch.Generator().manual_seed(2)
    optimiser = torch.optim.Adam(asked.parameters(), lr=2e-3)
    inputs = 0.05 * torch.randn((6, 3, 112, 112), generator=draw)
    labels = torch.zeros((6, 112, 112), dtype=torch.uint8)
    for number in range(6):
        y, x = 16 + 12 * number, 90 - 12 * number
        inputs[number, :, y : y + 6, x : x + 6] -= 0.8
        labels[number, y : y + 6, x : x + 6] = 2
    losses: list[float] = []
    for _ in range(20):
        optimiser.zero_grad()
        found = cells.loss(asked(inputs), labels)
        found.backward()
        optimiser.step()
        losses.append(float(found.detach()))
    assert losses[-1] < losses[0] / 3
    assert not torch.equal(network.operators[0].weight, before)
