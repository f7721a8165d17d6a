"""Net B against every figure that METHODS Q2 prints."""

import pytest
import torch

from engine.errors import Refusal
from engine.networks.net_b import NetB
from engine.networks.operator_network import initialise
from engine.networks.operators import Conv, Dense, MaxPool, RMSPool

# METHODS Q2.1 and Q2.6: the sizes behind every convolution and pooling, and the totals.
SIZES = {
    448: [224, 225, 112, 56, 57, 56, 27, 28, 27, 28, 13, 14, 13, 14, 6, 5, 2],
    224: [112, 113, 56, 28, 29, 28, 13, 14, 13, 14, 6, 7, 6, 7, 3],
    112: [56, 57, 28, 14, 15, 14, 6, 7, 6, 7, 3],
}
PARAMETERS = {448: 12_465_121, 224: 7_415_009, 112: 2_804_577}
DENSE_INPUT = {448: 2048, 224: 2304, 112: 1152}

# METHODS Q2.4: weights and biases of the layers that have any.
LAYERS_448 = [
    (1_536, 1_605_632),
    (16_384, 1_620_000),
    (32_768, 200_704),
    (65_536, 207_936),
    (65_536, 200_704),
    (131_072, 100_352),
    (262_144, 93_312),
    (262_144, 100_352),
    (524_288, 50_176),
    (1_048_576, 43_264),
    (1_048_576, 50_176),
    (2_097_152, 12_800),
    (2_097_152, 1_024),
    (524_288, 1_024),
    (512, 1),
]


@pytest.mark.parametrize("size", SIZES)
def test_every_layer_has_the_printed_size(size: int) -> None:
    network = NetB(size).eval()
    x = torch.zeros(1, 3, size, size)
    found = []
    for operator in network.operators:
        x = operator(x)
        if isinstance(operator, Conv | MaxPool | RMSPool):
            assert x.shape[2] == x.shape[3] == operator.size
            found.append(operator.size)
    assert found == SIZES[size]
    assert x.shape == (1, 1)


@pytest.mark.parametrize("size", PARAMETERS)
def test_the_network_has_the_printed_number_of_parameters(size: int) -> None:
    network = NetB(size)
    assert sum(parameter.numel() for parameter in network.parameters()) == PARAMETERS[size]
    dense = next(layer for layer in network.operators if isinstance(layer, Dense))
    assert dense.weight.shape[1] == DENSE_INPUT[size]


def test_every_layer_has_the_printed_number_of_parameters() -> None:
    layers = [layer for layer in NetB(448).operators if isinstance(layer, Conv | Dense)]
    assert [(layer.weight.numel(), layer.bias.numel()) for layer in layers] == LAYERS_448


def test_only_the_prediction_is_not_rectified() -> None:
    dense = [layer for layer in NetB(112).operators if isinstance(layer, Dense)]
    assert [layer.rectified for layer in dense] == [True, True, False]


@pytest.mark.parametrize("shape", [(1, 3, 224, 224), (1, 1, 112, 112), (3, 112, 112)])
def test_a_picture_of_another_size_is_refused_in_words(shape: tuple[int, ...]) -> None:
    found = " x ".join(map(str, shape[1:]))
    with pytest.raises(Refusal) as refusal:
        NetB(112)(torch.zeros(shape))
    assert "3 x 112 x 112" in refusal.value.why
    assert found in refusal.value.why


def test_a_size_that_the_paper_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="300"):
        NetB(300)


def test_predictions_are_one_number_a_picture() -> None:
    assert NetB(112)(torch.zeros(5, 3, 112, 112)).shape == (5,)


def test_filters_start_orthogonal_and_biases_as_decided() -> None:
    network = NetB(448)
    initialise(network, torch.Generator().manual_seed(0), prevalence=0.3)
    layers = [layer for layer in network.operators if isinstance(layer, Conv | Dense)]
    # METHODS Q3: the sum of all squared weights is 3457 at gain 1.
    assert sum(layer.weight.square().sum().item() for layer in layers) == pytest.approx(
        3457, rel=1e-4
    )
    assert all((layer.bias == 0.05).all() for layer in layers[:-1])
    assert layers[-1].bias.item() == pytest.approx(0.3)


def test_the_gain_scales_the_filters() -> None:
    network = NetB(112)
    initialise(network, torch.Generator().manual_seed(0), gain=1.343)
    weight = network.operators[0].weight.flatten(1)
    torch.testing.assert_close(weight @ weight.T, 1.343**2 * torch.eye(32), atol=1e-4, rtol=0)


def test_the_same_seed_gives_the_same_weights_in_any_layout() -> None:
    weights = []
    for layout in (torch.contiguous_format, torch.channels_last):
        network = NetB(112).to(memory_format=layout)
        initialise(network, torch.Generator().manual_seed(4))
        weights.append(network.operators[1].weight)
    assert torch.equal(*weights)


def test_a_few_steps_of_training_learn_two_pictures_apart() -> None:
    generator = torch.Generator().manual_seed(2)
    network = NetB(112).to(memory_format=torch.channels_last).eval()
    initialise(network, generator)
    pictures = 0.3 * torch.randn(2, 3, 112, 112, generator=generator)
    labels = torch.tensor([0.0, 1.0])
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-4)
    losses = []
    for _ in range(22):
        loss = (network(pictures) - labels).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]
