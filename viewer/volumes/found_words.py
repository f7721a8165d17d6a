"""What is told of files and folders that were looked through and hold nothing to open."""

from collections.abc import Sequence
from pathlib import Path

from engine.listing import RefusedFile, SeriesEntry
from viewer.notices import Notice

NAMED = 3
"""How many files a row names before it counts the rest."""


def named(paths: Sequence[Path]) -> str:
    """What was given: its name, or how much it was."""
    return paths[0].name if len(paths) == 1 else f"{len(paths)} files and folders"


def lies_in(entry: SeriesEntry, paths: Sequence[Path]) -> bool:
    """Whether an entry's file lies where it was looked for, and was not unpacked elsewhere."""
    places = [path.parent if path.name.upper() == "DICOMDIR" else path for path in paths]
    return any(Path(entry.path).is_relative_to(place) for place in places)


def archived(paths: Sequence[Path]) -> Notice:
    """Why photographs that were unpacked are not opened, and what to do."""
    title = "Photographs are not opened out of an archive."
    detail = f"Unpack {named(paths)}, and open the folder that comes out of it."
    return Notice("refused", title, detail, "alert-circle")


def several(files: Sequence[RefusedFile]) -> str:
    """The first reasons, and how many more there are; of no file what to do."""
    if not files:
        return "No file was found there. Choose another folder."
    said = [file.reason for file in files[:NAMED]]
    more = len(files) - len(said)
    return " ".join([*said, *([f"And {more} more."] if more else [])])
