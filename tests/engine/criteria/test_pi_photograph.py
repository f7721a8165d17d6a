"""π of the photograph against finite differences through the whole preparation (METHODS Q4.b)."""

import pytest
import torch
from torch import Tensor

from engine.answers import Criterion
from engine.criteria.interface import Evidence, evidence
from engine.networks.operator_network import OperatorNetwork
from engine.preparation.differentiable import Resized, network_input
from engine.task import Task

SIZE, WIDTH = 56, 64


@pytest.fixture(scope="module")
def photograph() -> Resized:
    """A photograph of noise, weak enough that nothing clips, float64."""
    generator = torch.Generator().manual_seed(31)
    values = 100 + 6 * torch.randn(1, 3, WIDTH, WIDTH, generator=generator, dtype=torch.float64)
    return Resized(values, field())


def field() -> Tensor:
    across = torch.arange(WIDTH) - (WIDTH - 1) / 2
    return (across.square() + across.square()[:, None] < (0.45 * WIDTH) ** 2)[None]


def found_for(network: OperatorNetwork, photograph: Resized) -> Evidence:
    inputs = network_input(photograph.values, photograph.mask, SIZE)
    return evidence(network, inputs, Criterion.PI_PHOTOGRAPH, Task(), photograph)


def test_it_equals_finite_differences_through_the_preparation(
    make_pooled_network, photograph
) -> None:
    network = make_pooled_network()
    signed = found_for(network, photograph).signed
    assert signed is not None
    h = 1e-5
    for index in signed.abs().flatten().topk(6).indices.tolist():
        y, x = divmod(index, WIDTH)
        ends = []
        for step in (h, -h):
            moved = photograph.values.clone()
            moved[0, :, y, x] *= 1 + step
            with torch.no_grad():
                ends.append(network(network_input(moved, photograph.mask, SIZE)).item())
        expected = (ends[0] - ends[1]) / (2 * h)
        assert signed[0, y, x].item() == pytest.approx(expected, rel=1e-5)


def test_without_clipping_its_sum_is_that_of_pi(make_pooled_network, photograph) -> None:
    """The preparation is linear then: brighter by a factor is more contrast by the same."""
    network = make_pooled_network()
    inputs = network_input(photograph.values, photograph.mask, SIZE)
    pi = evidence(network, inputs, Criterion.PI, Task())
    found = found_for(network, photograph)
    assert pi.signed is not None
    assert found.signed is not None
    assert found.signed.sum().item() == pytest.approx(pi.signed.sum().item(), rel=1e-9)
    torch.testing.assert_close(found.error, pi.error, rtol=1e-6, atol=1e-9)


def test_a_clipped_spot_keeps_its_evidence(make_pooled_network, photograph) -> None:
    """Its map is that of a preparation that clips nowhere, as a weak photograph's is."""
    values = photograph.values.clone()
    values[0, :, 30:33, 30:33] = 255
    made = network_input(values, photograph.mask, SIZE).requires_grad_()
    assert made.max() > 0.9, "nothing clips"
    network = make_pooled_network()
    (gradient,) = torch.autograd.grad(network(made).sum(), made)
    weak = (values / 100).requires_grad_()
    (linear,) = torch.autograd.grad(network_input(weak, photograph.mask, SIZE), weak, gradient)
    found = found_for(network, Resized(values, photograph.mask)).signed
    torch.testing.assert_close(found, (values * linear).sum(1), rtol=1e-9, atol=1e-12)


def test_the_gap_tells_what_clipping_took(make_pooled_network, photograph) -> None:
    values = photograph.values.clone()
    values[0, :, 30:33, 30:33] = 255
    network = make_pooled_network()
    plain, clipped = (
        found_for(network, Resized(each, photograph.mask)).error
        for each in (photograph.values, values)
    )
    assert plain is not None
    assert clipped is not None
    assert plain.item() < 1e-4
    assert clipped.item() > 100 * plain.item()


def test_far_from_the_field_it_is_zero_exactly(make_pooled_network, photograph) -> None:
    maps = found_for(make_pooled_network(), photograph).maps
    assert maps[0, 0, 0] == 0  # further from the mask than the background filter reaches
    assert maps[0, 32, 32] > 0
