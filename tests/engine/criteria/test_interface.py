"""What every criterion promises, on net B and on networks that are not ours (METHODS Q4.3)."""

from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from engine.answers import Criterion
from engine.criteria.interface import Evidence, evidence
from engine.errors import Cancelled, Refusal
from engine.networks.operators import Operator
from engine.task import Task

# METHODS Q4.3 states its agreements in float64. In float32 torch's own two layouts differ by up
# to 3e-6 of the map's norm on net B, whoever asks for the gradient.
ROUNDING = {torch.float64: 1e-9, torch.float32: 1e-5}

every_precision = pytest.mark.parametrize("precision", list(ROUNDING))
every_criterion = pytest.mark.parametrize("criterion", list(Criterion))


def relative_difference(found: Tensor, expected: Tensor) -> float:
    return ((found - expected).abs().max() / expected.abs().max()).item()


def numbers(found: Evidence) -> list[Tensor]:
    return [t for t in (found.maps, found.signed, found.predictions) if t is not None]


@every_criterion
def test_the_maps_are_finite_and_not_negative(net_b, prepared, criterion) -> None:
    found = evidence(net_b, prepared, criterion, Task())
    assert found.maps.shape == (8, 112, 112)
    assert found.predictions.shape == (8,)
    for tensor in numbers(found):
        assert tensor.dtype == torch.float32
        assert tensor.isfinite().all()
        assert not tensor.requires_grad
    assert (found.maps >= 0).all()
    assert (found.maps.amax((1, 2)) > 0).all()


@every_criterion
def test_the_predictions_are_the_networks_own(net_b, prepared, criterion) -> None:
    with torch.no_grad():
        expected = net_b(prepared)
    torch.testing.assert_close(evidence(net_b, prepared, criterion, Task()).predictions, expected)


@every_precision
@every_criterion
def test_a_picture_has_the_same_map_alone_and_among_eight(
    net_b, prepared, criterion, precision
) -> None:
    network, inputs = deepcopy(net_b).to(precision), prepared.to(precision)
    together = evidence(network, inputs, criterion, Task()).maps
    alone = torch.cat([evidence(network, p[None], criterion, Task()).maps for p in inputs])
    assert relative_difference(alone, together) < ROUNDING[precision]


@every_criterion
def test_the_same_picture_has_the_same_map_twice(net_b, prepared, criterion) -> None:
    first, second = (evidence(net_b, prepared, criterion, Task()) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(numbers(first), numbers(second), strict=True))


@every_precision
@every_criterion
def test_the_layout_in_memory_does_not_matter(net_b, prepared, criterion, precision) -> None:
    network, inputs = deepcopy(net_b).to(precision), prepared.to(precision)
    expected = evidence(network, inputs, criterion, Task()).maps
    network.to(memory_format=torch.channels_last)
    turned = inputs.contiguous(memory_format=torch.channels_last)
    found = evidence(network, turned, criterion, Task()).maps
    assert relative_difference(found, expected) < ROUNDING[precision]


@every_precision
@every_criterion
def test_a_network_that_is_not_ours_has_the_same_maps(
    net_b, prepared, criterion, as_foreign, precision
) -> None:
    network, inputs = deepcopy(net_b).to(precision), prepared.to(precision)
    ours = evidence(network, inputs, criterion, Task())
    other = evidence(as_foreign(network), inputs, criterion, Task())
    for found, expected in zip(numbers(ours), numbers(other), strict=True):
        assert relative_difference(found, expected) < ROUNDING[precision]


@pytest.mark.parametrize("foreign", [False, True])
def test_training_mode_and_gradients_are_as_before(
    make_network, pictures, as_foreign, foreign
) -> None:
    network = make_network()
    expected = evidence(network, pictures, Criterion.PI, Task()).maps
    asked = as_foreign(network) if foreign else network
    asked.train()
    network.operators[0].eval()
    found = evidence(asked, pictures, Criterion.PI, Task()).maps
    assert relative_difference(found, expected) < 1e-9, "dropout was on"
    assert asked.training
    assert [o.training for o in network.operators] == [False] + [True] * 9
    assert all(p.grad is None and p.requires_grad for p in network.parameters())


@every_criterion
def test_inputs_with_a_graph_give_numbers_without_one(net_b, prepared, criterion) -> None:
    expected = evidence(net_b, prepared[:1], criterion, Task())
    found = evidence(net_b, prepared[:1].clone().requires_grad_(), criterion, Task())
    for ours, theirs in zip(numbers(found), numbers(expected), strict=True):
        assert torch.equal(ours, theirs)
        assert not ours.requires_grad
        ours += 1  # no inference tensor: it may be written to


class Broken(nn.Module):
    """Fails in the middle of its forward pass."""

    def forward(self, _: Tensor) -> Tensor:
        raise RuntimeError("broken")


def test_after_an_error_nothing_is_left_in_the_network(make_network, pictures) -> None:
    network = make_network().train()
    network.operators[3] = Broken()
    asked = nn.Sequential(*network.operators)
    with pytest.raises(RuntimeError, match="broken"):
        evidence(asked, pictures, Criterion.PI, Task())
    for module in asked.modules():
        assert module.training
        assert not module._forward_hooks
        assert not module._forward_pre_hooks
        assert not module._backward_hooks
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()


@pytest.mark.parametrize("last", range(0, 20, 3))
def test_a_cancel_is_honoured_between_any_two_layers(
    make_network, pictures, monkeypatch, last
) -> None:
    network = make_network().train()
    task = Task()
    done: list[str] = []

    def counted(verb):
        def call(self, *arguments):
            done.append(type(self).__name__)
            if len(done) == last:
                task.cancel()
            assert len(done) <= last, "went on after the cancel"
            return verb(self, *arguments)

        return call

    for operator in {type(o) for o in network.operators}:
        monkeypatch.setattr(operator, "evaluate", counted(operator.evaluate))
        monkeypatch.setattr(operator, "backward", counted(operator.backward))
    if last == 0:
        task.cancel()
    with pytest.raises(Cancelled):
        evidence(network, pictures[:1], Criterion.PI, task)
    assert network.training


def test_a_cancel_is_honoured_by_other_networks(make_network, pictures, as_foreign) -> None:
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        evidence(as_foreign(make_network()), pictures, Criterion.PI, task)


def test_a_picture_of_another_size_is_refused(net_b) -> None:
    with pytest.raises(Refusal):
        evidence(net_b, torch.zeros(1, 3, 224, 224), Criterion.PI, Task())


class WeightGradients(TorchDispatchMode):
    """Counts the passes over convolutions, and the weight gradients among them."""

    forward = backward = weights = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        self.forward += name in ("conv2d", "convolution")
        if name == "convolution_backward":
            self.backward += 1
            self.weights += args[-1][1]
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("foreign", [False, True])
def test_pi_costs_one_pass_each_way_and_no_weight_gradient(
    make_network, pictures, as_foreign, foreign
) -> None:
    network = make_network()
    asked = as_foreign(network) if foreign else network
    with WeightGradients() as count:
        evidence(asked, pictures[:1], Criterion.PI, Task())
    # The first layer of our route goes down as a plain convolution, by phases.
    assert (count.forward, count.backward) == ((3, 3) if foreign else (4, 2))
    assert count.weights == 0


def test_the_route_without_a_graph_calls_every_operator_once_a_piece(
    make_network, pictures, monkeypatch
) -> None:
    network = make_network()
    calls: list[Operator] = []
    for operator in {type(o) for o in network.operators}:
        verb = operator.backward
        monkeypatch.setattr(
            operator, "backward", lambda o, *a, verb=verb: (calls.append(o), verb(o, *a))[1]
        )
    evidence(network, pictures, Criterion.PI, Task())
    assert [calls.count(o) for o in network.operators] == [8] * 3 + [1] * 7
