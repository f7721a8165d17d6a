"""One real-valued box of a picture on a grid of whole pixels: area mean, or bilinear."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.banded import Banded, multiply

_BAND, _CHUNK = 64, 40
"""Rows of a result whose columns are weighed at once, and rows of the picture that are converted
at once: as much as the cache holds."""


@dataclass(frozen=True)
class _Taps:
    """For every pixel of the result: where its sources begin, and their weights.

    Where sources end at the picture's border, weights of 0 stand for what would lie beyond.
    """

    first: NDArray[np.intp]
    weights: NDArray[np.float32]

    @property
    def count(self) -> int:
        """Sources of each."""
        return len(self.weights[0])

    @property
    def end(self) -> int:
        """Behind the last source."""
        return int(self.first.max()) + self.count


def resample_box(
    pixels: NDArray[np.generic], left: float, top: float, side: float, size: int
) -> NDArray[np.float32]:
    """Resample the square with corner (left, top) to (size, size, c), float32.

    ``pixels`` is (y, x, c) of any number type; the corner and side are real-valued, with pixel i
    covering [i - 1/2, i + 1/2]. Shrinking takes the exact mean over each result pixel's area,
    enlarging is bilinear; beyond the border the nearest pixel is repeated (METHODS Q1.1, step 2).
    Image libraries round the box to whole pixels or to 1/32, which would bend the way back.
    """
    if side == size and (top + 0.5).is_integer() and (left + 0.5).is_integer():
        return _cut(pixels, round(top + 0.5), round(left + 0.5), size)
    return resample_boxes(pixels, left, top, side, (size,))[0]


def resample_boxes(
    pixels: NDArray[np.generic],
    left: float,
    top: float,
    side: float,
    sizes: tuple[int, ...],
    *,
    threads: int = 1,
) -> list[NDArray[np.float32]]:
    """``resample_box`` to each of some sizes: reading a large picture takes longer than weighing.

    On a processor that has other things to do, more ``threads`` take longer than one: they wait
    for each other's short steps.
    """
    height, width, channels = pixels.shape
    columns = [_taps(left, side, size, width) for size in sizes]
    # What lies beside the box is not even converted.
    start = min(int(each.first.min()) for each in columns)
    end = min(max(each.end for each in columns), width)
    grids = [
        _Grid.of(_taps(top, side, size, height), own, range(start, end), channels)
        for size, own in zip(sizes, columns, strict=True)
    ]
    threads = min(threads, *(grid.bands for grid in grids))
    shares = [[grid.share(number, threads) for grid in grids] for number in range(threads)]
    with ThreadPoolExecutor(threads, "resampling") as others:
        done = [others.submit(_reduce, pixels[:, start:end], share) for share in shares[1:]]
        _reduce(pixels[:, start:end], shares[0])
    for each in done:
        each.result()
    return [grid.made.reshape(len(grid.made), -1, channels) for grid in grids]


def _cut(pixels: NDArray[np.generic], top: int, left: int, size: int) -> NDArray[np.float32]:
    """The box where its pixels are the picture's own: nothing is averaged."""
    rows, columns = (
        np.clip(np.arange(start, start + size), 0, length - 1)
        for start, length in zip((top, left), pixels.shape, strict=False)
    )
    inside: NDArray[np.float32]
    inside = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    if inside.shape[:2] != (size, size):
        inside = inside[rows - rows[0]].take(columns - columns[0], axis=1)
    return inside


def _taps(start: float, side: float, size: int, length: int) -> _Taps:
    step = side / size
    if step >= 1:
        low = start + 0.5 + step * np.arange(size)  # in edges: pixel i covers [i, i + 1]
        first = np.floor(low).astype(np.intp)
        count = int(np.ceil(step)) + 1
        at = first[:, None] + np.arange(count)
        overlap = np.minimum(at + 1, (low + step)[:, None]) - np.maximum(at, low[:, None])
        weights = np.maximum(overlap, 0) / step
    else:
        centre = start + step * (np.arange(size) + 0.5)
        first = np.floor(centre).astype(np.intp)
        part = centre - first
        at = first[:, None] + np.arange(2)
        weights = np.stack([1 - part, part], axis=1)
    # Beyond the border the nearest pixel stands in: its weights gather on it.
    held = np.clip(at, 0, length - 1)
    base = held[:, 0]
    gathered = np.zeros_like(weights)
    np.add.at(gathered, (np.arange(size)[:, None], held - base[:, None]), weights)
    return _Taps(base, gathered.astype(np.float32))


@dataclass(frozen=True, eq=False)
class _Grid:
    """A result, ``made`` (rows, columns x channels), and how it is: ``rows`` are weighed first.

    Each is ``width`` numbers then, that are weighed ``across``.
    """

    rows: _Taps
    across: Banded
    width: int
    made: NDArray[np.float32]

    @classmethod
    def of(cls, rows: _Taps, columns: _Taps, beside: range, channels: int) -> "_Grid":
        """A grid of lines that begin and end as ``beside`` tells, their channels side by side."""
        at = np.minimum(columns.first[:, None] + np.arange(columns.count), beside.stop - 1)
        sources = channels * (at - beside.start)[:, None] + np.arange(channels)[:, None]
        weights = columns.weights[:, None].repeat(channels, axis=1)
        across = Banded.of(sources.reshape(-1, columns.count), weights.reshape(-1, columns.count))
        return cls(
            rows,
            across,
            channels * len(beside),
            np.empty((len(rows.first), across.made), np.float32),
        )

    @property
    def bands(self) -> int:
        """How often rows are weighed across."""
        return -(-len(self.made) // _BAND)

    def share(self, number: int, threads: int) -> "_Rows":
        """What one of some threads makes.

        Whole bands: the last digits of a product depend on how many rows it has.
        """
        begin, end = (_BAND * (each * self.bands // threads) for each in (number, number + 1))
        return _Rows(self, begin, min(end, len(self.made)))


def _reduce(pixels: NDArray[np.generic], shares: "list[_Rows]") -> None:
    """Make some rows of grids from ``pixels`` (y, x, c).

    What is made on the way stays in the cache and in memory that was touched before: taking fresh
    pages from the system costs more than the arithmetic.
    """
    reach = max(share.taps.count for share in shares)
    first, last = min(share.first for share in shares), max(share.last for share in shares)
    for top in range(first, last + 1, _CHUNK):
        here = pixels[top : top + _CHUNK + reach - 1]
        lines = here.astype(np.float32).reshape(len(here), -1)
        for share in shares:
            share.weigh(lines, top)


class _Rows:
    """Rows of a grid on the way: weighed one by one, their columns many rows at a time."""

    def __init__(self, grid: _Grid, begin: int, end: int) -> None:
        self.taps = grid.rows
        self.first, self.last = (int(self.taps.first[row]) for row in (begin, end - 1))
        self._grid = grid
        self._next, self._end = begin, end
        self._narrow = np.empty((_BAND, grid.width), np.float32)

    def weigh(self, lines: NDArray[np.float32], top: int) -> None:
        """Make the rows whose sources begin in the ``_CHUNK`` of ``lines`` from ``top`` on."""
        end = min(int(np.searchsorted(self.taps.first, top + _CHUNK)), self._end)
        for row in range(self._next, end):
            own = lines[self.taps.first[row] - top :][: self.taps.count]  # fewer at the border
            held = row % _BAND
            multiply(self.taps.weights[row, : len(own)], own, self._narrow[held])
            if held == _BAND - 1 or row == self._end - 1:
                made = self._grid.made[row - held : row + 1]
                self._grid.across.along(self._narrow[: held + 1], out=made)
        self._next = max(self._next, end)
