"""Clients under test, and what they open."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from told import FAKE, Told

from viewer.client.engine import EngineClient


@pytest.fixture
def control(tmp_path: Path) -> Path:
    folder = tmp_path / "control"
    folder.mkdir()
    return folder


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(1).integers(0, 256, (6, 9, 3), dtype=np.uint8)
    path = tmp_path / "Doe" / "Doe Jané.png"
    path.parent.mkdir()
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def make(qtbot: Any) -> Iterator[Callable[..., Told]]:
    clients: list[EngineClient] = []

    def begin(*command: str) -> Told:
        clients.append(EngineClient(command=command))
        return Told(clients[-1], qtbot)

    yield begin
    for client in clients:
        client.close()


@pytest.fixture
def told(make: Callable[..., Told], control: Path) -> Told:
    return make(sys.executable, "-P", str(FAKE), str(control))
