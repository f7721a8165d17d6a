"""Arrays are written as numpy writes them, and what the system says of a failure is known."""

import errno
import io
import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine import arrays, folders

MUCH = np.ones((512, 512), np.float32)
"""More than a small disk takes."""


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(1).random((3, 4, 5)).astype(np.float16),
        np.arange(24, dtype=np.int16).reshape(2, 3, 4)[:, ::2, ::-1],
        np.arange(6, dtype=np.float64).reshape(2, 3).T,
        np.array([True, False]),
        np.zeros((0, 3), np.uint8),
        np.array(4.0, np.float32),
    ],
)
def test_numpy_reads_what_was_written(values: np.ndarray) -> None:
    file = io.BytesIO()
    arrays.write(file, values)
    file.seek(0)
    found = np.load(file, allow_pickle=False)
    np.testing.assert_array_equal(found, values)
    assert (found.dtype, found.shape) == (values.dtype, values.shape)
    assert not file.read()


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may become longer than 64 KiB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files")
def test_what_the_system_says_of_a_file_is_known_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="File too large") as refused:
        arrays.save(tmp_path / "a.npy", MUCH)
    assert refused.value.errno == errno.EFBIG
    assert not (tmp_path / "a.npy").exists()


def test_a_full_disk_is_known_and_nothing_is_left(small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space left") as refused:
        arrays.save(small_disk / "a.npy", MUCH)
    assert folders.is_full(refused.value)
    assert list(small_disk.iterdir()) == []
