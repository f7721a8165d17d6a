"""Net A against every figure that METHODS Q2 prints; shapes and counts need no memory."""

import pytest
import torch

from engine.errors import Refusal
from engine.networks.net_a import NetA
from engine.networks.operators import Conv, Dense, MaxPool, RMSPool

# METHODS Q2.1 and Q2.6: the sizes behind every convolution and pooling.
SIZES = {
    448: [224, 224, 111, 56, 56, 56, 27, 27, 27, 27, 13, 13, 13, 13, 6, 6, 6, 2],
    224: [112, 112, 55, 28, 28, 28, 13, 13, 13, 13, 6, 6, 6, 6, 2],
    112: [56, 56, 27, 14, 14, 14, 6, 6, 6, 6, 2],
}
# METHODS Q2.4 and Q2.6: (size, window of layer 5) and all parameters.
PARAMETERS = {
    (448, 3): 12_369_889,
    (448, 5): 12_402_657,
    (224, 3): 4_568_289,
    (224, 5): 4_568_289 + 32_768,
    (112, 3): 1_775_713,
    (112, 5): 1_775_713 + 32_768,
}
DENSE_INPUT = {448: 2048, 224: 1024, 112: 512}


def shapes_of(size: int, window: int) -> NetA:
    with torch.device("meta"):
        return NetA(size, window)


@pytest.mark.parametrize(("size", "window"), PARAMETERS)
def test_every_layer_has_the_printed_size(size: int, window: int) -> None:
    x = torch.empty(1, 3, size, size, device="meta")
    found = []
    for operator in shapes_of(size, window).operators:
        x = operator(x)
        if isinstance(operator, Conv | MaxPool | RMSPool):
            assert x.shape[2] == x.shape[3] == operator.size
            found.append(operator.size)
    assert found == SIZES[size]
    assert x.shape == (1, 1)


@pytest.mark.parametrize(("size", "window"), PARAMETERS)
def test_the_network_has_the_printed_number_of_parameters(size: int, window: int) -> None:
    network = shapes_of(size, window)
    assert sum(value.numel() for value in network.parameters()) == PARAMETERS[size, window]
    dense = next(layer for layer in network.operators if isinstance(layer, Dense))
    assert dense.weight.shape[1] == DENSE_INPUT[size]


def test_the_last_pooling_takes_windows_side_by_side() -> None:
    """Table 1: 3 / 3 in net A; a stride of 2 would give the same size."""
    pool = next(o for o in shapes_of(448, 3).operators if isinstance(o, RMSPool))
    assert (pool.window, pool.stride) == (3, 3)


def test_weights_and_biases_have_the_printed_numbers() -> None:
    layers = [o for o in shapes_of(448, 3).operators if isinstance(o, Conv | Dense)]
    assert sum(layer.weight.numel() for layer in layers) == 8_107_872
    assert sum(layer.bias.numel() for layer in layers) == 4_262_017


def test_a_window_that_nobody_printed_is_an_error() -> None:
    with pytest.raises(ValueError, match="4"):
        shapes_of(112, 4)


def test_a_size_that_the_paper_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="300"):
        shapes_of(300, 3)


def test_a_picture_of_another_size_is_refused_in_words() -> None:
    with pytest.raises(Refusal) as refusal:
        shapes_of(224, 3)(torch.empty(1, 3, 448, 448, device="meta"))
    assert "3 x 224 x 224" in refusal.value.why
    assert "3 x 448 x 448" in refusal.value.why


def test_predictions_are_one_number_a_picture() -> None:
    assert NetA(112)(torch.zeros(2, 3, 112, 112)).shape == (2,)
