"""A network of operators that learns with batch normalisation, and ships without.

Behind each convolution, before the rectifier, every map is brought to a mean and a deviation of its
own (Ioffe and Szegedy 2015). Once learnt, that is a factor and a shift of each map, which filters
and biases take up exactly: what is left has the paper's layers alone. decided: beyond the paper,
because its network learns many times faster so. The dense layers have none: beside dropout their
answers would swing too much for a squared error.
"""

from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import SLOPE, Conv


class Normed(nn.Module):
    """``network``, whose weights it learns, with a normalisation behind each convolution."""

    def __init__(self, network: OperatorNetwork) -> None:
        super().__init__()
        self.network = network
        self.input_size = network.input_size
        self.norms = nn.ModuleDict(
            {
                str(at): nn.BatchNorm2d(len(each.weight))
                for at, each in enumerate(network.operators)
                if isinstance(each, Conv)
            }
        )

    def forward(self, x: Tensor) -> Tensor:
        """The predictions, (n,), for pictures (n, 3, s, s). Raises ``Refusal`` as the network."""
        self.network.check(x)
        return self.up(x, len(self.network.operators)).squeeze(1)

    def up(self, x: Tensor, operators: int) -> Tensor:
        """What comes out of the first so many operators."""
        for at, operator in enumerate(self.network.operators[:operators]):
            if isinstance(operator, Conv):
                z = F.conv2d(x, operator.weight, None, operator.stride, operator.padding)
                x = F.leaky_relu_(self.norms[str(at)](z + operator.bias), SLOPE)
            else:
                x = operator(x)
        return x

    @torch.no_grad()
    def folded(self) -> OperatorNetwork:
        """The network alone, which says what this one says in evaluation mode.

        The normalisations are taken up by the weights that both share: this one is of no use
        afterwards.
        """
        for at, each in self.norms.items():
            norm = cast(nn.BatchNorm2d, each)
            operator = cast(Conv, self.network.operators[int(at)])
            mean, variance = norm.running_mean, norm.running_var
            assert mean is not None
            assert variance is not None
            factor = norm.weight / (variance + norm.eps).sqrt()
            operator.weight.mul_(factor.view(-1, 1, 1, 1))
            operator.bias.sub_(mean.view(1, -1, 1, 1)).mul_(factor.view(1, -1, 1, 1))
            operator.bias.add_(norm.bias.view(1, -1, 1, 1))
        return self.network


def restored(network: OperatorNetwork, state: Mapping[str, Tensor]) -> OperatorNetwork:
    """``network`` with the weights of a ``state``: its own, or that of a normed one, folded."""
    if not any(name.startswith("norms.") for name in state):
        network.load_state_dict(state)
        return network.eval()
    normed = Normed(network)
    normed.load_state_dict(state)
    return normed.folded().eval()
