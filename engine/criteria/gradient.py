"""The gradient of a network's predictions at its input: one forward pass, one backward pass.

Networks of our own operators take a route without a graph: every operator's ``backward`` to its
input, the tensors channels-last, no weight gradients. Any other network takes autograd. Pictures
of a batch do not interact, so the gradient of the predictions' sum holds every picture's own.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.networks import views
from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import Kept, MaxPool, Operator, Weighted
from engine.task import Task

Passed = tuple[Operator, Kept]


_CARD = threading.RLock()
"""Held while a thread computes on a card: others wait for a batch at most."""


@dataclass(frozen=True, eq=False)
class Gradient:
    """``predictions`` f, (n,), and ``at_input``, ∂f_n/∂x_n, (n, c, y, x).

    ``bias_share`` is Σ_b b · ∂f_n/∂b over all biases, (n,); None where it was not asked for, and
    for a network that is not ours.
    """

    predictions: Tensor
    at_input: Tensor
    bias_share: Tensor | None


def input_gradient(
    network: nn.Module, inputs: Tensor, task: Task, *, with_biases: bool = True
) -> Gradient:
    """The predictions and their gradient at the input, in evaluation mode.

    Without the share of the biases it takes a twentieth less time.

    In the inputs' own precision: no autocast, no TF32 (METHODS Q4.1, Q5.6). The network's mode
    and its parameters' gradients are left as they were, whatever happens.

    Raises:
        Cancelled: the task was cancelled; without a graph between any two layers.
    """
    with undisturbed(network, inputs):
        if isinstance(network, OperatorNetwork):
            return _without_graph(network, inputs, task, with_biases)
        return _by_autograd(network, inputs, task)


def predictions(network: nn.Module, inputs: Tensor, task: Task) -> Tensor:
    """The same predictions, (n,), to the bit, without the way back. Raises ``Cancelled``."""
    with undisturbed(network, inputs), torch.inference_mode():
        if not isinstance(network, OperatorNetwork):
            task.check()
            said: Tensor = network(inputs)
            return said.clone()
        network.check(inputs)
        shallow, deep = _at_second_pooling(network)
        pieces = _pieces(views.together(inputs, network.views))
        middle = torch.cat([evaluate(shallow, pictures, task)[0] for pictures in pieces])
        said = evaluate(deep, middle, task)[0].squeeze(1)
        return views.mean(said, network.views).clone()


def _pieces(inputs: Tensor) -> Sequence[Tensor]:
    """Channels-last; on a processor picture by picture, see ``_at_second_pooling``."""
    inputs = inputs.contiguous(memory_format=torch.channels_last)
    return torch.split(inputs, 1 if inputs.device.type == "cpu" else len(inputs))


def _without_graph(
    network: OperatorNetwork, inputs: Tensor, task: Task, with_biases: bool
) -> Gradient:
    network.check(inputs)
    shallow, deep = _at_second_pooling(network)
    with torch.inference_mode():
        inputs = views.together(inputs, network.views)
        pieces = _pieces(inputs)
        passed_shallow = [evaluate(shallow, pictures, task) for pictures in pieces]
        middle = torch.cat([output for output, _ in passed_shallow])
        output, passed_deep = evaluate(deep, middle, task)
        biases = output.new_zeros(len(output)) if with_biases else None
        at_middle = _backward(torch.ones_like(output), passed_deep, task, biases)
        gradient = torch.empty_like(inputs, memory_format=torch.channels_last)
        row = 0
        for from_above, (_, passed) in zip(
            torch.split(at_middle, len(pieces[0])), passed_shallow, strict=True
        ):
            rows = slice(row, row := row + len(from_above))
            share = None if biases is None else biases[rows]
            gradient[rows] = _backward(from_above, passed, task, share)
        return Gradient(
            views.mean(output.squeeze(1), network.views),
            views.laid_back(gradient, network.views),
            None if biases is None else views.mean(biases, network.views),
        )


def _at_second_pooling(network: OperatorNetwork) -> tuple[list[Operator], list[Operator]]:
    """The operators up to the second pooling, and the others.

    On a processor the first go picture by picture: their activations, nine tenths of the bytes,
    then stay in the cache and in memory that the process already owns (measured on net B, one
    thread: their two passes cost a third less). The others go by the batch, because their
    filters outweigh their activations.
    """
    operators: list[Operator] = list(network.operators)  # type: ignore[arg-type]
    poolings = [i + 1 for i, o in enumerate(operators) if isinstance(o, MaxPool)]
    cut = poolings[:2][-1] if poolings else 0
    return operators[:cut], operators[cut:]


def evaluate(operators: list[Operator], x: Tensor, task: Task) -> tuple[Tensor, list[Passed]]:
    """The output of operators one behind the other, and what each keeps for its way back."""
    passed = []
    for operator in operators:
        task.check()
        kept = operator.evaluate(x)
        passed.append((operator, kept))
        x = kept.output
    return x, passed


def _backward(gradient: Tensor, passed: list[Passed], task: Task, biases: Tensor | None) -> Tensor:
    """Down through what was passed; every tensor is let go as soon as it was used.

    The share of the biases on the way is added to ``biases``, (n,), where it is wanted.
    """
    while passed:
        task.check()
        operator, kept = passed.pop()
        below = operator.backward(gradient, kept)
        if biases is not None and isinstance(operator, Weighted):
            biases += operator.bias_share(gradient)  # as backward left it
        gradient = below
    return gradient


def _by_autograd(network: nn.Module, inputs: Tensor, task: Task) -> Gradient:
    task.check()
    with torch.inference_mode(False), torch.enable_grad():
        x = inputs.detach().clone().requires_grad_()
        predictions = network(x)
        task.check()
        # Only the input is asked for, so no weight gradient is computed or left behind.
        (gradient,) = torch.autograd.grad(predictions.sum(), x)
    return Gradient(predictions.detach(), gradient, None)


@contextmanager
def undisturbed(network: nn.Module, inputs: Tensor) -> Iterator[None]:
    """The network in evaluation mode, in the inputs' full precision; behind, all as before."""
    with _evaluating(network), exact(inputs):
        yield


@contextmanager
def _evaluating(network: nn.Module) -> Iterator[None]:
    """Evaluation mode inside, every module's own mode again behind."""
    training = [module for module in network.modules() if module.training]
    network.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True


@contextmanager
def exact(inputs: Tensor) -> Iterator[None]:
    """No autocast; on a graphics card no TF32 and repeatable convolutions either."""
    with ExitStack() as stack:
        stack.enter_context(torch.autocast(inputs.device.type, enabled=False))
        if inputs.is_cuda:
            # The flags are the process's: who ends first would take them from the other.
            stack.enter_context(_CARD)
            stack.enter_context(
                torch.backends.cudnn.flags(
                    enabled=True, benchmark=False, deterministic=True, allow_tf32=False
                )
            )
        yield
