"""What a normalisation learnt is taken up by filters and biases exactly."""

import copy

import torch
from torch import Tensor

from engine.networks.net_b import NetB
from engine.networks.normed import Normed, restored
from engine.networks.operator_network import initialise


def learning(eps: float = 1e-5) -> tuple[Normed, Tensor]:
    """A normed network whose running figures and factors are anything but 0 and 1."""
    network = NetB(112)
    draw = torch.Generator().manual_seed(1)
    initialise(network, draw, gain=1.343)
    for operator in network.operators:
        if hasattr(operator, "bias"):
            operator.bias.data.add_(0.1 * torch.randn(operator.bias.shape, generator=draw))
    normed = Normed(network)
    for norm in normed.norms.values():
        norm.eps = eps
        norm.weight.data.uniform_(-0.5, 1.5, generator=draw)
        norm.bias.data.normal_(0, 0.3, generator=draw)
    inputs = torch.randn((6, 3, 112, 112), generator=draw)
    normed.train()
    normed(inputs)
    return normed.eval(), inputs


def test_the_folded_network_says_what_the_normed_one_said() -> None:
    normed, inputs = learning(eps=0.5)  # so large that leaving it out would show
    said = normed(inputs).detach()
    folded = normed.folded().eval()
    assert said.std() > 0.003
    torch.testing.assert_close(folded(inputs), said, rtol=0, atol=1e-5)


def test_a_state_of_either_kind_restores_the_same_network() -> None:
    normed, inputs = learning()
    state = copy.deepcopy(normed.state_dict())
    folded = normed.folded().eval()
    for kept in (state, folded.state_dict()):
        again = restored(NetB(112), kept)
        torch.testing.assert_close(again(inputs), folded(inputs), rtol=0, atol=1e-5)


def test_a_batch_of_one_can_be_learnt_from() -> None:
    normed, inputs = learning()
    normed.train()
    normed(inputs[:1]).sum().backward()
    weight = normed.network.operators[0].weight
    assert weight.grad is not None
    assert torch.isfinite(weight.grad).all()
