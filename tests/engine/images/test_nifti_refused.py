"""A NIfTI file that is cut, changed or senseless is refused in a sentence."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import volume_files as files
from volumes_read import refused_content


def test_a_file_that_ends_early_is_refused_with_the_counts(tmp_path: Path) -> None:
    whole = files.nifti(files.ramp())
    words = refused_content(whole[:-100], tmp_path)
    assert "420 bytes" in words
    assert "320" in words


def test_a_compressed_file_that_ends_early_is_refused_with_the_counts(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 2**15, (20, 20, 20)).astype(np.int16)
    packed = gzip.compress(files.nifti(noise))
    words = refused_content(packed[: len(packed) // 2], tmp_path)
    assert "16,000 bytes" in words
    assert "ends early" in words


def test_a_changed_byte_in_a_compressed_file_is_noticed(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(files.nifti(files.ramp()), compresslevel=0))
    packed[-20] ^= 1
    assert "changed" in refused_content(bytes(packed), tmp_path)


def test_a_damaged_mark_is_not_taken_for_analyze(tmp_path: Path) -> None:
    content = bytearray(files.nifti(files.ramp()))
    content[344:348] = b"x+1\0"
    assert "“x+1”" in refused_content(bytes(content), tmp_path)


def test_a_second_nifti_that_was_sent_as_text_is_refused(tmp_path: Path) -> None:
    content = files.nifti2(files.ramp()).replace(b"\r\n\x1a\n", b"\n\x1a\n\n")
    assert "as text" in refused_content(content, tmp_path)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"dim": [3, 0, 6, 5, 1, 1, 1, 1]}, "0 × 6 × 5"),
        ({"dim": [3, -7, 6, 5, 1, 1, 1, 1]}, "-7 × 6 × 5"),
        ({"dim": [3, 32767, 32767, 32767, 1, 1, 1, 1]}, "32767 × 32767 × 32767"),
        ({"dim": [0, 7, 6, 5, 1, 1, 1, 1]}, "0 dimensions"),
        ({"datatype": 1536}, "128 bits"),
        ({"datatype": 999}, "type 999"),
        ({"datatype": 1}, "type 1"),
        ({"vox_offset": -4}, "byte -4"),
        ({"vox_offset": np.nan}, "byte nan"),
        ({"vox_offset": 1e9}, "can hold 0"),
        ({"intent_code": 3006}, "surface"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_senseless_header_is_refused_before_memory_is_taken(
    fields: dict[str, Any], words: str, packed: bool, tmp_path: Path
) -> None:
    content = files.nifti(files.ramp(), **fields)
    assert words in refused_content(gzip.compress(content) if packed else content, tmp_path)
