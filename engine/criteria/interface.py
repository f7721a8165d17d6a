"""Which pixels did the network use? Every criterion behind one function."""

from dataclasses import dataclass

from torch import Tensor, nn

from engine.answers import Criterion
from engine.criteria.gradient import input_gradient
from engine.criteria.omega import omega
from engine.criteria.pi import signed_pi
from engine.task import Task


@dataclass(frozen=True, eq=False)
class Evidence:
    """A heatmap for every picture of a batch, with what the network predicted.

    ``maps`` is (n, y, x), zero or more, on the network's grid; ``signed`` the same with a sign
    where the criterion has one (π: positive pushes towards referable), else None;
    ``predictions`` is (n,). All have the inputs' precision and device, and no graph.
    """

    maps: Tensor
    signed: Tensor | None
    predictions: Tensor


def evidence(network: nn.Module, inputs: Tensor, criterion: Criterion, task: Task) -> Evidence:
    """The evidence that ``criterion`` finds for the predictions of ``network``.

    ``network`` maps (n, c, y, x) to (n,), picture by picture; ``inputs`` lie on its device. It
    is used in evaluation mode and left as it was. Outside the field of view π is zero exactly
    and ω is not: the caller masks it.

    Raises:
        Refusal: the inputs have another size than the network was built for.
        Cancelled: the task was cancelled.
    """
    inputs = inputs.detach()
    predictions, gradient = input_gradient(network, inputs, task)
    predictions = predictions.clone()  # what inference_mode made cannot be used everywhere
    match criterion:
        case Criterion.PI:
            signed = signed_pi(inputs, gradient)
            return Evidence(signed.abs(), signed, predictions)
        case Criterion.OMEGA:
            return Evidence(omega(gradient), None, predictions)
