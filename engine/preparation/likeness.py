"""What tells a photograph again that was saved anew: at another size, in another format, cropped.

The middle of the normalised field in 17 x 17 cells: whether each is greener than the one beside it
and the one below it. Of IDRiD's 386 photographs, copies of half or twice the size, cropped, lighter
or saved as JPEG of quality 50 differ in at most 80 of the 512 answers, two photographs in 163 or
more, but for two of one eye (49).
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from engine.geometry import Circle
from engine.preparation import fundus
from engine.preparation.field_of_view import FieldOfView, Method
from engine.preparation.resampling import resample_box

BYTES = 64
ALIKE = 110
"""decided: so many different answers are still one photograph."""

_CELLS = 16
_MIDDLE = 0.7  # of the field's width: the square lies within the field
_SIZE = 112
"""Network pixels that a photograph is normalised for; of others the answers are nearly the same."""

Likenesses = NDArray[np.uint8]
"""(n, 64), a row for each photograph."""


def of_photograph(pixels: NDArray[np.uint8], assessed: Circle) -> Likenesses:
    """The likeness (1, 64) of a photograph, uint8 (y, x, 3), by its assessed area."""
    width = assessed.radius / (0.5 - fundus.EROSION)
    field = FieldOfView(assessed.x, assessed.y, width, Method.CIRCLE)
    return of_normalised([fundus.normalise(pixels, field, _SIZE)[0]])


def of_normalised(pictures: Iterable[NDArray[np.number]]) -> Likenesses:
    """Those of normalised photographs, (3, w, w) each, whatever a value of 1 stands for."""
    found = [_one(values[1]) for values in pictures]
    return np.array(found, np.uint8).reshape(-1, BYTES)


def seen(photograph: Likenesses, among: Likenesses) -> bool:
    """Whether a photograph (1, 64) is one of those (n, 64), or a copy of one."""
    differ = np.bitwise_count(photograph ^ among).sum(axis=1)
    return bool((differ <= ALIKE).any())


def _one(green: NDArray[np.number]) -> Likenesses:
    side = _MIDDLE * len(green)
    corner = (len(green) - side) / 2 - 0.5
    cells = resample_box(green[..., None], corner, corner, side, _CELLS + 1)[..., 0]
    beside, below = np.diff(cells, axis=1)[:_CELLS] > 0, np.diff(cells, axis=0)[:, :_CELLS] > 0
    return np.packbits(np.concatenate([beside.ravel(), below.ravel()]))
