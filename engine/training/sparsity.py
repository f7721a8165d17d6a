"""Training through the gradient: the loss, and how sparse the heatmap is, in one step.

Quellec et al. 2017, (6): L = L_L + ν ‖∂L_L/∂m‖₁. The exact gradient of it takes four passes over a
network of our operators (METHODS Q5.7), because every backward pass of a picture, of the loss, of
the sparsity term and of the term that the paper leaves out, is a multiple of one: δ_n, that of its
prediction. Any other network takes autograd's double backward (Q5.5).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import torch
from torch import Tensor, nn

from engine.answers import Criterion
from engine.errors import Refusal
from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import Kept, MaxPool, Operator, RMSPool, Weighted


class Route(StrEnum):
    """How the gradient is found (METHODS Q5.4, Q5.7).

    ``FUSED`` leaves out RMSPool's curvature, ``FUSED_EXACT`` has it; ``DOUBLE_BACKWARD`` is exact
    for any network; ``THREE_PASS`` is the paper's, which holds the errors fixed as well.
    """

    FUSED = "fused"
    FUSED_EXACT = "fused_exact"
    DOUBLE_BACKWARD = "double_backward"
    THREE_PASS = "three_pass"


class Target(StrEnum):
    """What is made sparse: the loss's derivative (the paper) or the prediction's (Q5.1)."""

    LOSS = "loss"
    PREDICTION = "prediction"


@dataclass(frozen=True)
class Sparsity:
    """The sparsity term: its weight ν, and which map, π or ω, is made sparse by which route."""

    nu: float
    route: Route = Route.FUSED
    target: Target = Target.LOSS
    criterion: Criterion = Criterion.PI

    def __post_init__(self) -> None:
        if self.criterion not in (Criterion.PI, Criterion.OMEGA):
            raise ValueError(f"the sparsity term has no gradient for {self.criterion} (METHODS Q5)")


@dataclass(frozen=True)
class Figures:
    """What a step tells: the mean squared error L_L, the sparsity term L_0, the mean of S_n =
    Σ_p π_{n,p}, and the standard deviation of the predictions over the batch (Q5.2).
    """

    loss: float
    term: float
    evidence: float
    spread: float


def backward(network: nn.Module, inputs: Tensor, truth: Tensor, sparsity: Sparsity) -> Figures:
    """Leave ∂(L_L + L_0)/∂θ in every parameter's ``grad``, in place of what was there.

    ``inputs`` is (n, c, y, x), ``truth`` (n,), both on the network's device; dropout draws one
    mask for all passes. Raises ``Refusal`` where a route does not fit the network.

    For ω pixels whose input is 0 in all colours do not count: they lie
    outside the field of view (decided: L_0 over the eroded field, Q5.5).
    """
    # One layout for all routes: dropout draws its mask in the order of the memory.
    inputs = inputs.contiguous(memory_format=torch.channels_last)
    if sparsity.route is Route.DOUBLE_BACKWARD:
        return _double_backward(network, inputs, truth, sparsity)
    if not isinstance(network, OperatorNetwork):
        raise Refusal(
            f"This network cannot be trained by the route “{sparsity.route}”.",
            "It is not made of the papers' operators, whose derivatives that route needs.",
            "Set the route to double_backward in the plan.",
        )
    network.zero_grad(set_to_none=True)
    with torch.no_grad():
        return _Step(network, inputs, truth, sparsity).take()


# ---- any network


def _double_backward(
    network: nn.Module, inputs: Tensor, truth: Tensor, sparsity: Sparsity
) -> Figures:
    """METHODS Q5.5's recipe; the reference of the fused route."""
    network.zero_grad(set_to_none=True)
    over_pixels = sparsity.criterion is Criterion.PI
    mask = torch.ones_like(inputs[:, :1]) if over_pixels else torch.ones_like(inputs)
    moved = inputs.detach().clone().requires_grad_(not over_pixels)
    mask.requires_grad_(over_pixels)
    predictions = network(mask * moved)
    loss = (predictions - truth).square().mean()
    wanted = loss if sparsity.target is Target.LOSS else predictions.sum() / len(inputs)
    (gradient,) = torch.autograd.grad(wanted, mask if over_pixels else moved, create_graph=True)
    if not over_pixels:
        gradient = gradient * _field(inputs)
    term = sparsity.nu * gradient.abs().sum()
    (loss + term).backward()
    errors = (predictions - truth).detach()
    scale = 2 * errors.abs() if sparsity.target is Target.LOSS else torch.ones_like(errors)
    mass = gradient.detach().abs().flatten(1).sum(1) * len(inputs) / scale
    evidence = mass[scale > 0].mean().item() if (scale > 0).any() else 0.0
    return Figures(loss.item(), term.item(), evidence, _spread(predictions))


# ---- networks of our operators


@dataclass(eq=False)
class _Passed:
    """An operator on its way through the passes.

    ``below`` is the gradient of the prediction at its output; before the rectifier, for those that
    have one. Kept for operators with weights, and for RMSPool where its curvature is wanted.
    """

    operator: Operator
    kept: Kept
    below: Tensor | None = None


class _Step:
    """One step in four passes: up, down to the input, tangents up, weight gradients on the way.

    The operators before the first pooling hold nine tenths of the activations: on a processor they
    are taken picture by picture, so that these stay in the cache (as ``criteria.gradient`` does).
    """

    def __init__(
        self, network: OperatorNetwork, inputs: Tensor, truth: Tensor, sparsity: Sparsity
    ) -> None:
        operators: list[Operator] = list(network.operators)  # type: ignore[arg-type]
        first = next((i for i, o in enumerate(operators) if isinstance(o, MaxPool)), -1) + 1
        self._shallow, self._deep = operators[:first], operators[first:]
        self._inputs = inputs
        self._truth = truth
        self._sparsity = sparsity
        self._exact = sparsity.route is Route.FUSED_EXACT
        self._sums: dict[Weighted, tuple[Tensor, Tensor]] = {}

    def take(self) -> Figures:
        """Fill the gradients of all parameters."""
        sparsity, count = self._sparsity, len(self._inputs)
        piece = 1 if self._inputs.device.type == "cpu" else count
        pictures = torch.split(self._inputs, piece)
        pieces = [_up(self._shallow, picture) for picture in pictures]
        middle = torch.cat([_top(passed) for passed in pieces])
        for passed, output in zip(pieces, torch.split(middle, piece), strict=True):
            # The same numbers, kept once.
            passed[-1].kept = replace(passed[-1].kept, output=output)
        deep = _up(self._deep, middle)
        predictions = _top(deep).squeeze(1)
        errors = predictions - self._truth
        signs, shares = errors.sign(), errors * (2 / count)
        by_loss = sparsity.target is Target.LOSS
        along = shares.clone() if by_loss else torch.full_like(shares, 1 / count)
        masses, middles = torch.empty_like(errors), []
        at_middle = self._down(deep, torch.ones_like(_top(deep)))
        row = 0
        for picture, passed in zip(pictures, pieces, strict=True):
            rows = slice(row, row := row + len(picture))
            at_input = self._down(passed, at_middle[rows].clone())
            direction, masses[rows] = self._direction(picture, at_input)
            if by_loss:
                direction *= _column(signs[rows], direction)
            if by_loss and sparsity.route is not Route.THREE_PASS:
                shares[rows] += sparsity.nu * (2 / count) * signs[rows] * masses[rows]
            middles.append(self._along(passed, direction, shares[rows], along[rows])[0])
            if not self._exact:
                passed.clear()
        _, bent = self._along(deep, torch.cat(middles), shares, along)
        if bent is not None:
            at_middle = self._bend(*bent)
            row = 0
            for passed in pieces:
                rows = slice(row, row := row + len(passed[0].kept.input))
                self._bend(passed, at_middle[rows].clone())
        for operator, (weight, bias) in self._sums.items():
            operator.weight.grad, operator.bias.grad = weight, bias
        weights = 2 * errors.abs() if by_loss else torch.ones_like(errors)
        term = sparsity.nu * (weights * masses).mean()
        return Figures(
            errors.square().mean().item(), term.item(), masses.mean().item(), _spread(predictions)
        )

    def _direction(self, picture: Tensor, gradient: Tensor) -> tuple[Tensor, Tensor]:
        """How the input moves along ν sign(∂f/∂m), and S_n."""
        if self._sparsity.criterion is Criterion.OMEGA:
            gradient = gradient * _field(picture)
            return gradient.sign().mul_(self._sparsity.nu), gradient.abs().flatten(1).sum(1)
        signed = (picture * gradient).sum(1, keepdim=True)
        mass = signed.abs().flatten(1).sum(1)
        return picture * signed.sign().mul_(self._sparsity.nu), mass

    def _down(self, passed: list[_Passed], gradient: Tensor) -> Tensor:
        """From the gradient at the top to that at the bottom; each operator keeps what it needs."""
        for step in reversed(passed):
            if isinstance(step.operator, Weighted):
                step.below = gradient  # before the rectifier, once backward has overwritten it
            elif self._exact and isinstance(step.operator, RMSPool):
                step.below = gradient.clone()
            gradient = step.operator.backward(gradient, step.kept)
        return gradient

    def _along(
        self, passed: list[_Passed], moved: Tensor, shares: Tensor, along: Tensor
    ) -> tuple[Tensor, tuple[list[_Passed], Tensor] | None]:
        """Tangents from bottom to top, each weight gradient on the way (METHODS Q5.7).

        ``shares`` is a_n, ``along`` c_n. Also returns the operators below RMSPool and its κ.
        """
        bent = None
        for number, step in enumerate(passed):
            operator, kept, below = step.operator, step.kept, step.below
            step.below = None  # let go: of all pictures together it would be the step's peak
            if isinstance(operator, Weighted):
                assert below is not None
                x = moved * _column(along, moved)
                x.addcmul_(kept.input, _column(shares, moved))
                weight = operator.weight_gradient(below, x)
                self._add(operator, weight, operator.bias_gradient(below, shares))
            elif isinstance(operator, RMSPool) and below is not None:
                gradient = below * _column(along, below)
                bent = passed[:number], operator.curvature(gradient, moved, kept)
            moved = operator.tangent(moved, kept)
        return moved, bent

    def _bend(self, passed: list[_Passed], gradient: Tensor) -> Tensor:
        """Send RMSPool's curvature down, with the weight gradients that it adds."""
        for step in reversed(passed):
            below = step.operator.backward(gradient, step.kept)
            if isinstance(step.operator, Weighted):
                ones = gradient.new_ones(len(gradient))
                weight = step.operator.weight_gradient(gradient, step.kept.input)
                self._add(step.operator, weight, step.operator.bias_gradient(gradient, ones))
            gradient = below
        return gradient

    def _add(self, operator: Weighted, weight: Tensor, bias: Tensor) -> None:
        if operator in self._sums:
            sums = self._sums[operator]
            sums[0].add_(weight)
            sums[1].add_(bias)
        else:
            self._sums[operator] = weight, bias


def _up(operators: list[Operator], x: Tensor) -> list[_Passed]:
    passed = []
    for operator in operators:
        kept = operator.evaluate(x)
        passed.append(_Passed(operator, kept))
        x = kept.output
    return passed


def _top(passed: list[_Passed]) -> Tensor:
    return passed[-1].kept.output


def _column(numbers: Tensor, like: Tensor) -> Tensor:
    """One number a picture, (n,), to be multiplied with (n, …)."""
    return numbers.reshape(-1, *(1,) * (like.ndim - 1))


def _field(inputs: Tensor) -> Tensor:
    """1 inside the field of view, (n, 1, y, x): outside every colour's input is 0 exactly."""
    return (inputs != 0).any(1, keepdim=True).to(inputs.dtype)


def _spread(predictions: Tensor) -> float:
    return predictions.std(correction=0).item()
