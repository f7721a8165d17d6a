"""Networks are built by name, and what cannot be built is refused in words."""

import pytest
import torch

from engine.errors import Refusal
from engine.networks.alexnet import AlexNet
from engine.networks.net_a import NetA
from engine.networks.net_b import NetB
from engine.networks.operators import Conv
from engine.networks.registry import build


def test_a_network_is_built_by_name_and_size() -> None:
    network = build("net_b", {"size": 112})
    assert isinstance(network, NetB)
    assert network.input_size == 112


@pytest.mark.parametrize("window", [3, 5])
def test_net_a_is_built_with_either_window_of_layer_5(window: int) -> None:
    network = build("net_a", {"size": 112, "layer5_window": window})
    assert isinstance(network, NetA)
    layers = [layer for layer in network.operators if isinstance(layer, Conv)]
    assert layers[2].weight.shape == (64, 32, window, window)


@pytest.mark.parametrize("name", ["net_a", "net_b"])
def test_the_papers_networks_may_be_asked_four_times(name: str) -> None:
    with torch.device("meta"):
        assert getattr(build(name, {"size": 112, "views": 4}), "views", None) == 4
        assert getattr(build(name, {"size": 112}), "views", None) == 1


@pytest.mark.parametrize("arguments", [{}, {"size": 448}])
def test_alexnet_is_built_for_its_one_size(arguments: dict[str, object]) -> None:
    with torch.device("meta"):
        network = build("alexnet", arguments)
    assert isinstance(network, AlexNet)


def test_a_name_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(Refusal) as refusal:
        build("net_z", {})
    assert "net_z" in refusal.value.what
    assert "alexnet, lesions, net_a, net_b" in refusal.value.why


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("net_b", {"size": 300}),
        ("net_b", {"size": "448"}),
        ("net_b", {"size": 448.0}),
        ("net_b", {"sise": 448}),
        ("net_b", {"layer5_window": 3}),
        ("net_b", {"views": 2}),
        ("net_a", {"layer5_window": 4}),
        ("alexnet", {"size": 224}),
    ],
)
def test_arguments_that_the_network_does_not_have_are_refused(
    name: str, arguments: dict[str, object]
) -> None:
    with pytest.raises(Refusal) as refusal:
        build(name, arguments)
    assert name in refusal.value.what
    assert str(arguments) in refusal.value.why


def test_a_refusal_lists_what_each_argument_may_be() -> None:
    with pytest.raises(Refusal) as refusal:
        build("net_a", {"size": 1})
    assert (
        "a size of 448, 224 or 112 and a layer5_window of 3 or 5 and a views of 1 or 4"
        in refusal.value.why
    )
