"""The session's arrays on disk: written once, mapped by the window, deleted when unneeded."""

import logging
import os
import threading
import uuid
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine import arrays
from engine.folders import is_full, reason
from engine.pictures import Photograph, VolumeFacts
from engine.service.array_file import disk_is_full
from engine.service.crashes import FileState
from engine.service.decoder_messages import Decoded

log = logging.getLogger(__name__)

KEPT = 8
"""Decoded photographs that are kept, the least lately used goes first; what is shown stays."""
KEPT_BYTES = 2**30
KEPT_VOLUMES = 4
KEPT_VOLUME_BYTES = 2**31
"""Decided: a chest CT and its prior. A volume that takes more goes when the window lets it go."""
KEPT_SMALL = 500
KEPT_SMALL_BYTES = 2**26


@dataclass(frozen=True)
class VolumeFile:
    """A volume that was read: its array, and its final facts."""

    file: str
    facts: VolumeFacts


@dataclass(frozen=True)
class SmallFile:
    """A small picture of a series, or of a photograph with this hash."""

    file: str
    content_hash: str = ""


class _InFile(Protocol):
    @property
    def file(self) -> str: ...


Kept = TypeVar("Kept", bound=_InFile)


class Exchange:
    """Hands out files in ``folder``, and keeps some: photographs by the hash of their content.

    Volumes and small pictures are kept by what tells how they came about. A file lives while it is
    lent to the window or kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._photographs = _Shelf[Decoded](KEPT, KEPT_BYTES, least=1, keeps_lent=True)
        self._volumes = _Shelf[VolumeFile](KEPT_VOLUMES, KEPT_VOLUME_BYTES)
        self._small = _Shelf[SmallFile](KEPT_SMALL, KEPT_SMALL_BYTES)
        self._told: dict[tuple[str, str], Decoded] = {}
        """What decoding told of a file at a path, with a content: a copy has its own name."""
        self._hashes: dict[FileState, str] = {}
        self._lent: Counter[str] = Counter()
        self._lock = threading.Lock()
        # On a thread of its own: a photograph's file takes as long as a tenth of reading one.
        self._deleting = ThreadPoolExecutor(1, thread_name_prefix="delete")
        self._told_left = False

    def settle(self) -> None:
        """Wait until all files are deleted that nobody needs and that can be deleted."""
        self._deleting.submit(lambda: None).result()

    def fresh(self) -> Path:
        """A new file's path. Its name tells nothing about the picture."""
        return self.folder / f"{uuid.uuid4().hex}.npy"

    # ---- what is kept

    def keep(self, decoded: Decoded, state: FileState | None) -> Decoded:
        """Remember a decoded photograph; of one whose content is here already, only its words."""
        with self._lock:
            if state is not None:
                self._hashes[state] = decoded.content_hash
                self._told[state[0], decoded.content_hash] = decoded
            here = self._put(self._photographs, decoded.content_hash, decoded)
            return msgspec.structs.replace(decoded, file=here.file)

    def find(self, content_hash: str, path: str = "") -> Decoded | None:
        """The photograph with this content, if it is still here, as the file at ``path`` is named.

        Files with one content share its pixels alone.
        """
        with self._lock:
            here = self._photographs.get(content_hash)
            told = self._told.get((path, content_hash), here)
            if here is None or told is None:
                return None
            return msgspec.structs.replace(told, file=here.file)

    def find_file(self, state: FileState | None) -> Decoded | None:
        """The decoded photograph of this file, if it has not changed since and is still here."""
        if state is None or state not in self._hashes:
            return None
        return self.find(self._hashes[state], state[0])

    def keep_volume(self, made_of: str, volume: VolumeFile) -> None:
        """Remember a volume by what it was made of; one that is here already stays instead."""
        with self._lock:
            self._put(self._volumes, made_of, volume)

    def lend_volume(self, made_of: str) -> VolumeFile | None:
        """Lend the volume that was made of this, if it is still here."""
        with self._lock:
            volume = self._volumes.get(made_of)
            if volume is not None:
                self._lent[volume.file] += 1
            return volume

    def keep_small(self, made_of: str, small: SmallFile) -> None:
        """Remember a small picture by what it was made of."""
        with self._lock:
            self._put(self._small, made_of, small)

    def lend_small(self, made_of: str) -> SmallFile | None:
        """Lend the small picture that was made of this, if it is still here."""
        with self._lock:
            small = self._small.get(made_of)
            if small is not None:
                self._lent[small.file] += 1
            return small

    # ---- what the window uses

    def lend(self, file: str) -> str:
        """Count one more use of a file by the window."""
        with self._lock:
            self._lent[file] += 1
        return file

    def write(self, values: NDArray[Any]) -> str:
        """Write an array for the window, and lend it. Raises ``Refusal`` where the disk is full."""
        path = self.fresh()
        try:
            arrays.save(path, values)
        except OSError as fault:
            if is_full(fault):
                raise disk_is_full("What was found cannot be shown.", path) from fault
            raise
        return self.lend(str(path))

    def release(self, file: str) -> None:
        """Count one use less."""
        with self._lock:
            if self._lent[file] > 0:
                self._lent[file] -= 1
                self._drop(file)
                self._tidy(self._photographs)

    def _put(self, shelf: "_Shelf[Kept]", key: str, item: Kept) -> Kept:
        if (here := shelf.get(key)) is not None:
            self._drop(item.file)
            return here
        shelf.put(key, item)
        self._tidy(shelf)
        return item

    def _tidy(self, shelf: "_Shelf[Kept]") -> None:
        for gone in shelf.take_off(self._lent):
            self._drop(gone.file)

    def _drop(self, file: str) -> None:
        shelves = (self._photographs, self._volumes, self._small)
        if self._lent[file] > 0 or any(shelf.holds(file) for shelf in shelves):
            return
        del self._lent[file]
        self._deleting.submit(self._delete, Path(file))

    def _delete(self, file: Path) -> None:
        """What cannot be deleted stays until the session's folder goes; said once in the log."""
        try:
            file.unlink(missing_ok=True)
        except OSError as fault:
            # On Windows a file that the window still maps cannot go, and need not be told.
            mapped = os.name == "nt" and isinstance(fault, PermissionError)
            if not (mapped or self._told_left):
                self._told_left = True
                log.warning("files nobody needs cannot be deleted: %s", reason(fault))


class _Shelf(Generic[Kept]):
    """Keeps things in files by a key, ``most`` in number and in bytes, but always the last few.

    What ``keeps_lent`` also keeps everything that the window holds: its files are there anyway.
    """

    def __init__(
        self, most: int, most_bytes: int, least: int = 0, *, keeps_lent: bool = False
    ) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._least = least
        self._keeps_lent = keeps_lent
        self._items: OrderedDict[str, tuple[Kept, int]] = OrderedDict()

    def get(self, key: str) -> Kept | None:
        """What is kept by this key."""
        if key not in self._items:
            return None
        self._items.move_to_end(key)
        return self._items[key][0]

    def put(self, key: str, item: Kept) -> None:
        """Keep it."""
        self._items[key] = item, Path(item.file).stat().st_size

    def take_off(self, lent: Mapping[str, int]) -> Iterator[Kept]:
        """Yield what goes because there is too much, the least lately used first."""
        for key in tuple(self._items)[: len(self._items) - self._least]:
            if len(self._items) <= self._most and self._bytes() <= self._most_bytes:
                return
            if not (self._keeps_lent and lent.get(self._items[key][0].file)):
                yield self._items.pop(key)[0]

    def holds(self, file: str) -> bool:
        """Whether something in this file is kept."""
        return any(item.file == file for item, _ in self._items.values())

    def _bytes(self) -> int:
        return sum(size for _, size in self._items.values())


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
