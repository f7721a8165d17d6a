"""analyse of a photograph in a DICOM file: the same answer, and nothing of the header."""

from pathlib import Path

import numpy as np
import pytest
from analysed import analyse
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRLittleEndian,
    OphthalmicPhotography8BitImageStorage,
    generate_uid,
)

from engine import cli

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("user")


@pytest.fixture
def wrapped(eye: Path, tmp_path: Path) -> Path:
    """The same eye as an Ophthalmic Photography object of a patient with a name."""
    pixels = np.asarray(Image.open(eye))
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.Modality = OphthalmicPhotography8BitImageStorage, "OP"
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = generate_uid()
    dataset.PatientName, dataset.PatientID = "Quixote^Alonso", "4711-0815"
    dataset.ImageLaterality = "L"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = *pixels.shape[:2], 3
    dataset.PhotometricInterpretation, dataset.PlanarConfiguration = "RGB", 0
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.add_new("PixelData", "OB", pixels.tobytes())
    path = tmp_path / "wrapped.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_a_photograph_in_a_dicom_file_gets_the_answer_of_the_photograph(
    capsys: Captured, eye: Path, wrapped: Path
) -> None:
    in_header = analyse(capsys, wrapped)
    assert in_header.pop("eye") == {"laterality": "OS", "from": "header", "table": None}
    bare = analyse(capsys, eye)
    assert bare.pop("eye") == {"laterality": None, "from": "", "table": None}
    assert in_header == bare


def test_nothing_of_a_dicom_header_is_in_what_is_written(
    capsys: Captured, wrapped: Path, tmp_path: Path
) -> None:
    out = tmp_path / "seen.png"
    arguments = ["analyse", str(wrapped), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--heatmap", str(out)]) == 0
    printed = capsys.readouterr()

    for told in (printed.out, printed.err, out.read_bytes().decode("latin-1")):
        assert "Quixote" not in told
        assert "4711" not in told


def test_a_scan_is_no_photograph_and_that_is_said(capsys: Captured, wrapped: Path) -> None:
    dataset = dcmread(wrapped)
    dataset.SOPClassUID, dataset.Modality = CTImageStorage, "CT"
    dataset.save_as(wrapped)

    arguments = ["analyse", str(wrapped), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--quiet"]) == 1
    assert "“wrapped.dcm” is not a photograph." in capsys.readouterr().err


def test_a_grey_photograph_is_not_scored(capsys: Captured, wrapped: Path) -> None:
    dataset = dcmread(wrapped)
    grey = dataset.pixel_array[..., 1]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    del dataset.PlanarConfiguration
    dataset.PixelData = grey.tobytes()
    dataset.save_as(wrapped)

    answer = analyse(capsys, wrapped)
    assert answer["decision"] == "ungradable"
    assert any("not in colour" in warning for warning in answer["warnings"])
