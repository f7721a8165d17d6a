"""NIfTI and Analyze: values and place, in every odd form, or a sentence."""

import gzip
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
import volume_files as files
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.images.catalogue import list_pictures
from engine.images.load import load
from engine.pictures import FrameAxis, RepairKind, Volume
from engine.task import Task

LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def opened(content: bytes, folder: Path, name: str = "scan.nii") -> Volume:
    (folder / name).write_bytes(content)
    return read(folder / name, folder)


def read(path: Path, folder: Path) -> Volume:
    """The only volume that a file holds; a refusal of the listing is raised as one."""
    catalogue = list_pictures([path], folder, Task())
    if not catalogue.planned:
        raise Refusal("", catalogue.listing.refused[0].reason, "")
    (planned,) = catalogue.planned.values()
    return load(planned, Task())


def refused(content: bytes, folder: Path, name: str = "scan.nii") -> str:
    with pytest.raises(Refusal) as caught:
        opened(content, folder, name)
    return caught.value.reason


def repairs(volume: Volume) -> dict[RepairKind, str]:
    return {repair.kind: repair.detail for repair in volume.facts.repairs}


def turned(degrees: float) -> NDArray[np.float64]:
    """About z."""
    angle = np.radians(degrees)
    affine = np.eye(4)
    affine[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return affine


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


@pytest.mark.parametrize("named", ["a.hdr", "a.img"])
def test_a_pair_is_read_by_either_of_its_files(named: str, tmp_path: Path) -> None:
    values = files.ramp()
    head, data = files.pair(values)
    (tmp_path / "a.hdr").write_bytes(head)
    (tmp_path / "a.img").write_bytes(data)
    assert np.array_equal(read(tmp_path / named, tmp_path).frame(), values.T)


def test_a_pair_in_a_folder_is_one_entry_and_nothing_is_refused(tmp_path: Path) -> None:
    head, data = files.pair(files.ramp())
    (tmp_path / "a.hdr").write_bytes(head)
    (tmp_path / "A.IMG.gz").write_bytes(gzip.compress(data))
    listing = list_pictures([tmp_path], tmp_path, Task()).listing
    assert [entry.title for entry in listing.entries] == ["a.hdr"]
    assert not listing.refused


def test_a_header_without_its_data_and_data_without_header_are_refused(tmp_path: Path) -> None:
    head, data = files.pair(files.ramp())
    assert "“a.img” beside it" in refused(head, tmp_path, "a.hdr")
    assert "“b.hdr”" in refused(data, tmp_path, "b.img")


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
    rgb = colours.view([("R", "u1"), ("G", "u1"), ("B", "u1")])[..., 0]
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


def test_the_sform_is_used_and_a_differing_qform_said(tmp_path: Path) -> None:
    other = files.PLAIN.copy()
    other[:3, 3] += (0, 30, 0)
    volume = opened(files.nifti(files.ramp(), sform=files.PLAIN, qform=other), tmp_path)
    assert volume.facts.grid.affine == pytest.approx(LPS @ files.PLAIN, abs=1e-5)
    words = repairs(volume)[RepairKind.ORIENTATION]
    assert "30.0 mm" in words
    assert "sform is used" in words


def test_forms_that_differ_by_rounding_are_not_spoken_of(tmp_path: Path) -> None:
    affine = turned(0.3) @ files.PLAIN
    volume = opened(files.nifti(files.ramp(64, 64, 20), sform=affine, qform=affine), tmp_path)
    assert not volume.facts.repairs


def test_the_qform_is_used_where_the_sform_has_no_code(tmp_path: Path) -> None:
    other = turned(5) @ files.PLAIN
    content = files.nifti(files.ramp(), sform=files.PLAIN, sform_code=0, qform=other)
    assert opened(content, tmp_path).facts.grid.affine == pytest.approx(LPS @ other, abs=1e-4)


@pytest.mark.parametrize("step", [1e-38, 1e30])
def test_a_size_that_no_voxel_has_is_not_believed(step: float, tmp_path: Path) -> None:
    sheared = files.PLAIN.copy()
    sheared[1, 1], sheared[1, 2] = step, 2
    volume = opened(files.nifti(files.ramp(), sform=sheared), tmp_path)
    assert volume.facts.grid.rows is None
    assert volume.facts.grid.spacing[1] is None
    assert any("no voxel size along y" in said for said in volume.facts.warnings)


def test_an_empty_sform_gives_way_to_the_qform(tmp_path: Path) -> None:
    content = files.nifti(
        files.ramp(), qform=files.PLAIN, srow_x=np.zeros(4), srow_y=np.zeros(4), srow_z=np.zeros(4)
    )
    volume = opened(content, tmp_path)
    assert volume.facts.grid.affine == pytest.approx(LPS @ files.PLAIN, abs=1e-4)
    assert "qform is used" in repairs(volume)[RepairKind.ORIENTATION]


@pytest.mark.parametrize("odd", [{"quatern_b": 2.0}, {"quatern_b": np.nan}])
def test_a_qform_that_is_no_rotation_leaves_the_orientation_unknown(
    odd: dict[str, float], tmp_path: Path
) -> None:
    content = files.nifti(files.ramp(), sform=None, qform=files.PLAIN, **odd)
    volume = opened(content, tmp_path)
    assert volume.facts.grid.orientation is None
    assert volume.facts.grid.spacing == (0.7, 0.8, 3)


def test_without_codes_left_and_right_are_not_known(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), sform_code=0), tmp_path)
    assert volume.facts.grid.orientation is None
    assert volume.facts.grid.spacing == (0.7, 0.8, 3)
    assert any("left and right are not known" in warning for warning in volume.facts.warnings)


def test_a_voxel_size_of_zero_is_no_size(tmp_path: Path) -> None:
    pixdim = [1, 2, 2, 0, 0, 0, 0, 0]
    volume = opened(files.nifti(files.ramp(), sform=None, pixdim=pixdim), tmp_path)
    assert volume.facts.grid.spacing == (2, 2, None)
    assert any("along z" in warning for warning in volume.facts.warnings)


@pytest.mark.parametrize(("unit", "factor"), [(1, 1000.0), (3, 0.001)])
def test_other_units_become_millimetres(unit: int, factor: float, tmp_path: Path) -> None:
    affine = files.PLAIN / factor
    affine[3, 3] = 1
    volume = opened(files.nifti2(files.ramp(), sform=affine, xyzt_units=unit), tmp_path)
    assert volume.facts.grid.affine == pytest.approx(LPS @ files.PLAIN)
    assert "millimetres" in repairs(volume)[RepairKind.UNITS]


def test_an_unknown_unit_is_taken_as_millimetres_and_said(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), xyzt_units=0), tmp_path)
    assert volume.facts.grid.spacing == pytest.approx((0.7, 0.8, 3))
    assert any("taken as mm" in warning for warning in volume.facts.warnings)


def test_two_voxel_sizes_in_one_header_are_said(tmp_path: Path) -> None:
    pixdim = [1, 0.7, 0.8, 5, 0, 0, 0, 0]
    volume = opened(files.nifti(files.ramp(), pixdim=pixdim), tmp_path)
    assert volume.facts.grid.spacing == pytest.approx((0.7, 0.8, 3))
    assert "× 5 mm" in repairs(volume)[RepairKind.SPACING]


def test_a_ball_in_a_sheared_file_is_a_ball_once_it_is_straight(tmp_path: Path) -> None:
    affine = np.array([[1, 0, 0, -20], [0, 1, 0.5, -20], [0, 0, 1, -20], [0, 0, 0, 1]], float)
    voxels = np.indices((40, 40, 40)).reshape(3, -1)
    centre = affine[:3, :3] @ (20, 20, 20) + affine[:3, 3]
    away = np.linalg.norm(affine[:3, :3] @ voxels + affine[:3, 3:] - centre[:, None], axis=0)
    ball = (1000 * np.clip(9 - away, 0, 1)).reshape(40, 40, 40).astype(np.int16)

    volume = opened(files.nifti(ball, sform=affine), tmp_path)
    assert "26.6°" in repairs(volume)[RepairKind.SHEAR]
    grid = volume.facts.grid
    assert grid.affine is not None
    axes = grid.affine[:3, :3]
    assert axes.T @ axes == pytest.approx(np.diag(np.square(grid.spacing)), abs=1e-9)
    z, y, x = np.nonzero(volume.frame() >= 500)
    inside = grid.affine[:3, :3] @ np.array([x, y, z]) + grid.affine[:3, 3:]
    middle = (LPS @ (*centre, 1))[:3]
    assert inside.mean(axis=1) == pytest.approx(middle, abs=0.1)
    radii = np.linalg.norm(inside - middle[:, None], axis=0)
    volume_of_it = len(x) * np.prod(grid.spacing)
    assert volume_of_it == pytest.approx(4 / 3 * np.pi * 8.5**3, rel=0.03)
    assert radii.max() == pytest.approx(8.5, abs=0.7)


def test_a_shear_within_rounding_is_left_alone(tmp_path: Path) -> None:
    affine = files.PLAIN.copy()
    affine[1, 2] = 1e-5
    volume = opened(files.nifti(files.ramp(), sform=affine), tmp_path)
    assert not volume.facts.repairs


def test_the_headers_window_is_kept(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), cal_min=-100, cal_max=300), tmp_path)
    (window,) = volume.facts.windows
    assert (window.centre, window.width) == (100, 400)


def test_analyze_has_no_orientation(tmp_path: Path) -> None:
    values = files.ramp()
    image = nib.AnalyzeImage(values, None)
    image.header.set_zooms((2, 2, 3))
    nib.save(image, tmp_path / "a.img")
    volume = read(tmp_path / "a.img", tmp_path)
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
    volume = read(tmp_path / "a.hdr", tmp_path)
    assert np.array_equal(volume.frame(), values.T * 0.5)
    assert "0.5" in repairs(volume)[RepairKind.VALUES]


def test_a_file_that_ends_early_is_refused_with_the_counts(tmp_path: Path) -> None:
    whole = files.nifti(files.ramp())
    words = refused(whole[:-100], tmp_path)
    assert "420 bytes" in words
    assert "320" in words


def test_a_compressed_file_that_ends_early_is_refused_with_the_counts(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 2**15, (20, 20, 20)).astype(np.int16)
    packed = gzip.compress(files.nifti(noise))
    words = refused(packed[: len(packed) // 2], tmp_path)
    assert "16,000 bytes" in words
    assert "ends early" in words


def test_a_changed_byte_in_a_compressed_file_is_noticed(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(files.nifti(files.ramp()), compresslevel=0))
    packed[-20] ^= 1
    assert "changed" in refused(bytes(packed), tmp_path)


def test_a_damaged_mark_is_not_taken_for_analyze(tmp_path: Path) -> None:
    content = bytearray(files.nifti(files.ramp()))
    content[344:348] = b"x+1\0"
    assert "“x+1”" in refused(bytes(content), tmp_path)


def test_a_second_nifti_that_was_sent_as_text_is_refused(tmp_path: Path) -> None:
    content = files.nifti2(files.ramp()).replace(b"\r\n\x1a\n", b"\n\x1a\n\n")
    assert "as text" in refused(content, tmp_path)


def test_a_fourth_dimension_of_zero_is_not_there(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), dim=[4, 7, 6, 5, 0, 1, 1, 1]), tmp_path)
    assert np.array_equal(volume.frame(), files.ramp().T)


def test_slices_beyond_what_the_header_says_are_told(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), dim=[3, 7, 6, 4, 1, 1, 1, 1]), tmp_path)
    assert volume.values.shape == (1, 4, 6, 7)
    assert any("84 bytes more" in warning for warning in volume.facts.warnings)


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
    assert words in refused(gzip.compress(content) if packed else content, tmp_path)
