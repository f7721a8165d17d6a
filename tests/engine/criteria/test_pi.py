"""π against its definition and its algebra (METHODS Q4.3)."""

import pytest
import torch
from torch import Tensor

from engine.answers import Criterion
from engine.criteria.interface import Evidence, evidence
from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import Conv, Dense
from engine.task import Task


def pi(network: OperatorNetwork, inputs: Tensor) -> Evidence:
    return evidence(network, inputs, Criterion.PI, Task())


def signed(network: OperatorNetwork, inputs: Tensor) -> Tensor:
    found = pi(network, inputs).signed
    assert found is not None
    return found


def bias_share(network: OperatorNetwork, inputs: Tensor) -> Tensor:
    """Σ_b b · ∂f/∂b of one picture, by autograd."""
    biases = [o.bias for o in network.operators if isinstance(o, Conv | Dense)]
    gradients = torch.autograd.grad(network(inputs).sum(), biases)
    return sum(
        ((b * g).sum() for b, g in zip(biases, gradients, strict=True)), torch.tensor(0.0)
    ).detach()


def test_it_equals_finite_differences_of_the_prediction(make_network, pictures) -> None:
    network = make_network()
    picture = pictures[:1]
    map_ = signed(network, picture)[0]
    strongest = map_.abs().flatten().topk(8).indices
    h = 1e-5
    for index in strongest.tolist():
        y, x = divmod(index, 32)
        m = torch.ones(2, 1, 32, 32, dtype=torch.float64)
        m[0, 0, y, x] += h
        m[1, 0, y, x] -= h
        with torch.no_grad():
            more, less = network(m * picture).tolist()
        assert (more - less) / (2 * h) == pytest.approx(map_[y, x].item(), rel=1e-6)


def test_it_is_the_gradient_by_one_factor_for_all_colours(make_network, pictures) -> None:
    network = make_network()
    m = torch.ones(8, 1, 32, 32, dtype=torch.float64, requires_grad=True)
    (expected,) = torch.autograd.grad(network(m * pictures).sum(), m)
    found = pi(network, pictures)
    torch.testing.assert_close(found.maps, expected[:, 0].abs(), rtol=1e-9, atol=1e-14)
    torch.testing.assert_close(found.signed, expected[:, 0], rtol=1e-9, atol=1e-14)


def test_scaling_the_input_in_the_network_changes_nothing(make_network, pictures) -> None:
    scaled = make_network()
    with torch.no_grad():
        scaled.operators[0].weight *= 4
    torch.testing.assert_close(
        pi(scaled, pictures / 4).maps, pi(make_network(), pictures).maps, rtol=1e-10, atol=0
    )


def test_of_a_grey_picture_it_is_the_value_times_the_summed_gradient(
    make_network, pictures
) -> None:
    network = make_network()
    values = pictures[:1, :1]
    grey = values.expand(1, 3, 32, 32).clone().requires_grad_()
    (gradient,) = torch.autograd.grad(network(grey).sum(), grey)
    expected = values[:, 0].abs() * gradient.sum(1).abs()
    torch.testing.assert_close(pi(network, grey.detach()).maps, expected, rtol=1e-9, atol=1e-14)


def test_with_the_biases_share_it_sums_to_the_prediction(make_network, pictures) -> None:
    network = make_network()
    found = pi(network, pictures[:1])
    assert found.signed is not None
    total = found.signed.sum() + bias_share(network, pictures[:1])
    # RMSPool's eps breaks the homogeneity a little (METHODS Q4.3: by 2e-6 on net B).
    assert total.item() == pytest.approx(found.predictions.item(), rel=1e-4)
    assert bias_share(network, pictures[:1]).abs() > 0.01


def test_its_error_is_the_completeness_gap(make_network, pictures) -> None:
    network = make_network()
    found = pi(network, pictures)
    assert found.signed is not None
    assert found.error is not None
    for row, picture in enumerate(pictures):
        total = found.signed[row].sum() + bias_share(network, picture[None])
        expected = abs(total.item() - found.predictions[row].item())
        assert found.error[row].item() == pytest.approx(expected, rel=1e-6, abs=1e-12)
    assert (found.error < 1e-4 * found.predictions.abs()).all()


def test_without_biases_it_sums_to_the_prediction(make_network, pictures, without_biases) -> None:
    network = without_biases(make_network())
    found = pi(network, pictures)
    assert found.signed is not None
    torch.testing.assert_close(found.signed.sum((1, 2)), found.predictions, rtol=1e-4, atol=0)


def test_its_sum_exceeds_the_signed_sum_by_what_cancels(make_network, pictures) -> None:
    found = pi(make_network(), pictures)
    assert found.signed is not None
    total, net = found.maps.sum((1, 2)), found.signed.sum((1, 2)).abs()
    up = found.signed.clamp(min=0).sum((1, 2))
    down = found.signed.clamp(max=0).sum((1, 2)).abs()
    torch.testing.assert_close(total - net, 2 * torch.minimum(up, down))
    assert (torch.minimum(up, down) > 0).all()


def test_a_black_picture_has_none_of_it(make_network) -> None:
    found = pi(make_network(), torch.zeros(2, 3, 32, 32, dtype=torch.float64))
    assert (found.maps == 0).all()
    assert found.predictions.isfinite().all()


def test_outside_the_field_it_is_zero_exactly(make_network, pictures) -> None:
    outside = (pictures == 0).all(1)
    maps = pi(make_network(), pictures).maps
    assert outside.any()
    assert (maps[outside] == 0).all()
    assert (maps[~outside] > 0).all()
