"""Networks that forget layer by layer, and maps that do not notice."""

import numpy as np
import torch
from torch import nn

from engine.answers import Criterion
from engine.criteria.interface import evidence
from engine.faithfulness.agreement import agreement
from engine.faithfulness.randomised import cascade, count
from engine.networks import registry
from engine.networks.lesion_network import LesionNetwork, Member
from engine.networks.lesion_network import initialise as initialise_member
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


def drawing() -> LesionNetwork:
    made = LesionNetwork(128, members=2)
    for member in made.members:
        assert isinstance(member, Member)
        initialise_member(member, seeded(len(flat(member))))
    return made.eval()


def forgotten(before: nn.Module, after: nn.Module) -> list[set[str]]:
    """The names of each member's weights that changed; biases are all alike at first."""
    pairs = zip(before.named_parameters(), after.parameters(), strict=True)
    names = [name for (name, old), new in pairs if name.endswith("weight") and (old != new).any()]
    return [
        {name.split(".", 2)[2] for name in names if name.startswith(f"members.{member}.")}
        for member in (0, 1)
    ]


def test_members_of_a_network_that_draws_forget_side_by_side_and_the_answer_before_the_maps() -> (
    None
):
    asked = drawing()
    picture = 0.26 * torch.randn(1, 3, 128, 128, generator=seeded(1))
    plain = asked.draw(picture)
    shown = []
    gone: set[str] = set()
    for after in cascade(asked, seeded()):
        one, other = forgotten(asked, after)
        assert one == other
        assert gone < one
        gone = one
        assert isinstance(after, LesionNetwork)
        shown.append(after.draw(picture))
    assert gone == {name for name, _ in asked.members[0].named_parameters() if "weight" in name}
    assert not torch.equal(plain.grades, shown[0].grades)
    torch.testing.assert_close(plain.maps, shown[0].maps, rtol=0, atol=0)
    assert not torch.allclose(plain.maps, shown[1].maps, atol=0.1)


def test_the_pack_that_draws_lesions_takes_no_more_steps_than_the_paper_s_networks() -> None:
    shipped = LesionNetwork(512, members=3)
    paper = registry.build("net_b", {"size": 448})
    assert 8 <= count(shipped) <= count(paper)
