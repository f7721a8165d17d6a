"""How much of a file is read and held for a part of it, and how far that is."""

import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import volume_files as files
from text_headers import nrrd
from volumes_read import only

from engine.errors import Cancelled, Refusal
from engine.images.content import content_of
from engine.images.load import read_file
from engine.images.part import Extent, extent_of
from engine.images.plan import FilePlan
from engine.task import Task


def peak(path: Path, extent: Extent) -> int:
    """The bytes that reading takes at most, beside what SimpleITK holds."""
    plan = only(path).plan
    assert isinstance(plan, FilePlan)
    tracemalloc.start()
    try:
        for *_, picture in read_file(plan, extent, Task()):
            content_of(picture)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", ["nii", "nii.gz", "nrrd", "gzip nrrd", "text nrrd"])
def test_a_few_slices_take_the_memory_of_a_few_slices(form: str, tmp_path: Path) -> None:
    size = (64, 64, 100 if "text" in form else 4000)
    values = np.zeros(size, np.int16)
    path = tmp_path / "scan"
    if "nii" in form:
        content = files.nifti(values)
        path.write_bytes(gzip.compress(content, 1) if "gz" in form else content)
    else:
        encoding = {"nrrd": "raw", "gzip nrrd": "gzip", "text nrrd": "txt"}[form]
        content = {"raw": values.tobytes(), "gzip": gzip.compress(values.tobytes(), 1)}.get(
            encoding, b"0 " * values.size
        )
        path = nrrd(tmp_path, content, sizes=f"64 64 {size[2]}", encoding=encoding)
    plan = only(path).plan
    assert isinstance(plan, FilePlan)
    assert plan.passed == values.nbytes
    assert plan.all_passed == (form not in ("nii", "nrrd"))
    wanted = extent_of(size, 1, (0, 64, 0, 64, size[2] - 9, size[2] - 6))
    assert peak(path, wanted) < plan.held + 4_000_000


@pytest.mark.parametrize(
    "content",
    [
        lambda: files.nifti(files.noise((1200, 1100, 3))),
        lambda: files.nifti(files.noise((1200, 1100, 3)), big=True),
        lambda: files.nifti(files.noise((1200, 1100, 3)), scl_slope=0.5, scl_inter=1),
        lambda: files.nifti(files.noise((1200, 1100, 3), "f4")),
        lambda: files.nifti(files.noise((1200, 1100, 3), files.RGB)),
        lambda: files.nifti(files.noise((150, 150, 60)), sform=files.SHEARED),
    ],
    ids=["whole", "big", "scaled", "floats", "colours", "sheared"],
)
def test_what_is_told_to_be_held_is_what_reading_holds(
    content: Callable[[], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "scan.nii"
    path.write_bytes(content())
    planned = only(path)
    plan = planned.plan
    assert isinstance(plan, FilePlan)
    x, y, z = planned.facts.grid.size
    taken = peak(path, extent_of((x, y, z), 1, (1, x, 0, y, 1, 2)))
    assert 0.4 * plan.held < taken < plan.held + 1_500_000


def test_only_what_is_wanted_is_read_of_a_plain_file(tmp_path: Path) -> None:
    """A file with a hole of 28 GB, which no disk here has."""
    path = tmp_path / "scan.nii"
    shape = (2000, 2000, 3500)
    head = files.header(np.zeros((1, 1, 1), np.int16), dim=[3, *shape, 1, 1, 1, 1])
    with path.open("wb") as file:
        file.write(head.binaryblock)
        file.seek(352 + 2 * 2000 * 2000 * 3000)
        file.write(b"\7\0" * 2000 * 2000)
        file.truncate(352 + 2 * 2000 * 2000 * 3500)
    if path.stat().st_blocks * 512 > 10**9:
        pytest.skip("This disk keeps no holes.")
    plan = only(path).plan
    assert isinstance(plan, FilePlan)
    found = [
        (at, int(picture.min()), int(picture.max()))
        for _, at, picture in read_file(plan, extent_of(shape, 1000), Task())
    ]
    assert found == [(0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 7, 7)]
    assert peak(path, extent_of(shape, 1000)) < plan.held + 4_000_000


def test_what_lies_behind_the_last_slice_is_not_unpacked(tmp_path: Path) -> None:
    rough = np.random.default_rng(0).integers(0, 9999, (40, 40, 40)).astype(np.int16)
    content = bytearray(gzip.compress(files.nifti(rough)))
    content[-3000] ^= 255
    path = tmp_path / "scan.nii.gz"
    path.write_bytes(content)
    plan = only(path).plan
    assert isinstance(plan, FilePlan)
    size = (40, 40, 40)
    first = [
        picture for *_, picture in read_file(plan, extent_of(size, 1, (0, 40, 0, 40, 0, 4)), Task())
    ]
    np.testing.assert_array_equal(np.array(first), rough.T[:4])
    with pytest.raises(Refusal):
        list(read_file(plan, extent_of(size, 39), Task()))


def test_a_long_way_to_a_slice_is_told_and_can_be_left(tmp_path: Path) -> None:
    path = tmp_path / "scan.nii.gz"
    path.write_bytes(gzip.compress(files.nifti(np.zeros((8, 8, 500), np.int16))))
    plan = only(path).plan
    assert isinstance(plan, FilePlan)
    told: list[tuple[int, int]] = []

    def tell(_: str, done: int, total: int) -> None:
        told.append((done, total))
        if done == 300:
            task.cancel()

    task = Task(tell)
    with pytest.raises(Cancelled):
        list(read_file(plan, extent_of((8, 8, 500), 1, (0, 8, 0, 8, 400, 402)), task))
    assert told == [(done, 402) for done in range(301)]
