"""A folder of arrays for one window's session: made, locked by its owner, swept when that is dead.

No heavy library: the window, which owns the folder, imports this as well as the engine.
"""

import os
import shutil
import stat
import sys
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from engine import folders, locks

FOLDER = "exchange"
_TEMPORARY = "lesionlens-exchange-"
"""How the names of folders begin that stand among the system's temporary ones."""


class Session:
    """An owner-only folder in ``cache`` that lives as long as this process, or until ``close``.

    The owner holds a lock on a file beside the folder. The system drops it when the owner dies,
    however it dies, and no later process of the same number can be taken for it.

    Where ``cache`` cannot be written, or its disk knows no locks, the folder is one of the
    system's temporary ones, and ``makeshift`` is the reason; it is empty otherwise. Raises
    ``OSError`` where these cannot be written, either.
    """

    def __init__(self, cache: Path) -> None:
        self.makeshift = ""
        self._lock: BinaryIO | None = None
        try:
            self.folder, self._lock = _begin(folders.made(cache / FOLDER))
        except OSError as fault:
            self.makeshift = folders.reason(fault)
            try:
                self.folder, self._lock = _begin(Path(tempfile.gettempdir()), _TEMPORARY)
            except OSError:
                # No locks there, either: nobody can tell whether its owner lives, nor sweep it.
                self.folder = Path(tempfile.mkdtemp(prefix="lesionlens-"))

    def close(self) -> None:
        """Delete the folder and all arrays in it."""
        if self._lock is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            _remove(self.folder, self._lock)


def sweep(cache: Path) -> None:
    """Delete the folders of sessions whose owner is dead, those among temporary ones as well.

    One that lost its lock's file, as what clears temporary folders by age may take it, stays:
    nobody can tell whether its owner lives.
    """
    temporary = Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*/")
    for folder in (*(cache / FOLDER).glob("*/"), *filter(_is_own, temporary)):
        with suppress(OSError), _lock_file(folder).open("r+b") as lock:
            if locks.take(lock):
                _remove(folder, lock)


def _is_own(folder: Path) -> bool:
    """Whether a folder where anybody writes is this user's, and no link to another place."""
    if sys.platform == "win32":
        return True  # temporary folders are each user's own there
    with suppress(OSError):
        found = folder.lstat()
        return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return False


def _begin(place: Path, prefix: str = "") -> tuple[Path, BinaryIO]:
    """A new folder and its lock, taken. Raises ``OSError``."""
    folder = place / f"{prefix}{uuid.uuid4().hex}"
    # Locked before the folder exists: a sweep beside us sees folders, and must not take a new one
    # for an orphan.
    lock = _lock_file(folder).open("wb")
    try:
        if not locks.take(lock):
            raise OSError(f"the lock of a new session is taken: {lock.name}")
        folder.mkdir(mode=0o700)
    except OSError:
        lock.close()
        _lock_file(folder).unlink(missing_ok=True)
        raise
    return folder, lock


def _lock_file(folder: Path) -> Path:
    return folder.with_suffix(".lock")


def _remove(folder: Path, lock: BinaryIO) -> None:
    # What another process still maps cannot be deleted on Windows: the next sweep takes it.
    shutil.rmtree(folder, ignore_errors=True)
    lock.close()
    if not folder.exists():
        _lock_file(folder).unlink(missing_ok=True)
