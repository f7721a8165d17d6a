"""The colours of a mask's labels, told apart by every sight.

Source: Okabe and Ito, Color Universal Design (2008), without black; in the order in which the first
of them, laid over greys, lie furthest from each other and from the greys for whichever sight.
"""

import numpy as np
from numpy.typing import NDArray

LABEL_COLOURS = ("#D55E00", "#0072B2", "#56B4E9", "#F0E442", "#E69F00", "#009E73", "#CC79A7")

_ALPHA = 0.62
"""At the usual opacity of 72 % an ink of 45 %, with which they were weighed (LOOK 5)."""


def colour_of(place: int) -> str:
    """That of the label at a place among a mask's labels; they begin again after the last."""
    return LABEL_COLOURS[place % len(LABEL_COLOURS)]


def label_table() -> NDArray[np.float64]:
    """(256, 4): row 0 is nothing, row n the n-th colour: red, green, blue and straight alpha."""
    table = np.zeros((256, 4))
    for row, colour in enumerate(LABEL_COLOURS, start=1):
        table[row] = [*(int(colour[at : at + 2], 16) for at in (1, 3, 5)), 255 * _ALPHA]
    return table
