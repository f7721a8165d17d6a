"""A matrix that is zero but near its diagonal, as a few small dense ones.

A wide filter and a change of grid are such matrices, and BLAS multiplies by them in less time than
it takes to weigh shifted copies.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_TOGETHER = 24
"""Results of one product: more would multiply too many zeros."""
_WHOLE = 16
"""Columns that a processor weighs at once."""
_ALONE = 450_000
"""Multiplications of a product that OpenBLAS computes on one thread: it shares one of a vector
from 460,800 on, of matrices from 524,288."""


def multiply(
    weights: NDArray[np.float32], values: NDArray[np.float32], out: NDArray[np.float32]
) -> None:
    """Write ``weights`` (made, n) or (n,) times ``values`` (..., n, x) to ``out``.

    In parts so small that BLAS computes each on one thread: where several share a product, its last
    digits depend on how many there are.
    """
    if weights.size * values.shape[-1] <= _ALONE:
        np.matmul(weights, values, out=out)
        return
    part = max(_ALONE // weights.size, 1)
    part = part - part % _WHOLE or part
    for begin in range(0, values.shape[-1], part):
        some = slice(begin, begin + part)
        np.matmul(weights, values[..., some], out=out[..., some])


@dataclass(frozen=True, eq=False)
class Banded:
    """Weighs numbers along an axis into ``made`` ones.

    ``pieces``: which results, of which of the numbers, by what weights (results, numbers).
    """

    made: int
    pieces: tuple[tuple[slice, slice, NDArray[np.float32]], ...]

    @classmethod
    def of(cls, sources: NDArray[np.intp], weights: NDArray[np.float32]) -> "Banded":
        """Of each result the numbers that it is made of, (results, n), and their weights.

        A number may be named more than once.
        """
        made = len(sources)
        pieces = []
        for begin in range(0, made, _TOGETHER):
            some = slice(begin, min(begin + _TOGETHER, made))
            first, last = int(sources[some].min()), int(sources[some].max())
            dense = np.zeros((some.stop - begin, last + 1 - first), np.float32)
            rows = np.arange(len(dense))[:, None]
            np.add.at(dense, (rows, sources[some] - first), weights[some])
            pieces.append((some, slice(first, last + 1), dense))
        return cls(made, tuple(pieces))

    def down(
        self, values: NDArray[np.float32], out: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Weigh (..., y, x) along y, into ``out`` if there is one."""
        shape = (*values.shape[:-2], self.made, values.shape[-1])
        result = np.empty(shape, np.float32) if out is None else out
        for some, source, weights in self.pieces:
            multiply(weights, values[..., source, :], result[..., some, :])
        return result

    def along(
        self, values: NDArray[np.float32], out: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Weigh (..., y, x) along x, into ``out`` if there is one."""
        result = np.empty((*values.shape[:-1], self.made), np.float32) if out is None else out
        self.down(values.swapaxes(-1, -2), result.swapaxes(-1, -2))
        return result
