"""An array on disk that is filled slice by slice."""

import resource
from pathlib import Path

import numpy as np
import pytest

from engine.service.array_file import create, write_slice


def test_slices_in_any_order_make_the_array_that_numpy_reads(tmp_path: Path) -> None:
    truth = np.random.default_rng(1).normal(size=(2, 5, 3, 4, 3)).astype(np.float32)
    array = create(tmp_path / "a.npy", truth.shape, "float32")
    with Path(array.path).open("r+b", buffering=0) as file:
        for frame, z in ((1, 4), (0, 0), (1, 0), (0, 3)):
            write_slice(file, array, frame, z, truth[frame, z])
    found = np.load(array.path, mmap_mode="r")
    for frame, z in ((1, 4), (0, 0), (1, 0), (0, 3)):
        np.testing.assert_array_equal(found[frame, z], truth[frame, z])
    assert not found[0, 1].any()
    assert found.shape == truth.shape
    assert found.dtype == truth.dtype


def test_a_slice_that_is_written_in_part_is_no_slice(tmp_path: Path) -> None:
    array = create(tmp_path / "a.npy", (1, 2, 100, 100), "uint8")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (array.start + 15_000, before[1]))
    try:
        picture = np.ones((100, 100), np.uint8)
        with Path(array.path).open("r+b", buffering=0) as file:
            write_slice(file, array, 0, 0, picture)
            with pytest.raises(OSError, match="File too large"):
                write_slice(file, array, 0, 1, picture)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
