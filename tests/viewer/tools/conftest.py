from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from drawing_desk import DrawingDesk

from engine.phantoms.volume import PhantomVolume, draw_volume
from engine.pictures import Grid


@pytest.fixture(scope="session")
def phantom() -> PhantomVolume:
    """Rods and balls on an oblique grid with three different spacings."""
    return draw_volume(5)


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path, phantom: PhantomVolume) -> Iterator[DrawingDesk]:
    """A view on the phantom."""
    facts = replace(phantom.volume.facts, content_hash="5" * 64)
    made = DrawingDesk(qtbot, tmp_path / "records", phantom.volume.values, facts)
    yield made
    made.close()


@pytest.fixture
def desk_on(
    qtbot: Any, tmp_path: Path, phantom: PhantomVolume
) -> Iterator[Callable[[Grid], DrawingDesk]]:
    """Views on the phantom's values as if they lay on another grid."""
    made: list[DrawingDesk] = []

    def on(grid: Grid, **facts: Any) -> DrawingDesk:
        told = replace(phantom.volume.facts, grid=grid, content_hash="6" * 64, **facts)
        made.append(DrawingDesk(qtbot, tmp_path / f"{len(made)}", phantom.volume.values, told))
        return made[-1]

    yield on
    for each in made:
        each.close()
