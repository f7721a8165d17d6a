"""An array on disk that is filled slice by slice."""

from pathlib import Path

import numpy as np

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
