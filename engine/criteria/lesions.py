"""Criterion lesions: the network's own maps, from which it reads its answer.

Nothing is differentiated: a network that draws lesions says itself how sure it is of each pixel.
The map is the chance that a pixel shows a lesion of any kind.
"""

import torch
from torch import Tensor, nn

from engine.criteria.gradient import undisturbed
from engine.errors import Refusal
from engine.networks.lesion_network import REFERABLE, LesionNetwork, any_lesion, of_each_kind
from engine.task import Task


def lesions(network: nn.Module, inputs: Tensor, task: Task) -> tuple[Tensor, Tensor, Tensor]:
    """The maps (n, s, s), 0 to 1, on the input's grid, the predictions (n,), and the chance of
    each kind (n, kinds, s/2, s/2).

    Raises:
        Refusal: the network draws no lesions.
        Cancelled: the task was cancelled.
    """
    if not isinstance(network, LesionNetwork):
        raise Refusal(
            "The network shows no lesions of its own.",
            "It answers without drawing them.",
            "Choose another criterion, or a pack that draws lesions.",
        )
    with undisturbed(network, inputs), torch.inference_mode():
        drawn = network.draw(inputs, task)
        maps = any_lesion(drawn, network.input_size)
    # What inference_mode made cannot be used everywhere.
    return maps.clone(), drawn.grades[:, REFERABLE].clone(), of_each_kind(drawn)
