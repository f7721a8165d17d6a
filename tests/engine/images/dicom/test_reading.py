"""What a file says of itself comes out as it says, and what is wrong with it in words."""

import csv
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from dicom_files import REAL, dataset, item, raw, save
from pydicom import Dataset
from pydicom.uid import (
    MPEG2MPML,
    BasicTextSRStorage,
    CTImageStorage,
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
from engine.images.dicom.header import Header
from engine.images.dicom.reading import read_header
from engine.pictures import GreyWindow

COLOUR: dict[str, object] = {"SamplesPerPixel": 3, "BitsAllocated": 8}
RIGHT = item(FrameLaterality="R")


def read(tmp_path: Path, **keywords: object) -> Header:
    return read_header(save(tmp_path / "a.dcm", dataset(**keywords)))


def refusal_of(path: Path) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read_header(path)
    assert path.name in refused.value.what
    return refused.value


def test_the_header_of_a_plain_picture_is_read(tmp_path: Path) -> None:
    header = read(
        tmp_path,
        ImageType=["ORIGINAL", "PRIMARY"],
        StudyDate="20240202",
        StudyTime="101112.5",
        PatientName="Phantom^Felix",
        PatientID="P 1",
        PatientSex="F",
        PatientAge="074Y",
        StudyDescription="Chest",
        SeriesDescription="Lung",
        StudyInstanceUID="1.2.1",
        SeriesInstanceUID="1.2.2",
        FrameOfReferenceUID="1.2.3",
        SeriesNumber=3,
        AcquisitionNumber=2,
        InstanceNumber=17,
        AcquisitionTime="101113",
        BodyPartExamined="CHEST",
        Manufacturer="Maker",
        ImagePositionPatient=["-1.5", "2", "3e1"],
        ImageOrientationPatient=["1", "0", "0", "0", "1", "0"],
        PixelSpacing=["0.5", "0.25"],
        ImagerPixelSpacing=["0.6", "0.7"],
        PixelAspectRatio=[6, 7],
        ConvolutionKernel=["I70f", "3"],
        SliceThickness="2.5",
        SpacingBetweenSlices="2",
        GantryDetectorTilt="-14",
        RescaleSlope="1.5",
        RescaleIntercept="-1024",
        RescaleType="HU",
        Units="BQML",
    )

    assert (header.columns, header.rows, header.frame_count, header.samples) == (4, 2, 1, 1)
    assert (header.bits_allocated, header.bits_stored, header.high_bit) == (16, 12, 11)
    assert (header.photometric, header.signed, header.pixels) == ("MONOCHROME2", False, "PixelData")
    assert header.transfer_syntax == "1.2.840.10008.1.2.1"
    assert (header.sop_class, header.sop_instance) == (CTImageStorage, "1.2.3.4")
    assert (header.study_uid, header.series_uid) == ("1.2.1", "1.2.2")
    assert header.frame_of_reference == "1.2.3"
    assert (header.modality, header.image_type) == ("CT", ("ORIGINAL", "PRIMARY"))
    assert (header.patient_name, header.patient_id) == ("Phantom Felix", "P 1")
    assert (header.patient_sex, header.patient_age) == ("F", "074Y")
    assert (header.study_date, header.study_time) == ("20240202", "101112.5")
    assert (header.study_description, header.series_description) == ("Chest", "Lung")
    assert (header.series_number, header.acquisition_number, header.instance_number) == (3, 2, 17)
    assert header.acquisition_time == "101113"
    assert (header.body_part, header.manufacturer) == ("CHEST", "Maker")
    assert (header.imager_spacing, header.spacing_between) == ((0.6, 0.7), 2)
    assert (header.aspect_ratio, header.kernel) == ((6, 7), "I70f 3")
    assert (header.gantry_tilt, header.rescale_type, header.units) == (-14, "HU", "BQML")
    frame = header.first
    assert (frame.position, frame.orientation) == ((-1.5, 2, 30), (1, 0, 0, 0, 1, 0))
    assert (frame.pixel_spacing, frame.slice_thickness) == ((0.5, 0.25), 2.5)
    assert (frame.slope, frame.intercept) == (1.5, -1024)


def test_windows_are_read_with_their_names_and_each_once(tmp_path: Path) -> None:
    header = read(
        tmp_path,
        WindowCenter=["-0600", "40", "-600", "7", "9"],
        WindowWidth=["01600", "400.0", "1600", "0", ""],
        WindowCenterWidthExplanation=["LUNG", "SOFT", "LUNG"],
    )

    assert header.first.windows == (GreyWindow(-600, 1600, "LUNG"), GreyWindow(40, 400, "SOFT"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"0.5\\0.25", (0.5, 0.25)),
        (b" 0.5 \\ 0.25\0", (0.5, 0.25)),
        (b"+5e-1\\2.5E-1", (0.5, 0.25)),
        (b"0,5\\0,25", None),
        (b"0.5", None),
        (b"0.5\\", None),
        (b"0.5\\0.25\\1 ", None),
        (b"UNKNOWN", None),
        (b"nan\\inf ", None),
        (b"1_0\\1_0 ", None),
        (b"", None),
    ],
)
def test_a_number_that_cannot_be_read_counts_as_not_there(
    tmp_path: Path, written: bytes, expected: tuple[float, float] | None
) -> None:
    path = save(tmp_path / "a.dcm", dataset())
    content = path.read_bytes()
    at = content.index(b"\x28\x00\x00\x01")
    written += b" " * (len(written) % 2)
    path.write_bytes(content[:at] + raw(0x00280030, b"DS", written) + content[at:])

    assert read_header(path).first.pixel_spacing == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [(b"12", 12), (b"012 ", 12), (b"12.0", 12), (b"12.5", None), (b"A12 ", None), (b"  ", None)],
)
def test_a_whole_number_is_read_if_it_is_one(
    tmp_path: Path, written: bytes, expected: int | None
) -> None:
    path = save(tmp_path / "a.dcm", dataset())
    content = path.read_bytes()
    at = content.index(b"\x28\x00\x02\x00")
    path.write_bytes(content[:at] + raw(0x00200013, b"IS", written) + content[at:])

    assert read_header(path).instance_number == expected


@pytest.mark.parametrize(
    ("padding", "signed", "expected"),
    [
        (63536, 1, -2000),
        (-2000, 1, -2000),
        (63536, 0, 63536),
        (-2000, 0, 63536),
        (0, 0, 0),
        (None, 0, None),
    ],
)
def test_the_padding_has_the_sign_of_the_pixels(
    tmp_path: Path, padding: int | None, signed: int, expected: float | None
) -> None:
    told = dataset(PixelRepresentation=signed)
    if padding is not None:
        told.add_new("PixelPaddingValue", "SS" if padding < 0 else "US", padding)

    assert read_header(save(tmp_path / "a.dcm", told)).padding == expected


def test_bits_that_are_not_told_are_all_bits(tmp_path: Path) -> None:
    header = read(tmp_path, BitsStored=None, HighBit=None)

    assert (header.bits_stored, header.high_bit) == (16, 15)


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"ImageLaterality": "L", "Laterality": "R"}, "L"),
        ({"Laterality": "R"}, "R"),
        (
            {
                "SharedFunctionalGroupsSequence": item(
                    FrameAnatomySequence=item(FrameLaterality="R")
                )
            },
            "R",
        ),
        ({}, ""),
    ],
)
def test_the_side_is_that_of_the_picture_before_that_of_the_series(
    tmp_path: Path, keywords: dict[str, object], expected: str
) -> None:
    assert read(tmp_path, **keywords).laterality == expected


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"AcquisitionTime": "1010", "AcquisitionDateTime": "20240202111213.5+0100"}, "1010"),
        ({"AcquisitionDateTime": "20240202111213.5+0100", "ContentTime": "12"}, "111213.5"),
        ({"AcquisitionDateTime": "20240202111213-0500"}, "111213"),
        ({"ContentTime": "121314"}, "121314"),
        ({}, ""),
    ],
)
def test_the_time_is_that_of_the_taking_if_it_is_told(
    tmp_path: Path, keywords: dict[str, object], expected: str
) -> None:
    assert read(tmp_path, **keywords).acquisition_time == expected


def test_a_modality_table_of_values_is_noticed(tmp_path: Path) -> None:
    assert read(tmp_path, ModalityLUTSequence=item(LUTExplanation="a")).modality_lut
    assert not read(tmp_path, ModalityLUTSequence=[]).modality_lut


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


def test_bytes_from_scanners_that_write_them_wrong_are_read() -> None:
    small = read_header(REAL / "test_files/CT_small.dcm")

    assert (small.manufacturer, small.first.intercept) == ("GE MEDICAL SYSTEMS", -1024)
    assert small.padding == -2000


def expected_rows(shared: Callable[[str], Path]) -> list[tuple[Path, dict[str, str]]]:
    folder = shared("data/radiology/dicom_odd")
    with (folder / "expected.csv").open(encoding="utf-8") as table:
        return [(folder / row["file"], row) for row in csv.DictReader(table)]


DAMAGED_WITHIN = "J2K_embedded_sequence_delimiter.dcm"
"""Only a decoder can tell."""


def test_every_odd_file_has_the_header_that_it_should_have(shared: Callable[[str], Path]) -> None:
    seen = 0
    for path, row in expected_rows(shared):
        if not path.is_file() or row["image"] != "yes":
            continue
        header = read_header(path)
        count = row["frames"] if row["frames"].isdecimal() else "1"
        assert (header.columns, header.rows) == (int(row["columns_x"]), int(row["rows_y"])), path
        assert header.frame_count == int(count), path
        assert header.modality == row["modality"], path
        assert (header.transfer_syntax or "") == row["transfer_syntax"].partition(" ")[0], path
        assert (header.samples, header.photometric) == (int(row["samples"]), row["photometric"])
        assert header.bits_allocated == int(row["bits_allocated"]), path
        assert header.bits_stored == int(row["bits_stored"] or row["bits_allocated"]), path
        assert header.signed == (row["signed"] == "1"), path
        if row["pixel_spacing_row_mm"]:
            spacing = float(row["pixel_spacing_row_mm"]), float(row["pixel_spacing_col_mm"])
            assert header.first.pixel_spacing == pytest.approx(spacing, rel=1e-5), path
        else:
            assert header.first.pixel_spacing is None, path
        if row["slope"]:
            assert header.first.slope == pytest.approx(float(row["slope"]), rel=1e-5), path
        seen += 1
    assert seen > 50


def test_every_file_that_is_no_picture_is_refused(shared: Callable[[str], Path]) -> None:
    seen = 0
    for path, row in expected_rows(shared):
        if not row["image"].startswith("no") or path.name == DAMAGED_WITHIN:
            continue
        refusal = refusal_of(path)
        assert refusal.why, path
        assert refusal.advice, path
        seen += 1
    assert seen > 15
