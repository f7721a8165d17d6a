"""What holds for values once they were laid on another grid: their type, and what stands nowhere.

A place at which nothing was acquired has no number (NaN), which no real voxel can be taken for:
−1024 HU is air. Values are therefore floats, which also need no rounding. Colours, of which nothing
is measured, stay bytes, and are black there.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def laid_dtype(stored: str | np.dtype[Any], colour: bool) -> str:
    """The type of values stored as ``stored`` once they are laid: one that rounds none."""
    kind = np.dtype(stored)
    if colour:
        return kind.name
    return "float32" if kind.itemsize <= 2 or kind == np.float32 else "float64"


def nothing(colour: bool) -> float:
    """What stands where nothing was acquired."""
    return 0.0 if colour else float("nan")


def floats_of(values: NDArray[Any], padding: float | None) -> NDArray[Any]:
    """A copy as floats that rounds none; NaN where ``padding`` says that nothing was measured."""
    floats = values.astype(laid_dtype(values.dtype, colour=False))
    if padding is not None:
        floats[values == padding] = np.nan
    return floats


def as_laid(floats: NDArray[Any], colour: bool) -> NDArray[Any]:
    """Interpolated floats as they are kept; every NaN the same, for the hash."""
    if not colour:
        floats[np.isnan(floats)] = np.nan
        return floats
    whole: NDArray[np.uint8] = np.clip(np.rint(np.nan_to_num(floats)), 0, 255).astype(np.uint8)
    return whole


def is_nothing(picture: NDArray[Any]) -> bool:
    """Whether nothing was acquired anywhere in a picture that was laid, (y, x) or (y, x, 3)."""
    return bool((picture == 0).all() if picture.ndim == 3 else np.isnan(picture).all())
