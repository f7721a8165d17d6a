"""A patient's visits as the window asks for them: by a message, headers read by decoders."""

from pathlib import Path

from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid
from volume_desk import Desk

from engine.service.messages import (
    EyesFound,
    FindEyes,
    FindVisits,
    Refused,
    VisitsFound,
    decode_from_engine,
    encode,
)

PHOTOGRAPH = "1.2.840.10008.5.1.4.1.1.77.1.5.1"


def write_photograph(path: Path, patient: str, day: str, side: str) -> Path:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = PHOTOGRAPH
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    file = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    file.SOPClassUID, file.SOPInstanceUID = PHOTOGRAPH, meta.MediaStorageSOPInstanceUID
    file.StudyInstanceUID, file.Modality = generate_uid(), "OP"
    file.PatientID, file.PatientName = patient, "Doe^Jane"
    file.StudyDate, file.ImageLaterality = day, side
    file.Rows = file.Columns = 4
    file.SamplesPerPixel, file.PhotometricInterpretation = 3, "RGB"
    file.PlanarConfiguration, file.PixelRepresentation = 0, 0
    file.BitsAllocated = file.BitsStored = 8
    file.HighBit = 7
    file.PixelData = bytes(48)
    file.save_as(path, enforce_file_format=True)
    return path


def test_a_dicom_patients_visits_come_in_order_and_without_the_name(
    desk: Desk, tmp_path: Path
) -> None:
    last = write_photograph(tmp_path / "a.dcm", "4711", "20220301", "R")
    write_photograph(tmp_path / "b.dcm", "4711", "20200301", "L")
    write_photograph(tmp_path / "c.dcm", "4712", "20200301", "L")
    desk.service.take(FindVisits(1, str(last)))
    found = desk.last_word(1)
    assert isinstance(found, VisitsFound), found
    assert [visit.date for visit in found.patient.visits] == ["2020-03-01", "2022-03-01"]
    assert [Path(seen.path).name for visit in found.patient.visits for seen in visit.photographs]
    line = encode(found)
    assert decode_from_engine(line) == found
    assert b"Doe" not in line and b"4711" not in line


def test_a_readers_date_that_is_none_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"")
    desk.service.take(FindVisits(1, str(path), {str(path): "3/4/21"}))
    assert isinstance(desk.last_word(1), Refused)


def test_a_table_beside_a_photograph_tells_its_eye_without_a_header_being_read(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    write_photograph(tmp_path / "b", "4711", "20220301", "R")
    (tmp_path / "visits.csv").write_text("image,patient,date,eye\na,P,2020-01-01,OD\n")
    (tmp_path / "other.csv").write_text("image,patient\na,P\na,Q\n")
    desk.service.take(FindEyes(1, (str(tmp_path),), headers=False))
    found = desk.last_word(1)
    assert isinstance(found, EyesFound), found
    assert [(Path(each.path).name, each.tabled.eye) for each in found.eyes] == [("a.png", "OD")]
    assert [fault.what for fault in found.faults] == ["The table other.csv was not used."]
    assert decode_from_engine(encode(found)) == found
