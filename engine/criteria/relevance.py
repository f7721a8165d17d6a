"""Layer-wise relevance: the prediction handed down, layer by layer, to what contributed to it.

Bach et al. 2015, with which Quellec et al. 2017 compare without printing their rule (METHODS Q6).
Decided: alpha 2, beta 1; epsilon 0.01 is the second. As epsilon goes to 0 its rule becomes π,
because every layer is homogeneous, so the paper's, far below π, was another.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.grad import conv2d_input

from engine.criteria.gradient import evaluate, undisturbed
from engine.errors import Refusal
from engine.networks import views
from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import (
    SLOPE,
    Conv,
    Dense,
    Dropout,
    Kept,
    Maxout,
    MaxPool,
    MeanPool,
    Operator,
    RMSPool,
)
from engine.task import Task


@dataclass(frozen=True)
class Epsilon:
    """R_i = x_i Σ_j w_ij R_j / (z_j + eps sgn z_j), sgn 0 = 1, with z_j = Σ_i x_i w_ij + b_j."""

    eps: float = 0.01


@dataclass(frozen=True)
class AlphaBeta:
    """R_i = Σ_j (alpha (x_i w_ij)⁺ / z_j⁺ - beta (x_i w_ij)⁻ / z_j⁻) R_j; alpha - beta is 1."""

    alpha: float = 2.0

    @property
    def beta(self) -> float:
        """What is weighed against ``alpha``."""
        return self.alpha - 1


Rule = Epsilon | AlphaBeta

ALPHA_2_BETA_1 = AlphaBeta(2.0)


@dataclass(frozen=True, eq=False)
class Relevance:
    """``at_input`` is R(0), (n, c, y, x); ``predictions`` is f, (n,).

    ``absorbed``, (n,), is what biases, epsilon and zero denominators kept on the way: with it the
    sum is f, up to RMSPool's eps.
    """

    at_input: Tensor
    predictions: Tensor
    absorbed: Tensor


def relevance(network: nn.Module, inputs: Tensor, rule: Rule, task: Task) -> Relevance:
    """The relevance of every value of ``inputs``, (n, c, y, x), to its picture's prediction.

    In evaluation mode and the inputs' own precision; the network is left as it was.

    Raises:
        Refusal: the network is not made of our operators, or was built for another size.
        Cancelled: the task was cancelled.
    """
    if not isinstance(network, OperatorNetwork):
        raise Refusal(
            "Relevance cannot be computed for this network.",
            "It is not made of the papers' operators, for which the rules are known.",
            "Choose another criterion, or another pack.",
        )
    with undisturbed(network, inputs), torch.no_grad():
        network.check(inputs)
        operators: list[Operator] = list(network.operators)  # type: ignore[arg-type]
        # One view after the other: what a layer keeps is large.
        of_views = [
            _as_it_lies(operators, view, rule, task) for view in views.each(inputs, network.views)
        ]
        shares, said, absorbed = (torch.cat(each) for each in zip(*of_views, strict=True))
        return Relevance(
            views.laid_back(shares, network.views),
            views.mean(said, network.views),
            views.mean(absorbed, network.views),
        )


def _as_it_lies(
    operators: list[Operator], inputs: Tensor, rule: Rule, task: Task
) -> tuple[Tensor, Tensor, Tensor]:
    """The three of ``Relevance`` for one view of each picture."""
    inputs = inputs.contiguous(memory_format=torch.channels_last)
    output, passed = evaluate(operators, inputs, task)
    shares, absorbed = output.clone(), output.new_zeros(len(output))
    while passed:
        task.check()
        operator, kept = passed.pop()
        if isinstance(operator, Conv | Dense):
            shares, kept_back = _through_weights(operator, kept, shares, rule)
            absorbed += kept_back
        else:
            shares = _through_pooling(operator, kept, shares)
    return shares, output.squeeze(1), absorbed


def _through_pooling(operator: Operator, kept: Kept, shares: Tensor) -> Tensor:
    """To the winner, or to all in proportion; relevance passes where the gradient does."""
    match operator:
        case MaxPool() | Maxout() | Dropout():
            return operator.backward(shares, kept)
        case MeanPool() | RMSPool():
            # RMSPool: R_i = R_j x_i² / (n r_j²) (decided: it conserves, METHODS Q6).
            return kept.input * operator.backward(_over(shares, kept.output), kept)
    raise TypeError(f"no rule of relevance is known for {type(operator).__name__}")


def _through_weights(
    operator: Conv | Dense, kept: Kept, shares: Tensor, rule: Rule
) -> tuple[Tensor, Tensor]:
    """Also returns what was absorbed, (n,). The rectifier hands its relevance on unchanged."""
    if isinstance(rule, Epsilon):
        return _by_epsilon(operator, kept, shares, rule.eps)
    return _by_sign(operator, kept, shares, rule)


def _by_epsilon(
    operator: Conv | Dense, kept: Kept, shares: Tensor, eps: float
) -> tuple[Tensor, Tensor]:
    z = _before_rectifier(operator, kept.output)
    added = torch.full_like(z, eps).copysign(z)
    parts = _over(shares, z + added)
    below = kept.input * _back(operator, parts, operator.weight, kept.input)
    return below, (parts * (operator.bias + added)).flatten(1).sum(1)


def _by_sign(
    operator: Conv | Dense, kept: Kept, shares: Tensor, rule: AlphaBeta
) -> tuple[Tensor, Tensor]:
    """Inputs are signed, so (x w)⁺ = x⁺ w⁺ + x⁻ w⁻."""
    (up, down), (more, less), (raised, lowered) = (
        (t.clamp(min=0), t.clamp(max=0)) for t in (kept.input, operator.weight, operator.bias)
    )
    pro = _along(operator, up, more) + _along(operator, down, less) + raised
    contra = _along(operator, up, less) + _along(operator, down, more) + lowered
    for_pro, for_contra = _over(rule.alpha * shares, pro), _over(-rule.beta * shares, contra)
    x = kept.input
    at_up = _back(operator, for_pro, more, x) + _back(operator, for_contra, less, x)
    at_down = _back(operator, for_pro, less, x) + _back(operator, for_contra, more, x)
    below = up * at_up + down * at_down
    absorbed = for_pro * raised + for_contra * lowered
    absorbed += rule.alpha * shares * (for_pro == 0) - rule.beta * shares * (for_contra == 0)
    return below, absorbed.flatten(1).sum(1)


def _over(shares: Tensor, z: Tensor) -> Tensor:
    """``shares`` / ``z``; a denominator of zero passes nothing on.

    Zero is what has no full precision any more: a quotient by it could be infinite.
    """
    return torch.where(z.abs() < torch.finfo(z.dtype).tiny, 0, shares / z)


def _before_rectifier(operator: Conv | Dense, output: Tensor) -> Tensor:
    if isinstance(operator, Dense) and not operator.rectified:
        return output
    return torch.where(output < 0, output / SLOPE, output)


def _along(operator: Conv | Dense, x: Tensor, weight: Tensor) -> Tensor:
    """The linear part of ``operator`` with weights of one's own."""
    if isinstance(operator, Conv):
        return F.conv2d(x, weight, None, operator.stride, operator.padding)
    return F.linear(x.flatten(1), weight)


def _back(operator: Conv | Dense, parts: Tensor, weight: Tensor, x: Tensor) -> Tensor:
    """The transpose of ``_along``; ``x`` is the input, for its shape."""
    if isinstance(operator, Conv):
        return conv2d_input(  # type: ignore[no-untyped-call,no-any-return]
            x.shape, weight, parts, operator.stride, operator.padding
        )
    return (parts @ weight).reshape(x.shape)
