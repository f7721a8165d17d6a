"""A part of a file that is cut, changed or no numbers is refused in a sentence."""

import gzip
import zlib
from pathlib import Path

import numpy as np
import pytest
import volume_files as files
from text_headers import mha, nrrd
from volumes_read import only, read

from engine.errors import Refusal
from engine.images.load import read_file
from engine.images.part import extent_of
from engine.images.plan import FilePlan
from engine.task import Task


@pytest.mark.parametrize("make", ["nii", "nrrd", "mha"])
def test_a_wrong_checksum_is_noticed_where_the_last_slice_is_read(
    make: str, tmp_path: Path
) -> None:
    values = files.noise((6, 40, 50))
    level = zlib.compress(values.tobytes(), 0)
    if make == "nii":
        path = tmp_path / "scan.nii"
        path.write_bytes(gzip.compress(files.nifti(values.T), 0))
    elif make == "nrrd":
        path = nrrd(tmp_path, gzip.compress(values.tobytes(), 0), sizes="50 40 6", encoding="gzip")
    else:
        path = mha(tmp_path, level, DimSize="50 40 6", CompressedData="True")
    content = bytearray(path.read_bytes())
    content[-30] ^= 1
    path.write_bytes(content)
    plan = only(path).plan
    assert isinstance(plan, FilePlan)
    with pytest.raises(Refusal, match="changed"):
        list(read_file(plan, extent_of((50, 40, 6), 5), Task()))


@pytest.mark.parametrize("wanted", [0, 2])
def test_a_file_that_ends_before_the_part_does_is_refused_with_the_counts(
    wanted: int, tmp_path: Path
) -> None:
    rough = np.random.default_rng(0).integers(0, 9999, (40, 40, 40)).astype(np.int16)
    content = gzip.compress(files.nifti(rough))
    path = tmp_path / "scan.nii.gz"
    path.write_bytes(content[: len(content) // 2])
    plan = only(path).plan
    assert isinstance(plan, FilePlan)
    with pytest.raises(Refusal, match="128,000 bytes of picture"):
        list(read_file(plan, extent_of((40, 40, 40), 1, (0, 40, 0, 40, 30, 31 + wanted)), Task()))


def test_a_file_that_was_changed_after_it_was_listed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.nii"
    path.write_bytes(files.nifti(files.noise((5, 4, 6))))
    plan = only(path).plan
    assert isinstance(plan, FilePlan)
    path.write_bytes(files.nifti(files.noise((5, 4, 6), "i4")))
    with pytest.raises(Refusal, match="changed after it had been listed"):
        read_file(plan, extent_of((5, 4, 6)), Task())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"1 " * 10 + b"x" * 70_000, "words that are none"),
        (b"1 two " * 60, "words that are none"),
        (b"1 2 3", "120 numbers, 3 are there"),
    ],
)
def test_a_text_that_holds_no_numbers_or_too_few_is_refused(
    text: bytes, words: str, tmp_path: Path
) -> None:
    path = nrrd(tmp_path, text.ljust(130), sizes="5 4 6", encoding="txt")
    with pytest.raises(Refusal, match=words):
        read(path)
