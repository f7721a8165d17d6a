"""The pictures beside the one on the screen: what Back and Next go to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ENDINGS = frozenset((".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".bmp", ".webp"))


@dataclass(frozen=True)
class Neighbours:
    """Pictures in the order in which a person counts them."""

    paths: tuple[Path, ...] = ()

    @classmethod
    def of(cls, given: Sequence[Path]) -> "Neighbours":
        """What was given together; the folder's pictures where one file or folder was given.

        Pictures in a folder are told by their ending: looking into each would keep a person
        waiting, and one that is no picture is refused in words when its turn comes.
        """
        if len(given) > 1:
            return cls(tuple(given))
        only = given[0]
        folder = only if only.is_dir() else only.parent
        try:
            found = {path for path in folder.iterdir() if path.suffix.lower() in ENDINGS}
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


def _counted(path: Path) -> list[tuple[int, str]]:
    """A key that sorts 2 before 10."""
    parts = re.split(r"(\d+)", path.name.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
