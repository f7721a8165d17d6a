"""AlexNet against the figures of METHODS Q2.4 and Q2.5; shapes and counts need no memory."""

import pytest
import torch

from engine.errors import Refusal
from engine.networks.alexnet import AlexNet
from engine.networks.operators import Conv, Dense, MaxPool, MeanPool


@pytest.fixture(scope="module")
def network() -> AlexNet:
    with torch.device("meta"):
        return AlexNet()


def test_every_layer_has_the_stated_size(network: AlexNet) -> None:
    x = torch.empty(1, 3, 448, 448, device="meta")
    found = []
    for operator in network.operators:
        x = operator(x)
        if isinstance(operator, Conv | MaxPool | MeanPool):
            assert x.shape[2] == x.shape[3] == operator.size
            found.append(operator.size)
    assert found == [224, 55, 27, 27, 13, 13, 13, 13, 6]
    assert x.shape == (1, 1)


def test_weights_and_biases_have_the_printed_numbers(network: AlexNet) -> None:
    layers = [layer for layer in network.operators if isinstance(layer, Conv | Dense)]
    assert sum(layer.weight.numel() for layer in layers) == 58_275_872
    assert sum(layer.bias.numel() for layer in layers) == 658_273
    assert sum(value.numel() for value in network.parameters()) == 58_934_145


def test_only_the_prediction_is_not_rectified(network: AlexNet) -> None:
    dense = [layer for layer in network.operators if isinstance(layer, Dense)]
    assert [layer.rectified for layer in dense] == [True, True, False]


def test_a_picture_of_another_size_is_refused_in_words(network: AlexNet) -> None:
    with pytest.raises(Refusal) as refusal:
        network(torch.empty(1, 3, 224, 224, device="meta"))
    assert "3 x 448 x 448" in refusal.value.why
    assert "3 x 224 x 224" in refusal.value.why
