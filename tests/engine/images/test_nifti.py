"""NIfTI: its values and frames are those that were written, in every odd form."""

import gzip
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import volume_files as files
from volumes_read import LPS, opened, repairs

from engine.pictures import FrameAxis, RepairKind


def test_values_and_place_are_those_of_nibabel(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp()), tmp_path)
    image = nib.load(tmp_path / "scan.nii")
    assert np.array_equal(volume.frame(), np.asarray(image.dataobj).T)
    assert volume.values.dtype == np.int16
    assert volume.facts.grid.size == (7, 6, 5)
    assert volume.facts.grid.affine == pytest.approx(LPS @ image.affine, abs=1e-9)
    assert volume.facts.grid.orientation == "LAS"
    assert not volume.facts.repairs
    assert not volume.facts.warnings


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "uint16", "int32", "uint32"])
@pytest.mark.parametrize("big", [False, True])
def test_whole_numbers_keep_their_type_in_either_byte_order(
    dtype: str, big: bool, tmp_path: Path
) -> None:
    values = files.ramp(dtype=dtype)
    volume = opened(files.nifti(values, big=big), tmp_path)
    assert np.array_equal(volume.frame(), values.T)
    assert volume.values.dtype == np.dtype(dtype)


@pytest.mark.parametrize("value", [2**53 + 1, -(2**62) - 1])
def test_long_numbers_are_exact(value: int, tmp_path: Path) -> None:
    volume = opened(files.nifti(np.full((2, 2, 2), value, np.int64)), tmp_path)
    assert volume.values.dtype == np.int64
    assert set(volume.values.ravel().tolist()) == {value}


def test_a_second_nifti_with_float64_places_is_read(tmp_path: Path) -> None:
    affine = files.PLAIN.copy()
    affine[0, 3] = 1234.123456789
    volume = opened(files.nifti2(files.ramp(), sform=affine), tmp_path)
    assert volume.facts.grid.affine is not None
    assert volume.facts.grid.affine[0, 3] == -1234.123456789


@pytest.mark.parametrize("name", ["scan.nii", "scan.dcm", "scan.jpg", "scan"])
def test_the_content_tells_and_not_the_name(name: str, tmp_path: Path) -> None:
    values = files.ramp()
    packed = gzip.compress(files.nifti(values))
    assert np.array_equal(opened(packed, tmp_path, name).frame(), values.T)
    plain = opened(files.nifti(values), tmp_path, name + ".gz")
    assert np.array_equal(plain.frame(), values.T)


def test_slope_and_intercept_are_used(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), scl_slope=0.5, scl_inter=-1024), tmp_path)
    assert np.array_equal(volume.frame(), files.ramp().T * 0.5 - 1024)
    assert volume.values.dtype == np.float32


def test_a_whole_slope_keeps_whole_numbers(tmp_path: Path) -> None:
    values = files.ramp(dtype="uint8")
    volume = opened(files.nifti(values, scl_slope=2, scl_inter=-1024), tmp_path)
    assert volume.values.dtype == np.int16
    assert np.array_equal(volume.frame(), values.T.astype(int) * 2 - 1024)


def test_values_beyond_float32_are_float64(tmp_path: Path) -> None:
    volume = opened(files.nifti2(files.ramp(), scl_slope=1e38), tmp_path)
    assert volume.values.max() == 209e38


@pytest.mark.parametrize("slope", [0, np.nan, np.inf])
def test_a_slope_of_zero_or_no_number_means_none(slope: float, tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), scl_slope=slope, scl_inter=5), tmp_path)
    assert np.array_equal(volume.frame(), files.ramp().T)


def test_the_range_is_of_finite_values(tmp_path: Path) -> None:
    values = files.ramp(dtype="float32")
    values[0, 0, 0], values[1, 0, 0], values[2, 0, 0] = np.nan, np.inf, -np.inf
    volume = opened(files.nifti(values), tmp_path)
    assert volume.facts.value_range == (3, 209)
    assert np.array_equal(volume.frame(), values.T, equal_nan=True)


def test_without_any_finite_value_there_is_no_range(tmp_path: Path) -> None:
    volume = opened(files.nifti(np.full((2, 2, 2), np.nan, np.float32)), tmp_path)
    assert volume.facts.value_range is None


def test_complex_numbers_show_their_magnitude_and_say_so(tmp_path: Path) -> None:
    values = (3 + 4j) * files.ramp(dtype="complex64")
    volume = opened(files.nifti(values), tmp_path)
    assert np.allclose(volume.frame(), np.abs(values).T)
    assert "magnitude" in repairs(volume)[RepairKind.VALUES]


def test_colours_are_colours(tmp_path: Path) -> None:
    colours = np.random.default_rng(0).integers(0, 256, (4, 3, 2, 3), np.uint8)
    rgb = colours.view(files.RGB)[..., 0]
    volume = opened(files.nifti(rgb), tmp_path)
    assert volume.facts.colour
    assert np.array_equal(volume.frame(), colours.transpose(2, 1, 0, 3))


def test_see_through_colours_lie_over_black(tmp_path: Path) -> None:
    colours = np.array([[[[200, 100, 50, 255]]], [[[200, 100, 50, 0]]]], np.uint8)
    rgba = colours.view([("R", "u1"), ("G", "u1"), ("B", "u1"), ("A", "u1")])[..., 0]
    volume = opened(files.nifti(rgba), tmp_path)
    assert volume.values.reshape(2, 3).tolist() == [[200, 100, 50], [0, 0, 0]]


def test_a_fourth_dimension_is_time(tmp_path: Path) -> None:
    values = np.arange(4 * 3 * 2 * 5).reshape(4, 3, 2, 5).astype(np.int16)
    pixdim = [1, 1, 1, 1, 2.5, 0, 0, 0]
    volume = opened(files.nifti(values, pixdim=pixdim, xyzt_units=2 + 8), tmp_path)
    assert volume.values.shape == (5, 2, 3, 4)
    assert np.array_equal(volume.frame(3), values[..., 3].T)
    assert volume.facts.frame_axis is FrameAxis.TIME
    assert volume.facts.frame_ms == 2500


def test_b_values_beside_the_file_name_the_frames(tmp_path: Path) -> None:
    values = np.arange(4 * 3 * 2 * 4).reshape(4, 3, 2, 4).astype(np.int16)
    (tmp_path / "scan.bval").write_text("0 50\t800 800\n")
    volume = opened(files.nifti(values), tmp_path)
    assert volume.facts.frame_axis is FrameAxis.B_VALUE
    assert volume.facts.frames == ("b 0", "b 50", "b 800, 1", "b 800, 2")
    (tmp_path / "scan.bval").write_text("0 50")
    assert opened(files.nifti(values), tmp_path).facts.frame_axis is FrameAxis.TIME


def test_a_vector_is_not_time(tmp_path: Path) -> None:
    values = np.arange(4 * 3 * 2 * 3).reshape(4, 3, 2, 1, 3).astype(np.float32)
    volume = opened(files.nifti(values, intent_code=1007), tmp_path)
    assert volume.facts.frame_axis is FrameAxis.COMPONENT
    assert volume.facts.frame_ms is None
    assert np.array_equal(volume.frame(2), values[..., 0, 2].T)


def test_a_fourth_dimension_of_one_is_a_plain_volume(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp()[..., None]), tmp_path)
    assert volume.facts.frames == ("",)
    assert volume.facts.frame_axis is FrameAxis.NONE


def test_two_dimensions_are_one_slice(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp()[..., 0]), tmp_path)
    assert volume.values.shape == (1, 1, 6, 7)


def test_the_headers_window_is_kept(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), cal_min=-100, cal_max=300), tmp_path)
    (window,) = volume.facts.windows
    assert (window.centre, window.width) == (100, 400)


def test_a_fourth_dimension_of_zero_is_not_there(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), dim=[4, 7, 6, 5, 0, 1, 1, 1]), tmp_path)
    assert np.array_equal(volume.frame(), files.ramp().T)


def test_slices_beyond_what_the_header_says_are_told(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), dim=[3, 7, 6, 4, 1, 1, 1, 1]), tmp_path)
    assert volume.values.shape == (1, 4, 6, 7)
    assert any("84 bytes more" in warning for warning in volume.facts.warnings)
