"""The quick walk against pydicom: of every file the same header, or it stands back."""

import random
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dicom_files import REAL, dataset, item, raw, save
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pydicom import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
)

from engine.errors import Refusal
from engine.images.dicom import by_pydicom, walk
from engine.images.dicom.elements import Parsed
from engine.images.dicom.filling import header_of
from engine.images.dicom.header import Header
from engine.images.dicom.reading import read_header
from engine.images.dicom.soundness import check

# pydicom warns of what these files are made to hold.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")

PLAIN = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian)
FEWEST_WALKED = 0.85


def outcome(path: Path, parsed: Parsed) -> Header | str:
    """The header of a parsed file, or why it is refused."""
    if not parsed.pixels:
        return "no picture"
    try:
        return header_of(str(path), parsed, check(path, parsed))
    except Refusal as refusal:
        return refusal.reason


def assert_same(path: Path, walked: Parsed) -> None:
    read = by_pydicom.parse(path)
    assert walked.transfer_syntax == read.transfer_syntax
    assert (walked.pixels, walked.length, walked.pieces) == (read.pixels, read.length, read.pieces)
    assert outcome(path, walked) == outcome(path, read)


def assert_all_same(files: list[Path]) -> None:
    walked = 0
    for path in files:
        if (parsed := walk.parse(path)) is not None:
            assert_same(path, parsed)
            walked += 1
    assert walked >= FEWEST_WALKED * len(files)


def test_real_files_are_read_as_pydicom_reads_them() -> None:
    files = [*(REAL / "test_files").rglob("*.dcm"), *(REAL / "charset_files").rglob("*.dcm")]
    files += [path for path in (REAL / "test_files/dicomdirtests").rglob("*") if path.is_file()]
    assert_all_same([path for path in files if path.stat().st_size])


@pytest.mark.parametrize("folder", ["chest_ct", "mr_t2", "pancreas", "dicom_odd"])
def test_shared_files_are_read_as_pydicom_reads_them(
    shared: Callable[[str], Path], folder: str
) -> None:
    found = [path for path in shared(f"data/radiology/{folder}").rglob("*") if path.is_file()]
    headed = [path for path in found if path.read_bytes()[128:132] == b"DICM"]
    assert_all_same(headed)


numbers = st.decimals(-9999, 9999, places=3).map(str)
letters = st.text("ABC äß日本\\^=_ ", max_size=12)
simple = st.fixed_dictionaries(
    {},
    optional={
        "SpecificCharacterSet": st.sampled_from(["ISO_IR 192", "GB18030", ""]),
        "PatientName": st.text("ABCäß日本^= ", max_size=12),
        "SeriesDescription": st.text("ABC äß日本_", max_size=12),
        "ImageType": st.lists(st.sampled_from(["ORIGINAL", "PRIMARY", "M"]), max_size=3),
        "InstanceNumber": st.integers(-9, 99999),
        "ImagePositionPatient": st.lists(numbers, min_size=3, max_size=3),
        "ImageOrientationPatient": st.lists(numbers, min_size=6, max_size=6),
        "PixelSpacing": st.lists(numbers, min_size=1, max_size=3),
        "WindowCenter": st.lists(numbers, max_size=3),
        "WindowWidth": st.lists(numbers, max_size=3),
        "RescaleSlope": numbers,
        "EchoTime": numbers,
        "PixelPaddingValue": st.integers(0, 32767),
        "DiffusionBValue": st.floats(0, 5000),
        "Exposure": st.integers(0, 9),
        "PatientComments": st.text("xyz", max_size=300),
    },
)
groups = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "ImagePositionPatient": st.lists(numbers, min_size=3, max_size=3),
            "ImageOrientationPatient": st.lists(numbers, min_size=6, max_size=6),
            "DimensionIndexValues": st.lists(st.integers(1, 9), min_size=2, max_size=2),
            "EffectiveEchoTime": st.floats(0, 100),
        },
    ),
    max_size=3,
)


def with_groups(told: Dataset, frames: list[dict[str, Any]], undefined: bool) -> None:
    """Functional groups for each frame, and a sequence that nobody wants around a private one."""
    if not frames:
        return
    told.NumberOfFrames = len(frames)
    told.PixelData = bytes(16 * len(frames))
    per_frame = []
    for frame in frames:
        group = item(
            PlanePositionSequence=item(),
            PlaneOrientationSequence=item(),
            FrameContentSequence=item(),
            MREchoSequence=item(),
        )[0]
        for keyword, value in frame.items():
            setattr(group[_SEQUENCE[keyword]][0], keyword, value)
        per_frame.append(group)
    told.PerFrameFunctionalGroupsSequence = per_frame
    told.SharedFunctionalGroupsSequence = item(PixelMeasuresSequence=item(SliceThickness="2"))
    told.ReferencedStudySequence = item(
        ReferencedSOPInstanceUID="1.2", PurposeOfReferenceCodeSequence=item(CodeValue="1")
    )
    for each in told.iterall():
        if each.VR == "SQ":
            each.is_undefined_length = undefined
            for inner in each.value:
                inner.is_undefined_length_sequence_item = undefined


_SEQUENCE = {
    "ImagePositionPatient": "PlanePositionSequence",
    "ImageOrientationPatient": "PlaneOrientationSequence",
    "DimensionIndexValues": "FrameContentSequence",
    "EffectiveEchoTime": "MREchoSequence",
}


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(keywords=simple, frames=groups, undefined=st.booleans(), syntax=st.sampled_from(PLAIN))
def test_any_header_is_read_as_pydicom_reads_it(
    tmp_path: Path,
    keywords: dict[str, Any],
    frames: list[dict[str, Any]],
    undefined: bool,
    syntax: str,
) -> None:
    told = dataset(**keywords)
    with_groups(told, frames, undefined)
    path = save(tmp_path / "a.dcm", told, syntax)

    parsed = walk.parse(path)

    assert parsed is not None
    assert_same(path, parsed)


@pytest.mark.parametrize("syntax", PLAIN)
@pytest.mark.parametrize("length", [20_000, 200_000, 2_000_000])
def test_a_long_element_before_the_picture_is_stepped_over(
    tmp_path: Path, syntax: str, length: int
) -> None:
    told = dataset(InstanceNumber=7)
    told.private_block(0x0011, "SOMEBODY", create=True).add_new(
        1, "OB", random.Random(0).randbytes(length)
    )
    path = save(tmp_path / "a.dcm", told, syntax)

    parsed = walk.parse(path)

    if syntax == DeflatedExplicitVRLittleEndian and length > 1 << 20:
        assert parsed is None
    else:
        assert parsed is not None
        assert_same(path, parsed)
    assert read_header(path).instance_number == 7


def test_many_frames_are_walked(tmp_path: Path) -> None:
    count = 300
    told = dataset()
    frames = [{"ImagePositionPatient": ["0", "0", str(number)]} for number in range(count)]
    with_groups(told, frames, undefined=True)
    path = save(tmp_path / "a.dcm", told)

    assert walk.parse(path) is not None
    assert [frame.position for frame in read_header(path).frames] == [
        (0, 0, number) for number in range(count)
    ]


@pytest.mark.parametrize("syntax", [ExplicitVRBigEndian, ExplicitVRLittleEndian])
def test_what_is_odd_is_left_to_pydicom(tmp_path: Path, syntax: str) -> None:
    told = dataset(InstanceNumber=7)
    path = save(tmp_path / "a.dcm", told, syntax)
    if syntax == ExplicitVRLittleEndian:
        path.write_bytes(path.read_bytes()[132:])  # without a preamble

    assert walk.parse(path) is None
    assert read_header(path).instance_number == 7


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (ExplicitVRLittleEndian, ImplicitVRLittleEndian),
        (ImplicitVRLittleEndian, ExplicitVRLittleEndian),
    ],
)
def test_a_file_that_is_written_in_another_way_than_it_says_is_read(
    tmp_path: Path, said: str, written: str
) -> None:
    path = save(tmp_path / "a.dcm", dataset(InstanceNumber=7), written)
    wrong = save(tmp_path / "b.dcm", dataset(InstanceNumber=7), said)
    first = b"\x08\x00\x16\x00"
    head, _, _ = wrong.read_bytes().partition(first)
    _, _, body = path.read_bytes().partition(first)
    wrong.write_bytes(head + first + body)

    assert walk.parse(wrong) is None
    assert replace(read_header(wrong), path="") == replace(
        read_header(path), path="", transfer_syntax=str(said)
    )


def test_an_unknown_sequence_of_unknown_representation_is_read_by_the_rules(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset(InstanceNumber=7))
    content = path.read_bytes()
    # Implicit elements within, and only delimiters tell where they end (PS3.5, 6.2.2, note 2).
    inner = b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + b"\x09\x00\x01\x10\x02\x00\x00\x00ab"
    inner += b"\xfe\xff\x0d\xe0\0\0\0\0" + b"\xfe\xff\xdd\xe0\0\0\0\0"
    unknown = b"\x09\x00\x02\x10UN\0\0\xff\xff\xff\xff" + inner
    at = content.index(b"\x20\x00\x13\x00")
    path.write_bytes(content[:at] + unknown + content[at:])

    assert read_header(path).instance_number == 7


@pytest.mark.parametrize("syntax", [*PLAIN, ExplicitVRBigEndian, JPEGLSLossless])
def test_a_file_that_ends_anywhere_is_refused_in_words(tmp_path: Path, syntax: str) -> None:
    told = dataset(PatientName="Somebody")
    with_groups(told, [{"ImagePositionPatient": ["0", "0", "1"]}] * 2, undefined=True)
    content = save(tmp_path / "a.dcm", told, syntax).read_bytes()
    path = tmp_path / "cut.dcm"

    for end in range(0, len(content) - 1, 11):
        path.write_bytes(content[:end])
        with pytest.raises(Refusal) as refused:
            read_header(path)
        assert "cut.dcm" in refused.value.what


@pytest.mark.parametrize("syntax", [*PLAIN, ExplicitVRBigEndian, JPEGLSLossless])
def test_damaged_bytes_end_in_a_header_or_in_words(tmp_path: Path, syntax: str) -> None:
    told = dataset(PatientName="Somebody", ImageType=["A", "MOSAIC"], Modality="MR")
    with_groups(told, [{"ImagePositionPatient": ["0", "0", "1"]}] * 2, undefined=True)
    content = save(tmp_path / "a.dcm", told, syntax).read_bytes()
    path = tmp_path / "damaged.dcm"
    chance = random.Random(1)

    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 1, 2, 20))):
            damaged[chance.randrange(len(damaged))] = chance.choice((0, 255, chance.randrange(256)))
        path.write_bytes(damaged)
        try:
            found: Header | None = read_header(path)
        except Refusal:
            found = None
        assert found is None or len(found.frames) in (1, found.frame_count)


def test_a_small_file_that_inflates_without_end_takes_little_memory(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset(), DeflatedExplicitVRLittleEndian)
    head, _, _ = path.read_bytes().rpartition(DeflatedExplicitVRLittleEndian.encode())
    body = raw(0x00080060, b"CS", b"CT")
    body += b"\xe0\x7f\x10\x00OW\0\0" + (1 << 31).to_bytes(4, "little")
    deflate = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(body)
    for _ in range(200):
        packed += deflate.compress(bytes(1 << 20))
    packed += deflate.flush()
    path.write_bytes(head + DeflatedExplicitVRLittleEndian.encode() + packed)

    tracemalloc.start()
    parsed = walk.parse(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert parsed is not None
    assert parsed.size == len(body) + (200 << 20)
    assert most < 60 << 20
