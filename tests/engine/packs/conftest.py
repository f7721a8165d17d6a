"""A small whole pack, and the user's folders kept apart."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.learning.calibration import Calibration, Sigmoid
from engine.packs.manifest import FORMAT, Data, Figures, Input, Manifest, NetworkPart
from engine.packs.pack import Pack, write


@pytest.fixture(autouse=True)
def user_folders(own_home: Path) -> None:
    """Each test's own."""


def _manifest(**changes: object) -> Manifest:
    values: dict[str, object] = {
        "format": FORMAT,
        "name": "little",
        "version": "1.0.0",
        "title": "A little pack",
        "question": "retinopathy",
        "recipe": "retinopathy",
        "input": Input("fundus", 112),
        "network": NetworkPart("net_b", {"size": 112}, "network.safetensors"),
        "calibration": Calibration(Sigmoid(4, -2), (Sigmoid(3, -2), Sigmoid(5, -2))),
        "operating_point": 0.4,
        "data": Data("drawn", "none", 2, 2, 0.5, "0"),
        "figures": Figures(0.5, (0.4, 0.6), 0.95, 0.9, 0.1, 0.2),
        "licence": "CC0-1.0",
        "created": "",
        "program": "0",
    }
    return Manifest(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def manifest() -> Callable[..., Manifest]:
    """Makes a manifest, with some values changed."""
    return _manifest


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    from engine.networks import registry

    network = registry.build("net_b", {"size": 112})
    texts = {"card.md": "# Little\n", "plan.toml": ""}
    return write(tmp_path / "little", _manifest(), network.state_dict(), texts)
