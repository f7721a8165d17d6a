"""A part of a volume in one file: what the whole reading has there, in the memory of that part."""

import bz2
import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk
import volume_files as files
from nibabel.spm2analyze import Spm2AnalyzeHeader
from test_text_volumes import mha, nrrd

from engine.errors import Cancelled, Refusal
from engine.images.catalogue import list_pictures
from engine.images.content import content_of
from engine.images.load import load, read_file, survey
from engine.images.part import Extent, extent_of
from engine.images.plan import FilePlan, Planned
from engine.task import Task

SHEARED = files.PLAIN.copy()
SHEARED[1, 2] = 2
RGB = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
RGBA = np.dtype([*RGB.descr, ("A", "u1")])
FOUR = (5, 4, 6, 3)
SIX = (5, 4, 6)


def noise(shape: tuple[int, ...], dtype: Any = "int16") -> Any:
    count = int(np.prod(shape)) * np.dtype(dtype).itemsize
    content = np.random.default_rng(3).integers(0, 120, count).astype(np.uint8)
    return content.view(dtype).reshape(shape)


def packed(content: bytes) -> bytes:
    """By two members, one behind the other, as some writers do."""
    return gzip.compress(content[:-40]) + gzip.compress(content[-40:])


NIFTI: dict[str, Callable[[], bytes]] = {
    **{
        f"{dtype}{' big' * big}": lambda d=dtype, b=big: files.nifti(noise(SIX, d), big=b)  # type: ignore[misc]
        for dtype, big in product(("u1", "i1", "i2", "u2", "i4", "u4", "i8", "f4", "f8"), (0, 1))
    },
    "scaled": lambda: files.nifti(noise(SIX), scl_slope=0.5, scl_inter=-7),
    "scaled to whole numbers": lambda: files.nifti(noise(SIX, "u1"), scl_slope=2, scl_inter=-7),
    "scaled and big": lambda: files.nifti(noise(SIX), scl_slope=0.5, scl_inter=-7, big=True),
    "four": lambda: files.nifti(noise(FOUR)),
    "five": lambda: files.nifti(noise((5, 4, 6, 2, 3))),
    "second": lambda: files.nifti2(noise(FOUR, "f4")),
    "colour": lambda: files.nifti(noise(SIX, RGB)),
    "see-through": lambda: files.nifti(noise(SIX, RGBA)),
    "complex": lambda: files.nifti(noise(SIX, "c8"), scl_slope=3, scl_inter=1),
    "sheared": lambda: files.nifti(noise((9, 9, 9)), sform=SHEARED),
    "sheared in colours": lambda: files.nifti(noise((9, 9, 9), RGB), sform=SHEARED),
    "flat": lambda: files.nifti(noise((5, 4))),
}


def only(path: Path) -> Planned:
    (planned,) = list_pictures([path], path.parent, Task()).planned.values()
    return planned


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
    data = noise(SIX)
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
    assert np.array_equal(load(only(tmp_path / "a.hdr"), Task()).frame(), data.T * 0.25)


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
    values = noise(tuple(map(int, lengths[::-1])), ITEMS[type_])
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
        np.testing.assert_allclose(load(only(path), Task()).values, truth())


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("several", [False, True])
def test_a_part_of_a_nrrd_file_is_that_of_the_whole_however_it_is_packed(
    encoding: str, several: bool, tmp_path: Path
) -> None:
    values = noise((6, 4, 5))
    pieces = (values[:2], values[2:4], values[4:]) if several else (values,)
    for number, piece in enumerate(pieces):
        (tmp_path / f"{number}.raw").write_bytes(ENCODINGS[encoding](piece.tobytes()))
    named = f"%d.raw 0 {len(pieces) - 1} 1"
    path = nrrd(tmp_path, b"", "a.nhdr", sizes="5 4 6", encoding=encoding, data_file=named)
    assert np.array_equal(load(only(path), Task()).frame(), values)
    assert_every_part_is_the_whole_s(path)


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("big", ["True", "False"])
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_a_part_of_a_metaimage_file_is_that_of_the_whole(
    is_packed: bool, big: str, channels: int, tmp_path: Path
) -> None:
    dtype = "u1" if channels == 3 else ">i2" if big == "True" else "<i2"
    content = noise((6, 4, 5, channels), dtype).tobytes()
    path = mha(
        tmp_path, zlib.compress(content) if is_packed else content, DimSize="5 4 6",
        CompressedData=str(is_packed), BinaryDataByteOrderMSB=big,
        ElementNumberOfChannels=str(channels),
        ElementType="MET_UCHAR" if channels == 3 else "MET_SHORT",
    )  # fmt: skip
    assert_every_part_is_the_whole_s(path)


# ---- how much is read and held


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
        lambda: files.nifti(noise((1200, 1100, 3))),
        lambda: files.nifti(noise((1200, 1100, 3)), big=True),
        lambda: files.nifti(noise((1200, 1100, 3)), scl_slope=0.5, scl_inter=1),
        lambda: files.nifti(noise((1200, 1100, 3), "f4")),
        lambda: files.nifti(noise((1200, 1100, 3), RGB)),
        lambda: files.nifti(noise((150, 150, 60)), sform=SHEARED),
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


@pytest.mark.parametrize("make", ["nii", "nrrd", "mha"])
def test_a_wrong_checksum_is_noticed_where_the_last_slice_is_read(
    make: str, tmp_path: Path
) -> None:
    values = noise((6, 40, 50))
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
    path.write_bytes(files.nifti(noise(SIX)))
    plan = only(path).plan
    assert isinstance(plan, FilePlan)
    path.write_bytes(files.nifti(noise(SIX, "i4")))
    with pytest.raises(Refusal, match="changed after it had been listed"):
        read_file(plan, extent_of(SIX), Task())


def test_what_stands_behind_a_packed_file_is_left_out(tmp_path: Path) -> None:
    values = noise(SIX)
    path = tmp_path / "scan.nii.gz"
    for behind in (b"\0" * 512, b"\n", b"something else"):
        path.write_bytes(gzip.compress(files.nifti(values)) + behind)
        assert np.array_equal(load(only(path), Task()).frame(), values.T)


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
        load(only(path), Task())


def test_the_values_are_those_of_other_readers(tmp_path: Path) -> None:
    """A part against the values that nibabel and SimpleITK have there."""
    values = noise((6, 4, 5))
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
