"""The gradient of a network's predictions at its input: one forward pass, one backward pass.

Networks of our own operators take a route without a graph: every operator's ``backward`` to its
input, the tensors channels-last, no weight gradients. Any other network takes autograd. Pictures
of a batch do not interact, so the gradient of the predictions' sum holds every picture's own.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor, nn

from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import Operator
from engine.task import Task


def input_gradient(network: nn.Module, inputs: Tensor, task: Task) -> tuple[Tensor, Tensor]:
    """The predictions f, (n,), and ∂f_n/∂x_n, (n, c, y, x), in evaluation mode.

    In the inputs' own precision: no autocast, no TF32 (METHODS Q4.1, Q5.6). The network's mode
    and its parameters' gradients are left as they were, whatever happens.

    Raises:
        Cancelled: the task was cancelled; without a graph between any two layers.
    """
    with _evaluating(network), _exact(inputs):
        if isinstance(network, OperatorNetwork):
            return _without_graph(network, inputs, task)
        return _by_autograd(network, inputs, task)


def _without_graph(network: OperatorNetwork, inputs: Tensor, task: Task) -> tuple[Tensor, Tensor]:
    network.check(inputs)
    with torch.inference_mode():
        x = inputs.contiguous(memory_format=torch.channels_last)
        passed = []
        for operator in network.operators:
            task.check()
            assert isinstance(operator, Operator)
            kept = operator.evaluate(x)
            passed.append((operator, kept))
            x = kept.output
        gradient = torch.ones_like(x)
        while passed:
            task.check()
            operator, kept = passed.pop()
            gradient = operator.backward(gradient, kept)
        return x.squeeze(1), gradient


def _by_autograd(network: nn.Module, inputs: Tensor, task: Task) -> tuple[Tensor, Tensor]:
    task.check()
    with torch.inference_mode(False), torch.enable_grad():
        x = inputs.detach().clone().requires_grad_()
        predictions = network(x)
        task.check()
        # Only the input is asked for, so no weight gradient is computed or left behind.
        (gradient,) = torch.autograd.grad(predictions.sum(), x)
    return predictions.detach(), gradient


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
def _exact(inputs: Tensor) -> Iterator[None]:
    """No autocast; on a graphics card no TF32 and repeatable convolutions either."""
    with ExitStack() as stack:
        stack.enter_context(torch.autocast(inputs.device.type, enabled=False))
        if inputs.is_cuda:
            stack.enter_context(
                torch.backends.cudnn.flags(
                    enabled=True, benchmark=False, deterministic=True, allow_tf32=False
                )
            )
        yield
