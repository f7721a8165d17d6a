"""In which order pixels are removed: by evidence, or at random."""

import numpy as np
from numpy.typing import NDArray

Order = NDArray[np.float32]
"""(y, x): the share of the assessed pixels, above 0 up to 1, from which on this one is removed;
2 outside the assessed field."""

OUTSIDE = np.float32(2)


def by_evidence(
    values: NDArray[np.float32], mask: NDArray[np.bool_], generator: np.random.Generator
) -> Order:
    """Strongest first; both (y, x). Pixels with equal evidence go in a random order.

    decided: row by row would be an order that favours the upper half wherever a map is empty.
    """
    inside = values[mask]
    shuffled = generator.permutation(inside.size)
    # Stable, so that the shuffle decides between equals.
    strongest_first = shuffled[np.argsort(-inside[shuffled], kind="stable")]
    return _laid(strongest_first, mask)


def at_random(mask: NDArray[np.bool_], generator: np.random.Generator) -> Order:
    """Any order of the assessed pixels is as likely as any other."""
    return _laid(generator.permutation(int(mask.sum())), mask)


def _laid(first_to_last: NDArray[np.intp], mask: NDArray[np.bool_]) -> Order:
    count = first_to_last.size
    shares = np.empty(count, np.float32)
    shares[first_to_last] = np.arange(1, count + 1) / count
    order: Order = np.full(mask.shape, OUTSIDE, np.float32)
    order[mask] = shares
    return order
