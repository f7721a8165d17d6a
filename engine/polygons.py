"""What a closed line goes round, by the even-odd rule: also where it crosses itself."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

EDGE = 1e-9
"""In pixels: a centre that lies on the edge is inside, whatever the last bit says."""


def area(points: Points) -> float:
    """The area within a closed line through ``points``, (n, 2); where two loops lie on each other
    is outside, as everywhere in the program.
    """
    ends = np.roll(points, -1, axis=0)
    crossings = _crossings(points, ends)
    if not len(crossings):
        return abs(float(np.sum(points[:, 0] * ends[:, 1] - ends[:, 0] * points[:, 1]))) / 2
    # Between two heights at which the line turns or crosses itself, all of it is straight.
    heights = np.unique(np.concatenate([points[:, 1], crossings]))
    found = 0.0
    for low, high in pairwise(heights.tolist()):
        at = _crossed(points, ends, (low + high) / 2)
        found += float((at[1::2] - at[::2]).sum()) * (high - low)
    return found


def values_within(points: Points, values: NDArray[Any]) -> NDArray[Any]:
    """The values, (n,) or (n, 3), of the pixels whose centre lies within; on the line is within.

    ``points`` are x and y in pixels of ``values``, (row, column) or (row, column, 3).
    """
    ends = np.roll(points, -1, axis=0)
    heights = points[:, 1]
    first = max(int(np.ceil(heights.min() - EDGE)), 0)
    last = min(int(np.floor(heights.max() + EDGE)), values.shape[0] - 1)
    chosen: list[NDArray[Any]] = []
    for row in range(first, last + 1):
        at = _crossed(points, ends, row)
        for left, right in zip(at[::2], at[1::2], strict=True):
            low, high = max(int(np.ceil(left - EDGE)), 0), int(np.floor(right + EDGE)) + 1
            chosen.append(values[row, low : max(high, low)])
    if not chosen:
        return values[:0, :0].reshape(-1, *values.shape[2:])
    return np.concatenate(chosen)


def _crossed(points: Points, ends: Points, height: float) -> NDArray[np.float64]:
    """Where the line crosses this height, from left to right: in pairs, between which is within."""
    crosses = (points[:, 1] <= height) != (ends[:, 1] <= height)
    one, other = points[crosses], ends[crosses]
    part = (height - one[:, 1]) / (other[:, 1] - one[:, 1])
    return np.sort(one[:, 0] + part * (other[:, 0] - one[:, 0]))


def _crossings(starts: Points, ends: Points) -> NDArray[np.float64]:
    """The heights at which two sides meet that do not follow each other."""
    first, second = _beside(np.minimum(starts, ends)[:, 1], np.maximum(starts, ends)[:, 1])
    between = np.abs(first - second)
    apart = (between > 1) & (between < len(starts) - 1)
    first, second = first[apart], second[apart]
    steps, others = (ends - starts)[first], (ends - starts)[second]
    way = starts[second] - starts[first]
    turns = _cross(steps, others)
    with np.errstate(divide="ignore", invalid="ignore"):
        along, along_other = _cross(way, others) / turns, _cross(way, steps) / turns
    meet = (along >= 0) & (along <= 1) & (along_other >= 0) & (along_other <= 1)
    heights: NDArray[np.float64] = starts[first[meet], 1] + along[meet] * steps[meet, 1]
    return heights


def _beside(
    low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """All pairs of sides of which some parts are equally high: of a drawn line few."""
    order = np.argsort(low)
    last = np.searchsorted(low[order], high[order], "right")
    counts = last - np.arange(len(low)) - 1
    first = np.repeat(np.arange(len(low)), counts)
    second = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts) + first + 1
    return order[first], order[second]


def _cross(one: Points, other: Points) -> NDArray[np.float64]:
    turned: NDArray[np.float64] = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return turned
