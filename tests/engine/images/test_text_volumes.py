"""NRRD and MetaImage, against SimpleITK where it can read them, and against the words of both."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray
from text_headers import mha, nrrd
from volume_files import small_turn
from volumes_read import read, refused

from engine.images.catalogue import list_pictures
from engine.images.itk import from_sitk
from engine.pictures import FrameAxis, RepairKind, Volume
from engine.task import Task

VALUES = np.arange(2 * 3 * 4, dtype=np.int16)
"""2 x 3 x 4, the first index fastest."""


def by_simpleitk(path: Path) -> Volume:
    return from_sitk(sitk.ReadImage(str(path)))


def assert_same(one: Volume, other: Volume) -> None:
    assert np.array_equal(one.values, other.values)
    assert one.values.dtype == other.values.dtype
    assert one.facts.colour == other.facts.colour
    assert one.facts.grid.affine == pytest.approx(other.facts.grid.affine, abs=1e-9)


@pytest.mark.parametrize("ending", ["nrrd", "nhdr", "mha", "mhd"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "dtype", ["uint8", "int8", "int16", "uint16", "int32", "float32", "float64"]
)
def test_what_simpleitk_writes_is_read_as_simpleitk_reads_it(
    ending: str, packed: bool, dtype: str, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).integers(0, 120, (4, 5, 6)).astype(dtype)
    image = sitk.GetImageFromArray(values)
    image.SetDirection((small_turn((0.3, -0.2, 0.1)) * (1, -1, -1)).ravel().tolist())
    image.SetSpacing([0.7, 0.8, 2.5])
    image.SetOrigin([-100.123, 33.3, -1000.75])
    path = tmp_path / f"scan.{ending}"
    sitk.WriteImage(image, str(path), packed)
    assert_same(read(path), by_simpleitk(path))


@pytest.mark.parametrize("ending", ["nrrd", "mha"])
@pytest.mark.parametrize(
    ("parts", "dtype"), [(3, "uint8"), (4, "uint8"), (3, "float32"), (2, "int16")]
)
def test_several_numbers_a_voxel_are_colours_or_components(
    ending: str, parts: int, dtype: str, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).integers(0, 255, (4, 5, 6, parts)).astype(dtype)
    if parts == 4:
        values[..., 3] = 255
    path = tmp_path / f"scan.{ending}"
    sitk.WriteImage(sitk.GetImageFromArray(values, isVector=True), str(path))
    assert_same(read(path), by_simpleitk(path))


@pytest.mark.parametrize("ending", ["nrrd", "mha"])
def test_a_fourth_dimension_is_frames(ending: str, tmp_path: Path) -> None:
    one = sitk.GetImageFromArray(np.arange(24, dtype=np.int16).reshape(2, 3, 4))
    path = tmp_path / f"scan.{ending}"
    sitk.WriteImage(sitk.JoinSeries([one, one + 100]), str(path))
    volume = read(path)
    assert volume.values.shape == (2, 2, 3, 4)
    assert np.array_equal(volume.frame(1), sitk.GetArrayFromImage(one) + 100)


def test_axes_that_are_none_of_space_are_frames_wherever_they_stand(tmp_path: Path) -> None:
    values = np.arange(120, dtype=np.int16)
    first = nrrd(
        tmp_path, values.tobytes(), "first.nrrd", dimension="4", sizes="5 2 3 4",
        space_directions="none (1,0,0) (0,2,0) (0,0,3)", kinds="list domain domain domain",
    )  # fmt: skip
    last = nrrd(
        tmp_path, values.tobytes(), "last.nrrd", dimension="4", sizes="2 3 4 5",
        space_directions="(1,0,0) (0,2,0) (0,0,3) none", kinds="domain domain domain time",
    )  # fmt: skip
    assert np.array_equal(read(first).values, values.reshape(4, 3, 2, 5).transpose(3, 0, 1, 2))
    assert read(first).facts.frame_axis is FrameAxis.IMAGE
    assert np.array_equal(read(last).values, values.reshape(5, 4, 3, 2))
    assert read(last).facts.frame_axis is FrameAxis.TIME


def test_of_two_axes_of_frames_the_first_runs_fastest(tmp_path: Path) -> None:
    values = np.arange(144, dtype=np.int16)
    path = nrrd(
        tmp_path, values.tobytes(), dimension="5", sizes="2 2 3 4 3",
        space_directions="none (1,0,0) (0,2,0) (0,0,3) none",
        kinds="list domain domain domain time",
    )  # fmt: skip
    volume = read(path)
    assert volume.facts.frame_axis is FrameAxis.IMAGE
    assert len(volume.facts.frames) == 6
    stored = values.reshape(3, 4, 3, 2, 2)
    for time in range(3):
        for image in range(2):
            assert np.array_equal(volume.frame(2 * time + image), stored[time, ..., image])


def test_a_space_with_time_tells_the_time_between_frames(tmp_path: Path) -> None:
    path = nrrd(
        tmp_path, np.arange(120, dtype=np.int16).tobytes(), dimension="4", sizes="2 3 4 5",
        space="left-posterior-superior-time", space_units='"mm" "mm" "mm" "s"',
        space_directions="(1,0,0,0) (0,2,0,0) (0,0,3,0) (0,0,0,2.5)", space_origin="(1,2,3,0)",
    )  # fmt: skip
    facts = read(path).facts
    assert facts.frame_axis is FrameAxis.TIME
    assert facts.frame_ms == 2500
    assert facts.grid.spacing == (1, 2, 3)
    assert facts.grid.orientation == "LPS"


@pytest.mark.parametrize(
    ("space", "orientation", "origin"),
    [
        ("left-posterior-superior", "LPS", [10, 20, 30]),
        ("RAS", "RAS", [-10, -20, 30]),
        ("left-anterior-superior", "LAS", [10, -20, 30]),
    ],
)
def test_every_named_space_of_the_patient_is_known(
    space: str, orientation: str, origin: list[int], tmp_path: Path
) -> None:
    grid = read(nrrd(tmp_path, VALUES.tobytes(), space=space)).facts.grid
    assert grid.orientation == orientation
    assert grid.affine is not None
    assert grid.affine[:3, 3].tolist() == origin


@pytest.mark.parametrize(
    "fields",
    [
        {"space": "scanner-xyz"},
        {"space": "", "space_dimension": "3"},
        {"space": "", "space_directions": "", "spacings": "1 2 3", "space_origin": ""},
    ],
)
def test_a_space_that_is_not_the_patients_leaves_left_and_right_unknown(
    fields: dict[str, str], tmp_path: Path
) -> None:
    facts = read(nrrd(tmp_path, VALUES.tobytes(), **fields)).facts
    assert facts.grid.orientation is None
    assert facts.grid.spacing == (1, 2, 3)
    assert any("left and right" in warning for warning in facts.warnings)


def test_a_spacing_that_is_no_number_is_unknown(tmp_path: Path) -> None:
    path = nrrd(tmp_path, VALUES.tobytes(), space="", space_directions="", spacings="1 nan 3")
    assert read(path).facts.grid.spacing == (1, None, 3)


def test_other_units_become_millimetres(tmp_path: Path) -> None:
    path = nrrd(tmp_path, VALUES.tobytes(), space_units='"cm" "cm" "cm"')
    facts = read(path).facts
    assert facts.grid.spacing == (10, 20, 30)
    assert [repair.kind for repair in facts.repairs] == [RepairKind.UNITS]


@pytest.mark.parametrize("encoding", ["raw", "gzip", "bzip2", "txt"])
@pytest.mark.parametrize("endian", ["little", "big"])
def test_every_encoding_is_read(encoding: str, endian: str, tmp_path: Path) -> None:
    import bz2

    plain = VALUES.astype(">i2" if endian == "big" else "<i2").tobytes()
    data = {
        "raw": plain,
        "gzip": gzip.compress(plain[:20]) + gzip.compress(plain[20:]),
        "bzip2": bz2.compress(plain),
        "txt": b" ".join(str(number).encode() for number in VALUES.tolist()),
    }[encoding]
    volume = read(nrrd(tmp_path, data, encoding=encoding, endian=endian))
    assert np.array_equal(volume.frame().ravel(), VALUES)


def test_complex_numbers_show_their_magnitude_and_say_so(tmp_path: Path) -> None:
    values = np.array([3, 4] * 24, np.float32)
    path = nrrd(
        tmp_path, values.tobytes(), type="float", dimension="4", sizes="2 2 3 4",
        space_directions="none (1,0,0) (0,2,0) (0,0,3)", kinds="complex domain domain domain",
    )  # fmt: skip
    volume = read(path)
    assert set(volume.values.ravel().tolist()) == {5}
    assert [repair.kind for repair in volume.facts.repairs] == [RepairKind.VALUES]


def test_a_sheared_volume_is_laid_straight(tmp_path: Path) -> None:
    values = np.arange(20 * 20 * 20, dtype=np.int16)
    path = nrrd(
        tmp_path, values.tobytes(), sizes="20 20 20", space_directions="(1,0,0) (0,1,0) (0,0.5,1)"
    )
    facts = read(path).facts
    assert [repair.kind for repair in facts.repairs] == [RepairKind.SHEAR]
    assert facts.grid.affine is not None
    axes = facts.grid.affine[:3, :3]
    assert axes.T @ axes == pytest.approx(np.diag(np.diag(axes.T @ axes)))


@pytest.mark.parametrize("make", [nrrd, mha])
@pytest.mark.parametrize(
    "name", ["../secret.raw", "/etc/passwd", "a/../../secret.raw", "C:\\x.raw"]
)
def test_a_data_file_outside_the_folder_is_not_read(make: Any, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.raw").write_bytes(VALUES.tobytes())
    field = {"data_file": name} if make is nrrd else {"ElementDataFile": name}
    assert "outside its own folder" in refused(make(folder, b"", **field))


@pytest.mark.parametrize("make", [nrrd, mha])
def test_data_may_lie_in_a_folder_below_and_in_several_files(make: Any, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for number in range(4):
        slice_ = VALUES[number * 6 : number * 6 + 6].tobytes()
        (tmp_path / "data" / f"{number + 1:02d}.raw").write_bytes(slice_)
    pattern = "data/%02d.raw 1 4 1"
    names = "".join(f"data/{number:02d}.raw\n" for number in range(1, 5)).encode()
    if make is nrrd:
        by_pattern = nrrd(tmp_path, b"", "p.nhdr", data_file=pattern)
        # The list stands last, without an empty line before it.
        by_list = nrrd(tmp_path, b"", "l.nhdr", data_file="LIST")
        by_list.write_bytes(by_list.read_bytes().rstrip() + b"\n" + names)
    else:
        by_pattern = mha(tmp_path, b"", "p.mhd", ElementDataFile=pattern)
        by_list = mha(tmp_path, names, "l.mhd", ElementDataFile="LIST")
    assert np.array_equal(read(by_pattern).frame().ravel(), VALUES)
    assert np.array_equal(read(by_list).frame().ravel(), VALUES)
    listing = list_pictures([tmp_path], tmp_path, Task()).listing
    assert len(listing.entries) == 2
    assert not listing.refused


@pytest.mark.parametrize("make", [nrrd, mha])
def test_a_file_that_ends_early_is_refused_with_the_counts(make: Any, tmp_path: Path) -> None:
    words = refused(make(tmp_path, VALUES.tobytes()[:-10]))
    assert "48 bytes" in words
    assert "38" in words


@pytest.mark.parametrize("ending", ["nrrd", "mha"])
def test_a_compressed_file_that_ends_early_is_refused(ending: str, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 2**15, (20, 20, 20)).astype(np.int16)
    path = tmp_path / f"scan.{ending}"
    sitk.WriteImage(sitk.GetImageFromArray(noise), str(path), True)
    path.write_bytes(path.read_bytes()[:-2000])
    assert "16,000 bytes" in refused(path)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sizes": "2 0 4"}, "2 × 0 × 4"),
        ({"sizes": "2 -3 4"}, "2 × -3 × 4"),
        ({"sizes": "90000 90000 90000"}, "promises"),
        ({"sizes": "two 3 4"}, "how many voxels"),
        ({"dimension": "4"}, "how many voxels"),
        ({"type": "block"}, "“block”"),
        ({"encoding": "hex"}, "“hex”"),
        ({"data_file": "gone.raw"}, "no such file"),
        ({"line_skip": "3"}, "lines"),
    ],
)
def test_a_senseless_nrrd_header_is_refused(
    fields: dict[str, str], words: str, tmp_path: Path
) -> None:
    assert words in refused(nrrd(tmp_path, VALUES.tobytes(), **fields))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"DimSize": "2 0 4"}, "2 × 0 × 4"),
        ({"DimSize": "90000 90000 90000"}, "promises"),
        ({"DimSize": "2 3"}, "how many voxels"),
        ({"NDims": "99"}, "how many voxels"),
        ({"ElementType": "MET_STRING"}, "“MET_STRING”"),
        ({"ElementDataFile": "gone.raw"}, "no such file"),
        ({"ElementDataFile": " "}, "where the numbers are"),
        ({"ElementNumberOfChannels": "0"}, "voxels"),
    ],
)
def test_a_senseless_metaimage_header_is_refused(
    fields: dict[str, str], words: str, tmp_path: Path
) -> None:
    assert words in refused(mha(tmp_path, VALUES.tobytes(), **fields))


def test_a_metaimage_without_directions_leaves_left_and_right_unknown(tmp_path: Path) -> None:
    facts = read(mha(tmp_path, VALUES.tobytes(), TransformMatrix="")).facts
    assert facts.grid.orientation is None
    assert facts.grid.spacing == (1, 2, 3)


def test_a_metaimages_negative_spacing_runs_against_its_direction(tmp_path: Path) -> None:
    path = mha(tmp_path, VALUES.tobytes(), ElementSpacing="-1 2 -3")
    assert_same(read(path), by_simpleitk(path))


def test_a_metaimages_modality_is_kept(tmp_path: Path) -> None:
    assert read(mha(tmp_path, VALUES.tobytes(), Modality="MET_MOD_CT")).facts.modality == "CT"


def test_numbers_behind_a_header_of_unknown_length_are_the_last_ones(tmp_path: Path) -> None:
    (tmp_path / "data.raw").write_bytes(b"something else" + VALUES.tobytes())
    path = mha(tmp_path, b"", ElementDataFile="data.raw", HeaderSize="-1")
    assert np.array_equal(read(path).frame().ravel(), VALUES)


def test_two_dimensions_are_one_slice(tmp_path: Path) -> None:
    values: NDArray[Any] = np.arange(12, dtype=np.int16)
    path = nrrd(
        tmp_path, values.tobytes(), dimension="2", sizes="4 3", space_directions="(1,0,0) (0,2,0)"
    )
    volume = read(path)
    assert volume.values.shape == (1, 1, 3, 4)
    assert volume.facts.grid.spacing == (1, 2, None)
