"""A network of operators that learns with batch normalisation, and ships without.

Behind each convolution and each hidden dense layer, before the rectifier, every map is brought to a
mean and a deviation of its own (Ioffe and Szegedy 2015). Once learnt, that is a factor and a shift
of each map, which filters and biases take up exactly: what is left has the paper's layers alone.
decided: beyond the paper, because its network learns many times faster so.
"""

from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.networks.operator_network import OperatorNetwork
from engine.networks.operators import SLOPE, Conv, Dense


class Normed(nn.Module):
    """``network``, whose weights it learns, with a normalisation behind each hidden layer."""

    def __init__(self, network: OperatorNetwork) -> None:
        super().__init__()
        self.network = network
        self.input_size = network.input_size
        self.norms = nn.ModuleDict(
            {str(at): _norm(each) for at, each in enumerate(network.operators) if _is_hidden(each)}
        )

    def forward(self, x: Tensor) -> Tensor:
        """The predictions, (n,), for pictures (n, 3, s, s). Raises ``Refusal`` as the network."""
        self.network.check(x)
        return self.up(x, len(self.network.operators)).squeeze(1)

    def up(self, x: Tensor, operators: int) -> Tensor:
        """What comes out of the first so many operators."""
        for at, operator in enumerate(self.network.operators[:operators]):
            x = self._behind(at, operator, x) if str(at) in self.norms else operator(x)
        return x

    def _behind(self, at: int, operator: nn.Module, x: Tensor) -> Tensor:
        norm = cast(nn.BatchNorm1d | nn.BatchNorm2d, self.norms[str(at)])
        if isinstance(operator, Conv):
            z = F.conv2d(x, operator.weight, None, operator.stride, operator.padding)
            z = z + operator.bias
        else:
            dense = cast(Dense, operator)
            z = F.linear(x.flatten(1), dense.weight, dense.bias)
            if self.training and len(z) < 2:  # one unit of one picture has no deviation
                z = F.batch_norm(
                    z, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps
                )
                return F.leaky_relu_(z, SLOPE)
        return F.leaky_relu_(norm(z), SLOPE)

    @torch.no_grad()
    def folded(self) -> OperatorNetwork:
        """The network alone, which says what this one says in evaluation mode.

        The normalisations are taken up by the weights that both share: this one is of no use
        afterwards.
        """
        for at, each in self.norms.items():
            norm = cast(nn.BatchNorm1d | nn.BatchNorm2d, each)
            operator = cast(Conv | Dense, self.network.operators[int(at)])
            mean, variance = norm.running_mean, norm.running_var
            assert mean is not None
            assert variance is not None
            factor = norm.weight / (variance + norm.eps).sqrt()
            shape = (1, -1, 1, 1) if isinstance(operator, Conv) else (-1,)
            operator.weight.mul_(factor.view(-1, *(1,) * (operator.weight.ndim - 1)))
            operator.bias.sub_(mean.view(shape)).mul_(factor.view(shape))
            operator.bias.add_(norm.bias.view(shape))
        return self.network


def restored(network: OperatorNetwork, state: Mapping[str, Tensor]) -> OperatorNetwork:
    """``network`` with the weights of a ``state``: its own, or that of a normed one, folded."""
    if not any(name.startswith("norms.") for name in state):
        network.load_state_dict(state)
        return network.eval()
    normed = Normed(network)
    normed.load_state_dict(state)
    return normed.folded().eval()


def _is_hidden(operator: nn.Module) -> bool:
    return isinstance(operator, Conv) or (isinstance(operator, Dense) and operator.rectified)


def _norm(operator: nn.Module) -> nn.BatchNorm1d | nn.BatchNorm2d:
    if isinstance(operator, Conv):
        return nn.BatchNorm2d(len(operator.weight))
    return nn.BatchNorm1d(len(cast(Dense, operator).weight))
