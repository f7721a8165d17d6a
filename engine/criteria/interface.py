"""Which pixels did the network use? Every criterion behind one function."""

from dataclasses import dataclass

from torch import Tensor, nn

from engine.answers import Criterion
from engine.criteria.gradient import Gradient, input_gradient
from engine.criteria.lesions import lesions
from engine.criteria.omega import omega
from engine.criteria.pi import signed_pi
from engine.criteria.pi_photograph import signed_pi_photograph
from engine.criteria.relevance import ALPHA_2_BETA_1, Rule, relevance
from engine.preparation.differentiable import Resized
from engine.task import Task


@dataclass(frozen=True, eq=False)
class Evidence:
    """A heatmap for every picture of a batch, with what the network predicted.

    ``maps`` is (n, y, x), zero or more, on the network's grid (π of the photograph: on the resized
    photograph's); ``signed`` the same with a sign where the criterion has one (positive pushes
    towards referable), else None; ``predictions`` is (n,).

    ``error``, (n,), is the criterion's own measure of how far its arithmetic is off, None where it
    has none. π: the completeness gap |Σ_p s_p + Σ_b b · ∂f/∂b - f|, rounding and RMSPool's eps
    (METHODS Q4.3); π of the photograph: the same, and what clipping took. Relevance: the
    conservation error |Σ R - f| / |f|, mostly what the biases absorb (Q6). It tells nothing of
    whether a heatmap is true. ``kinds``, (n, kinds, y/2, x/2), is the chance of each kind of lesion
    (``lesion_network.KINDS``) where the network draws them. All have the inputs' precision and
    device, and no graph.
    """

    maps: Tensor
    signed: Tensor | None
    predictions: Tensor
    error: Tensor | None
    kinds: Tensor | None = None


def evidence(
    network: nn.Module,
    inputs: Tensor,
    criterion: Criterion,
    task: Task,
    resized: Resized | None = None,
    rule: Rule = ALPHA_2_BETA_1,
    *,
    with_error: bool = True,
) -> Evidence:
    """The evidence that ``criterion`` finds for the predictions of ``network``.

    ``network`` maps (n, c, y, x) to (n,), picture by picture; ``inputs`` lie on its device. It
    is used in evaluation mode and left as it was. ``resized`` is what the inputs were made from,
    for π of the photograph; ``rule`` is relevance's. π is found a little sooner without its error.
    Outside the field of view π and relevance are zero exactly; ω and π of the photograph are not:
    the caller masks them.

    Raises:
        Refusal: the inputs have another size than the network was built for, relevance was asked
            of a network that is not made of our operators, or lesions of one that draws none.
        Cancelled: the task was cancelled.
        ValueError: π of the photograph was asked without the photograph.
    """
    inputs = inputs.detach()
    if criterion is Criterion.LESIONS:
        maps, predictions, kinds = lesions(network, inputs, task)
        return Evidence(maps, None, predictions, None, kinds)
    if criterion is Criterion.RELEVANCE:
        found = relevance(network, inputs, rule, task)
        predictions = found.predictions.clone()
        total = found.at_input.sum((1, 2, 3))
        error = (total - predictions).abs() / predictions.abs()
        return _signed(found.at_input.sum(1), predictions, error)
    gradient = input_gradient(network, inputs, task, with_biases=with_error)
    # What inference_mode made cannot be used everywhere.
    predictions = gradient.predictions.clone()
    if criterion is Criterion.OMEGA:
        return Evidence(omega(gradient.at_input), None, predictions, None)
    if criterion is Criterion.PI:
        signed = signed_pi(inputs, gradient.at_input)
    elif resized is None:
        raise ValueError("pi of the photograph needs the photograph")
    else:
        signed = signed_pi_photograph(resized, gradient.at_input)
    return _signed(signed, predictions, _completeness_gap(signed, gradient))


def _signed(signed: Tensor, predictions: Tensor, error: Tensor | None) -> Evidence:
    return Evidence(signed.abs(), signed, predictions, error)


def _completeness_gap(signed: Tensor, gradient: Gradient) -> Tensor | None:
    """Conv, rectifier, poolings and maxout are homogeneous in input and biases (METHODS Q4.3)."""
    if gradient.bias_share is None:
        return None
    return (signed.sum((1, 2)) + gradient.bias_share - gradient.predictions).abs()
