"""A folder of arrays for one window's session: made, locked by its owner, swept when that is dead.

Standard library only: the window, which owns the folder, imports this as well as the engine.
"""

import shutil
import uuid
from pathlib import Path
from typing import BinaryIO

from engine import locks

FOLDER = "exchange"


class Session:
    """An owner-only folder in ``cache`` that lives as long as this process, or until ``close``.

    The owner holds a lock on a file beside the folder. The system drops it when the owner dies,
    however it dies, and no later process of the same number can be taken for it.
    """

    def __init__(self, cache: Path) -> None:
        place = cache / FOLDER
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = place / uuid.uuid4().hex
        # Locked before the folder exists: a sweep beside us sees folders, and must not take a new
        # one for an orphan.
        self._lock = _lock_file(self.folder).open("wb")
        if not locks.take(self._lock):
            raise OSError(f"the lock of a new session is taken: {self._lock.name}")
        self.folder.mkdir(mode=0o700)

    def close(self) -> None:
        """Delete the folder and all arrays in it."""
        _remove(self.folder, self._lock)


def sweep(cache: Path) -> None:
    """Delete the folders of sessions whose owner is dead."""
    for folder in (cache / FOLDER).glob("*/"):
        try:
            lock = _lock_file(folder).open("ab")
        except OSError:
            continue
        if locks.take(lock):
            _remove(folder, lock)
        else:
            lock.close()


def _lock_file(folder: Path) -> Path:
    return folder.with_suffix(".lock")


def _remove(folder: Path, lock: BinaryIO) -> None:
    # What another process still maps cannot be deleted on Windows: the next sweep takes it.
    shutil.rmtree(folder, ignore_errors=True)
    lock.close()
    if not folder.exists():
        _lock_file(folder).unlink(missing_ok=True)
