"""Relevance against its rules taken value by value, and against what METHODS Q6 says of it."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.answers import Criterion
from engine.criteria.interface import evidence
from engine.criteria.relevance import ALPHA_2_BETA_1, AlphaBeta, Epsilon, Rule, relevance
from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import Conv, Dense
from engine.task import Task

EVERY_RULE = [Epsilon(0.01), Epsilon(1e-6), AlphaBeta(1.0), ALPHA_2_BETA_1]
RULES_THAT_CONSERVE = [Epsilon(1e-6), AlphaBeta(1.0), ALPHA_2_BETA_1]

every_network = pytest.mark.parametrize("made", ["make_network", "make_pooled_network"])


def asked(request: pytest.FixtureRequest, made: str) -> tuple[OperatorNetwork, Tensor]:
    network = request.getfixturevalue(made)()
    side = network.input_size
    generator = torch.Generator().manual_seed(21)
    return network, 0.26 * torch.randn(4, 3, side, side, generator=generator, dtype=torch.float64)


def by_hand(matrix: np.ndarray, bias: np.ndarray, x: np.ndarray, above: np.ndarray, rule: Rule):  # type: ignore[no-untyped-def]
    """One layer of one picture, one product at a time: R_i from R_j (Bach et al. 2015)."""
    below = np.zeros_like(x)
    for j, relevance_of_j in enumerate(above):
        products = x * matrix[j]
        if isinstance(rule, Epsilon):
            z = products.sum() + bias[j]
            below += products * relevance_of_j / (z + rule.eps * (1 if z >= 0 else -1))
            continue
        pro, contra = products.clip(min=0), products.clip(max=0)
        z_pro, z_contra = pro.sum() + max(bias[j], 0), contra.sum() + min(bias[j], 0)
        if z_pro:
            below += rule.alpha * pro / z_pro * relevance_of_j
        if z_contra:
            below -= rule.beta * contra / z_contra * relevance_of_j
    return below


@pytest.mark.parametrize("rule", EVERY_RULE)
@pytest.mark.parametrize("bias", [0.0, 0.3])
def test_it_is_the_rule_value_by_value(rule: Rule, bias: float) -> None:
    generator = torch.Generator().manual_seed(22)
    conv, dense = Conv(3, 2, 3, 2, 1, 5), Dense(18, 1, rectified=False)
    network = OperatorNetwork(5, [conv, dense]).double()
    for parameter in network.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    conv.bias.data *= bias
    dense.bias.data *= bias
    x = torch.randn(1, 3, 5, 5, generator=generator, dtype=torch.float64)
    # The convolution as a matrix, column by column, from its own linear part.
    basis = torch.eye(75, dtype=torch.float64).reshape(75, 3, 5, 5)
    matrix = torch.nn.functional.conv2d(basis, conv.weight, None, 2, 1).flatten(1).T.detach()
    biases = conv.bias.detach().flatten()
    z = matrix @ x.flatten() + biases
    hidden = torch.where(z > 0, z, 0.33 * z).numpy()
    f = dense.weight.detach().numpy() @ hidden + dense.bias.detach().numpy()
    middle = by_hand(dense.weight.detach().numpy(), dense.bias.detach().numpy(), hidden, f, rule)
    expected = by_hand(matrix.numpy(), biases.numpy(), x.flatten().numpy(), middle, rule)
    found = relevance(network, x, rule, Task())
    np.testing.assert_allclose(found.at_input.flatten(), expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.predictions, f)


@every_network
def test_as_epsilon_goes_to_nothing_it_becomes_pi(
    request: pytest.FixtureRequest, made: str
) -> None:
    """METHODS Q6's identity: every layer is homogeneous."""
    network, inputs = asked(request, made)
    x = inputs.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(network(x).sum(), x)
    found = relevance(network, inputs, Epsilon(1e-12), Task())
    expected = inputs * gradient
    # RMSPool's own eps takes 1e-6 of a window's mean square.
    difference = (found.at_input - expected).abs().max() / expected.abs().max()
    assert difference < 1e-6


def test_on_net_b_the_identity_holds_too(net_b, prepared) -> None:
    network, inputs = deepcopy(net_b).double(), prepared[:2].double()
    pi = evidence(network, inputs, Criterion.PI, Task()).maps
    found = evidence(network, inputs, Criterion.RELEVANCE, Task(), rule=Epsilon(1e-12)).maps
    assert ((found - pi).abs().max() / pi.max()).item() < 1e-6


@pytest.mark.parametrize("rule", RULES_THAT_CONSERVE)
@every_network
def test_without_biases_the_whole_prediction_is_handed_down(
    request: pytest.FixtureRequest, made: str, rule: Rule, without_biases
) -> None:
    network, inputs = asked(request, made)
    found = evidence(without_biases(network), inputs, Criterion.RELEVANCE, Task(), rule=rule)
    assert found.error is not None
    assert (found.error < 1e-3).all()


@pytest.mark.parametrize("eps", [0.01, 0.1])
def test_a_larger_epsilon_keeps_more(make_network, pictures, without_biases, eps: float) -> None:
    """METHODS Q6's table: eps is absolute."""
    network = without_biases(make_network())
    kept = [
        relevance(network, pictures, Epsilon(each), Task()).absorbed.abs().sum().item()
        for each in (eps / 10, eps)
    ]
    assert kept[1] > 2 * kept[0]


@pytest.mark.parametrize("rule", EVERY_RULE)
@every_network
def test_with_what_biases_absorb_it_sums_to_the_prediction(
    request: pytest.FixtureRequest, made: str, rule: Rule
) -> None:
    network, inputs = asked(request, made)
    found = relevance(network, inputs, rule, Task())
    total = found.at_input.sum((1, 2, 3)) + found.absorbed
    torch.testing.assert_close(total, found.predictions, rtol=1e-3, atol=1e-4)
    assert found.absorbed.abs().min() > 0.01


def test_its_error_is_what_is_missing_in_parts_of_the_prediction(make_network, pictures) -> None:
    network = make_network()
    found = evidence(network, pictures, Criterion.RELEVANCE, Task())
    assert found.signed is not None
    expected = (found.signed.sum((1, 2)) / found.predictions - 1).abs()
    torch.testing.assert_close(found.error, expected)


def test_the_map_is_the_sum_over_colours_without_its_sign(make_network, pictures) -> None:
    network = make_network()
    found = evidence(network, pictures, Criterion.RELEVANCE, Task())
    at_input = relevance(network, pictures, ALPHA_2_BETA_1, Task()).at_input
    torch.testing.assert_close(found.maps, at_input.sum(1).abs())
    torch.testing.assert_close(found.signed, at_input.sum(1))


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_a_black_picture_has_none_of_it(make_network, rule: Rule) -> None:
    black = torch.zeros(2, 3, 32, 32, dtype=torch.float64)
    found = evidence(make_network(), black, Criterion.RELEVANCE, Task(), rule=rule)
    assert (found.maps == 0).all()
    assert found.predictions.isfinite().all()


def test_outside_the_field_it_is_zero_exactly(make_network, pictures) -> None:
    outside = (pictures == 0).all(1)
    maps = evidence(make_network(), pictures, Criterion.RELEVANCE, Task()).maps
    assert outside.any()
    assert (maps[outside] == 0).all()
