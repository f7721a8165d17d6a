"""Folders, links, junk and archives: what is found, and what is said of the rest."""

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest
import volume_files as files

from engine.images import archives, gather
from engine.images.gather import Gathered
from engine.images.recognise import Kind
from engine.task import Task

SCAN = files.nifti(files.ramp())


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    return folder


def found(*paths: Path, scratch: Path) -> Gathered:
    return gather.gather(paths, scratch, Task())


def pictures(gathered: Gathered) -> list[str]:
    return [file.path.name for file in gathered.files if file.kind]


def reasons(gathered: Gathered) -> dict[str, str]:
    """Why, by the name; in brackets if nobody would have expected the file to be shown."""
    return {
        Path(each.path).name: f"({each.reason})" if each.quiet else each.reason
        for each in gathered.refused
    }


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_a_folder_is_searched_to_any_depth_in_the_order_of_numbers(
    folder: Path, scratch: Path
) -> None:
    deep = folder.joinpath(*"abcdefghij")
    deep.mkdir(parents=True)
    for place in (folder / "slice10", folder / "slice9", deep / "last"):
        place.write_bytes(SCAN)
    assert pictures(found(folder, scratch=scratch)) == ["slice9", "slice10", "last"]


def test_junk_is_quiet_and_a_named_or_expected_file_is_not(folder: Path, scratch: Path) -> None:
    (folder / "notes.txt").write_text("Seen.")
    (folder / "empty.dcm").touch()
    (folder / "empty").touch()
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    gathered = found(folder, scratch=scratch)
    assert [file.is_quiet for file in gathered.files] == [True]
    said = reasons(gathered)
    assert said["empty.dcm"].startswith("“empty.dcm” cannot be opened. It is empty")
    assert said["empty"].startswith("(")
    assert said[".DS_Store"].startswith("(")
    (named,) = found(folder / "notes.txt", scratch=scratch).files
    assert not named.is_quiet
    assert named.words == "a text file"


def test_links_in_circles_and_to_nowhere_do_no_harm(folder: Path, scratch: Path) -> None:
    (folder / "scan.nii").write_bytes(SCAN)
    (folder / "circle").symlink_to(folder)
    (folder / "itself").symlink_to(folder / "itself")
    (folder / "nowhere.dcm").symlink_to(folder / "gone")
    gathered = found(folder, scratch=scratch)
    assert pictures(gathered) == ["scan.nii"]
    assert "link to nowhere" in reasons(gathered)["nowhere.dcm"]


def test_a_link_to_a_file_is_followed_and_a_file_reached_twice_counts_once(
    folder: Path, scratch: Path, tmp_path: Path
) -> None:
    (tmp_path / "kept").write_bytes(SCAN)
    (folder / "a.nii").symlink_to(tmp_path / "kept")
    (folder / "b.nii").symlink_to(tmp_path / "kept")
    assert pictures(found(folder, folder, folder / "a.nii", scratch=scratch)) == ["a.nii"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no named pipes.")
def test_pipes_are_not_waited_for(folder: Path, scratch: Path) -> None:
    os.mkfifo(folder / "pipe.dcm")
    (folder / "scan.nii").write_bytes(SCAN)
    gathered = found(folder, folder / "pipe.dcm", Path(os.devnull), scratch=scratch)
    assert pictures(gathered) == ["scan.nii"]
    assert "plain file" in reasons(gathered)["pipe.dcm"]


def test_a_folder_that_may_not_be_read_is_said(
    folder: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "locked").mkdir()
    (folder / "scan.nii").write_bytes(SCAN)
    scandir = os.scandir

    def scan(path: Path) -> object:
        if Path(path).name == "locked":  # by patch, since nothing is forbidden to root
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(gather.os, "scandir", scan)
    gathered = found(folder, scratch=scratch)
    assert pictures(gathered) == ["scan.nii"]
    assert "not allowed to read this folder" in reasons(gathered)["locked"]


def test_what_is_not_there_is_said(folder: Path, scratch: Path) -> None:
    assert "no such file" in reasons(found(folder / "gone", scratch=scratch))["gone"]


def test_an_archive_is_searched_and_its_files_are_called_by_it(folder: Path, scratch: Path) -> None:
    (folder / "all.zip").write_bytes(zipped({"a/scan.nii": SCAN, "notes.txt": b"Seen."}))
    gathered = found(folder / "all.zip", scratch=scratch)
    (scan,) = (file for file in gathered.files if file.kind)
    assert scan.kind is Kind.NIFTI
    assert scan.shown == f"{folder / 'all.zip'}/a/scan.nii"
    assert scan.path.is_relative_to(scratch)
    assert scan.path.read_bytes() == SCAN


def test_an_archive_within_an_archive_is_searched_and_one_within_that_is_not(
    folder: Path, scratch: Path
) -> None:
    inner = zipped({"scan.nii": SCAN, "deeper.zip": zipped({"hidden.nii": SCAN})})
    (folder / "outer.zip").write_bytes(zipped({"inner.zip": inner}))
    gathered = found(folder / "outer.zip", scratch=scratch)
    assert pictures(gathered) == ["scan.nii"]
    assert "archive within" in reasons(gathered)["deeper.zip"]


def test_nothing_is_written_outside_the_scratch_folder(
    folder: Path, scratch: Path, tmp_path: Path
) -> None:
    evil = ["../escaped.nii", "/tmp/escaped.nii", "a/../../escaped.nii", "C:\\escaped.nii"]
    evil += ["..\\escaped.nii"]
    (folder / "all.zip").write_bytes(zipped({**dict.fromkeys(evil, SCAN), "good.nii": SCAN}))
    before = {path for path in tmp_path.rglob("*") if scratch not in path.parents}
    gathered = found(folder / "all.zip", scratch=scratch)
    assert pictures(gathered) == ["good.nii"]
    assert {path for path in tmp_path.rglob("*") if scratch not in path.parents} == before
    assert not Path("/tmp/escaped.nii").exists()
    outside = [each for each in gathered.refused if "outside the archive" in each.reason]
    assert len(outside) == len(evil)


def test_a_link_in_an_archive_is_not_made(folder: Path, scratch: Path) -> None:
    link = zipfile.ZipInfo("link.nii")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    (folder / "all.zip").write_bytes(file.getvalue())
    gathered = found(folder / "all.zip", scratch=scratch)
    assert not gathered.files
    assert "links are not unpacked" in reasons(gathered)["link.nii"]


def test_a_locked_archive_says_so(folder: Path, scratch: Path) -> None:
    content = bytearray(zipped({"scan.nii": SCAN}))
    for mark, at in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        content[content.index(mark) + at] |= 1
    (folder / "all.zip").write_bytes(bytes(content))
    assert "password" in reasons(found(folder / "all.zip", scratch=scratch))["all.zip"]


@pytest.mark.parametrize("name", [".", "./", "//", "a\\..\\b"])
def test_a_name_that_leads_nowhere_costs_only_its_own_file(
    name: str, folder: Path, scratch: Path
) -> None:
    (folder / "all.zip").write_bytes(zipped({name: SCAN, "good.nii": SCAN}))
    assert pictures(found(folder / "all.zip", scratch=scratch)) == ["good.nii"]


@pytest.mark.parametrize(
    ("at", "now"),
    [
        pytest.param(28, b"\0\0", id="a name of no letters"),
        pytest.param(46, b"\xff\xff", id="letters of no alphabet"),
        pytest.param(6, b"\xff\xff", id="a version of the future"),
    ],
)
def test_a_damaged_table_of_an_archive_ends_in_words(
    at: int, now: bytes, folder: Path, scratch: Path
) -> None:
    content = bytearray(zipped({"g\u00f6.nii": SCAN}))
    entry = content.index(b"PK\x01\x02")
    content[entry + at : entry + at + 2] = now
    (folder / "all.zip").write_bytes(content)
    assert pictures(found(folder / "all.zip", scratch=scratch)) == []


def test_a_damaged_member_hides_no_other(folder: Path, scratch: Path) -> None:
    whole = zipped({"bad.nii": SCAN, "good.nii": SCAN[:-1] + b"!"}, zipfile.ZIP_STORED)
    content = bytearray(whole)
    content[content.index(SCAN) + 400] ^= 1
    (folder / "all.zip").write_bytes(bytes(content))
    gathered = found(folder / "all.zip", scratch=scratch)
    assert pictures(gathered) == ["good.nii"]
    assert "damaged in the archive" in reasons(gathered)["bad.nii"]


def test_a_name_that_is_too_long_costs_only_its_own_file(folder: Path, scratch: Path) -> None:
    (folder / "all.zip").write_bytes(zipped({"x" * 300 + ".nii": SCAN, "good.nii": SCAN}))
    gathered = found(folder / "all.zip", scratch=scratch)
    assert pictures(gathered) == ["good.nii"]
    assert len(gathered.refused) == 1


def test_half_an_archive_is_refused(folder: Path, scratch: Path) -> None:
    content = zipped({"scan.nii": SCAN})
    (folder / "all.zip").write_bytes(content[: len(content) // 2])
    assert "no whole ZIP" in reasons(found(folder / "all.zip", scratch=scratch))["all.zip"]


def test_a_bomb_is_not_unpacked(
    folder: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "SMALL", 2**20)
    (folder / "bomb.zip").write_bytes(zipped({"zeros.nii": bytes(2**22)}))
    gathered = found(folder / "bomb.zip", scratch=scratch)
    assert "times its size" in reasons(gathered)["bomb.zip"]
    assert not list(scratch.rglob("zeros.nii"))


def test_a_compressed_bomb_is_stopped(
    folder: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "SMALL", 2**20)
    nrrd = b"NRRD0004\n" + bytes(2**22)
    (folder / "bomb.nrrd.gz").write_bytes(gzip.compress(nrrd))
    gathered = found(folder / "bomb.nrrd.gz", scratch=scratch)
    assert "more than" in reasons(gathered)["bomb.nrrd.gz"]
    assert sum(file.stat().st_size for file in scratch.rglob("*") if file.is_file()) < 2**21


def test_too_many_files_are_not_unpacked(
    folder: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    (folder / "all.zip").write_bytes(zipped({f"{n}.nii": SCAN for n in range(4)}))
    assert "4 files" in reasons(found(folder / "all.zip", scratch=scratch))["all.zip"]


def test_an_archive_that_does_not_fit_on_the_disk_is_refused(
    folder: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_room", lambda _: 100)
    (folder / "all.zip").write_bytes(zipped({"scan.nii": SCAN}))
    assert "of disk are free" in reasons(found(folder / "all.zip", scratch=scratch))["all.zip"]


def test_an_office_document_in_a_folder_is_quiet(folder: Path, scratch: Path) -> None:
    (folder / "report.docx").write_bytes(zipped({"[Content_Types].xml": b"<?xml?>"}))
    assert reasons(found(folder, scratch=scratch))["report.docx"].startswith("(")


def test_one_compressed_picture_is_unpacked(folder: Path, scratch: Path) -> None:
    (folder / "scan.nrrd.gz").write_bytes(gzip.compress(b"NRRD0004\ntype: short\n\n"))
    (file,) = found(folder, scratch=scratch).files
    assert file.kind is Kind.NRRD
    assert file.shown == f"{folder / 'scan.nrrd.gz'}/scan.nrrd"


def test_searching_can_be_cancelled(folder: Path, scratch: Path) -> None:
    from engine.errors import Cancelled

    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        gather.gather([folder], scratch, task)
