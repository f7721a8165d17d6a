"""The outlines of regions as lines: as they come from the engine, and as one for the reader."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.service.messages import RegionFound

Lines = tuple[NDArray[np.float64], ...]
"""Closed lines (n, 2) in picture pixels, the last corner not the first once more."""


def lines_of(regions: Sequence[RegionFound], corners: NDArray[np.float64]) -> tuple[Lines, ...]:
    """The corners of all ``regions`` as lines, region by region."""
    ends = iter(np.cumsum([count for region in regions for count in region.lines]).tolist())
    start, outlines = 0, []
    for region in regions:
        lines = []
        for _ in region.lines:
            end = next(ends)
            lines.append(corners[start:end])
            start = end
        outlines.append(tuple(lines))
    return tuple(outlines)


def joined(lines: Lines) -> NDArray[np.float64]:
    """One closed line (n, 2) round a region: pieces that touch at a corner are walked on through.

    Lines round holes run the other way and are left out: what they enclose belongs to it.
    """
    outer = [line for line in lines if _turns(line) > 0] or list(lines[:1])
    whole, left = outer[0], outer[1:]
    while True:
        for number, piece in enumerate(left):
            at, there = np.nonzero((whole[:, None] == piece[None]).all(axis=2))
            if len(at):
                turned = np.roll(piece, -int(there[0]), axis=0)
                whole = np.concatenate([whole[: at[0]], turned, whole[at[0] :]])
                del left[number]
                break
        else:
            return whole


def _turns(line: NDArray[np.float64]) -> float:
    """Twice the area that a line goes round, positive with the region at its right hand."""
    x, y = line.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
