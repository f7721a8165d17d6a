"""The files that a DICOMDIR names are found, and what cannot be found is told."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from dicom_files import REAL, dataset, item, save
from pydicom import Dataset
from pydicom.uid import MediaStorageDirectoryStorage

from engine.images.dicom.dicomdir import dicomdir

# pydicom warns of what these files are made to hold.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")

DISC = REAL / "test_files/dicomdirtests"


def directory(folder: Path, *file_ids: list[str] | None) -> Path:
    """A DICOMDIR that names files; None is a record that stands for no file."""
    told = Dataset()
    told.SOPClassUID = MediaStorageDirectoryStorage
    told.DirectoryRecordSequence = [
        item(ReferencedFileID=each, DirectoryRecordType="IMAGE")[0] if each else item()[0]
        for each in file_ids
    ]
    return save(folder / "DICOMDIR", told)


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return save(path, dataset())


def test_the_files_are_found_in_the_order_of_the_records(tmp_path: Path) -> None:
    second, first = picture(tmp_path / "A" / "2"), picture(tmp_path / "A" / "1")

    found = dicomdir(directory(tmp_path, None, ["A", "2"], ["A", "1"], ["A", "2"]))

    assert found == ([second, first], [])


@pytest.mark.parametrize(
    ("named", "there"),
    [
        (["SERIES", "IM1"], "series/im1"),
        (["SERIES", "IM1"], "Series/IM1.;1"),
        (["series", "im1"], "SERIES/IM1"),
        (["IM1.DCM"], "im1.dcm"),
    ],
)
def test_letter_case_and_a_discs_version_numbers_do_not_matter(
    tmp_path: Path, named: list[str], there: str
) -> None:
    path = picture(tmp_path / there)

    assert dicomdir(directory(tmp_path, named)) == ([path], [])


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    path = picture(tmp_path / "A" / "1")

    files, refused = dicomdir(directory(tmp_path, ["A", "1"], ["A", "7"]))

    assert files == [path]
    assert [each.path for each in refused] == [str(tmp_path / "A" / "7")]
    assert "A/7" in refused[0].reason


@pytest.mark.parametrize("outside", [["..", "secret"], ["", "secret"], ["A", "..", "..", "secret"]])
def test_nothing_outside_of_the_folder_is_taken(tmp_path: Path, outside: list[str]) -> None:
    picture(tmp_path / "secret")
    disc = tmp_path / "disc"
    path = picture(disc / "A" / "1")

    files, refused = dicomdir(directory(disc, ["A", "1"], outside))

    assert files == [path]
    assert len(refused) == 1


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = picture(tmp_path / "secret")
    disc = tmp_path / "disc"
    path = picture(disc / "1")
    (disc / "2").symlink_to(secret)

    files, refused = dicomdir(directory(disc, ["1"], ["2"]))

    assert files == [path]
    assert len(refused) == 1


def test_one_that_names_nothing_is_told_and_its_folder_looked_at(tmp_path: Path) -> None:
    path = picture(tmp_path / "A" / "1")
    (tmp_path / ".hidden").write_bytes(b"")

    files, refused = dicomdir(directory(tmp_path))

    assert files == [path]
    assert "names no files" in refused[0].reason


def test_one_of_which_nothing_is_there_is_told_and_its_folder_looked_at(tmp_path: Path) -> None:
    path = picture(tmp_path / "B" / "1")

    files, refused = dicomdir(directory(tmp_path, ["A", "1"], ["A", "2"]))

    assert files == [path]
    assert "None of the 2 files" in refused[0].reason


@pytest.mark.parametrize("length", [0, 100, 132, 300])
def test_a_damaged_one_is_told_and_its_folder_looked_at(tmp_path: Path, length: int) -> None:
    path = picture(tmp_path / "A" / "1")
    table = directory(tmp_path, ["A", "1"])
    table.write_bytes(table.read_bytes()[:length])

    files, refused = dicomdir(table)

    assert files == [path]
    assert "DICOMDIR" in refused[0].reason


@pytest.mark.parametrize("kind", ["", "-bigEnd", "-implicit", "-nooffset", "-nopatient"])
def test_real_ones_of_any_kind_are_read(tmp_path: Path, kind: str) -> None:
    disc = tmp_path / "disc"
    shutil.copytree(DISC, disc)

    files, refused = dicomdir(disc / f"DICOMDIR{kind}")

    assert (len(files), refused) == (31, [])
    assert all(file.is_file() for file in files)


def test_the_shared_disc_is_read_whole(shared: Callable[[str], Path]) -> None:
    files, refused = dicomdir(shared("data/radiology/dicom_odd/dicomdir/DICOMDIR"))

    assert (len(files), refused) == (31, [])
