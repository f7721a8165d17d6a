"""Which criteria each network has: what its class can, and its usual one first."""

import pytest
from torch import nn

from engine.answers import Criterion
from engine.criteria import offered
from engine.networks import registry
from engine.networks.lesion_network import LesionNetwork
from engine.networks.operator_network import OperatorNetwork

_STAGES = {"backbone": "small_112", "stages": 3, "gates": "hard", "size": 112}


@pytest.mark.parametrize(
    ("name", "arguments", "usual"),
    [
        ("net_b", {"size": 112}, Criterion.PI),
        ("net_a", {"size": 112}, Criterion.PI),
        ("alexnet", {}, Criterion.PI),
        ("stages", _STAGES, Criterion.PI),
        ("lesions", {"size": 128}, Criterion.LESIONS),
    ],
)
def test_a_network_has_the_criteria_that_it_can_be_asked_for(
    name: str, arguments: dict[str, object], usual: Criterion
) -> None:
    network: nn.Module = registry.build(name, arguments)
    found = offered.of_network(name)
    assert found[0] is usual
    assert (Criterion.RELEVANCE in found) is isinstance(network, OperatorNetwork)
    assert (Criterion.LESIONS in found) is isinstance(network, LesionNetwork)
    assert {Criterion.PI, Criterion.OMEGA, Criterion.PI_PHOTOGRAPH} <= set(found)
