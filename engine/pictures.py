"""Pictures as the house passes them: frozen, numpy only."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Laterality(StrEnum):
    """Which eye, as ophthalmologists write it."""

    RIGHT = "OD"
    LEFT = "OS"


@dataclass(frozen=True, eq=False)
class Photograph:
    """A colour photograph, upright.

    ``pixels`` is uint8 (y, x, 3), red-green-blue, with the file's orientation applied.
    ``name`` is the file's own name, never a path. ``content_hash`` is the SHA-256 of the file's
    bytes. ``warnings`` are sentences about what reading had to change.
    """

    pixels: NDArray[np.uint8]
    name: str
    content_hash: str
    laterality: Laterality | None = None
    warnings: tuple[str, ...] = ()
