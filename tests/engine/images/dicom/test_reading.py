"""What a DICOM file says of itself comes out as it says."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from dicom_files import REAL, dataset, item, raw, read, refusal_of, save
from pydicom.uid import (
    CTImageStorage,
)

from engine.images.dicom.reading import read_header
from engine.pictures import GreyWindow

DAMAGED_WITHIN = "J2K_embedded_sequence_delimiter.dcm"


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


def test_bytes_from_scanners_that_write_them_wrong_are_read() -> None:
    small = read_header(REAL / "test_files/CT_small.dcm")

    assert (small.manufacturer, small.first.intercept) == ("GE MEDICAL SYSTEMS", -1024)
    assert small.padding == -2000


def expected_rows(shared: Callable[[str], Path]) -> list[tuple[Path, dict[str, str]]]:
    folder = shared("data/radiology/dicom_odd")
    with (folder / "expected.csv").open(encoding="utf-8") as table:
        return [(folder / row["file"], row) for row in csv.DictReader(table)]


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
