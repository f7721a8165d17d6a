"""Networks are built by name, and what cannot be built is refused in words."""

import pytest

from engine.errors import Refusal
from engine.networks.net_b import NetB
from engine.networks.registry import build


def test_a_network_is_built_by_name_and_size() -> None:
    network = build("net_b", {"size": 112})
    assert isinstance(network, NetB)
    assert network.input_size == 112


def test_a_name_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(Refusal) as refusal:
        build("net_z", {})
    assert "net_z" in refusal.value.what
    assert "net_b" in refusal.value.why


@pytest.mark.parametrize("arguments", [{"size": 300}, {"size": "448"}, {"sise": 448}])
def test_arguments_that_the_network_does_not_have_are_refused(
    arguments: dict[str, object],
) -> None:
    with pytest.raises(Refusal) as refusal:
        build("net_b", arguments)
    assert str(next(iter(arguments.values()))) in refusal.value.why
