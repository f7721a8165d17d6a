"""Every operator against autograd, and against what its definition says of a few numbers."""

import pytest
import torch
from torch import Tensor

from engine.networks.operators import (
    Conv,
    Dense,
    Dropout,
    Maxout,
    MaxPool,
    MeanPool,
    Operator,
    RMSPool,
    Weighted,
)


def drawn(operator: Operator) -> Operator:
    generator = torch.Generator().manual_seed(5)
    for parameter in operator.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return operator.double()


OPERATORS = {
    "conv into whole strides from colours": (
        Conv(3, 4, window=4, stride=2, padding=1, size=8),
        (2, 3, 8, 8),
    ),
    "conv with a rest": (Conv(3, 4, window=4, stride=2, padding=1, size=9), (2, 3, 9, 9)),
    "conv that grows by one": (Conv(5, 4, window=4, stride=1, padding=2, size=6), (2, 5, 6, 6)),
    "conv in long strides": (Conv(3, 4, window=5, stride=4, padding=2, size=9), (2, 3, 9, 9)),
    "conv that keeps the size": (Conv(5, 4, window=3, stride=1, padding=1, size=6), (2, 5, 6, 6)),
    "max pooling with a rest": (MaxPool(window=3, stride=2, size=8), (2, 4, 8, 8)),
    "mean pooling": (MeanPool(window=2, stride=2, size=8), (2, 3, 8, 8)),
    "mean pooling with a rest": (MeanPool(window=3, stride=2, size=8), (2, 4, 8, 8)),
    "rms pooling side by side": (RMSPool(window=3, stride=3, size=6), (2, 4, 6, 6)),
    "rms pooling": (RMSPool(window=3, stride=2, size=7), (2, 4, 7, 7)),
    "dense from maps": (Dense(4 * 3 * 3, 6), (2, 4, 3, 3)),
    "dense without rectifier": (Dense(6, 1, rectified=False), (2, 6)),
    "maxout": (Maxout(), (3, 8)),
    "dropout in evaluation": (Dropout().eval(), (3, 8)),
    "dropout in training": (Dropout(), (3, 8)),
}


WITH_WEIGHTS = [name for name, (operator, _) in OPERATORS.items() if isinstance(operator, Weighted)]

every_layout = pytest.mark.parametrize(
    "layout", [torch.contiguous_format, torch.channels_last], ids=["contiguous", "channels last"]
)


class Passed:
    """An operator after its way up, with the numbers that its other verbs are asked about."""

    def __init__(self, name: str, layout: torch.memory_format = torch.contiguous_format) -> None:
        self.operator, shape = OPERATORS[name]
        drawn(self.operator)
        generator = torch.Generator().manual_seed(6)
        self.x, self.moved = torch.randn((2, *shape), generator=generator, dtype=torch.float64)
        if len(shape) == 4:
            self.operator.to(memory_format=layout)  # type: ignore[call-overload]
            self.x, self.moved = (t.contiguous(memory_format=layout) for t in (self.x, self.moved))
        self.x.requires_grad_()
        self.kept = self.operator.evaluate(self.x)
        shape = self.kept.output.shape
        self.seed = torch.randn(shape, generator=generator, dtype=torch.float64)


@every_layout
@pytest.mark.parametrize("name", OPERATORS)
def test_backward_is_the_gradient_that_autograd_finds(
    name: str, layout: torch.memory_format
) -> None:
    passed = Passed(name, layout)
    operator, kept, seed = passed.operator, passed.kept, passed.seed
    (expected,) = torch.autograd.grad(kept.output, passed.x, seed)
    with torch.no_grad():
        found = operator.backward(seed.clone(), kept)
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-12)


@every_layout
@pytest.mark.parametrize("name", OPERATORS)
def test_the_tangent_is_the_derivative_that_autograd_finds(
    name: str, layout: torch.memory_format
) -> None:
    passed = Passed(name, layout)
    # Reverse over reverse: linear in a seed, so its gradient at the seed is J · moved. Dropout
    # keeps the mask that it drew, which a second forward pass would not.
    seed = torch.zeros_like(passed.kept.output).requires_grad_()
    (pulled,) = torch.autograd.grad(passed.kept.output, passed.x, seed, create_graph=True)
    (expected,) = torch.autograd.grad(pulled, seed, passed.moved)
    with torch.no_grad():
        found = passed.operator.tangent(passed.moved, passed.kept)
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-12)


@every_layout
@pytest.mark.parametrize("name", WITH_WEIGHTS)
def test_the_weight_gradient_is_the_one_that_autograd_finds(
    name: str, layout: torch.memory_format
) -> None:
    passed = Passed(name, layout)
    operator = passed.operator
    assert isinstance(operator, Weighted)
    shares = torch.arange(1.0, 1 + len(passed.x), dtype=torch.float64)
    column = shares.reshape(-1, *(1,) * (passed.seed.ndim - 1))
    expected = torch.autograd.grad(
        passed.kept.output, [operator.weight, operator.bias], passed.seed * column
    )
    with torch.no_grad():
        before = passed.seed.clone(memory_format=torch.preserve_format)
        operator.backward(before, passed.kept)  # leaves the gradient before the rectifier
        inputs = passed.kept.input * shares.reshape(-1, *(1,) * (passed.x.ndim - 1))
        found = operator.weight_gradient(before, inputs), operator.bias_gradient(before, shares)
    torch.testing.assert_close(found, tuple(expected), rtol=1e-10, atol=1e-12)


@every_layout
@pytest.mark.parametrize("name", WITH_WEIGHTS)
def test_the_biases_share_is_each_bias_times_its_gradient(
    name: str, layout: torch.memory_format
) -> None:
    passed = Passed(name, layout)
    operator = passed.operator
    assert isinstance(operator, Weighted)
    expected = []
    for output, seed in zip(passed.kept.output, passed.seed, strict=True):
        (gradient,) = torch.autograd.grad(output, operator.bias, seed, retain_graph=True)
        expected.append((operator.bias * gradient).sum().detach())
    with torch.no_grad():
        before = passed.seed.clone(memory_format=torch.preserve_format)
        operator.backward(before, passed.kept)
        found = operator.bias_share(before)
    torch.testing.assert_close(found, torch.stack(expected), rtol=1e-10, atol=1e-12)


def test_rms_poolings_curvature_is_how_its_gradient_moves() -> None:
    passed = Passed("rms pooling")
    assert isinstance(passed.operator, RMSPool)
    with torch.no_grad():
        found = passed.operator.curvature(passed.seed, passed.moved, passed.kept)
        ends = []
        for step in (1e-6, -1e-6):
            kept = passed.operator.evaluate(passed.x + step * passed.moved)
            ends.append(passed.operator.backward(passed.seed.clone(), kept))
    torch.testing.assert_close(found, (ends[0] - ends[1]) / 2e-6, rtol=1e-6, atol=1e-7)


def test_mean_pooling_drops_an_incomplete_window() -> None:
    x = torch.arange(9.0).reshape(1, 1, 3, 3)
    assert MeanPool(window=2, stride=2, size=3)(x).tolist() == [[[[2.0]]]]


def test_a_convolution_has_a_bias_of_its_own_at_every_position() -> None:
    conv = Conv(3, 2, window=3, stride=1, padding=1, size=4)
    conv.bias.data = torch.arange(32.0).reshape(1, 2, 4, 4) - 10
    output = conv(torch.zeros(1, 3, 4, 4))
    expected = conv.bias.where(conv.bias > 0, 0.33 * conv.bias)
    torch.testing.assert_close(output, expected)


def test_rms_pooling_is_the_root_of_the_mean_square() -> None:
    x = torch.tensor([3.0, -4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]).reshape(1, 1, 3, 3)
    assert RMSPool(window=3, stride=2, size=3)(x).item() == pytest.approx(5 / 3, rel=1e-6)


def test_rms_pooling_of_nothing_has_a_finite_gradient() -> None:
    x = torch.zeros(1, 1, 3, 3, requires_grad=True)
    (gradient,) = torch.autograd.grad(RMSPool(window=3, stride=2, size=3)(x).sum(), x)
    assert gradient.isfinite().all()


def test_maxout_takes_pairs_that_stand_next_to_each_other() -> None:
    x = torch.tensor([[1.0, 5.0, 7.0, 2.0, -3.0, -4.0]])
    torch.testing.assert_close(Maxout()(x), torch.tensor([[5.0, 7.0, -3.0]]))


def test_dropout_drops_half_the_units_and_doubles_the_others() -> None:
    dropout = Dropout()
    torch.manual_seed(1)
    output: Tensor = dropout(torch.ones(10_000))
    assert set(output.unique().tolist()) == {0.0, 2.0}
    assert output.mean().item() == pytest.approx(1.0, abs=0.05)


def test_dropout_draws_the_same_mask_from_the_same_seed() -> None:
    dropout = Dropout()
    outputs = []
    for _ in range(2):
        torch.manual_seed(9)
        outputs.append(dropout(torch.ones(100)))
    assert torch.equal(*outputs)
