"""The session's arrays on disk: written once, mapped by the window, deleted when unneeded."""

import threading
import uuid
from collections import Counter, OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pictures import Photograph
from engine.service.crashes import FileState
from engine.service.decoder_messages import Decoded

KEPT = 8
"""Decoded photographs that are kept, the least lately used goes first."""
KEPT_BYTES = 2**30


class Exchange:
    """Hands out files in ``folder``, and keeps decoded photographs by the hash of their content.

    A file lives while it is lent to the window or kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[str, Decoded] = OrderedDict()
        self._hashes: dict[FileState, str] = {}
        self._lent: Counter[str] = Counter()
        self._lock = threading.Lock()

    def fresh(self) -> Path:
        """A new file's path. Its name tells nothing about the picture."""
        return self._folder / f"{uuid.uuid4().hex}.npy"

    def keep(self, decoded: Decoded, state: FileState | None) -> Decoded:
        """Remember a decoded photograph, and return the one to use if it is here already."""
        with self._lock:
            if state is not None:
                self._hashes[state] = decoded.content_hash
            if (here := self._kept.get(decoded.content_hash)) is not None:
                self._drop(decoded.file)
                return here
            self._kept[decoded.content_hash] = decoded
            while len(self._kept) > KEPT or (self._size() > KEPT_BYTES and len(self._kept) > 1):
                _, oldest = self._kept.popitem(last=False)
                self._drop(oldest.file)
            return decoded

    def find(self, content_hash: str) -> Decoded | None:
        """The decoded photograph with this content, if it is still here."""
        with self._lock:
            decoded = self._kept.get(content_hash)
            if decoded is not None:
                self._kept.move_to_end(content_hash)
            return decoded

    def find_file(self, state: FileState | None) -> Decoded | None:
        """The decoded photograph of this file, if it has not changed since and is still here."""
        content_hash = self._hashes.get(state) if state is not None else None
        return self.find(content_hash) if content_hash is not None else None

    def lend(self, file: str) -> str:
        """Count one more use of a file by the window."""
        with self._lock:
            self._lent[file] += 1
        return file

    def write(self, values: NDArray[Any]) -> str:
        """Write an array for the window, and lend it."""
        path = self.fresh()
        with path.open("wb") as file:
            np.save(file, values, allow_pickle=False)
        return self.lend(str(path))

    def release(self, file: str) -> None:
        """Count one use less."""
        with self._lock:
            if self._lent[file] > 0:
                self._lent[file] -= 1
                self._drop(file)

    def _drop(self, file: str) -> None:
        if self._lent[file] > 0 or any(kept.file == file for kept in self._kept.values()):
            return
        del self._lent[file]
        # A window that still maps it on Windows keeps it until the session's folder goes.
        try:
            Path(file).unlink(missing_ok=True)
        except PermissionError:
            return

    def _size(self) -> int:
        return sum(Path(kept.file).stat().st_size for kept in self._kept.values())


def photograph(decoded: Decoded) -> Photograph:
    """The photograph with its pixels mapped read-only; they stay at hand if the file is deleted."""
    pixels: NDArray[np.uint8] = np.load(decoded.file, mmap_mode="r", allow_pickle=False)
    return Photograph(
        pixels, decoded.name, decoded.content_hash, decoded.laterality, decoded.warnings
    )


def mapped(file: str) -> NDArray[Any]:
    """An array of the session, mapped read-only."""
    values: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False)
    return values
