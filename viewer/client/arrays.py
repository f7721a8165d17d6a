"""The arrays that the window holds: mapped from the session's folder, and let go once each."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import folders
from engine.service.sessions import Session


class Arrays:
    """Counts the uses of files that the engine lent. The engine counts the same.

    Files of an engine that is gone are orphans: still here for those who use them, and deleted
    from here, since no later engine knows of them.
    """

    def __init__(self) -> None:
        self._session = Session(folders.cache())
        self._held: Counter[str] = Counter()
        self._orphans: set[str] = set()

    @property
    def folder(self) -> Path:
        """The session's folder, which the engine writes into."""
        return self._session.folder

    def mapped(self, file: str) -> NDArray[Any]:
        """The array, mapped read-only."""
        array: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False)
        return array.view(np.ndarray)

    def hold(self, file: str) -> None:
        """Count one more use."""
        self._held[file] += 1

    def release(self, file: str) -> bool:
        """Count one use less; whether the engine that lent it has to be told."""
        if self._held[file] == 0:
            return False
        self._held[file] -= 1
        if file not in self._orphans:
            return True
        if self._held[file] == 0:
            self._orphans.discard(file)
            _delete(Path(file))
        return False

    def outlive_engine(self) -> None:
        """The engine is gone: keep what is used, delete what it left."""
        self._orphans = {file for file, uses in self._held.items() if uses > 0}
        if not self.folder.is_dir():
            # Somebody cleared the cache; what was mapped lives until it is let go.
            self._session.close()
            self._session = Session(folders.cache())
        for path in self.folder.iterdir():
            # Folders stay: unpacked ZIPs, whose files the window's list still names, and what the
            # next engine has to know of deadly files.
            if str(path) not in self._orphans and not path.is_dir():
                _delete(path)

    def close(self) -> None:
        """Delete all."""
        self._session.close()


def _delete(path: Path) -> None:
    # Windows keeps what is still mapped; it goes with the session's folder.
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        return
