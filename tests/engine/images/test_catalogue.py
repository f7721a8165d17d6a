"""What paths hold, as a list: each thing once, in order, the bad beside the good."""

import zipfile
from pathlib import Path
from zipfile import ZipFile

import ct_files
import numpy as np
import pydicom
import pytest
import volume_files as files
from PIL import Image

from engine.errors import Cancelled
from engine.images.catalogue import Catalogue, list_pictures
from engine.images.load import load
from engine.images.plan import decode, encode
from engine.listing import SeriesKind
from engine.task import Task


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def listed(*paths: Path, scratch: Path) -> Catalogue:
    return list_pictures(paths, scratch, Task())


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A study as it comes on a stick."""
    folder = tmp_path / "stick"
    ct_files.write(folder / "DICOM" / "a" / "b", ct_files.values())
    (folder / "brain.nii").write_bytes(files.nifti(files.ramp()))
    eye = Image.new("RGB", (60, 40), "red")
    eye.getexif()[0x0112] = 6
    eye.save(folder / "eye.jpg", exif=eye.getexif())
    (folder / "cut.nii").write_bytes(files.nifti(files.ramp())[:-9])
    (folder / "readme.txt").write_text("Hello")
    (folder / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(60))
    return folder


def test_a_mixed_folder_gives_all_that_is_in_it(mixed: Path, scratch: Path) -> None:
    catalogue = listed(mixed, scratch=scratch)
    entries = catalogue.listing.entries
    assert [(entry.kind, entry.pictures, entry.facts.grid.size) for entry in entries] == [
        (SeriesKind.VOLUME, 5, (7, 6, 5)),
        (SeriesKind.VOLUME, 5, (7, 6, 5)),
        (SeriesKind.PHOTOGRAPH, 1, (40, 60, 1)),
    ]
    assert [entry.title for entry in entries[1:]] == ["brain.nii", "eye.jpg"]
    loud = [each for each in catalogue.listing.refused if not each.quiet]
    assert [Path(each.path).name for each in loud] == ["cut.nii"]
    assert {Path(each.path).name for each in catalogue.listing.refused if each.quiet} == {
        "readme.txt",
        "Thumbs.db",
    }


def test_no_patients_series_lie_among_anothers(tmp_path: Path, scratch: Path) -> None:
    studies = (("B", "2001"), ("A", "2003"), ("A", "2001"), ("B", "1999"))
    for at, (name, year) in enumerate(studies):
        more = {"PatientName": f"{name}^Doe", "PatientID": name, "StudyDate": f"{year}0101"}
        ct_files.write(tmp_path / "stick" / str(at), ct_files.values(1), **more)
    entries = listed(tmp_path / "stick", scratch=scratch).listing.entries
    assert [(entry.origin.patient_id, entry.origin.study_date[:4]) for entry in entries] == [
        ("A", "2001"),
        ("A", "2003"),
        ("B", "1999"),
        ("B", "2001"),
    ]


def test_single_slices_are_told_where_more_of_their_series_lies(
    tmp_path: Path, scratch: Path
) -> None:
    """Other series and a report lie in between."""
    folder = tmp_path / "stick"
    paths = ct_files.write(folder, ct_files.values(3))
    for at, path in enumerate(ct_files.write(tmp_path / "other", ct_files.values(3))):
        path.rename(folder / f"{at:03d} b.dcm")
    (folder / "000 report.txt").write_text("Nothing of note.")
    assert listed(paths[1], scratch=scratch).listing.rest == str(folder)
    assert listed(*paths[:2], scratch=scratch).listing.rest == str(folder)
    assert listed(*paths, scratch=scratch).listing.rest == ""
    assert listed(folder, scratch=scratch).listing.rest == ""
    alone = ct_files.write(tmp_path / "alone", ct_files.values(1))
    assert listed(*alone, scratch=scratch).listing.rest == ""


def test_of_an_archive_beside_its_own_slices_no_more_is_said_to_lie_there(
    tmp_path: Path, scratch: Path
) -> None:
    folder = tmp_path / "stick"
    paths = ct_files.write(folder, ct_files.values(3))
    archive = folder / "all.zip"
    with ZipFile(archive, "w") as file:
        for path in paths:
            file.write(path, path.name)
    listing = listed(archive, scratch=scratch).listing
    assert ([entry.pictures for entry in listing.entries], listing.rest) == ([3], "")


def test_an_entry_tells_what_its_volume_will_be(mixed: Path, scratch: Path) -> None:
    catalogue = listed(mixed, scratch=scratch)
    for entry in catalogue.listing.entries:
        volume = load(catalogue.planned[entry.key], Task())
        assert volume.facts.grid == entry.facts.grid
        assert volume.facts.colour == entry.facts.colour
        assert volume.values.nbytes == entry.bytes_needed
        size = volume.facts.grid.size
        assert volume.values.shape[1:4] == size[::-1]


def test_keys_stay_the_same_and_plans_can_be_sent(mixed: Path, scratch: Path) -> None:
    one, other = listed(mixed, scratch=scratch), listed(mixed, scratch=scratch)
    assert list(one.planned) == list(other.planned)
    assert len(set(one.planned)) == 3
    assert all(decode(encode(planned)) == planned for planned in one.planned.values())


def test_an_archive_holds_the_same_as_its_folder(mixed: Path, scratch: Path) -> None:
    path = mixed.with_name("stick.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(mixed.rglob("*")):
            archive.write(file, file.relative_to(mixed))
    plain, packed = listed(mixed, scratch=scratch), listed(path, scratch=scratch)
    again = listed(path, scratch=scratch)
    assert list(packed.planned) == list(again.planned)
    for one, other in zip(plain.planned.values(), packed.planned.values(), strict=True):
        assert np.array_equal(load(one, Task()).values, load(other, Task()).values)
    assert {Path(each.path).name for each in plain.listing.refused} == {
        Path(each.path).name for each in packed.listing.refused
    }
    assert f"{path}/cut.nii" in {each.path for each in packed.listing.refused}
    assert f"{path}/eye.jpg" in packed.shown.values()


def test_a_folder_and_a_file_in_it_give_each_thing_once(mixed: Path, scratch: Path) -> None:
    twice = listed(mixed, mixed / "brain.nii", mixed / "DICOM", scratch=scratch)
    assert len(twice.listing.entries) == 3


def test_a_file_that_was_asked_for_is_refused_aloud(mixed: Path, scratch: Path) -> None:
    (refused,) = listed(mixed / "readme.txt", scratch=scratch).listing.refused
    assert not refused.quiet
    assert refused.reason == "“readme.txt” cannot be opened. It is a text file."


def test_a_dicom_file_without_a_picture_is_quiet_only_where_it_was_not_asked_for(
    mixed: Path, scratch: Path
) -> None:
    (path, *_) = ct_files.write(mixed / "report", ct_files.values()[:1])
    report = pydicom.dcmread(path)
    report.SOPClassUID, report.Modality = "1.2.840.10008.5.1.4.1.1.88.33", "SR"
    report.file_meta.MediaStorageSOPClassUID = report.SOPClassUID
    del report.PixelData, report.Rows, report.Columns
    report.save_as(path)
    for named, quiet in ((mixed, True), (path, False)):
        refused = {each.path: each for each in listed(named, scratch=scratch).listing.refused}
        assert refused[str(path)].quiet is quiet
        assert "structured report" in refused[str(path)].reason


def test_what_a_file_is_called_may_be_no_text(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "sc\udcffan.nii"
    path.write_bytes(files.nifti(files.ramp()))
    (entry,) = listed(path, scratch=scratch).listing.entries
    assert entry.title == "sc�an.nii"


def test_listing_can_be_cancelled(mixed: Path, scratch: Path) -> None:
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        list_pictures([mixed], scratch, task)


def test_another_can_read_the_headers(mixed: Path, scratch: Path) -> None:
    from engine.images.dicom.scan import scan

    asked = []

    def shared(paths: object, task: Task) -> object:
        asked.append(len(paths))
        return scan(paths, task)

    catalogue = list_pictures([mixed], scratch, Task(), shared)
    assert asked == [5]
    assert len(catalogue.listing.entries) == 3
