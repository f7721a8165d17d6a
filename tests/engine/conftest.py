"""A pack whose network is not trained."""

import pytest
import torch

from engine.learning.calibration import Calibration, Sigmoid
from engine.networks import registry
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.packs.manifest import FORMAT, Data, Figures, Input, Manifest, NetworkPart
from engine.packs.pack import Pack, write


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    network = registry.build("net_b", {"size": 112})
    assert isinstance(network, OperatorNetwork)
    initialise(network, torch.Generator().manual_seed(0))
    manifest = Manifest(
        format=FORMAT,
        name="untrained",
        version="1.0.0",
        title="An untrained network",
        question="retinopathy",
        recipe="retinopathy",
        input=Input("fundus", 112),
        network=NetworkPart("net_b", {"size": 112}, "network.safetensors"),
        calibration=Calibration(Sigmoid(4, -2), (Sigmoid(3, -2), Sigmoid(5, -2))),
        operating_point=0.4,
        data=Data("none", "none", 0, 0, 0.5, "0"),
        figures=Figures(0.5, (0.4, 0.6), 0.95, 0.9, 0.1, 0.2),
        licence="CC0-1.0",
        created="",
        program="0",
    )
    return write(
        tmp_path_factory.mktemp("packs") / "untrained",
        manifest,
        network.state_dict(),
        {"card.md": "# None\n"},
    )
