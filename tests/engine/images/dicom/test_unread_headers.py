"""A DICOM file that is no picture, or not whole, is refused in words."""

import os
import sys
from pathlib import Path

import pytest
from dicom_files import dataset, item, raw, refusal_of, save
from pydicom import Dataset
from pydicom.uid import (
    MPEG2MPML,
    BasicTextSRStorage,
    EncapsulatedPDFStorage,
    ExplicitVRBigEndian,
    GrayscaleSoftcopyPresentationStateStorage,
    JPEGLSLossless,
    KeyObjectSelectionDocumentStorage,
    RTPlanStorage,
    RTStructureSetStorage,
    TwelveLeadECGWaveformStorage,
    VLWholeSlideMicroscopyImageStorage,
)

from engine.errors import Refusal
from engine.images.dicom import by_pydicom
from engine.images.dicom.reading import read_header


@pytest.mark.parametrize(
    ("sop_class", "words"),
    [
        (BasicTextSRStorage, "a structured report"),
        (KeyObjectSelectionDocumentStorage, "a key object selection"),
        (GrayscaleSoftcopyPresentationStateStorage, "a presentation state"),
        (EncapsulatedPDFStorage, "a PDF document"),
        (RTPlanStorage, "a radiotherapy plan"),
        (RTStructureSetStorage, "a radiotherapy structure set"),
        (TwelveLeadECGWaveformStorage, "a waveform"),
        ("1.2.840.10008.5.1.4.1.1.4.2", "MR spectroscopy"),
        ("1.2.840.10008.5.1.4.1.1.66.1", "a spatial registration"),
    ],
)
def test_a_file_without_a_picture_is_refused_as_what_it_is(
    tmp_path: Path, sop_class: str, words: str
) -> None:
    told = Dataset()
    told.SOPClassUID = sop_class

    refusal = refusal_of(save(tmp_path / "a.dcm", told))

    assert words in refusal.why
    assert "no picture" in refusal.what


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0 bytes"),
        (b"Just a letter.\n" * 20, "a text file"),
        (b"%PDF-1.7 and so on", "a PDF document"),
        (bytes(128) + b"DICM", "Nothing follows its preamble"),
        (bytes(range(256)) * 4, "not known"),
    ],
)
def test_what_is_no_picture_file_is_refused_as_what_it_is(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(content)

    assert words in refusal_of(path).why


def test_a_stray_byte_before_the_first_element_is_named(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset())
    content = path.read_bytes()
    path.write_bytes(b" " + content[content.index(b"\x08\x00\x16\x00") :])

    assert "stray byte" in refusal_of(path).why


def test_a_number_of_frames_that_is_none_is_refused_with_what_is_written(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset(NumberOfFrames=15))
    path.write_bytes(path.read_bytes().replace(b"IS\x02\x0015", b"IS\x02\x001A"))

    assert "“1A”" in refusal_of(path).why


@pytest.mark.parametrize("written", [b"", b"0 ", b"1 "])
def test_no_number_of_frames_is_one(tmp_path: Path, written: bytes) -> None:
    path = save(tmp_path / "a.dcm", dataset())
    content = path.read_bytes()
    at = content.index(b"\x28\x00\x10\x00")
    path.write_bytes(content[:at] + raw(0x00280008, b"IS", written) + content[at:])

    assert read_header(path).frame_count == 1


def test_a_file_that_ends_before_its_picture_is_damaged_and_not_without_one(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset(ImageComments="x" * 50))
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"xxx") + 20])

    refusal = refusal_of(path)
    assert "damaged" in refusal.what
    assert "before its picture" in refusal.why


def test_a_picture_that_ends_early_is_refused_with_both_numbers(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset())
    path.write_bytes(path.read_bytes()[:-3])

    why = refusal_of(path).why
    assert "16 bytes" in why
    assert "13" in why


def test_an_element_that_is_too_short_for_its_picture_is_refused(tmp_path: Path) -> None:
    why = refusal_of(save(tmp_path / "a.dcm", dataset(PixelData=bytes(14)))).why

    assert "16 bytes" in why
    assert "14" in why


@pytest.mark.parametrize(
    ("keywords", "needed"),
    [
        ({"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "BitsAllocated": 8}, 24),
        (
            {"SamplesPerPixel": 3, "PhotometricInterpretation": "YBR_FULL_422", "BitsAllocated": 8},
            16,
        ),
        ({"BitsAllocated": 1, "NumberOfFrames": 3}, 3),
        ({"BitsAllocated": 32}, 32),
        ({"NumberOfFrames": 3}, 48),
    ],
)
def test_what_a_picture_needs_is_told_by_its_header(
    tmp_path: Path, keywords: dict[str, object], needed: int
) -> None:
    whole = dataset(**keywords, PixelData=bytes(needed + needed % 2))
    assert read_header(save(tmp_path / "whole.dcm", whole)).rows == 2

    short = dataset(**keywords, PixelData=bytes(needed - 2 + needed % 2))
    if needed % 2 == 0:
        assert f"{needed} bytes" in refusal_of(save(tmp_path / "short.dcm", short)).why


def test_a_started_byte_is_needed_whole(tmp_path: Path) -> None:
    told = dataset(Rows=1, Columns=5, BitsAllocated=1, PixelData=b"")

    assert "1 byte" in refusal_of(save(tmp_path / "a.dcm", told)).why


def test_a_missing_byte_behind_the_whole_picture_costs_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset(Rows=1, Columns=3, BitsAllocated=8, PixelData=b"abc\0"))
    path.write_bytes(path.read_bytes()[:-1])

    assert read_header(path).columns == 3


def test_bytes_behind_the_picture_cost_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset(PixelData=bytes(30)))
    path.write_bytes(path.read_bytes() + bytes(99))

    assert read_header(path).rows == 2


def test_a_compressed_picture_without_its_end_is_refused(tmp_path: Path) -> None:
    path = save(
        tmp_path / "a.dcm", dataset(PixelData=b"\xfe\xff\xdd\xe0\0\0\0\0" * 9), JPEGLSLossless
    )
    assert read_header(path).transfer_syntax == JPEGLSLossless
    content = path.read_bytes()

    for cut in (1, 8, 9, 40):
        path.write_bytes(content[:-cut])
        assert "no end" in refusal_of(path).why


@pytest.mark.parametrize("promised", ["3", "2000000000"])
def test_fewer_compressed_pictures_than_promised_are_refused_with_both_numbers(
    tmp_path: Path, promised: str
) -> None:
    told = dataset(
        NumberOfFrames=promised,
        PerFrameFunctionalGroupsSequence=item(PlanePositionSequence=[]),
    )

    why = refusal_of(save(tmp_path / "a.dcm", told, JPEGLSLossless)).why

    assert f"{int(promised):,}" in why
    assert "it holds 1" in why


def test_what_follows_a_compressed_picture_costs_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset(), JPEGLSLossless)
    path.write_bytes(path.read_bytes() + raw(0xFFFCFFFC, b"OB", bytes(10)))

    assert read_header(path).rows == 2


def test_a_compressed_picture_in_a_file_that_says_plain_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset(), JPEGLSLossless)
    path.write_bytes(
        path.read_bytes().replace(
            b"UI\x16\x001.2.840.10008.1.2.4.80", b"UI\x16\x001.2.840.10008.1.2.1\0\0\0"
        )
    )

    assert "compressed" in refusal_of(path).why


@pytest.mark.parametrize("keyword", ["Rows", "Columns", "BitsAllocated"])
def test_a_picture_of_unknown_size_is_refused(tmp_path: Path, keyword: str) -> None:
    assert "does not say" in refusal_of(save(tmp_path / "a.dcm", dataset(**{keyword: None}))).why


def test_a_film_is_refused(tmp_path: Path) -> None:
    assert "film" in refusal_of(save(tmp_path / "a.dcm", dataset(), MPEG2MPML)).why


def test_a_picture_in_an_unknown_form_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.dcm", dataset(), JPEGLSLossless)
    path.write_bytes(path.read_bytes().replace(JPEGLSLossless.encode(), b"1.2.840.10008.1.2.4.99"))

    assert "1.2.840.10008.1.2.4.99" in refusal_of(path).why


def test_a_microscope_slide_in_tiles_is_refused(tmp_path: Path) -> None:
    told = dataset(
        SOPClassUID=VLWholeSlideMicroscopyImageStorage, NumberOfFrames=2, PixelData=bytes(32)
    )

    assert "2 tiles" in refusal_of(save(tmp_path / "a.dcm", told)).why


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal_of(tmp_path / "a.dcm").why


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "folder" in refusal_of(tmp_path).why


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "a.dcm", dataset())

    def forbid(*_: object) -> int:
        raise PermissionError(13, "forbidden")

    monkeypatch.setattr(os, "open", forbid)
    assert "not allowed" in refusal_of(path).why


@pytest.mark.parametrize(
    ("fault", "words"),
    [(OSError("No tag to read"), "follow one another"), (OSError(5, "I/O error"), "drive")],
)
def test_a_failing_drive_is_told_from_damaged_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: OSError, words: str
) -> None:
    def fail(_: Path) -> None:
        raise fault

    path = save(tmp_path / "a.dcm", dataset(), ExplicitVRBigEndian)
    monkeypatch.setattr(by_pydicom, "parse", fail)

    assert words in refusal_of(path).why


@pytest.mark.skipif(sys.platform == "win32", reason="Names there are letters.")
def test_a_name_of_any_bytes_can_be_told(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.dcm"))
    path.write_bytes(b"")

    with pytest.raises(Refusal) as refused:
        read_header(path)
    assert str(refused.value).encode("utf-8")
