"""What headers and tables near photographs tell of their eyes."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import (
    ExplicitVRLittleEndian,
    OphthalmicPhotography8BitImageStorage,
    generate_uid,
)

from engine.eyes.which import EyeFacts, Tabled
from engine.followup.eyes_near import eyes_near, in_force
from engine.images.photograph import open_picture
from engine.pictures import Laterality, Photograph
from engine.task import Task

R, L = Laterality.RIGHT, Laterality.LEFT


def files(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    return [folder / name for name in names]


def tabled(folder: Path) -> dict[str, Tabled]:
    eyes, _ = eyes_near([folder], None, Task())
    return {Path(each.path).name: each.tabled for each in eyes}


def test_a_table_beside_photographs_tells_eye_patient_and_day_of_each(tmp_path: Path) -> None:
    files(tmp_path, "a.jpg", "b.jpg", "c.jpg")
    table = tmp_path / "visits.csv"
    table.write_text("image,patient,date,eye\na,P,2020-01-01,OD\nb.jpg,P,2020-01-01,left\n")
    assert tabled(tmp_path) == {
        "a.jpg": Tabled(str(table), R, "P", "2020-01-01"),
        "b.jpg": Tabled(str(table), L, "P", "2020-01-01"),
    }


def test_a_table_above_tells_of_photographs_in_folders_and_of_the_same_patients_elsewhere(
    tmp_path: Path,
) -> None:
    right, left, _ = files(tmp_path, "right/1.jpg", "left/1.jpg", "left/2.jpg")
    (tmp_path / "visits.csv").write_text(
        "image,patient,date,eye\nright/1,P,2020-01-01,R\nleft/1,P,2020-01-01,L\n"
        "left/2,Q,2020-01-01,L\n"
    )
    eyes, _ = eyes_near([right.parent], None, Task())
    assert {each.path: each.tabled.eye for each in eyes} == {str(right): R, str(left): L}


def test_a_table_leads_nowhere_outside_its_own_folder(tmp_path: Path) -> None:
    inside, _ = files(tmp_path, "own/right/1.jpg", "others/1.jpg")
    (tmp_path / "own" / "visits.csv").write_text(
        f"image,patient,eye\nright/1,P,R\n../others/1,P,L\n{tmp_path}/others/1,P,L\n"
    )
    eyes, _ = eyes_near([inside.parent], None, Task())
    assert [each.path for each in eyes] == [str(inside)]


def test_a_table_that_contradicts_itself_is_one_fault_and_tells_nothing(tmp_path: Path) -> None:
    files(tmp_path, "a.jpg")
    (tmp_path / "visits.csv").write_text("image,patient,eye\na,P,OD\na,P,OS\n")
    eyes, (fault,) = eyes_near([tmp_path], None, Task())
    assert eyes == ()
    assert fault.what == "The table visits.csv was not used."


def test_another_file_of_values_beside_photographs_is_left_alone_however_long(
    tmp_path: Path,
) -> None:
    files(tmp_path, "a.jpg")
    with (tmp_path / "measured.csv").open("wb") as file:
        file.write("case,score\nÄrzte,1\n".encode("cp1252"))
        file.truncate(40 * 2**20)
    assert eyes_near([tmp_path], None, Task()) == ((), ())


def test_a_table_longer_than_any_is_a_fault(tmp_path: Path) -> None:
    files(tmp_path, "a.jpg")
    with (tmp_path / "visits.csv").open("wb") as file:
        file.write(b"image,patient\na,P\n")
        file.truncate(40 * 2**20)
    _, (fault,) = eyes_near([tmp_path], None, Task())
    assert fault.why == "It is larger than 32 MB."


@pytest.mark.parametrize(("decoded", "name", "eye"), [(L, "1_left.jpg", R), (L, "1.dcm", L)])
def test_the_table_is_stronger_than_a_name_and_weaker_than_a_header(
    tmp_path: Path, decoded: Laterality, name: str, eye: Laterality
) -> None:
    (path,) = files(tmp_path, name)
    (tmp_path / "visits.csv").write_text(f"image,patient,eye\n{name},P,OD\n")
    photograph = Photograph(np.zeros((2, 2, 3), np.uint8), name, "", decoded)
    found = in_force(photograph, path, Task())
    assert found.photograph.laterality is eye
    assert found.table == (tmp_path / "visits.csv" if eye is R else None)
    assert len(found.warnings) == 1 and found.warnings[0].startswith("In doubt: ")


def test_a_header_that_says_what_the_name_says_is_stronger_than_the_table(tmp_path: Path) -> None:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.Modality = OphthalmicPhotography8BitImageStorage, "OP"
    dataset.SOPInstanceUID, dataset.ImageLaterality = generate_uid(), "R"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = 4, 4, 3
    dataset.PhotometricInterpretation, dataset.PlanarConfiguration = "RGB", 0
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.PixelData = bytes(48)
    path = tmp_path / "1_right.dcm"
    dataset.save_as(path, enforce_file_format=True)
    (tmp_path / "visits.csv").write_text("image,patient,eye\n1_right.dcm,P,OS\n")
    assert in_force(open_picture(path), path, Task()).photograph.laterality is R


@pytest.mark.parametrize("above", [False, True])
def test_a_table_that_cannot_be_relied_on_is_said_beside_the_photograph(
    tmp_path: Path, above: bool
) -> None:
    (path,) = files(tmp_path, "in/a_left.jpg")
    folder = tmp_path if above else path.parent
    (folder / "visits.csv").write_text("image,patient,eye\na_left,P,OD\na_left,P,OS\n")
    photograph = Photograph(np.zeros((2, 2, 3), np.uint8), path.name, "", L, ("Read so.",))
    found = in_force(photograph, path, Task())
    assert (found.photograph.laterality, found.table) == (L, None)
    (said,) = found.warnings
    assert said.startswith("The table visits.csv was not used. Two of its lines name a_left")
    assert found.photograph.warnings == ("Read so.", said)
    _, faults = eyes_near([path.parent], None, Task())
    assert [fault.reason for fault in faults] == [said]


def test_nothing_near_leaves_a_photograph_as_it_was(tmp_path: Path) -> None:
    (path,) = files(tmp_path, "1_left.jpg")
    photograph = Photograph(np.zeros((2, 2, 3), np.uint8), "1_left.jpg", "", L)
    assert in_force(photograph, path, Task()).photograph.laterality is L
    assert eyes_near([tmp_path], None, Task()) == ((), ())
    assert EyeFacts(str(path)).tabled == Tabled()
