"""Packs whose networks are not trained, a user who has one, and a drawn eye to ask about."""

import shutil
from pathlib import Path

import msgspec
import pytest
import torch
from PIL import Image

from engine.learning.calibration import Calibration, Sigmoid
from engine.learning.stage_calibration import Softmax, StageCalibration
from engine.networks import registry
from engine.networks.lesion_network import Member, folded
from engine.networks.lesion_network import initialise as initialise_member
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.networks.stage_network import StageNetwork
from engine.packs import store
from engine.packs.manifest import (
    FORMAT,
    Data,
    Figures,
    Input,
    Manifest,
    NetworkPart,
    StageFigures,
    StagePart,
)
from engine.packs.pack import Pack, write
from engine.phantoms.eye import draw_eye


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


@pytest.fixture(scope="session")
def drawing_pack(untrained: Pack, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Two members that draw lesions by lot."""
    members = [Member(norm=True).eval() for _ in range(2)]
    for seed, member in enumerate(members):
        initialise_member(member, torch.Generator().manual_seed(seed))
    arguments = {"size": 128, "members": 2}
    manifest = msgspec.structs.replace(
        untrained.manifest,
        name="drawing",
        title="Lesions by lot",
        input=Input("fundus", 128),
        network=NetworkPart("lesions", arguments, "network.safetensors"),
        files={},
    )
    folder = tmp_path_factory.mktemp("packs") / "drawing"
    return write(folder, manifest, folded(members, 128).state_dict(), {"card.md": "# None\n"})


@pytest.fixture(scope="session")
def stage_pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Three stages by a network of weights drawn by lot."""
    arguments = {"backbone": "small_112", "stages": 3, "gates": "hard", "size": 112}
    network = registry.build("stages", arguments)
    assert isinstance(network, StageNetwork)
    generator = torch.Generator().manual_seed(0)
    network.backbone.initialise(generator)
    network.initialise(generator)
    draws = tuple(Softmax(sharp, (0.0, 0.0, last)) for sharp in (1.5, 2.5) for last in (0.3, 0.7))
    manifest = Manifest(
        format=FORMAT,
        name="stages-untrained",
        version="1.0.0",
        title="Stages by lot",
        question="stage",
        recipe="stages",
        input=Input("fundus", 112),
        network=NetworkPart("stages", arguments, "network.safetensors"),
        calibration=Calibration(Sigmoid(4, -2), (Sigmoid(3, -2), Sigmoid(5, -2))),
        operating_point=0.4,
        data=Data("none", "none", 0, 0, 0.5, "0"),
        figures=Figures(0.5, (0.4, 0.6), 0.95, 0.9, 0.1, 0.2),
        licence="CC0-1.0",
        created="",
        program="0",
        stages=StagePart(
            "ICDR", ("none", "early", "late"), (0.0, 1.5, 3.5), 1,
            StageCalibration(Softmax(2.0, (0.0, 0.0, 0.5)), draws),
            StageFigures(0.7, (0.6, 0.8), 0.95, 0.6, 0.5),
        ),
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("packs") / "stages-untrained"
    return write(folder, manifest, network.state_dict(), {"card.md": "# None\n"})


@pytest.fixture
def user(own_home: Path, untrained: Pack) -> Pack:
    """The pack that this test's user has installed."""
    return store.install(untrained.folder)


@pytest.fixture(scope="session")
def drawn_eye(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seed 3, severity 3, 800 pixels wide."""
    path = tmp_path_factory.mktemp("eye") / "eye.png"
    Image.fromarray(draw_eye(3, severity=3, width=800).pixels).save(path)
    return path


@pytest.fixture
def eye(drawn_eye: Path, tmp_path: Path) -> Path:
    """A photograph beside which this test alone may write."""
    return Path(shutil.copy(drawn_eye, tmp_path / "an eye – größer.png"))
