"""Compression and grain, which networks take for small lesions: told beside the answer.

Neither makes a photograph ungradable for a reader, and both move an answer far: docs/packs.md,
"How steady the answer is". All limits are decided, between photographs as they came and copies of
them that were compressed or given grain.
"""

import numpy as np
from numpy.typing import NDArray

from engine.preparation.field_of_view import FieldOfView
from engine.preparation.fundus import PreparedFundus, working_width

COMPRESSED = (
    "The photograph is strongly compressed: the edges of its blocks look like small lesions, and "
    "hide real ones. Use the camera's own file."
)
GRAINY = (
    "The photograph is grainy, and grain looks like small lesions. Retake it with more flash, or "
    "read the answer with care."
)

BLOCK = 8  # pixels: JPEG's
STEP = 1.0  # grey levels: how much more changes at the edges of blocks than beside them
STEP_SHARE = 1.2  # of what changes beside them
FINE_BLOCKS = 2.0  # photograph pixels a network's pixel, from which blocks do no harm
GRAIN = 0.045  # standard deviation in green of the network's input, whose range is 2
COLOURED_GRAIN = 0.036  # the same in red less green, which eyes hardly have: it misleads sooner

_INNER = 0.31  # of the field's width: half a square that lies inside the assessed circle
_NORMAL = 0.6745  # median of a standard normal's magnitude


def disturbances(pixels: NDArray[np.uint8], prepared: PreparedFundus) -> tuple[str, ...]:
    """What in a photograph, uint8 (y, x, 3), is likely to be taken for lesions, in sentences."""
    size = prepared.values.shape[-1]
    told: tuple[str, ...] = ()
    if prepared.field.width < FINE_BLOCKS * working_width(size):
        step, beside = blocks(pixels, prepared.field)
        if step > STEP and step > STEP_SHARE * beside:
            told += (COMPRESSED,)
    red, green, _ = prepared.values
    if grain(green) > GRAIN or grain(red - green) > COLOURED_GRAIN:
        told += (GRAINY,)
    return told


def blocks(pixels: NDArray[np.uint8], field: FieldOfView) -> tuple[float, float]:
    """How much more green changes at the edges of blocks than beside them, and beside them.

    In grey levels, the means of columns and of rows. Wherever the grid lies: a photograph that
    was cropped or turned has kept its blocks.
    """
    half = _INNER * field.width
    rows, columns = (slice(max(round(at - half), 0), round(at + half)) for at in (field.y, field.x))
    inner = pixels[rows, columns, 1].astype(np.int16)
    found = [_along(inner), _along(inner.T)]
    return sum(step for step, _ in found) / 2, sum(beside for _, beside in found) / 2


def _along(values: NDArray[np.int16]) -> tuple[float, float]:
    """``blocks`` along the last axis."""
    changes = np.abs(np.diff(values, axis=-1)).mean(axis=0)
    if len(changes) < 4 * BLOCK:
        return 0.0, 1.0
    beside = (changes[:-2] + changes[2:]) / 2
    steps = changes[1:-1] - beside
    phases = np.array([steps[phase::BLOCK].mean() for phase in range(BLOCK)])
    edge = int(phases.argmax())
    others = np.delete(phases, edge).mean()
    return float(phases[edge] - others), float(beside.mean())


def grain(values: NDArray[np.float32]) -> float:
    """The standard deviation of grain in a plane (y, x) of a network's input, two pixels wide.

    Of means of 2 x 2 pixels, for cameras smooth what is finer. By the median, so that vessels and
    lesions do not count, of what the four neighbours and the corners do not explain (Immerkær
    1996, "Fast noise variance estimation", has the mask).
    """
    size = values.shape[-1]
    begin, side = round((0.5 - _INNER) * size), round(_INNER * size)
    inner = slice(begin, begin + 2 * side)
    fine = values[inner, inner]
    plane = (fine[::2, ::2] + fine[::2, 1::2] + fine[1::2, ::2] + fine[1::2, 1::2]) / 4
    rows = plane[:-2] - 2 * plane[1:-1] + plane[2:]
    left = rows[:, :-2] - 2 * rows[:, 1:-1] + rows[:, 2:]
    return float(np.median(np.abs(left))) / (6 * _NORMAL)
