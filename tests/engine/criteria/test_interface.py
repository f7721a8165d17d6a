"""What every criterion promises, on net B and on networks that are not ours (METHODS Q4.3)."""

from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from engine.answers import Criterion
from engine.criteria.interface import Evidence, evidence
from engine.errors import Cancelled, Refusal
from engine.networks.operators import Dropout, Kept, Operator
from engine.preparation.differentiable import Resized
from engine.task import Task

# METHODS Q4.3 states its agreements in float64. In float32 torch's own two layouts differ by up
# to 3e-6 of the map's norm on net B, whoever asks for the gradient.
# Relevance divides by sums that nearly cancel: a float32 loses a digit more there.
ROUNDING = {torch.float64: 1e-9, torch.float32: 5e-5}

every_precision = pytest.mark.parametrize("precision", list(ROUNDING))
# Net B draws no lesions of its own: tests/engine/networks/test_lesion_network.py has that one.
OF_ANY_NETWORK = [criterion for criterion in Criterion if criterion is not Criterion.LESIONS]
every_criterion = pytest.mark.parametrize("criterion", OF_ANY_NETWORK)
for_any_network = pytest.mark.parametrize(
    "criterion", [each for each in OF_ANY_NETWORK if each is not Criterion.RELEVANCE]
)


def relative_difference(found: Tensor, expected: Tensor) -> float:
    return ((found - expected).abs().max() / expected.abs().max()).item()


def numbers(found: Evidence) -> list[Tensor]:
    return [t for t in (found.maps, found.signed, found.predictions) if t is not None]


def of_precision(resized: Resized, precision: torch.dtype) -> Resized:
    return Resized(resized.values.to(precision), resized.mask)


@every_criterion
def test_the_maps_are_finite_and_not_negative(net_b, prepared, resized, criterion) -> None:
    found = evidence(net_b, prepared, criterion, Task(), resized)
    side = 128 if criterion is Criterion.PI_PHOTOGRAPH else 112
    assert found.maps.shape == (8, side, side)
    assert found.predictions.shape == (8,)
    for tensor in (*numbers(found), *([] if found.error is None else [found.error])):
        assert tensor.dtype == torch.float32
        assert tensor.isfinite().all()
        assert not tensor.requires_grad
    assert (found.maps >= 0).all()
    assert (found.maps.amax((1, 2)) > 0).all()


@every_criterion
def test_every_criterion_but_plain_sensitivity_tells_its_error(
    net_b, prepared, resized, criterion
) -> None:
    found = evidence(net_b, prepared, criterion, Task(), resized)
    if criterion is Criterion.OMEGA:
        assert found.error is None
    else:
        assert found.error is not None
        assert found.error.shape == (8,)
        assert (found.error >= 0).all()


@every_criterion
def test_the_predictions_are_the_networks_own(net_b, prepared, resized, criterion) -> None:
    with torch.no_grad():
        expected = net_b(prepared)
    found = evidence(net_b, prepared, criterion, Task(), resized).predictions
    torch.testing.assert_close(found, expected)


@every_precision
@every_criterion
def test_a_picture_has_the_same_map_alone_and_among_eight(
    net_b, prepared, resized, criterion, precision
) -> None:
    network, inputs = deepcopy(net_b).to(precision), prepared.to(precision)
    photographs = of_precision(resized, precision)
    together = evidence(network, inputs, criterion, Task(), photographs)
    for row in (0, 5):
        one = Resized(photographs.values[row : row + 1], photographs.mask[row : row + 1])
        alone = evidence(network, inputs[row : row + 1], criterion, Task(), one)
        assert relative_difference(alone.maps[0], together.maps[row]) < ROUNDING[precision]


@every_criterion
def test_the_same_picture_has_the_same_map_twice(net_b, prepared, resized, criterion) -> None:
    first, second = (evidence(net_b, prepared, criterion, Task(), resized) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(numbers(first), numbers(second), strict=True))


@every_precision
@every_criterion
def test_the_layout_in_memory_does_not_matter(
    net_b, prepared, resized, criterion, precision
) -> None:
    network, inputs = deepcopy(net_b).to(precision), prepared.to(precision)
    photographs = of_precision(resized, precision)
    expected = evidence(network, inputs, criterion, Task(), photographs).maps
    network.to(memory_format=torch.channels_last)
    turned = inputs.contiguous(memory_format=torch.channels_last)
    photographs = Resized(
        photographs.values.contiguous(memory_format=torch.channels_last), photographs.mask
    )
    found = evidence(network, turned, criterion, Task(), photographs).maps
    assert relative_difference(found, expected) < ROUNDING[precision]


@every_precision
@for_any_network
def test_a_network_that_is_not_ours_has_the_same_maps(
    net_b, prepared, resized, criterion, as_foreign, precision
) -> None:
    network, inputs = deepcopy(net_b).to(precision), prepared.to(precision)
    photographs = of_precision(resized, precision)
    ours = evidence(network, inputs, criterion, Task(), photographs)
    other = evidence(as_foreign(network), inputs, criterion, Task(), photographs)
    for found, expected in zip(numbers(ours), numbers(other), strict=True):
        assert relative_difference(found, expected) < ROUNDING[precision]
    assert other.error is None, "its biases are not known"


def test_relevance_of_a_network_that_is_not_ours_is_refused(net_b, prepared, as_foreign) -> None:
    with pytest.raises(Refusal, match="criterion"):
        evidence(as_foreign(net_b), prepared, Criterion.RELEVANCE, Task())


def test_pi_of_the_photograph_takes_the_photograph(net_b, prepared) -> None:
    with pytest.raises(ValueError, match="photograph"):
        evidence(net_b, prepared, Criterion.PI_PHOTOGRAPH, Task())


@every_criterion
def test_training_mode_and_gradients_are_as_before(net_b, prepared, resized, criterion) -> None:
    network = deepcopy(net_b)
    expected = evidence(network, prepared, criterion, Task(), resized).maps
    network.train()
    network.operators[0].eval()
    found = evidence(network, prepared, criterion, Task(), resized).maps
    assert relative_difference(found, expected) < ROUNDING[torch.float32], "dropout was on"
    assert_undisturbed(network, evaluating=1)


@for_any_network
def test_training_mode_of_other_networks_is_as_before(
    net_b, prepared, resized, as_foreign, criterion
) -> None:
    asked = as_foreign(deepcopy(net_b)).train()
    expected = evidence(net_b, prepared, criterion, Task(), resized).maps
    found = evidence(asked, prepared, criterion, Task(), resized).maps
    assert relative_difference(found, expected) < ROUNDING[torch.float32], "dropout was on"
    assert_undisturbed(asked)


def assert_undisturbed(network: nn.Module, evaluating: int = 0) -> None:
    """In training mode but for so many modules; no gradient, no hook, nothing switched off."""
    assert sum(not module.training for module in network.modules()) == evaluating
    assert all(p.grad is None and p.requires_grad for p in network.parameters())
    for module in network.modules():
        assert not module._forward_hooks
        assert not module._forward_pre_hooks
        assert not module._backward_hooks
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()


@every_criterion
def test_inputs_with_a_graph_give_numbers_without_one(net_b, prepared, resized, criterion) -> None:
    one = Resized(resized.values[:1], resized.mask[:1])
    expected = evidence(net_b, prepared[:1], criterion, Task(), one)
    with_graph = Resized(one.values.clone().requires_grad_(), one.mask)
    found = evidence(net_b, prepared[:1].clone().requires_grad_(), criterion, Task(), with_graph)
    for ours, theirs in zip(numbers(found), numbers(expected), strict=True):
        assert torch.equal(ours, theirs)
        assert not ours.requires_grad
        ours += 1  # no inference tensor: it may be written to


class Broken(Dropout):
    """Fails in the middle of its forward pass."""

    def evaluate(self, x: Tensor) -> Kept:
        raise RuntimeError("broken")


@every_criterion
def test_after_an_error_nothing_is_left_in_the_network(net_b, prepared, resized, criterion) -> None:
    network = deepcopy(net_b).train()
    network.operators[3] = Broken()
    with pytest.raises(RuntimeError, match="broken"):
        evidence(network, prepared, criterion, Task(), resized)
    assert_undisturbed(network)


def test_after_an_error_nothing_is_left_in_other_networks(make_network, pictures) -> None:
    network = make_network().train()
    network.operators[3] = Broken()
    asked = nn.Sequential(*network.operators)
    with pytest.raises(RuntimeError, match="broken"):
        evidence(asked, pictures, Criterion.PI, Task())
    assert_undisturbed(asked)


# Ten verbs on the way up; relevance takes layers with weights down by a rule of its own.
@pytest.mark.parametrize(
    ("criterion", "last"),
    [
        (criterion, last)
        for criterion in OF_ANY_NETWORK
        for last in range(0, 15 if criterion is Criterion.RELEVANCE else 20, 3)
    ],
)
def test_a_cancel_is_honoured_between_any_two_layers(
    make_network, pictures, monkeypatch, last, criterion
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
        evidence(network, pictures[:1], criterion, task)
    assert_undisturbed(network)


def test_a_cancel_is_honoured_by_other_networks(make_network, pictures, as_foreign) -> None:
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        evidence(as_foreign(make_network()), pictures, Criterion.PI, task)


@every_criterion
def test_a_picture_of_another_size_is_refused(net_b, resized, criterion) -> None:
    with pytest.raises(Refusal):
        evidence(net_b, torch.zeros(1, 3, 224, 224), criterion, Task(), resized)


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
