"""One real-valued box of a picture on a grid of whole pixels: area mean, or bilinear."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

_TOGETHER, _BAND = 8, 128
"""Columns and rows of the result that one product makes: more columns would multiply too many
zeros, and for more rows BLAS takes threads of its own, which stand in the way of the others."""


@dataclass(frozen=True)
class _Taps:
    """For every pixel of the result: where its sources begin, and their weights."""

    first: NDArray[np.intp]
    weights: NDArray[np.float32]


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
    rows = _taps(top, side, size, pixels.shape[0])
    columns = _taps(left, side, size, pixels.shape[1])
    # What lies beside the box is not even converted.
    beside = int(columns.first.min())
    end = int(columns.first.max()) + columns.weights.shape[1]
    columns = replace(columns, first=columns.first - beside)
    return _reduce(pixels[:, beside:end], rows, columns)


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


def _reduce(pixels: NDArray[np.generic], rows: _Taps, columns: _Taps) -> NDArray[np.float32]:
    """Weigh rows and columns of (y, x, c) into (rows, columns, c).

    What is made on the way stays in the cache and in memory that was touched before: taking fresh
    pages from the system costs more than the arithmetic.
    """
    across, channels = pixels.shape[1:]
    matrices = list(_matrices(columns, across, channels))
    result = np.empty((len(rows.first), len(columns.first) * channels), np.float32)

    sources = np.empty((rows.weights.shape[1], across, channels), np.float32)
    flat = sources.reshape(len(sources), -1)
    narrow = np.empty((_BAND, across * channels), np.float32)
    for top in range(0, len(result), _BAND):
        band = range(top, min(top + _BAND, len(result)))
        for place, row in enumerate(band):
            first = rows.first[row]
            here = pixels[first : first + len(sources)]  # fewer at the lower border
            np.copyto(sources[: len(here)], here, casting="unsafe")
            np.matmul(rows.weights[row, : len(here)], flat[: len(here)], out=narrow[place])
        for source, made, matrix in matrices:
            np.matmul(narrow[: len(band), source], matrix, out=result[top : band.stop, made])
    return result.reshape(len(rows.first), len(columns.first), channels)


def _matrices(
    columns: _Taps, across: int, channels: int
) -> Iterator[tuple[slice, slice, NDArray[np.float32]]]:
    """The weights of a few neighbouring columns as a matrix: from where, to where, by what.

    Half the time of turning the picture, weighing rows and turning it back.
    """
    size, count = columns.weights.shape
    for begin in range(0, size, _TOGETHER):
        first = columns.first[begin : begin + _TOGETHER]
        start = int(first[0])
        end = min(int(first[-1]) + count, across)
        matrix = np.zeros((end - start, channels, len(first), channels), np.float32)
        for place, own in enumerate(columns.weights[begin : begin + _TOGETHER]):
            low = first[place] - start
            own = own[: end - start - low]
            for channel in range(channels):
                matrix[low : low + len(own), channel, place, channel] = own
        source = slice(start * channels, end * channels)
        made = slice(begin * channels, (begin + len(first)) * channels)
        yield source, made, matrix.reshape((end - start) * channels, -1)
