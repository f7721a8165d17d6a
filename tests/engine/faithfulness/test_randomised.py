"""Networks that forget layer by layer, and maps that do not notice."""

import numpy as np
import torch
from torch import nn

from engine.answers import Criterion
from engine.criteria.interface import evidence
from engine.faithfulness.agreement import agreement
from engine.faithfulness.randomised import cascade, count
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.networks.operators import Conv, Dense, Maxout, MaxPool
from engine.task import Task

SIZE = 28


def network() -> OperatorNetwork:
    made = OperatorNetwork(
        SIZE,
        [
            Conv(3, 8, window=3, stride=1, padding=1, size=SIZE),
            MaxPool(window=2, stride=2, size=SIZE),
            Conv(8, 8, window=3, stride=1, padding=1, size=14),
            MaxPool(window=2, stride=2, size=14),
            Dense(8 * 49, 16),
            Maxout(),
            Dense(8, 1, rectified=False),
        ],
    )
    initialise(made, torch.Generator().manual_seed(0), gain=1.343)
    return made.eval()


def seeded(seed: int = 5) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def flat(one: nn.Module) -> list[torch.Tensor]:
    return [values.detach().clone() for values in one.parameters()]


def test_the_last_layer_forgets_first_and_the_network_itself_never() -> None:
    asked = network()
    before = flat(asked)
    steps = [flat(each) for each in cascade(asked, seeded())]
    assert len(steps) == count(asked) == len(before) // 2
    for old, new in zip(before, flat(asked), strict=True):
        torch.testing.assert_close(old, new, rtol=0, atol=0)
    changed = [
        [not torch.equal(old, new) for old, new in zip(before, step, strict=True)] for step in steps
    ]
    # A layer's biases are all alike at first: the weights tell.
    for number, step in enumerate(changed, 1):
        weights = step[::2]
        assert sum(weights) == number
        assert all(weights[-number:])


def test_what_forgets_keeps_its_layer_s_numbers() -> None:
    asked = network()
    *_, last = cascade(asked, seeded())
    for old, new in zip(asked.parameters(), last.parameters(), strict=True):
        torch.testing.assert_close(
            old.flatten().sort().values, new.flatten().sort().values, rtol=0, atol=0
        )


def test_it_forgets_the_same_each_time() -> None:
    asked = network()
    *_, one = (flat(each) for each in cascade(asked, seeded()))
    *_, other = (flat(each) for each in cascade(asked, seeded()))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_map_that_ignores_the_network_stays_the_same_and_a_true_one_does_not() -> None:
    asked = network()
    picture = 0.26 * torch.randn(1, 3, SIZE, SIZE, generator=seeded(1))
    mask = np.ones((SIZE, SIZE), bool)
    edges = picture[0].abs().sum(0).numpy()  # of the picture alone

    def true(one: nn.Module) -> np.ndarray:
        # What a network leans on, without the picture's own factor.
        found: np.ndarray = evidence(one, picture, Criterion.OMEGA, Task()).maps[0].numpy()
        return found

    plain = true(asked)
    *_, last = cascade(asked, seeded())
    assert agreement(edges, edges.copy(), mask).rank == 1
    assert agreement(plain, true(last), mask).rank < 0.5
