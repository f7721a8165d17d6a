"""The sanity check of Adebayo et al. 2018: is it the same map without what the network learnt?

Layers lose what they learnt one after the other, the last one first. decided: their weights and
biases are shuffled, each among its own values, not drawn anew: the scale of every layer stays, so
that it is the order that is tested, and any network can be tested.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy

import torch
from torch import nn


def cascade(network: nn.Module, generator: torch.Generator) -> Iterator[nn.Module]:
    """A copy of ``network`` with its last layer shuffled, then the last two, and so to the first.

    The same copy each time; a layer is a module with parameters of its own. ``generator`` is the
    processor's, so that the order is the same on every device.
    """
    copy = deepcopy(network)
    for layer in reversed(_layers(copy)):
        with torch.no_grad():
            for values in layer.parameters(recurse=False):
                order = torch.randperm(values.numel(), generator=generator)
                flat = values.detach().cpu().contiguous().flatten()[order]
                values.copy_(flat.reshape(values.shape))
        yield copy


def together(
    networks: Sequence[nn.Module], generator: torch.Generator
) -> Iterator[tuple[nn.Module, ...]]:
    """Networks of one kind that forget in step: the last layer of all, then the last two."""
    return zip(*(cascade(each, generator) for each in networks), strict=True)


def count(network: nn.Module) -> int:
    """How many layers there are to shuffle."""
    return len(_layers(network))


def _layers(network: nn.Module) -> list[nn.Module]:
    return [each for each in network.modules() if any(True for _ in each.parameters(recurse=False))]
