"""What a forest looks at: the checkpoints' scores of an eye, of two eyes, or of an examination.

All in METHODS Q8. Checkpoints are always in the pack's order.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

RANKS = 4
"""Photographs of an examination that count: the two lowest scores and the two highest."""


class Asks(StrEnum):
    """What a forest is asked about."""

    EYE = "eye"
    PAIR = "pair"
    EXAMINATION = "examination"


def count(asks: Asks, checkpoints: int, fields: int = 0) -> int:
    """How many features a row has; ``fields`` of context give a value and an indicator each."""
    each = {Asks.EYE: 1, Asks.PAIR: 2, Asks.EXAMINATION: RANKS}[asks]
    return each * checkpoints + 2 * fields


def pair(
    this: NDArray[np.float64], other: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """The scores of this eye, (checkpoints,), then of the other: (2 x checkpoints,).

    decided: where the other was not photographed, this eye's own stand in its place.
    """
    return np.concatenate([this, this if other is None else other])


def examination(
    scores: NDArray[np.float64], context: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Scores of all photographs, (photographs, checkpoints), ranked; then the context.

    For each checkpoint the two lowest and the two highest; of three the middle twice, of two each
    twice, of one four times (decided). (4 x checkpoints + context,).
    """
    ranked = np.sort(scores, axis=0)
    last = len(ranked) - 1
    chosen = [0, 0, 1, 1] if last == 1 else [0, min(1, last), max(last - 1, 0), last]
    rows = ranked[chosen].T.ravel()
    return rows if context is None else np.concatenate([rows, context])


def weights(importances: NDArray[np.float64], asks: Asks, checkpoints: int) -> NDArray[np.float64]:
    """Each checkpoint's weight in the blended heatmap, (checkpoints,), together 1.

    The importances of its features, both eyes' or all ranks', added up; those of the context
    are left out. Where the forest uses none of them, all weigh the same (decided).
    """
    own = importances[: count(asks, checkpoints)]
    if asks is Asks.EXAMINATION:
        each = own.reshape(checkpoints, RANKS).sum(axis=1)
    else:
        each = own.reshape(-1, checkpoints).sum(axis=0)
    total = each.sum()
    return each / total if total > 0 else np.full(checkpoints, 1 / checkpoints)
