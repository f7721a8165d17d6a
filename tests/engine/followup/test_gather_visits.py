"""Whose visits lie round a photograph, and whose word their dates are."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.errors import Refusal
from engine.eyes.which import Source
from engine.followup.gather import gather
from engine.images.dicom.header import Header
from engine.listing import RefusedFile
from engine.pictures import Laterality
from engine.records import readings_table
from engine.task import Task
from engine.visits.visit import DateSource, Patient


class Headers:
    """Stands for a scan: what DICOM files were said to hold."""

    def __init__(self) -> None:
        self.known: dict[str, Header] = {}

    def put(self, path: Path, patient: str, day: str = "", study: str = "", eye: str = "") -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        self.known[str(path)] = Header(
            str(path), patient_id=patient, study_date=day, study_uid=study, laterality=eye,
            modality="OP", sop_class="1.2.840.10008.5.1.4.1.1.77.1.5.1",
        )  # fmt: skip
        return path

    def __call__(self, paths: Sequence[Path], task: Task) -> tuple[list[Header], list[RefusedFile]]:
        return [self.known[str(path)] for path in paths if str(path) in self.known], []


@pytest.fixture
def headers() -> Headers:
    return Headers()


def files(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"\xff\xd8\xff" + name.encode() + b"\xff\xd9")
    return [folder / name for name in names]


def told(patient: Patient) -> list[tuple[str, list[str]]]:
    """Each visit's date and the names of its photographs."""
    return [
        (visit.date, sorted(Path(seen.path).name for seen in visit.photographs))
        for visit in patient.visits
    ]


@pytest.mark.parametrize("first_line", ["", "sep=;\r\n"])
def test_a_table_tells_patient_day_and_eye(
    tmp_path: Path, headers: Headers, first_line: str
) -> None:
    first, *_ = files(tmp_path, "a1.png", "a2.png", "a3.png", "b1.png")
    (tmp_path / "visits.csv").write_text(
        f"{first_line}Image;Patient ID;Visit date;Eye\n"
        "a1;A;2021-04-04;OD\na2.png;A;2021-04-04;left\na3;A;2020-01-02;R\nb1;B;2021-04-04;OD\n"
    )
    patient = gather(first, headers, Task())
    assert told(patient) == [("2020-01-02", ["a3.png"]), ("2021-04-04", ["a1.png", "a2.png"])]
    assert {visit.source for visit in patient.visits} == {DateSource.TABLE}
    seen = [each for visit in patient.visits for each in visit.photographs]
    eyes = {Path(each.path).stem: each.eye for each in seen}
    assert eyes == {"a1": Laterality.RIGHT, "a2": Laterality.LEFT, "a3": Laterality.RIGHT}
    assert {each.eye_from for each in seen} == {Source.TABLE}
    assert patient.name == "A" and "visits.csv" in patient.basis
    assert any("another patient's" in note and "1 photograph " in note for note in patient.notes)


def test_a_table_one_folder_above_names_pictures_in_folders(
    tmp_path: Path, headers: Headers
) -> None:
    first, _, _ = files(tmp_path, "x/OD.jpg", "y/OD.jpg", "z/OD.jpg")
    (tmp_path / "all.csv").write_text(
        "file,patient,date\nx/OD.jpg,1,2020-01-01\ny\\OD.jpg,1,2021-01-01\nz/OD.jpg,2,2021-01-01\n"
    )
    assert told(gather(first, headers, Task())) == [
        ("2020-01-01", ["OD.jpg"]),
        ("2021-01-01", ["OD.jpg"]),
    ]


def test_dicom_headers_tell_patient_and_day_against_a_table(
    tmp_path: Path, headers: Headers
) -> None:
    first = headers.put(tmp_path / "a.dcm", "7", "20200101", eye="R")
    headers.put(tmp_path / "b.dcm", "7", "20210101")
    headers.put(tmp_path / "c.dcm", "8", "20210101")
    (tmp_path / "t.csv").write_text(
        "image,patient,date\na.dcm,P,2019-01-01\nb.dcm,P,2021-01-01\nc.dcm,P,2021-01-01\n"
    )
    patient = gather(first, headers, Task())
    assert told(patient) == [("2020-01-01", ["a.dcm"]), ("2021-01-01", ["b.dcm"])]
    assert patient.visits[0].source is DateSource.HEADER
    assert any("different dates" in note for note in patient.notes)


def test_headers_that_name_two_people_break_a_tables_patient_up(
    tmp_path: Path, headers: Headers
) -> None:
    (first,) = files(tmp_path, "a.jpg")
    headers.put(tmp_path / "b.dcm", "7", "20200101")
    headers.put(tmp_path / "c.dcm", "8", "20210101")
    (tmp_path / "t.csv").write_text("image,patient\na,P\nb.dcm,P\nc.dcm,P\n")
    patient = gather(first, headers, Task())
    assert told(patient) == [("", ["a.jpg"])]
    assert any("different patients" in note for note in patient.notes)


def test_a_dicom_patients_other_visits_are_found_in_the_folders_beside(
    tmp_path: Path, headers: Headers
) -> None:
    first = headers.put(tmp_path / "1.2.3" / "img", "7", "20200101")
    headers.put(tmp_path / "1.2.4" / "img", "7", "20210101")
    headers.put(tmp_path / "1.2.5" / "img", "9", "20210101")
    assert [visit.date for visit in gather(first, headers, Task()).visits] == [
        "2020-01-01",
        "2021-01-01",
    ]


def test_nameless_dicom_photographs_are_one_patients_only_in_one_study(
    tmp_path: Path, headers: Headers
) -> None:
    first = headers.put(tmp_path / "a.dcm", "ANON", "20200101", study="1")
    headers.put(tmp_path / "b.dcm", "ANON", "20200101", study="1")
    headers.put(tmp_path / "c.dcm", "ANON", "20210101", study="2")
    assert told(gather(first, headers, Task())) == [("2020-01-01", ["a.dcm", "b.dcm"])]


def test_pictures_numbered_through_are_never_one_patient(tmp_path: Path, headers: Headers) -> None:
    first, *_ = files(tmp_path, *(f"IMG_{number:03}.jpg" for number in range(1, 30)))
    patient = gather(first, headers, Task())
    assert told(patient) == [("", ["IMG_001.jpg"])]
    assert patient.untold == 28
    assert any("nothing tells whose" in note for note in patient.notes)


def test_what_a_table_names_for_others_or_is_no_photograph_is_not_called_untold(
    tmp_path: Path, headers: Headers
) -> None:
    first, *_ = files(tmp_path, "a1.jpg", "b1.jpg", "b2.jpg", "c1.jpg", "d1.jpg")
    (tmp_path / "letter.jpg").write_text("Dear colleague,")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 ends early")
    (tmp_path / "visits.csv").write_text("image,patient,date\nb1,B,2021-04-04\nb2,B,\nd1,,\n")
    patient = gather(first, headers, Task())
    assert told(patient) == [("", ["a1.jpg"])]
    assert patient.untold == 2
    assert patient.notes[:2] == (
        "Left out as another patient's, by visits.csv: 2 photographs here.",
        "Left out because nothing tells whose they are: 2 photographs here. A table beside them "
        "with the columns image, patient and date tells; visits.csv does not name this photograph.",
    )
    whole = gather(first, headers, Task(), whole_folder=True)
    assert {"b1.jpg", "b2.jpg"}.isdisjoint(told(whole)[0][1])


def test_files_that_are_alike_byte_for_byte_are_named(tmp_path: Path, headers: Headers) -> None:
    first, second, third, _ = files(tmp_path, "a1.jpg", "a2.jpg", "a3.jpg", "a4.jpg")
    third.write_bytes(first.read_bytes())
    rows = "".join(f"a{number},A,202{number}-01-01\n" for number in range(1, 5))
    (tmp_path / "visits.csv").write_text(f"image,patient,date\n{rows}")
    said = "a1.jpg and a3.jpg are the same photograph."
    assert gather(second, headers, Task()).notes == (said,)


def test_the_reader_may_say_that_a_folder_is_one_patients(tmp_path: Path, headers: Headers) -> None:
    first, second, _ = files(tmp_path, "IMG_1.jpg", "IMG_2.jpg", "IMG_10.jpg")
    headers.put(tmp_path / "else.dcm", "9", "20200101")
    said = {str(second): "2020-05-01", str(first): "2021-05-01"}
    patient = gather(first, headers, Task(), said, whole_folder=True)
    assert told(patient) == [
        ("2020-05-01", ["IMG_2.jpg"]),
        ("2021-05-01", ["IMG_1.jpg"]),
        ("", ["IMG_10.jpg"]),
    ]
    assert patient.visits[0].source is DateSource.READER


def test_names_that_differ_in_eye_and_day_alone_are_one_patients_without_dates(
    tmp_path: Path, headers: Headers
) -> None:
    first, *_ = files(
        tmp_path, "2020-01-01_OD.png", "2020-01-01_OS.png", "2021-03-04_OD.png", "2021-03-04_OS.png"
    )
    patient = gather(first, headers, Task())
    assert told(patient) == [
        ("", ["2020-01-01_OD.png", "2020-01-01_OS.png"]),
        ("", ["2021-03-04_OD.png", "2021-03-04_OS.png"]),
    ]
    assert any("not taken" in note for note in patient.notes)


def test_folders_named_by_visit_are_one_patients(tmp_path: Path, headers: Headers) -> None:
    first, *_ = files(tmp_path, "2020-01-01/OD.jpg", "2020-01-01/OS.jpg", "2021-01-01/OD.jpg")
    patient = gather(first, headers, Task())
    assert told(patient) == [("", ["OD.jpg", "OS.jpg"]), ("", ["OD.jpg"])]
    assert patient.name == tmp_path.name


def test_folders_of_clinic_days_do_not_mix_their_people(tmp_path: Path, headers: Headers) -> None:
    first, *_ = files(tmp_path, "2020-01-01/ann_OD.jpg", "2020-01-01/bob_OD.jpg",
                      "2021-01-01/ann_OD.jpg", "2020-01-01/ann_OS.jpg")  # fmt: skip
    assert told(gather(first, headers, Task())) == [("", ["ann_OD.jpg", "ann_OS.jpg"])]


def test_the_readers_date_is_stronger_than_header_and_table(
    tmp_path: Path, headers: Headers
) -> None:
    first = headers.put(tmp_path / "a.dcm", "7", "20200101")
    patient = gather(first, headers, Task(), {str(first): "1999-12-31"})
    assert told(patient) == [("1999-12-31", ["a.dcm"])]
    assert patient.visits[0].source is DateSource.READER


def test_masks_of_lesions_are_no_photographs(tmp_path: Path, headers: Headers) -> None:
    first, *_ = files(tmp_path, "eye.jpg", "eye_MA.png", "eye_OD.png")
    assert told(gather(first, headers, Task())) == [("", ["eye.jpg"])]


def test_a_table_that_says_two_things_of_one_picture_is_not_used(
    tmp_path: Path, headers: Headers
) -> None:
    first, *_ = files(tmp_path, "a.jpg", "b.jpg")
    (tmp_path / "t.csv").write_text("image,patient\na,P\na,Q\nb,P\n")
    patient = gather(first, headers, Task())
    assert told(patient) == [("", ["a.jpg"])]
    assert any("t.csv was not used" in note for note in patient.notes)


def test_a_table_never_names_a_file_outside_its_folder(tmp_path: Path, headers: Headers) -> None:
    first, _ = files(tmp_path, "in/deep/a.jpg", "secret.jpg")
    (tmp_path / "in" / "deep" / "t.csv").write_text("image,patient\na,P\n../../secret.jpg,P\n")
    assert told(gather(first, headers, Task())) == [("", ["a.jpg"])]


def test_ambiguous_dates_of_a_table_are_said_and_not_used(tmp_path: Path, headers: Headers) -> None:
    first, *_ = files(tmp_path, "a.jpg")
    (tmp_path / "t.csv").write_text("image,patient,date\na,P,04/05/2021\n")
    patient = gather(first, headers, Task())
    assert told(patient) == [("", ["a.jpg"])]
    assert any("day and month" in note for note in patient.notes)


def test_a_date_of_the_reader_that_is_none_is_refused(tmp_path: Path, headers: Headers) -> None:
    (first,) = files(tmp_path, "a.jpg")
    with pytest.raises(Refusal):
        gather(first, headers, Task(), {str(first): "04/05/2021"})


def test_a_row_with_the_ending_says_whose_a_picture_is_against_one_without(
    tmp_path: Path, headers: Headers
) -> None:
    files(tmp_path, "a.jpg", "b.jpg")
    (tmp_path / "visits.csv").write_text("image,patient\na,Ada\na.jpg,Bea\nb.jpg,Ada\n")
    patient = gather(tmp_path / "b.jpg", headers, Task())
    assert [seen.path for visit in patient.visits for seen in visit.photographs] == [
        str(tmp_path / "b.jpg")
    ]


def test_the_readings_saved_beside_photographs_are_not_told_to_be_no_table_of_visits(
    tmp_path: Path, headers: Headers
) -> None:
    first, *_ = files(tmp_path, "IMG_1.jpg", "IMG_2.jpg")
    readings_table.write(tmp_path / "readings.csv", tmp_path / "records")
    notes = gather(first, headers, Task()).notes
    assert not any("readings.csv" in note for note in notes)


def test_a_table_names_pictures_in_small_or_capital_letters(
    tmp_path: Path, headers: Headers
) -> None:
    first, *_ = files(tmp_path, "eye1.jpg", "eye2.jpg", "eye3.jpg", "EYE3.JPG")
    (tmp_path / "visits.csv").write_text(
        "image,patient,date\nEYE1.JPG,7,2020-01-02\nEye2,7,2021-01-02\nEYE3.JPG,7,2022-01-02\n"
    )
    days = [("2020-01-02", ["eye1.jpg"]), ("2021-01-02", ["eye2.jpg"])]
    # Of two that differ in their letters alone, the table names one.
    assert told(gather(first, headers, Task())) == [*days, ("2022-01-02", ["EYE3.JPG"])]


def test_a_table_whose_columns_are_not_known_is_said(tmp_path: Path, headers: Headers) -> None:
    first, *_ = files(tmp_path, "IMG_1.jpg", "IMG_2.jpg")
    (tmp_path / "liste.csv").write_text("Bild;Datum\nIMG_1;16.03.2019\n")
    notes = gather(first, headers, Task()).notes
    assert any("liste.csv lacks these columns" in note for note in notes)
