"""Every DICOM file and series of the reference folders, against the answers beside them."""

import re
from pathlib import Path

import numpy as np
import pytest
import reference
from reference import RADIOLOGY, Read

from engine.images.catalogue import list_pictures
from engine.images.plan import files_of
from engine.pictures import FrameAxis, Grid, RepairKind
from engine.task import Task

ROWS = [
    (folder, row)
    for folder in ("dicom_odd", "mr_t2", "pancreas")
    for row in reference.rows(f"{folder}/expected.csv")
]
PICTURES = [each for each in ROWS if each[1]["image"].startswith("yes")]
SERIES = [each for each in ROWS if each[1]["image"] == "series"]
FAULTS = [each for each in ROWS if each[1]["image"] == "no"]

REFUSED = {"badVR.dcm": "1A"}
"""One reader of two shows these as one picture, which they are not: in words instead."""

# What the tables say of stored numbers is not what is shown.
INDICES = ("PALETTE COLOR",)
LOOKED_UP = ("modality_lut_sequence_signed12.dcm",)
IN_8_BITS = ("SC_rgb_rle_16bit.dcm",)
MOSAIC = ("siemens_mosaic.dcm", "12bit_signed_garbage_high_bits.dcm")
STORED_AS_YBR = ("YBR_FULL_422", "YBR_FULL")

WORDS = {
    "no pixel data": "holds no picture",
    "truncated": "ends early",
    "not DICOM: 0 bytes": "0 bytes",
    "not DICOM": "text file",
    "no data set": "Nothing follows",
    "not parseable": "stray byte",
    "no transfer syntax": "no transfer syntax",
    "picture not decodable": "",
}
"""What a fault in the tables must be called."""

LETTERS = {"axial": "SI", "coronal": "PA", "sagittal": "LR"}


def name(case: tuple[str, dict[str, str]]) -> str:
    return f"{case[0]}/{case[1]['file']}"


def read(case: tuple[str, dict[str, str]], folder: Path) -> Read:
    return reference.read(RADIOLOGY / case[0] / case[1]["file"], folder)


def plane_of(grid: Grid) -> str:
    """As the tables write it."""
    assert grid.affine is not None
    assert grid.orientation is not None
    (plane,) = (plane for plane, ends in LETTERS.items() if grid.orientation[2] in ends)
    axes = grid.affine[:3, :3] / np.linalg.norm(grid.affine[:3, :3], axis=0)
    straight = np.abs(axes).max(axis=0).min() > np.cos(np.radians(1))
    return plane if straight else f"{plane}-oblique"


def check_values(found: Read, row: dict[str, str]) -> None:
    low = min(v.facts.value_range[0] for v in found.volumes if v.facts.value_range)
    high = max(v.facts.value_range[1] for v in found.volumes if v.facts.value_range)
    shown = [float(row["shown_min"]), float(row["shown_max"])]
    # Decoders of lossy pictures differ by a step.
    step = float(row["slope"]) if "lossy decoders" in row["reader_note"] else 1e-5
    assert [low, high] == pytest.approx(shown, rel=1e-5, abs=step)


def check_spacing(found: Read, row: dict[str, str]) -> None:
    for volume in found.volumes:
        x, y, _ = volume.facts.grid.spacing
        if not row["pixel_spacing_row_mm"]:
            assert (x, y) == (None, None)
        else:
            said = float(row["pixel_spacing_col_mm"]), float(row["pixel_spacing_row_mm"])
            assert (x, y) == pytest.approx(said, rel=1e-5)


@pytest.mark.parametrize("case", PICTURES, ids=name)
def test_a_picture_is_as_expected(case: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    row = case[1]
    file = Path(row["file"]).name
    found = read(case, tmp_path)
    if file in REFUSED:
        assert not found.volumes
        assert REFUSED[file] in found.reasons
        return
    (volume,) = found.volumes
    facts = volume.facts
    assert not [each for each in found.listing.refused if not each.quiet]
    assert (facts.modality or "") == row["modality"]
    if row["transfer_syntax"]:
        assert facts.transfer_syntax == row["transfer_syntax"].split()[0]
    check_spacing(found, row)
    if file in MOSAIC:
        assert RepairKind.MOSAIC in found.kinds
        assert facts.grid.size[2] > 1
        assert int(row["columns_x"]) % facts.grid.size[0] == 0
        assert facts.value_range == (float(row["shown_min"]), float(row["shown_max"]))
        return
    assert facts.grid.size[:2] == (int(row["columns_x"]), int(row["rows_y"]))
    assert facts.grid.size[2] * len(facts.frames) == int(row["frames"] or 1)
    assert facts.colour == (row["samples"] == "3" or row["photometric"] in INDICES)
    assert facts.inverted == (row["photometric"] == "MONOCHROME1")
    if row["slice_gaps_mm"] and facts.grid.size[2] > 1:
        gap, count = row["slice_gaps_mm"].split("x")
        assert facts.grid.spacing[2] == pytest.approx(float(gap), rel=1e-3)
        assert facts.grid.size[2] == int(count) + 1
    if row["orientation"] and facts.grid.rows:
        assert plane_of(facts.grid) == row["orientation"]
    if row["photometric"] not in INDICES and file not in LOOKED_UP + IN_8_BITS:
        check_values(found, row)
        if row["stored_sha256"] and row["photometric"] not in STORED_AS_YBR:
            assert reference.stored_hash(found, row) == row["stored_sha256"]


@pytest.mark.parametrize("case", SERIES, ids=name)
def test_a_series_is_as_expected(case: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    row = case[1]
    found = read(case, tmp_path)
    assert not [each for each in found.listing.refused if not each.quiet]
    count = int(row["frames"].split()[0])
    assert sum(entry.pictures for entry in found.listing.entries) == count
    assert {volume.facts.modality for volume in found.volumes} == {row["modality"]}
    if not found.mended:
        check_values(found, row)
        if row["photometric"] not in STORED_AS_YBR:
            assert reference.stored_hash(found, row) == row["stored_sha256"]
    planes = [part.strip() for part in row["orientation"].split("|")]
    assert len(found.volumes) == len(planes)
    gaps = [part.strip() for part in row["slice_gaps_mm"].split("|")]
    by_plane = {plane_of(volume.facts.grid): volume for volume in found.volumes}
    for plane, gap in zip(planes, gaps, strict=True):
        grid = by_plane[plane.split(" tilt")[0]].facts.grid
        slices = [reference.numbers(part) for part in gap.split(";")]
        assert grid.spacing[2] == pytest.approx(slices[0][0], rel=1e-3)
        if len(slices) == 1:
            assert grid.size[2] == slices[0][1] + 1
        if "tilt" not in plane:
            width, height = int(row["columns_x"]), int(row["rows_y"])
            assert grid.size[:2] == (width, height)
    if len(planes) == 1:
        check_spacing(found, row)


def test_a_tilted_series_says_by_how_much(tmp_path: Path) -> None:
    for row in [each[1] for each in SERIES if "tilt" in each[1]["orientation"]]:
        found = reference.read(RADIOLOGY / "dicom_odd" / row["file"], tmp_path)
        (volume,) = found.volumes
        (words,) = (each.detail for each in volume.facts.repairs if each.kind is RepairKind.TILT)
        degrees = re.search(r"tilt ([\d.]+) deg", row["orientation"])
        assert degrees is not None
        assert f"{degrees[1]}°" in words


def test_a_missing_slice_is_said_and_left_blank(tmp_path: Path) -> None:
    path = RADIOLOGY / "dicom_odd/series/ct_tilt_missing_slice"
    if not path.exists():
        pytest.skip("Reference data are not beside this checkout: radiology")
    found = reference.read(path, tmp_path)
    (volume,) = found.volumes
    assert RepairKind.MISSING_SLICES in found.kinds
    assert volume.facts.grid.size[2] == 5
    assert volume.facts.grid.missing == (3,)


@pytest.mark.parametrize("case", FAULTS, ids=name)
def test_a_fault_is_refused_by_its_name(case: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    from engine.errors import Refusal

    try:
        reasons = read(case, tmp_path).reasons
    except Refusal as refusal:
        reasons = refusal.reason
    assert reasons
    (words,) = {called for fault, called in WORDS.items() if case[1]["fault"].startswith(fault)} - (
        {"text file"} if "0 bytes" in case[1]["fault"] else set()
    )
    assert words in reasons


@pytest.mark.parametrize("table", ["DICOMDIR", "DICOMDIR-nooffset"])
def test_a_dicomdir_leads_to_all_of_its_files(table: str, tmp_path: Path) -> None:
    path = RADIOLOGY / "dicom_odd" / "dicomdir" / table
    if not path.exists():
        pytest.skip("Reference data are not beside this checkout: radiology")
    found = reference.read(path, tmp_path)
    files = {file for planned in found.planned for file in files_of(planned.plan)}
    assert len(files) == 31
    assert not found.listing.refused


def test_a_dicomdir_without_records_gives_way_to_its_folder(tmp_path: Path) -> None:
    path = RADIOLOGY / "dicom_odd" / "dicomdir" / "DICOMDIR-empty.dcm"
    if not path.exists():
        pytest.skip("Reference data are not beside this checkout: radiology")
    found = reference.read(path, tmp_path)
    assert "names no files" in found.reasons
    assert len({file for planned in found.planned for file in files_of(planned.plan)}) == 31


def test_no_bad_file_of_a_mixed_folder_hides_a_good_one(tmp_path: Path) -> None:
    folder = RADIOLOGY / "dicom_odd"
    if not folder.exists():
        pytest.skip("Reference data are not beside this checkout: radiology")
    catalogue = list_pictures([folder], tmp_path, Task())
    read_from = {file for each in catalogue.planned.values() for file in files_of(each.plan)}
    refused = {each.path for each in catalogue.listing.refused}
    assert not read_from & refused
    assert read_from | refused <= {str(path) for path in folder.rglob("*") if path.is_file()}
    tables = {str(path) for path in (folder / "dicomdir").glob("DICOMDIR*")}
    left = {str(path) for path in folder.rglob("*") if path.is_file()} - read_from - refused
    # The same picture lies there in several syntaxes: the others are copies of one that is read.
    places = {reference.place_of(path) for path in read_from}
    assert {reference.place_of(path) for path in left - tables} <= places
    kinds = {repair.kind for each in catalogue.planned.values() for repair in each.facts.repairs}
    assert RepairKind.DUPLICATE_SLICES in kinds


def test_the_chest_ct_is_as_its_page_says(tmp_path: Path) -> None:
    folder = RADIOLOGY / "chest_ct" / "Lung_Dx-A0001_lung_5mm"
    if not folder.exists():
        pytest.skip("Reference data are not beside this checkout: radiology")
    found = reference.read(folder, tmp_path)
    (volume,) = found.volumes
    facts = volume.facts
    assert facts.grid.size == (512, 512, 64)
    assert facts.grid.spacing == pytest.approx((0.841796875, 0.841796875, 5))
    assert facts.grid.orientation == "LPS"
    assert facts.grid.affine is not None
    assert facts.grid.affine[2, 3] == -439
    assert facts.value_range == (-1024, 2976)
    assert facts.unit == "HU"
    assert volume.values.mean() + 1024 == pytest.approx(348.0318, abs=1e-4)
    assert {(window.centre, window.width) for window in facts.windows} == {(-600, 1600)}
    assert not facts.repairs
    row = {"bits_allocated": "16", "bits_stored": "12", "signed": "0"}
    said = "1b44d13506babfc1d11effc8e088b09e076bb36482f87ae8d43361385994c205"
    assert reference.stored_hash(found, row) == said


def test_diffusion_is_told_apart_by_its_b_value(tmp_path: Path) -> None:
    folder = RADIOLOGY / "mr_t2" / "prostatex0000_dwi_3_images_per_position"
    if not folder.exists():
        pytest.skip("Reference data are not beside this checkout: radiology")
    (volume,) = reference.read(folder, tmp_path).volumes
    assert volume.values.shape == (3, 19, 128, 84)
    assert volume.facts.frame_axis is FrameAxis.B_VALUE
    assert [re.sub(r"\D", "", name) for name in volume.facts.frames] == ["50", "400", "800"]


def test_the_pelvic_series_share_their_space(tmp_path: Path) -> None:
    if not (RADIOLOGY / "mr_t2").exists():
        pytest.skip("Reference data are not beside this checkout: radiology")
    spaces = {
        planned.facts.frame_of_reference
        for name in ("t2_tse_tra", "t2_tse_cor_jpegls", "dwi_3_images_per_position")
        for planned in list_pictures(
            [RADIOLOGY / "mr_t2" / f"prostatex0000_{name}"], tmp_path, Task()
        ).planned.values()
    }
    assert len(spaces) == 1
