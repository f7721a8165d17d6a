"""One real-valued box of a picture on a grid of whole pixels: area mean, or bilinear."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

_MANY = 6_000_000
"""Numbers from which on two threads share the work: a photograph that somebody waits for."""
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
    return resample(pixels, (left, top), (side, side), (size, size))


def resample(
    pixels: NDArray[np.generic],
    corner: tuple[float, float],
    sides: tuple[float, float],
    size: tuple[int, int],
) -> NDArray[np.float32]:
    """Resample a box with its ``corner``, ``sides`` and new ``size``, all (x, y), to (y, x, c).

    As ``resample_box`` does a square.
    """
    rows = _taps(corner[1], sides[1], size[1], pixels.shape[0])
    columns = _taps(corner[0], sides[0], size[0], pixels.shape[1])
    # What lies beside the box is not even converted.
    left = int(columns.first.min())
    right = int(columns.first.max()) + columns.weights.shape[1]
    columns = replace(columns, first=columns.first - left)
    narrow = _reduce_down(pixels[:, left:right], rows)
    return _reduce_across(narrow, columns)


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


def _reduce_down(pixels: NDArray[np.generic], taps: _Taps) -> NDArray[np.float32]:
    """Weigh rows (y, x, c) into (size, x, c)."""
    length, across, channels = pixels.shape
    result = np.empty((len(taps.first), across * channels), np.float32)

    def weigh(some: range) -> None:
        for row in some:
            first, weights = taps.first[row], taps.weights[row]
            last = min(first + len(weights), length)
            block = pixels[first:last].astype(np.float32, copy=False).reshape(last - first, -1)
            np.matmul(weights[: last - first], block, out=result[row])

    half = len(result) // 2
    if pixels.size < _MANY:
        weigh(range(len(result)))
    else:
        with ThreadPoolExecutor(1, "resampling") as beside:
            other = beside.submit(weigh, range(half))
            weigh(range(half, len(result)))
        other.result()
    return result.reshape(-1, across, channels)


def _reduce_across(pixels: NDArray[np.float32], taps: _Taps) -> NDArray[np.float32]:
    """Weigh columns (y, x, c) into (y, size, c), a few neighbours by one product of matrices.

    Half the time of turning the picture, weighing rows and turning it back.
    """
    height, across, channels = pixels.shape
    size, count = taps.weights.shape
    flat = pixels.reshape(height, across * channels)
    result = np.empty((height, size * channels), np.float32)
    each = np.eye(channels, dtype=np.float32)
    for begin in range(0, size, _TOGETHER):
        first = taps.first[begin : begin + _TOGETHER]
        start = int(first[0])
        weights = np.zeros((int(first[-1]) + count - start, len(first)), np.float32)
        for place, own in enumerate(taps.weights[begin : begin + _TOGETHER]):
            weights[first[place] - start :][:count, place] = own
        end = min(start + len(weights), across)
        matrix = np.kron(weights[: end - start], each)
        made = slice(begin * channels, (begin + len(first)) * channels)
        for top in range(0, height, _BAND):
            block = flat[top : top + _BAND, start * channels : end * channels]
            np.matmul(block, matrix, out=result[top : top + _BAND, made])
    return result.reshape(height, size, channels)
