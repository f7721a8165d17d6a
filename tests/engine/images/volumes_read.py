"""What the only volume of a file is read as, or the words in which it is refused."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import Refusal
from engine.images.catalogue import list_pictures
from engine.images.load import load
from engine.images.plan import Planned
from engine.pictures import RepairKind, Volume
from engine.task import Task

LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
"""From the axes of NIfTI to the patient's."""


def only(path: Path) -> Planned:
    """The only volume that a file holds; a refusal of the listing is raised as one."""
    catalogue = list_pictures([path], path.parent, Task())
    if not catalogue.planned:
        raise Refusal("", catalogue.listing.refused[0].reason, "")
    (planned,) = catalogue.planned.values()
    return planned


def read(path: Path) -> Volume:
    return load(only(path), Task())


def opened(content: bytes, folder: Path, name: str = "scan.nii") -> Volume:
    (folder / name).write_bytes(content)
    return read(folder / name)


def refused(path: Path) -> str:
    with pytest.raises(Refusal) as caught:
        read(path)
    return caught.value.reason


def refused_content(content: bytes, folder: Path, name: str = "scan.nii") -> str:
    (folder / name).write_bytes(content)
    return refused(folder / name)


def repairs(volume: Volume) -> dict[RepairKind, str]:
    return {repair.kind: repair.detail for repair in volume.facts.repairs}
