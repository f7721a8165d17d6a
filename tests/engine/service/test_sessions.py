"""A session's folder lives exactly as long as its owner."""

import errno
import fcntl
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest

from engine import locks
from engine.service.sessions import Session, sweep

OWN = (
    "import sys; from pathlib import Path; from engine.service.sessions import Session\n"
    "session = Session(Path(sys.argv[1])); (session.folder / 'eye.npy').touch()\n"
    "print(session.folder, flush=True); sys.stdin.read()"
)


def folder_of_a_dead_owner(cache: Path) -> Path:
    with subprocess.Popen(
        [sys.executable, "-c", OWN, str(cache)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        sweep(cache)
        assert (folder / "eye.npy").exists(), "swept under its owner's feet"
        owner.kill()
    return folder


def test_a_folder_is_swept_once_its_owner_was_killed(tmp_path: Path) -> None:
    folder = folder_of_a_dead_owner(tmp_path)
    assert folder.exists()
    sweep(tmp_path)
    assert list((tmp_path / "exchange").iterdir()) == []


def test_our_own_folder_is_not_swept(tmp_path: Path) -> None:
    session = Session(tmp_path)
    sweep(tmp_path)
    assert session.folder.exists()


def test_only_the_owner_may_look_into_it(tmp_path: Path) -> None:
    assert Session(tmp_path).folder.stat().st_mode & 0o777 == 0o700


def test_closing_leaves_nothing(tmp_path: Path) -> None:
    session = Session(tmp_path)
    (session.folder / "eye.npy").touch()
    session.close()
    assert list((tmp_path / "exchange").iterdir()) == []


def test_sweeping_where_nothing_ever_was_is_no_fault(tmp_path: Path) -> None:
    sweep(tmp_path)


def test_a_folder_that_cannot_be_made_gives_way_to_a_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "file").touch()
    session = Session(tmp_path / "file")
    assert session.makeshift == "File exists"
    assert session.folder.parent == tmp_path
    assert session.folder.stat().st_mode & 0o777 == 0o700
    session.close()
    assert not session.folder.exists()


def test_a_temporary_folder_is_swept_once_its_owner_was_killed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "file").touch()
    folder = folder_of_a_dead_owner(tmp_path / "file")
    assert folder.parent == tmp_path
    alive = Session(tmp_path / "file")
    elsewhere = tmp_path / "of another"
    elsewhere.mkdir()
    (tmp_path / "lesionlens-exchange-link").symlink_to(elsewhere)
    sweep(tmp_path / "file")
    assert not folder.exists()
    assert not folder.with_suffix(".lock").exists()
    assert alive.folder.exists()
    assert elsewhere.exists()


def test_a_folder_whose_lock_was_cleared_away_beside_its_window_is_not_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "file").touch()
    alive = Session(tmp_path / "file")
    alive.folder.with_suffix(".lock").unlink()
    sweep(tmp_path / "file")
    assert alive.folder.exists()
    assert not alive.folder.with_suffix(".lock").exists()


def test_where_nothing_can_be_written_the_reason_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    with pytest.raises(NotADirectoryError):
        Session(tmp_path / "file")


def test_a_disk_without_locks_is_not_taken_for_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: int) -> NoReturn:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    with (tmp_path / "lock").open("wb") as file, pytest.raises(OSError, match="No locks"):
        locks.take(file)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    session = Session(tmp_path / "cache")
    assert session.makeshift == "No locks available"
    assert session.folder.parent == tmp_path
    assert list((tmp_path / "cache" / "exchange").iterdir()) == []
    session.close()
    assert not session.folder.exists()
