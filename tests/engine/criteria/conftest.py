"""Small networks and pictures that the tests of the criteria share."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from engine.networks.net_b import NetB
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.networks.operators import (
    Conv,
    Dense,
    Dropout,
    Maxout,
    MaxPool,
    MeanPool,
    RMSPool,
    Weighted,
)
from engine.preparation.differentiable import Resized

MakeNetwork = Callable[[], OperatorNetwork]


@pytest.fixture(scope="session")
def make_network() -> MakeNetwork:
    """A network of every operator for pictures of 32 pixels, float64, drawn anew but alike."""

    def make() -> OperatorNetwork:
        network = OperatorNetwork(
            32,
            [
                Conv(3, 8, window=4, stride=2, padding=1, size=32),
                Conv(8, 8, window=4, stride=1, padding=2, size=16),
                MaxPool(window=3, stride=2, size=17),
                Conv(8, 16, window=4, stride=1, padding=1, size=8),
                RMSPool(window=3, stride=2, size=7),
                Dropout(),
                Dense(16 * 9, 16),
                Maxout(),
                Dropout(),
                Dense(8, 1, rectified=False),
            ],
        ).double()
        # Gain 1.343 keeps the maps' strength through the depth (METHODS Q3).
        initialise(network, torch.Generator().manual_seed(11), gain=1.343)
        return network.eval()

    return make


@pytest.fixture(scope="session")
def pictures() -> Tensor:
    """Eight pictures of noise, (8, 3, 32, 32) float64, black outside a disk of radius 14."""
    generator = torch.Generator().manual_seed(12)
    y, x = torch.meshgrid(torch.arange(32) - 15.5, torch.arange(32) - 15.5, indexing="ij")
    noise = 0.26 * torch.randn(8, 3, 32, 32, generator=generator, dtype=torch.float64)
    return noise * (x.square() + y.square() < 14**2)


@pytest.fixture(scope="session")
def net_b() -> NetB:
    """Net B for 112 pixels with drawn weights, float32, evaluation mode."""
    network = NetB(112)
    initialise(network, torch.Generator().manual_seed(13), gain=1.343)
    return network.eval()


@pytest.fixture(scope="session")
def resized() -> Resized:
    """Eight photographs of noise that fill their frame, for a network of 112 pixels, float32.

    What a criterion promises does not depend on whether they belong to the inputs.
    """
    generator = torch.Generator().manual_seed(14)
    values = (128 + 12 * torch.randn(8, 3, 128, 128, generator=generator)).clamp(0, 255)
    return Resized(values, torch.ones(8, 128, 128, dtype=torch.bool))


@pytest.fixture(scope="session")
def prepared() -> Tensor:
    """Eight pictures of noise for net B, (8, 3, 112, 112) float32."""
    return 0.26 * torch.randn(8, 3, 112, 112, generator=torch.Generator().manual_seed(14))


@pytest.fixture(scope="session")
def make_pooled_network() -> MakeNetwork:
    """The poolings that net B lacks or strides over, for pictures of 56 pixels, float64."""

    def make() -> OperatorNetwork:
        network = OperatorNetwork(
            56,
            [
                MeanPool(window=2, stride=2, size=56),
                Conv(3, 8, window=5, stride=2, padding=2, size=28),
                MaxPool(window=3, stride=2, size=14),
                Conv(8, 8, window=3, stride=1, padding=1, size=6),
                RMSPool(window=3, stride=3, size=6),
                Dense(8 * 4, 16),
                Maxout(),
                Dense(8, 1, rectified=False),
            ],
        ).double()
        initialise(network, torch.Generator().manual_seed(15), gain=1.343)
        return network.eval()

    return make


@pytest.fixture(scope="session")
def without_biases() -> Callable[[OperatorNetwork], OperatorNetwork]:
    """Every bias of a network made 0."""

    def strip(network: OperatorNetwork) -> OperatorNetwork:
        with torch.no_grad():
            for operator in network.operators:
                if isinstance(operator, Weighted):
                    operator.bias.zero_()
        return network

    return strip


class Foreign(nn.Module):
    """The same arithmetic as an operator network, but not one: it takes autograd."""

    def __init__(self, network: OperatorNetwork) -> None:
        super().__init__()
        self.inner = nn.ModuleList(network.operators)

    def forward(self, x: Tensor) -> Tensor:
        for operator in self.inner:
            x = operator(x)
        return x.squeeze(1)


@pytest.fixture(scope="session")
def as_foreign() -> Callable[[OperatorNetwork], nn.Module]:
    return Foreign
