"""The window's side of whose eyes photographs show: by the headers of real files."""

from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, OphthalmicPhotography8BitImageStorage
from told import Told

from engine.pictures import Laterality


def photograph(path: Path, eye: str) -> Path:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = OphthalmicPhotography8BitImageStorage, "1.2.3"
    dataset.Modality, dataset.ImageLaterality = "OP", eye
    dataset.PatientID, dataset.StudyDate = "17", "20240312"
    dataset.Rows = dataset.Columns = dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation, dataset.SamplesPerPixel = 7, 0, 3
    dataset.PhotometricInterpretation, dataset.PlanarConfiguration = "RGB", 0
    dataset.PixelData = bytes(8 * 8 * 3)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_headers_tell_eye_patient_and_visit(told: Told, tmp_path: Path, photo: Path) -> None:
    right, left = photograph(tmp_path / "1.dcm", "R"), photograph(tmp_path / "2.dcm", "L")
    found = told.last_word(told.client.find_eyes([right.parent, photo])).eyes
    eyes = {each.path: each for each in found}
    assert eyes[str(right)].header is Laterality.RIGHT
    assert eyes[str(left)].header is Laterality.LEFT
    assert eyes[str(right)].patient == eyes[str(left)].patient != ""
    assert eyes[str(left)].day == "20240312"
    assert str(photo) not in eyes
