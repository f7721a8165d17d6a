"""A matrix that is zero but near its diagonal weighs as the whole one does."""

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.banded import Banded, multiply

RANDOM = np.random.default_rng(3)
SOURCES = np.clip(np.arange(300)[:, None] + np.arange(-30, 31), 0, 299)
WEIGHTS = RANDOM.random(SOURCES.shape, dtype=np.float32)
BANDED = Banded.of(SOURCES, WEIGHTS)


def dense() -> NDArray[np.float64]:
    whole = np.zeros((300, 300))
    for row, (sources, weights) in enumerate(zip(SOURCES, WEIGHTS, strict=True)):
        for source, weight in zip(sources, weights, strict=True):
            whole[row, source] += weight
    return whole


@pytest.mark.parametrize("shape", [(1,), (1000,), (3, 40)])
def test_it_weighs_as_the_whole_matrix_along_either_axis(shape: tuple[int, ...]) -> None:
    values = RANDOM.random((*shape[:-1], 300, shape[-1]), dtype=np.float32)
    np.testing.assert_allclose(BANDED.down(values), dense() @ values, rtol=1e-5)
    turned = np.ascontiguousarray(values.swapaxes(-1, -2))
    out = np.zeros((*turned.shape[:-1], 302), np.float32)
    BANDED.along(turned, out=out[..., 1:-1])
    np.testing.assert_allclose(out[..., 1:-1], turned @ dense().T, rtol=1e-5)
    assert not out[..., [0, -1]].any()


def test_how_many_threads_blas_has_changes_no_bit() -> None:
    values = RANDOM.random((300, 3000), dtype=np.float32)
    wide = RANDOM.random((60, 30_001), dtype=np.float32)
    found = []
    for threads in (1, 2, 3, 5):
        with threadpool_limits(threads):
            row = np.empty(30_001, np.float32)
            multiply(WEIGHTS[0, :60], wide, row)
            found.append((BANDED.down(values), BANDED.along(values.T), row))
    for other in found[1:]:
        for one, again in zip(found[0], other, strict=True):
            assert np.array_equal(one, again)
