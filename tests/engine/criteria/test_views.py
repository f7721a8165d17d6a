"""A network that is asked about a picture four times says, and explains, the mean."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from engine.answers import Criterion
from engine.criteria.gradient import Passed, evaluate, input_gradient, predictions
from engine.criteria.interface import evidence
from engine.criteria.relevance import ALPHA_2_BETA_1, relevance
from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import Operator
from engine.preparation.differentiable import Resized
from engine.task import Task

TURNS = ((), (-1,), (-2,), (-2, -1))


@pytest.fixture
def network(make_network) -> OperatorNetwork:
    made: OperatorNetwork = make_network()
    made.views = 4
    return made


def turned(pictures: Tensor) -> Iterator[Tensor]:
    return (pictures.flip(axes) for axes in TURNS)


def test_it_says_the_mean_of_four_by_every_way_that_asks_it(
    network, make_network, pictures
) -> None:
    once = make_network()
    with torch.no_grad():
        expected = torch.stack([once(view) for view in turned(pictures)]).mean(0)
        found = network(pictures)
        assert not torch.allclose(once(pictures), expected), "it would not matter"
    assert found.shape == (8,)
    torch.testing.assert_close(found, expected)
    asked = predictions(network, pictures, Task())
    assert torch.equal(asked, input_gradient(network, pictures, Task()).predictions)
    torch.testing.assert_close(asked, expected)
    torch.testing.assert_close(
        evidence(network, pictures, Criterion.RELEVANCE, Task()).predictions, expected
    )


def test_no_more_pictures_are_held_at_once_than_by_a_network_that_is_asked_once(
    network, pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    network.operators[0].register_forward_pre_hook(lambda _, given: held.append(len(given[0])))
    with torch.no_grad():
        network(pictures)
    assert held == [len(pictures)] * 4
    held.clear()

    def spied(operators: list[Operator], x: Tensor, task: Task) -> tuple[Tensor, list[Passed]]:
        held.append(len(x))
        return evaluate(operators, x, task)

    monkeypatch.setattr("engine.criteria.relevance.evaluate", spied)
    relevance(network, pictures, ALPHA_2_BETA_1, Task())
    assert held == [len(pictures)] * 4


def test_its_gradient_is_that_of_the_mean(network, pictures) -> None:
    inputs = pictures.clone().requires_grad_()
    (expected,) = torch.autograd.grad(network(inputs).sum(), inputs)
    found = input_gradient(network, pictures, Task()).at_input
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("criterion", [Criterion.OMEGA, Criterion.PI, Criterion.RELEVANCE])
def test_whichever_way_a_picture_lies_it_has_the_same_map(network, pictures, criterion) -> None:
    as_it_lies = evidence(network, pictures, criterion, Task())
    for axes in TURNS:
        found = evidence(network, pictures.flip(axes), criterion, Task())
        torch.testing.assert_close(found.maps.flip(axes), as_it_lies.maps)
        torch.testing.assert_close(found.predictions, as_it_lies.predictions)


def test_pi_adds_up_to_what_is_said_but_for_the_biases(network, pictures) -> None:
    error = evidence(network, pictures, Criterion.PI, Task()).error
    assert error is not None
    assert error.max() < 1e-4


def test_pi_of_the_photograph_explains_the_mean_too(net_b, prepared, resized) -> None:
    # A picture that is the same mirrored and upside down is said the same of four times.
    values = sum(turned(resized.values[:1])) / 4
    even = sum(turned(prepared[:1])) / 4
    photograph = Resized(values, resized.mask[:1])
    once = evidence(net_b, even, Criterion.PI_PHOTOGRAPH, Task(), photograph)
    net_b.views = 4
    try:
        mean = evidence(net_b, even, Criterion.PI_PHOTOGRAPH, Task(), photograph)
    finally:
        net_b.views = 1
    torch.testing.assert_close(mean.predictions, once.predictions)
    lying = torch.cat(list(turned(once.signed))) / 4
    torch.testing.assert_close(mean.signed[0], lying.sum(0), rtol=1e-3, atol=1e-5)


def test_relevance_adds_up_to_what_is_said_with_what_biases_absorb(network, pictures) -> None:
    found = relevance(network, pictures, ALPHA_2_BETA_1, Task())
    total = found.at_input.sum((1, 2, 3)) + found.absorbed
    torch.testing.assert_close(total, found.predictions, rtol=1e-3, atol=1e-4)
