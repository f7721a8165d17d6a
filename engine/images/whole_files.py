"""What the formats that keep a volume in one file have in common."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pictures import Repair, RepairKind


def shape_of(frames: int, size: tuple[int, ...], colour: bool) -> tuple[int, ...]:
    """(frame, z, y, x) or (frame, z, y, x, 3) from a size (x, y, z)."""
    x, y, z = size
    return (frames, z, y, x, 3) if colour else (frames, z, y, x)


def over_black(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay straight-alpha pixels (…, 4) over black: (…, 3)."""
    share = pixels[..., 3:].astype(np.uint16)
    laid: NDArray[Any] = (pixels[..., :3] * share + 127) // 255
    return laid.astype(np.uint8)


def magnitude_repair() -> Repair:
    """What is said where complex numbers are shown by their magnitude."""
    detail = "The file holds complex numbers; their magnitude is shown, the phase is not."
    return Repair(RepairKind.VALUES, detail)
