"""Volumes in two files: pairs of NIfTI, and Analyze."""

import gzip
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import volume_files as files
from volumes_read import read, refused_content, repairs

from engine.images.catalogue import list_pictures
from engine.pictures import RepairKind
from engine.task import Task


@pytest.mark.parametrize("named", ["a.hdr", "a.img"])
def test_a_pair_is_read_by_either_of_its_files(named: str, tmp_path: Path) -> None:
    values = files.ramp()
    head, data = files.pair(values)
    (tmp_path / "a.hdr").write_bytes(head)
    (tmp_path / "a.img").write_bytes(data)
    assert np.array_equal(read(tmp_path / named).frame(), values.T)


def test_a_pair_in_a_folder_is_one_entry_and_nothing_is_refused(tmp_path: Path) -> None:
    head, data = files.pair(files.ramp())
    (tmp_path / "a.hdr").write_bytes(head)
    (tmp_path / "A.IMG.gz").write_bytes(gzip.compress(data))
    listing = list_pictures([tmp_path], tmp_path, Task()).listing
    assert [entry.title for entry in listing.entries] == ["a.hdr"]
    assert not listing.refused


def test_a_header_without_its_data_and_data_without_header_are_refused(tmp_path: Path) -> None:
    head, data = files.pair(files.ramp())
    assert "“a.img” beside it" in refused_content(head, tmp_path, "a.hdr")
    assert "“b.hdr”" in refused_content(data, tmp_path, "b.img")


def test_analyze_has_no_orientation(tmp_path: Path) -> None:
    values = files.ramp()
    image = nib.AnalyzeImage(values, None)
    image.header.set_zooms((2, 2, 3))
    nib.save(image, tmp_path / "a.img")
    volume = read(tmp_path / "a.img")
    assert np.array_equal(volume.frame(), values.T)
    assert volume.facts.grid.orientation is None
    assert volume.facts.grid.spacing == (2, 2, 3)


def test_a_scale_that_spm_wrote_into_analyze_is_used_and_said(tmp_path: Path) -> None:
    values = files.ramp()
    image = nib.Spm2AnalyzeImage(values, None)
    image.header["scl_slope"] = 0.5
    header = bytes(image.header.binaryblock)
    (tmp_path / "a.hdr").write_bytes(header)
    (tmp_path / "a.img").write_bytes(files.stored(values))
    volume = read(tmp_path / "a.hdr")
    assert np.array_equal(volume.frame(), values.T * 0.5)
    assert "0.5" in repairs(volume)[RepairKind.VALUES]
