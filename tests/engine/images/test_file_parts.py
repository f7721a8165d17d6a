"""A part of a volume in one file: what the whole reading has there, in every form."""

import bz2
import gzip
import zlib
from collections.abc import Callable
from itertools import product
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk
import volume_files as files
from nibabel.spm2analyze import Spm2AnalyzeHeader
from text_headers import mha, nrrd
from volumes_read import only, read

from engine.images.load import load, read_file, survey
from engine.images.part import extent_of
from engine.images.plan import FilePlan
from engine.task import Task

RGBA = np.dtype([*files.RGB.descr, ("A", "u1")])
FOUR = (5, 4, 6, 3)


def packed(content: bytes) -> bytes:
    """By two members, one behind the other, as some writers do."""
    return gzip.compress(content[:-40]) + gzip.compress(content[-40:])


NIFTI: dict[str, Callable[[], bytes]] = {
    **{
        f"{dtype}{' big' * big}": lambda d=dtype, b=big: files.nifti(
            files.noise((5, 4, 6), d), big=b
        )  # type: ignore[misc]
        for dtype, big in product(("u1", "i1", "i2", "u2", "i4", "u4", "i8", "f4", "f8"), (0, 1))
    },
    "scaled": lambda: files.nifti(files.noise((5, 4, 6)), scl_slope=0.5, scl_inter=-7),
    "scaled to whole numbers": lambda: files.nifti(
        files.noise((5, 4, 6), "u1"), scl_slope=2, scl_inter=-7
    ),
    "scaled and big": lambda: files.nifti(
        files.noise((5, 4, 6)), scl_slope=0.5, scl_inter=-7, big=True
    ),
    "four": lambda: files.nifti(files.noise(FOUR)),
    "five": lambda: files.nifti(files.noise((5, 4, 6, 2, 3))),
    "second": lambda: files.nifti2(files.noise(FOUR, "f4")),
    "colour": lambda: files.nifti(files.noise((5, 4, 6), files.RGB)),
    "see-through": lambda: files.nifti(files.noise((5, 4, 6), RGBA)),
    "complex": lambda: files.nifti(files.noise((5, 4, 6), "c8"), scl_slope=3, scl_inter=1),
    "sheared": lambda: files.nifti(files.noise((9, 9, 9)), sform=files.SHEARED),
    "sheared in colours": lambda: files.nifti(
        files.noise((9, 9, 9), files.RGB), sform=files.SHEARED
    ),
    "flat": lambda: files.nifti(files.noise((5, 4))),
}


def assert_every_part_is_the_whole_s(path: Path) -> None:
    planned = only(path)
    plan = planned.plan
    assert isinstance(plan, FilePlan)
    whole = load(planned, Task())
    assert survey(planned, Task())[0] == whole.facts
    x, y, z = planned.facts.grid.size
    for step, box in (
        (1, None),
        (2, None),
        (3, (1, x, 0, y - 1, 0, z)),
        (1, (0, x, 1, y, z // 2, z // 2 + 1)),
        (2, (0, 2, 0, 2, max(z - 3, 0), z)),
    ):
        extent = extent_of((x, y, z), step, box)
        expected = whole.values[
            :, extent.z[0] : extent.z[1] : step, slice(*extent.y), slice(*extent.x)
        ]
        found = np.zeros_like(expected)
        places = []
        for frame, at, picture in read_file(plan, extent, Task()):
            assert picture.dtype == plan.dtype
            found[frame, at] = picture
            places.append((frame, at))
        assert sorted(places) == sorted(np.ndindex(*expected.shape[:2]))
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("form", NIFTI)
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_part_of_a_nifti_file_is_that_of_the_whole(
    form: str, is_packed: bool, tmp_path: Path
) -> None:
    content = NIFTI[form]()
    (tmp_path / "scan.nii").write_bytes(packed(content) if is_packed else content)
    assert_every_part_is_the_whole_s(tmp_path / "scan.nii")


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_part_of_analyze_is_that_of_the_whole(is_packed: bool, tmp_path: Path) -> None:
    data = files.noise((5, 4, 6))
    head = Spm2AnalyzeHeader(endianness="<")
    head.set_data_dtype(data.dtype)
    head.set_data_shape(data.shape)
    head["scl_slope"] = 0.25
    (tmp_path / "a.hdr").write_bytes(head.binaryblock)
    name = "a.img.gz" if is_packed else "a.img"
    (tmp_path / name).write_bytes(
        gzip.compress(files.stored(data)) if is_packed else files.stored(data)
    )
    assert_every_part_is_the_whole_s(tmp_path / "a.hdr")
    assert np.array_equal(read(tmp_path / "a.hdr").frame(), data.T * 0.25)


ENCODINGS = {
    "raw": bytes,
    "gzip": packed,
    "bzip2": bz2.compress,
    "txt": lambda content: " \n".join(map(str, np.frombuffer(content, "i2"))).encode(),
}


AXES = {
    "x": ("5", "(1,0,0)", "domain"),
    "y": ("4", "(0,2,0)", "domain"),
    "z": ("6", "(0,0,3)", "domain"),
    "Z": ("6", "(0,0.9,3)", "domain"),
    "rgb": ("3", "none", "RGB-color"),
    "rgba": ("4", "none", "RGBA-color"),
    "complex": ("2", "none", "complex"),
    "vector": ("7", "none", "vector"),
    "time": ("3", "none", "time"),
    "list": ("2", "none", "list"),
}
"""Length, direction and kind."""


ORDERS = (
    "rgb x y z", "x y z rgb", "x y rgb", "x y rgba z", "rgb x y z list", "complex x y z",
    "x y z list complex", "complex x y z list", "vector x y z", "x y z time", "time x y z",
    "x time y z", "x y time z", "list x y z time", "list x y time z list", "x y", "x y list",
    "x list y", "x y Z", "rgb x y Z time",
)  # fmt: skip


ITEMS = {"uchar": "u1", "short": "i2", "float": "f4"}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("encoding", ["raw", "gzip"])
def test_a_part_of_a_nrrd_file_is_that_of_the_whole_in_whichever_order_its_axes_are(
    order: str, encoding: str, tmp_path: Path
) -> None:
    lengths, directions, kinds = zip(*(AXES[axis] for axis in order.split()), strict=True)
    type_ = "uchar" if "rgb" in order else "float" if order == "complex x y z" else "short"
    values = files.noise(tuple(map(int, lengths[::-1])), ITEMS[type_])
    path = nrrd(
        tmp_path, ENCODINGS[encoding](values.tobytes()), type=type_, sizes=" ".join(lengths),
        dimension=str(len(lengths)), space_directions=" ".join(directions),
        kinds=" ".join(kinds), encoding=encoding,
    )  # fmt: skip
    assert_every_part_is_the_whole_s(path)
    truth = {
        "x y z rgb": lambda: np.moveaxis(values, 0, -1)[None],
        "x y rgb": lambda: np.moveaxis(values, 0, -1)[None, None],
        "x y time z": lambda: values.swapaxes(0, 1),
        "x list y": lambda: values.swapaxes(0, 1)[:, None],
        "list x y z time": lambda: np.moveaxis(values, -1, 1).reshape(6, 6, 4, 5),
        "x y z list complex": lambda: np.hypot(*values.astype(float)),
    }.get(order)
    if truth:
        np.testing.assert_allclose(read(path).values, truth())


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("several", [False, True])
def test_a_part_of_a_nrrd_file_is_that_of_the_whole_however_it_is_packed(
    encoding: str, several: bool, tmp_path: Path
) -> None:
    values = files.noise((6, 4, 5))
    pieces = (values[:2], values[2:4], values[4:]) if several else (values,)
    for number, piece in enumerate(pieces):
        (tmp_path / f"{number}.raw").write_bytes(ENCODINGS[encoding](piece.tobytes()))
    named = f"%d.raw 0 {len(pieces) - 1} 1"
    path = nrrd(tmp_path, b"", "a.nhdr", sizes="5 4 6", encoding=encoding, data_file=named)
    assert np.array_equal(read(path).frame(), values)
    assert_every_part_is_the_whole_s(path)


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("big", ["True", "False"])
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_a_part_of_a_metaimage_file_is_that_of_the_whole(
    is_packed: bool, big: str, channels: int, tmp_path: Path
) -> None:
    dtype = "u1" if channels == 3 else ">i2" if big == "True" else "<i2"
    content = files.noise((6, 4, 5, channels), dtype).tobytes()
    path = mha(
        tmp_path, zlib.compress(content) if is_packed else content, DimSize="5 4 6",
        CompressedData=str(is_packed), BinaryDataByteOrderMSB=big,
        ElementNumberOfChannels=str(channels),
        ElementType="MET_UCHAR" if channels == 3 else "MET_SHORT",
    )  # fmt: skip
    assert_every_part_is_the_whole_s(path)


def test_the_values_are_those_of_other_readers(tmp_path: Path) -> None:
    """A part against the values that nibabel and SimpleITK have there."""
    values = files.noise((6, 4, 5))
    image = nib.Nifti1Image(values.T, files.PLAIN)
    image.header.set_slope_inter(0.5, 3)
    nib.save(image, tmp_path / "a.nii.gz")
    sitk.WriteImage(sitk.GetImageFromArray(values), str(tmp_path / "a.nrrd"), True)
    for name, truth in (
        ("a.nii.gz", np.asarray(nib.load(tmp_path / "a.nii.gz").dataobj).T),
        ("a.nrrd", sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "a.nrrd")))),
    ):
        plan = only(tmp_path / name).plan
        assert isinstance(plan, FilePlan)
        extent = extent_of((5, 4, 6), 2, (1, 4, 0, 4, 1, 6))
        found = np.array([picture for *_, picture in read_file(plan, extent, Task())])
        np.testing.assert_allclose(found, truth[1:6:2, 0:4, 1:4])


def test_what_stands_behind_a_packed_file_is_left_out(tmp_path: Path) -> None:
    values = files.noise((5, 4, 6))
    path = tmp_path / "scan.nii.gz"
    for behind in (b"\0" * 512, b"\n", b"something else"):
        path.write_bytes(gzip.compress(files.nifti(values)) + behind)
        assert np.array_equal(read(path).frame(), values.T)
