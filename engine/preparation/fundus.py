"""A fundus photograph becomes a network's input, with the exact way back (METHODS Q1).

Decided: one rule for every network. A network of ``size`` pixels works at w = size · 512/448 with
every length in proportion, so that 448, 224 and 112 see the same field and the same picture.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.banded import Banded
from engine.geometry import Affine, Circle, scaling
from engine.preparation.field_of_view import FieldOfView, find_field_of_view
from engine.preparation.resampling import resample_boxes

__all__ = [
    "FieldOfView",
    "PreparedFundus",
    "find_field_of_view",
    "normalise",
    "prepare",
    "prepare_resized",
]

EROSION = 0.05  # of the width, from each side (Q1.1, step 5)
BACKGROUND = 8.5 / 512  # standard deviation of the background filter, of the width
CLIP = (-128.0, 127.0)
LEVELS = 128
"""A normalised value of 1 is 128 grey levels (METHODS Q1.1, step 4), so a byte holds it exactly
to half a level."""
FIT = 1 / (1 - 2 * EROSION)  # network frame over eroded field: 448/460.8 = FIT · 448/512


@dataclass(frozen=True, eq=False)
class PreparedFundus:
    """What a network is given, and where it lies in the photograph.

    ``values`` is float32 (3, size, size), in [-1, 1), zero on flat tissue and outside ``mask``,
    bool (size, size). ``way_back`` maps network (x, y) to photograph (x, y). ``assessed`` is the
    eroded field in photograph pixels.
    """

    values: NDArray[np.float32]
    mask: NDArray[np.bool_]
    way_back: Affine
    field: FieldOfView
    assessed: Circle


def prepare(pixels: NDArray[np.uint8], size: int = 448) -> PreparedFundus:
    """Prepare a photograph, uint8 (y, x, 3), for a network of ``size`` pixels (METHODS Q1.1).

    Raises:
        Refusal: if no field of view is found.
    """
    field = find_field_of_view(pixels)
    return prepare_resized(*resize(pixels, field, size), field, size)


def prepare_resized(
    resized: NDArray[np.float32], mask: NDArray[np.bool_], field: FieldOfView, size: int
) -> PreparedFundus:
    """Prepare what ``resize`` gave of a photograph, as ``prepare`` does."""
    return PreparedFundus(
        values=to_frame(flatten(resized, mask), size),
        # Where any pixel that is blended in lies in the field: outside, values are exactly 0.
        mask=to_frame(mask[None].astype(np.float32), size)[0] > 0,
        way_back=way_back(field, size),
        field=field,
        assessed=Circle(field.x, field.y, (0.5 - EROSION) * field.width),
    )


def working_width(size: int) -> int:
    """Width in pixels to which the field is brought for a network of ``size``: 512 for 448."""
    return round(size * 8 / 7)


def fit_scale(size: int) -> float:
    """The factor s0 from working to network grid: the eroded field fills the frame (Q1.1, 6)."""
    return FIT * size / working_width(size)


def way_back(field: FieldOfView, size: int) -> Affine:
    """The affine from network pixel to photograph pixel (METHODS Q1.3)."""
    scale = (1 - 2 * EROSION) * field.width / size  # 1/(s0 s)
    middle = (size - 1) / 2
    return scaling(scale, field.x - scale * middle, field.y - scale * middle)


def working_way_back(field: FieldOfView, size: int) -> Affine:
    """The affine from a pixel of the working grid to photograph pixel (METHODS Q1.3)."""
    width = working_width(size)
    scale = field.width / width  # 1/s
    middle = (width - 1) / 2
    return scaling(scale, field.x - scale * middle, field.y - scale * middle)


def normalise(
    pixels: NDArray[np.uint8], field: FieldOfView, size: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Steps 2–5 of METHODS Q1.1: the field at working width, its background taken off.

    Returns:
        Values, float32 (3, w, w) in [-1, 1), 0 outside the mask; the mask, bool (w, w).
    """
    resized, mask = resize(pixels, field, size)
    return flatten(resized, mask), mask


def flatten(resized: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Steps 3 and 4 of METHODS Q1.1: the field (w, w, 3), 0 to 255, without its background.

    Returns:
        Values, float32 (3, w, w) in [-1, 1), 0 outside ``mask``, bool (w, w).
    """
    values = _planes(resized)
    values -= _background(resized)
    # No grey offset: the input is centred on zero, else pi lights up on flat tissue (Q1.1, 4).
    values *= np.float32(4 / LEVELS)
    np.clip(values, CLIP[0] / LEVELS, CLIP[1] / LEVELS, out=values)
    values *= mask
    return values


def _planes(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """(y, x, 3) as (3, y, x)."""
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def _background(resized: NDArray[np.float32]) -> NDArray[np.float32]:
    """The background (3, w, w) of a field (w, w, 3)."""
    width = len(resized)
    background = _background_filter(width)
    down = background.down(resized.reshape(width, -1)).reshape(resized.shape)
    return background.along(_planes(down))


@lru_cache(maxsize=4)
def _background_filter(width: int) -> Banded:
    """``background_kernel``; beyond the border the nearest pixel stands in."""
    kernel = background_kernel(width)
    reach = len(kernel) // 2
    sources = np.arange(width)[:, None] + np.arange(-reach, reach + 1)
    return Banded.of(np.clip(sources, 0, width - 1), np.broadcast_to(kernel, sources.shape))


def resize(
    pixels: NDArray[np.uint8], field: FieldOfView, size: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Step 2 of METHODS Q1.1, and step 5's mask: the field at working width w.

    Returns:
        Values, float32 (w, w, 3), 0 to 255; the eroded field, bool (w, w).
    """
    resized, mask, _ = resize_beside(pixels, field, size)
    return resized, mask


def resize_beside(
    pixels: NDArray[np.uint8], field: FieldOfView, size: int, *others: int, threads: int = 1
) -> tuple[NDArray[np.float32], NDArray[np.bool_], list[NDArray[np.float32]]]:
    """``resize``, and the field at ``others``' widths, for little more than ``resize`` takes."""
    width = working_width(size)
    left, top = field.x - field.width / 2, field.y - field.width / 2
    resized, *beside = resample_boxes(
        pixels, left, top, field.width, (width, *others), threads=threads
    )
    return resized, _field_mask(field, width, pixels.shape[:2]), beside


def _field_mask(field: FieldOfView, width: int, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The eroded field where the photograph has it. Straight cuts are not eroded (Q1.1, 5)."""
    offset = np.arange(width) - (width - 1) / 2
    square = offset**2  # exact, and ten times quicker than the distance
    inside: NDArray[np.bool_] = square[:, None] + square <= ((0.5 - EROSION) * width) ** 2
    scale = field.width / width
    rows, columns = field.y + scale * offset, field.x + scale * offset
    inside &= ((rows >= -0.5) & (rows <= shape[0] - 0.5))[:, None]
    inside &= (columns >= -0.5) & (columns <= shape[1] - 0.5)
    return inside


def background_kernel(width: int) -> NDArray[np.float32]:
    """The background filter along one axis, of the working ``width``.

    Weights cut at 4 standard deviations: 69 taps at working width 512 (Q1.1, 3).
    """
    deviation = BACKGROUND * width
    reach = int(np.ceil(4 * deviation))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    kernel: NDArray[np.float32] = (weights / weights.sum()).astype(np.float32)
    return kernel


def frame_positions(width: int, size: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Where each of ``size`` network pixels lies along the working grid: from which, and how far.

    The share of the pixel behind it, from 0 to 1, is the second (Q1.1, step 6).
    """
    at = (np.arange(size) - (size - 1) / 2) / fit_scale(size) + (width - 1) / 2
    low = np.floor(at).astype(np.intp)
    return low, (at - low).astype(np.float32)


def to_frame(values: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Bilinear warp (c, w, w) to (c, size, size) by s0, no augmentation (Q1.1, step 6)."""
    frame = _frame(values.shape[-1], size)
    return frame.along(frame.down(values))


@lru_cache(maxsize=4)
def _frame(width: int, size: int) -> Banded:
    low, part = frame_positions(width, size)
    return Banded.of(np.stack([low, low + 1], 1), np.stack([np.float32(1) - part, part], 1))
