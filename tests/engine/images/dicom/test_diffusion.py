"""The b-value, wherever a scanner of each maker writes it."""

from pathlib import Path
from struct import pack
from typing import Any

import pytest
from dicom_files import dataset, save
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from siemens_header import csa

from engine.images.dicom.reading import read_header


def b_value(path: Path) -> float | None:
    return dict(read_header(path).first.splits).get("b-value")


PLACES: dict[str, tuple[str, int, str, int, str, Any]] = {
    "Siemens": ("SIEMENS", 0x0019, "SIEMENS MR HEADER", 0x0C, "IS", "400"),
    "Philips": ("Philips Medical Systems", 0x2001, "Philips Imaging DD 001", 0x03, "FL", 400.0),
    "GE": ("GE MEDICAL SYSTEMS", 0x0043, "GEMS_PARM_01", 0x39, "IS", ["400", "8", "0", "0"]),
    "GE, several": ("GE MEDICAL SYSTEMS", 0x0043, "GEMS_PARM_01", 0x39, "IS", ["1000000400", "8"]),
    "United Imaging": ("UIH", 0x0065, "Image Private Header", 0x09, "FD", 400.0),
}


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("place", PLACES)
def test_the_b_value_of_each_maker_is_read(tmp_path: Path, place: str, syntax: str) -> None:
    maker, group, creator, element, vr, value = PLACES[place]
    told = dataset(Modality="MR", Manufacturer=maker)
    told.private_block(group, creator, create=True).add_new(element, vr, value)

    assert b_value(save(tmp_path / "a.dcm", told, syntax)) == 400


@pytest.mark.parametrize("place", PLACES)
def test_the_b_value_is_read_as_bytes_of_unknown_kind(tmp_path: Path, place: str) -> None:
    maker, group, creator, element, vr, value = PLACES[place]
    told = dataset(Modality="MR", Manufacturer=maker)
    told.private_block(group, creator, create=True).add_new(element, vr, value)
    path = save(tmp_path / "a.dcm", told)
    content = path.read_bytes()
    head = pack("<HH", group, 0x1000 | element)
    at = content.index(head)
    length = int.from_bytes(content[at + 6 : at + 8], "little")
    unknown = head + b"UN\0\0" + pack("<I", length)
    path.write_bytes(content[:at] + unknown + content[at + 8 :])

    assert b_value(path) == 400


def test_a_block_may_stand_elsewhere(tmp_path: Path) -> None:
    told = dataset(Modality="MR", Manufacturer="SIEMENS")
    told.private_block(0x0019, "ANOTHER", create=True).add_new(0x0C, "IS", "7")
    told.private_block(0x0019, "SIEMENS MR HEADER", create=True).add_new(0x0C, "IS", "400")

    assert b_value(save(tmp_path / "a.dcm", told)) == 400


def test_another_makers_element_of_the_same_number_is_not_read(tmp_path: Path) -> None:
    told = dataset(Modality="MR", Manufacturer="SIEMENS")
    told.private_block(0x0019, "ANOTHER", create=True).add_new(0x0C, "IS", "7")

    assert b_value(save(tmp_path / "a.dcm", told)) is None


@pytest.mark.parametrize(("maker", "expected"), [("SIEMENS", 400), ("Siemens", 400), ("GE", None)])
def test_where_the_blocks_names_were_removed_the_maker_stands_for_them(
    tmp_path: Path, maker: str, expected: float | None
) -> None:
    told = dataset(Modality="MR", Manufacturer=maker)
    told.add_new(0x0019100C, "IS", "400")

    assert b_value(save(tmp_path / "a.dcm", told)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("*ep_b400t", 400),
        ("*ep_b1000#12", 1000),
        ("ep_b0", 0),
        ("*ep_b50_800", None),
        ("*epfid2d1_64", None),
    ],
)
def test_the_b_value_is_read_from_the_name_of_the_sequence(
    tmp_path: Path, name: str, expected: float | None
) -> None:
    told = dataset(Modality="MR", SequenceName=name)

    assert b_value(save(tmp_path / "a.dcm", told)) == expected


def test_the_b_value_is_read_from_the_makers_own_header(tmp_path: Path) -> None:
    told = dataset(Modality="MR", ImageType=["ORIGINAL", "PRIMARY", "DIFFUSION"])
    header = csa({"EchoTime": ["80"], "B_value": ["400"]})
    told.private_block(0x0029, "SIEMENS CSA HEADER", create=True).add_new(0x10, "OB", header)

    assert b_value(save(tmp_path / "a.dcm", told)) == 400


def test_a_damaged_makers_header_costs_nothing(tmp_path: Path) -> None:
    told = dataset(Modality="MR", ImageType=["ORIGINAL", "PRIMARY", "DIFFUSION"])
    header = csa({"EchoTime": ["80"], "B_value": ["400"]})[:100]
    told.private_block(0x0029, "SIEMENS CSA HEADER", create=True).add_new(0x10, "OB", header)

    assert b_value(save(tmp_path / "a.dcm", told)) is None


def test_what_the_standard_has_for_it_comes_first(tmp_path: Path) -> None:
    told = dataset(Modality="MR", DiffusionBValue=50.0, SequenceName="*ep_b400t")

    assert b_value(save(tmp_path / "a.dcm", told)) == 50


def test_a_ct_has_no_b_value(tmp_path: Path) -> None:
    assert b_value(save(tmp_path / "a.dcm", dataset(SequenceName="*ep_b400t"))) is None
