"""Pictures that a table names, with their ending or without, in its own folder or below it."""

from collections import defaultdict
from pathlib import Path

from engine import own_mark
from engine.errors import Refusal
from engine.spelling import alike

ENDINGS = frozenset(
    (".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".bmp", ".webp", ".dcm"),
)

NAME_IT_EXACTLY = "Name it as the file is called, with its ending."


def is_photograph(path: Path) -> bool:
    """Whether a file's name is one of a photograph. Hidden files are none."""
    return path.suffix.lower() in ENDINGS and not path.name.startswith(".")


class Beside:
    """The pictures of a folder, looked up by the names in a table; each folder is listed once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listed: dict[Path, dict[str, list[Path]]] = {}

    def picture(self, name: str) -> Path | None:
        """The picture called ``name``; None if there is none.

        Decided: a table names what lies in its folder or below it, so that a table from elsewhere
        reaches nothing else. Raises ``Refusal`` where a name leads out of the folder, or several
        are called so.
        """
        inside = Path(name)
        if inside.is_absolute() or inside.drive or ".." in inside.parts:
            raise Refusal(
                f"The picture {name} was not taken.",
                "A table names pictures in its own folder or below it, "
                "and this name leads out of it.",
                "Put the table into a folder that holds the pictures, and name them from there.",
            )
        found = self.called(name)
        if len(found) > 1:
            raise Refusal(
                f"Which picture {name} is cannot be told.", several(name, found), NAME_IT_EXACTLY
            )
        return found[0] if found else None

    def called(self, name: str) -> tuple[Path, ...]:
        """All that ``name`` can mean.

        That is the file of just this name; else the pictures with a known ending behind it; else
        those whose names differ in small and capital letters alone, or in how accents are spelt,
        as a table from another system has them. Where there are several, annotated copies of ours
        are left away. What is too long for a name, or where nobody may look, means none.
        """
        exact = self._folder / name
        try:
            if exact.is_file():
                return (exact,)
            near = self._pictures(exact.parent).get(alike(exact.name), [])
        except OSError:
            return ()
        found = [path for path in near if path.stem == exact.name] or near
        if len(found) > 1:
            found = [path for path in found if not own_mark.is_on(path)]
        return tuple(found)

    def none(self, name: str) -> str:
        """That nothing is called ``name``, and which of another ending may be meant.

        Decided: it is not taken for it. Two sets may have the same numbers.
        """
        stem = Path(name).with_suffix("") if Path(name).suffix.lower() in ENDINGS else None
        near = self.called(str(stem)) if stem else ()
        there = f"; {' and '.join(path.name for path in near)} does" if near else ""
        return f"called {name} lies beside the table{there}."

    def _pictures(self, folder: Path) -> dict[str, list[Path]]:
        """Pictures by their names, with ending and without, as ``alike`` has them."""
        if folder not in self._listed:
            named = self._listed[folder] = defaultdict(list)
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                if is_photograph(path):
                    named[alike(path.name)].append(path)
                    named[alike(path.stem)].append(path)
        return self._listed[folder]


def several(name: str, found: tuple[Path, ...]) -> str:
    """That a name stands for each of the pictures ``found``."""
    names = ", ".join(path.name for path in found)
    return f"{name} may be any of several beside the table: {names}."
