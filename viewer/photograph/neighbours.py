"""The pictures beside the one on the screen: what Back and Next go to."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Signal

from engine import own_mark
from engine.spelling import alike

ENDINGS = frozenset((".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".bmp", ".webp"))


_MASKS = ("_ma", "_he", "_ex", "_se", "_nv", "_irma", "_od")
"""How names end, ``alike``, of masks beside a photograph: of its lesions and disc."""
_LOSSY = frozenset((".jpg", ".jpeg", ".jpe", ".webp"))
"""Endings of no mask, which they would change: 12_OD.jpg beside 12.jpg is a right eye."""
_EXPORT = " annotated"


@dataclass(frozen=True)
class Neighbours:
    """Pictures in the order in which a person counts them."""

    paths: tuple[Path, ...] = ()

    @classmethod
    def of(cls, given: Sequence[Path]) -> "Neighbours":
        """What was given together; the folder's pictures where one file or folder was given.

        Pictures in a folder are told by their ending: decoding each would keep a person
        waiting, and one that is no picture is refused in words when its turn comes. Masks beside
        their photograph and annotated pictures are left out, the latter also by their mark.
        """
        if len(given) > 1:
            return cls(tuple(given))
        only = given[0]
        folder = only if only.is_dir() else only.parent
        try:
            found = _without_beside({path for path in folder.iterdir() if is_photograph_name(path)})
        except OSError:
            found = set()
        if not only.is_dir():
            found.add(only)
        return cls(tuple(sorted(found, key=_counted)))

    def number(self, path: Path) -> int:
        """The place of a picture, from 1; 0 if it is not among them."""
        return self.paths.index(path) + 1 if path in self.paths else 0

    def step(self, path: Path, by: int) -> Path | None:
        """The picture so many places on, or None beyond either end."""
        place = self.number(path) - 1 + by
        return self.paths[place] if path in self.paths and 0 <= place < len(self.paths) else None


class Walk(QObject):
    """Goes through what was given. A folder is listed on a worker: a network keeps one waiting."""

    chosen = Signal(object)
    """The path of the picture to open now."""
    changed = Signal()
    _listed = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.at = Path()
        """What was opened last, whether it could be shown or not: a step goes on from it."""
        self.direction = 1
        """1 where the last step went on, -1 where it went back."""
        self._neighbours = Neighbours()
        self._given: Path | None = None
        self._listed.connect(self._take)

    def begin(self, paths: Sequence[Path]) -> None:
        """Choose the first of several pictures, or of a folder's."""
        given = [Path(path).absolute() for path in paths]
        self._given = given[0] if len(given) == 1 else None
        if self._given not in self._neighbours.paths:
            self._neighbours = Neighbours(tuple(given))
            self.changed.emit()
        if self._given is not None:
            only = self._given
            # A daemon: a network that does not answer must not keep the window from closing.
            Thread(target=self._list, args=(only,), daemon=True).start()
        if self._given is None or is_photograph_name(given[0]):
            self.chosen.emit(given[0])  # what may be a folder waits for its list

    @property
    def paths(self) -> tuple[Path, ...]:
        """All pictures that can be gone to, in order."""
        return self._neighbours.paths

    def step(self, by: int) -> None:
        """Choose the next picture, or the one before; beyond the last one nothing happens."""
        path = self._neighbours.step(self.at, by)
        if path is not None:
            self.direction = 1 if by > 0 else -1
            self.chosen.emit(path)

    def go_to(self, path: Path) -> None:
        """Choose one of the pictures."""
        before, after = self._neighbours.number(self.at), self._neighbours.number(path)
        if after:
            self.direction = -1 if after < before else 1
            self.chosen.emit(path)

    def go_to_end(self, last: bool) -> None:
        """Choose the first picture, or the last one; from there the way leads back."""
        if self.paths:
            self.go_to(self.paths[-1 if last else 0])
            self.direction = -1 if last else 1

    def beside(self, path: Path, by: int) -> Path | None:
        """The picture so many places on from ``path``, or None beyond either end."""
        return self._neighbours.step(path, by)

    def place(self, path: Path) -> tuple[int, int]:
        """Which picture of how many ``path`` is, counted from 1."""
        return self._neighbours.number(path), len(self._neighbours.paths)

    def _list(self, path: Path) -> None:
        found = Neighbours.of([path])
        with suppress(RuntimeError):  # the window was closed meanwhile
            self._listed.emit(path, found)

    def _take(self, path: Path, neighbours: Neighbours) -> None:
        if path != self._given:
            return
        self._given = None
        self._neighbours = neighbours
        if not is_photograph_name(path):
            is_file = path in neighbours.paths
            self.chosen.emit(path if is_file else next(iter(neighbours.paths), path))
        self.changed.emit()


def _without_beside(paths: set[Path]) -> set[Path]:
    stems = {alike(path.stem) for path in paths}

    def beside(path: Path) -> bool:
        stem, lossy = alike(path.stem), path.suffix.lower() in _LOSSY
        ends = (_EXPORT,) if lossy else (*_MASKS, _EXPORT)
        return any(stem.endswith(end) and stem.removesuffix(end) in stems for end in ends)

    return {path for path in paths if not (beside(path) or own_mark.is_on(path))}


def is_photograph_name(path: Path) -> bool:
    """Whether a file ends as photographs do."""
    return path.suffix.lower() in ENDINGS


def _counted(path: Path) -> list[tuple[int, str]]:
    """A key that sorts 2 before 10."""
    parts = re.split(r"(\d+)", path.name.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
