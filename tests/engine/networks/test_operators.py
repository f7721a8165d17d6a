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
    Operator,
    RMSPool,
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
    "max pooling with a rest": (MaxPool(window=3, stride=2, size=8), (2, 4, 8, 8)),
    "rms pooling": (RMSPool(window=3, stride=2, size=7), (2, 4, 7, 7)),
    "dense from maps": (Dense(4 * 3 * 3, 6), (2, 4, 3, 3)),
    "dense without rectifier": (Dense(6, 1, rectified=False), (2, 6)),
    "maxout": (Maxout(), (3, 8)),
    "dropout in evaluation": (Dropout().eval(), (3, 8)),
    "dropout in training": (Dropout(), (3, 8)),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_backward_is_the_gradient_that_autograd_finds(name: str) -> None:
    operator, shape = OPERATORS[name]
    drawn(operator)
    generator = torch.Generator().manual_seed(6)
    x = torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()
    kept = operator.evaluate(x)
    seed = torch.randn(kept.output.shape, generator=generator, dtype=torch.float64)
    (expected,) = torch.autograd.grad(kept.output, x, seed)
    with torch.no_grad():
        found = operator.backward(seed.clone(), kept)
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-12)


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
