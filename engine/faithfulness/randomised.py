"""The sanity check of Adebayo et al. 2018: is it the same map without what the network learnt?

The network loses what it learnt step by step, from the answer down to the picture, each step on
top of those before. decided: weights and biases are shuffled, each layer's among its own values,
not drawn anew: the scale of every layer stays, so that it is the order that is tested, and any
network can be tested.

decided: a step is a layer; of a network that draws lesions it is a stage, of all members at once,
as Adebayo et al. take a block of Inception. Its members stand side by side: one that forgot alone
would leave the mean to the others, and a map would seem to stay that only they hold up. The last
step is the same either way: nothing is left of any layer.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy

import torch
from torch import nn

from engine.networks.lesion_network import LesionNetwork


def cascade(network: nn.Module, generator: torch.Generator) -> Iterator[nn.Module]:
    """A copy of ``network`` with its last step shuffled, then the last two, and so to the first.

    The same copy each time. ``generator`` is the processor's, so that the order is the same on
    every device.
    """
    copy = deepcopy(network)
    for layers in reversed(_steps(copy)):
        for layer in layers:
            _shuffle(layer, generator)
        yield copy


def together(
    networks: Sequence[nn.Module], generator: torch.Generator
) -> Iterator[tuple[nn.Module, ...]]:
    """Networks of one kind that forget in step: the last step of all, then the last two."""
    return zip(*(cascade(each, generator) for each in networks), strict=True)


def count(network: nn.Module) -> int:
    """How many steps there are."""
    return len(_steps(network))


def _steps(network: nn.Module) -> list[list[nn.Module]]:
    """The layers that forget together; a layer is a module with parameters of its own."""
    if isinstance(network, LesionNetwork):
        return [[layer for part in stage for layer in _layers(part)] for stage in network.stages()]
    return [[layer] for layer in _layers(network)]


def _layers(network: nn.Module) -> list[nn.Module]:
    return [each for each in network.modules() if any(True for _ in each.parameters(recurse=False))]


def _shuffle(layer: nn.Module, generator: torch.Generator) -> None:
    with torch.no_grad():
        for values in layer.parameters(recurse=False):
            order = torch.randperm(values.numel(), generator=generator)
            flat = values.detach().cpu().contiguous().flatten()[order]
            values.copy_(flat.reshape(values.shape))
