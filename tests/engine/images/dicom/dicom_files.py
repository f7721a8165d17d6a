"""DICOM files with chosen headers, written by pydicom, and the real ones that come with it."""

from pathlib import Path
from typing import Any

import pydicom.data
import pytest
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

from engine.errors import Refusal
from engine.images.dicom.header import Header
from engine.images.dicom.reading import read_header

REAL = Path(pydicom.data.__file__).parent

Elements = dict[str, Any]


def dataset(**keywords: Any) -> Dataset:
    """A CT picture of 4 x 2 pixels; anything in it by keyword, None leaves an element out."""
    found = Dataset()
    plain: Elements = {
        "SOPClassUID": CTImageStorage,
        "SOPInstanceUID": "1.2.3.4",
        "Modality": "CT",
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": 2,
        "Columns": 4,
        "BitsAllocated": 16,
        "BitsStored": 12,
        "HighBit": 11,
        "PixelRepresentation": 0,
        "PixelData": bytes(16),
    }
    for keyword, value in (plain | keywords).items():
        if value is not None:
            setattr(found, keyword, value)
    return found


def item(**keywords: Any) -> list[Dataset]:
    """A sequence of one item."""
    found = Dataset()
    for keyword, value in keywords.items():
        setattr(found, keyword, value)
    return [found]


def save(path: Path, told: Dataset, syntax: str = ExplicitVRLittleEndian) -> Path:
    """Write it with a preamble and meta information."""
    told.file_meta = FileMetaDataset()
    told.file_meta.TransferSyntaxUID = UID(syntax)
    told.file_meta.MediaStorageSOPClassUID = told.get("SOPClassUID", CTImageStorage)
    told.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    if "PixelData" in told and told.file_meta.TransferSyntaxUID.is_encapsulated:
        told.PixelData = encapsulate([told.PixelData])
        told["PixelData"].VR = "OB"
    elif "PixelData" in told and "BitsAllocated" not in told:
        told["PixelData"].VR = "OW"
    told.save_as(path, enforce_file_format=True)
    return path


def raw(tag: int, vr: bytes, value: bytes) -> bytes:
    """An element as it stands in an explicit little endian file."""
    head = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") + vr
    if vr in (b"OB", b"OW", b"SQ", b"UN", b"UT"):
        return head + bytes(2) + len(value).to_bytes(4, "little") + value
    return head + len(value).to_bytes(2, "little") + value


def read(tmp_path: Path, **keywords: object) -> Header:
    """The header of a file that is written with these elements."""
    return read_header(save(tmp_path / "a.dcm", dataset(**keywords)))


def refusal_of(path: Path) -> Refusal:
    """Why a file is not read; it is named."""
    with pytest.raises(Refusal) as refused:
        read_header(path)
    assert path.name in refused.value.what
    return refused.value
