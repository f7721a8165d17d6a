"""What is written is read by others as it was: voxels, type, place, repairs."""

from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from volume_files import ORDERS, small_turn
from volumes_read import LPS, read

from engine.images.itk import from_sitk
from engine.images.write_nifti import write_nifti
from engine.pictures import (
    FrameAxis,
    GreyWindow,
    Grid,
    Repair,
    RepairKind,
    Volume,
    VolumeFacts,
    grid_of,
)
from engine.space import affine_of


def volume_of(
    values: NDArray[np.generic], affine: NDArray[np.float64] | None = None, **facts: object
) -> Volume:
    z, y, x = values.shape[1:4]
    grid = Grid((x, y, z), (0.5, 2.0, None)) if affine is None else grid_of(affine, (x, y, z))
    return Volume(values, replace(VolumeFacts(grid), **facts))


def farthest(one: NDArray[np.float64], other: NDArray[np.float64], size: tuple[int, ...]) -> float:
    ends = [(0, length - 1) for length in size]
    corners = np.array([[x, y, z, 1] for x in ends[0] for y in ends[1] for z in ends[2]]).T
    return float(np.abs((one - other) @ corners).max())


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.sampled_from(ORDERS),
    angles=st.tuples(*[st.floats(-0.4, 0.4)] * 3),
    spacing=st.tuples(*[st.floats(0.05, 5)] * 3),
    origin=st.tuples(*[st.floats(-3000, 3000)] * 3),
)
@example(
    order=np.eye(3),
    angles=(0.0, 0.0, 0.1875),
    spacing=(4.89845867894119, 1.0, 1.0),
    origin=(0.0, 0.0, 0.0),
)
def test_others_find_every_voxel_within_a_ten_thousandth_of_a_millimetre(
    order: NDArray[np.float64],
    angles: tuple[float, float, float],
    spacing: tuple[float, float, float],
    origin: tuple[float, float, float],
    tmp_path: Path,
) -> None:
    affine = affine_of(small_turn(angles) @ order, spacing, np.array(origin))
    values = np.arange(512 * 2 * 3, dtype=np.int16).reshape(1, 3, 2, 512)
    path = tmp_path / "out.nii"
    write_nifti(volume_of(values, affine), path)

    image = nib.load(path)
    assert np.array_equal(np.asarray(image.dataobj).T, values[0])
    assert image.get_data_dtype() == np.int16
    assert farthest(LPS @ image.affine, affine, (512, 2, 3)) <= 1e-4
    if image.header["qform_code"]:
        assert farthest(LPS @ image.header.get_qform(), affine, (512, 2, 3)) <= 1e-4
    ours = read(path)
    assert ours.facts.grid.affine is not None
    assert farthest(ours.facts.grid.affine, affine, (512, 2, 3)) <= 1e-4
    if isinstance(image, nib.Nifti1Image) and not isinstance(image, nib.Nifti2Image):
        other = from_sitk(sitk.ReadImage(str(path)))
        assert np.array_equal(other.values, values)
        assert other.facts.grid.affine is not None
        assert farthest(other.facts.grid.affine, affine, (512, 2, 3)) <= 1e-4


def test_both_forms_are_written_with_millimetres(tmp_path: Path) -> None:
    write_nifti(volume_of(np.zeros((1, 2, 3, 4), np.int16), np.eye(4)), tmp_path / "a.nii.gz")
    header = nib.load(tmp_path / "a.nii.gz").header
    assert (header["qform_code"], header["sform_code"]) == (1, 1)
    assert header.get_xyzt_units()[0] == "mm"


@pytest.mark.parametrize(
    "dtype",
    [
        "uint8",
        "int8",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "float32",
        "float64",
    ],
)
def test_every_type_is_kept(dtype: str, tmp_path: Path) -> None:
    values = np.arange(24).reshape(1, 2, 3, 4).astype(dtype)
    write_nifti(volume_of(values, np.eye(4)), tmp_path / "a.nii.gz")
    image = nib.load(tmp_path / "a.nii.gz")
    assert image.get_data_dtype() == np.dtype(dtype)
    assert np.array_equal(np.asarray(image.dataobj).T, values[0])


def test_the_greatest_whole_numbers_are_exact(tmp_path: Path) -> None:
    values = np.array([2**63 - 1, -(2**63), 2**53 + 1], np.int64).reshape(1, 1, 1, 3)
    write_nifti(volume_of(values, np.eye(4)), tmp_path / "a.nii")
    assert np.array_equal(read(tmp_path / "a.nii").values, values)


def test_colours_are_rgb24(tmp_path: Path) -> None:
    values = np.random.default_rng(0).integers(0, 256, (1, 2, 3, 4, 3), np.uint8)
    write_nifti(volume_of(values, np.eye(4), colour=True), tmp_path / "a.nii.gz")
    assert nib.load(tmp_path / "a.nii.gz").header["datatype"] == 128
    assert np.array_equal(read(tmp_path / "a.nii.gz").values, values)


@pytest.mark.parametrize("axis", [FrameAxis.TIME, FrameAxis.COMPONENT])
def test_frames_come_back_as_what_they_were(axis: FrameAxis, tmp_path: Path) -> None:
    values = np.arange(72, dtype=np.int16).reshape(3, 2, 3, 4)
    frames = ("1", "2", "3")
    time = 33.0 if axis is FrameAxis.TIME else None
    volume = volume_of(values, np.eye(4), frames=frames, frame_axis=axis, frame_ms=time)
    write_nifti(volume, tmp_path / "a.nii.gz")
    back = read(tmp_path / "a.nii.gz")
    assert np.array_equal(back.values, values)
    assert back.facts.frame_axis is axis
    assert back.facts.frame_ms == time


def test_an_unknown_place_stays_unknown(tmp_path: Path) -> None:
    write_nifti(volume_of(np.zeros((1, 2, 3, 4), np.int16)), tmp_path / "a.nii")
    header = nib.load(tmp_path / "a.nii").header
    assert (header["qform_code"], header["sform_code"]) == (0, 0)
    grid = read(tmp_path / "a.nii").facts.grid
    assert grid.rows is None
    assert grid.spacing == (0.5, 2, None)


def test_repairs_are_carried(tmp_path: Path) -> None:
    repairs = (
        Repair(RepairKind.TILT, "The slices were tilted by 14°."),
        Repair(RepairKind.MISSING_SLICES, "Slice 3 – of 5 – is missing."),
    )
    values = np.arange(24, dtype=np.int16).reshape(1, 2, 3, 4)
    write_nifti(volume_of(values, np.eye(4), repairs=repairs), tmp_path / "a.nii.gz")
    header = nib.load(tmp_path / "a.nii.gz").header
    described = header["descrip"].item().decode()
    assert described == "LesionLens. Read with 2 repairs: tilt, missing slices"
    (comment,) = header.extensions
    text = comment.get_content()
    text = text.decode() if isinstance(text, bytes) else text
    assert "Slice 3 – of 5 – is missing." in text
    assert np.array_equal(read(tmp_path / "a.nii.gz").values, values)


def test_the_window_is_carried(tmp_path: Path) -> None:
    windows = (GreyWindow(40, 400, "abdomen"),)
    values = np.zeros((1, 2, 3, 4), np.int16)
    write_nifti(volume_of(values, np.eye(4), windows=windows), tmp_path / "a.nii")
    (window,) = read(tmp_path / "a.nii").facts.windows
    assert (window.centre, window.width) == (40, 400)


def test_the_same_volume_gives_the_same_bytes(tmp_path: Path) -> None:
    volume = volume_of(np.arange(24, dtype=np.int16).reshape(1, 2, 3, 4), np.eye(4))
    for name in ("a.nii.gz", "b.nii.gz"):
        write_nifti(volume, tmp_path / name)
    assert (tmp_path / "a.nii.gz").read_bytes() == (tmp_path / "b.nii.gz").read_bytes()


def test_a_disk_that_fills_leaves_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    volume = volume_of(np.zeros((1, 2, 3, 4), np.int16), np.eye(4))
    (tmp_path / "a.nii.gz").write_bytes(b"what was there")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(nib.Nifti1Image, "to_stream", full)
    with pytest.raises(OSError, match="No space"):
        write_nifti(volume, tmp_path / "a.nii.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["a.nii.gz"]
    assert (tmp_path / "a.nii.gz").read_bytes() == b"what was there"
