"""How alike two maps are inside a field: by rank and by value."""

import numpy as np
from numpy.typing import NDArray

from engine.truth_check import Agreement


def agreement(
    one: NDArray[np.float32], other: NDArray[np.float32], mask: NDArray[np.bool_]
) -> Agreement:
    """Spearman's and Pearson's correlation where ``mask`` is; all three are (y, x)."""
    a, b = one[mask].astype(np.float64), other[mask].astype(np.float64)
    return Agreement(_correlation(_ranks(a), _ranks(b)), _correlation(a, b))


def least(found: list[Agreement]) -> Agreement:
    """The lowest of each."""
    return Agreement(min(each.rank for each in found), min(each.value for each in found))


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    if a.size == 0:
        return 0.0
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    # Beyond what float64 holds there is nothing to compare either.
    return float(np.clip(a @ b / scale, -1, 1)) if scale and np.isfinite(scale) else 0.0


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 0; equal values share the mean of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = (np.cumsum(counts) - (counts + 1) / 2)[places]
    return ranks
