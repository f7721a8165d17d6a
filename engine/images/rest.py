"""Whether more of a series lies beside the files of it that were opened.

Who opens one slice of a series is used to getting all of it; nothing else would tell that most of
the study is not on the screen.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from engine.images.gather import natural
from engine.listing import SeriesEntry, SeriesKind
from engine.task import Task

if TYPE_CHECKING:
    from engine.images.catalogue import Scan

_LOOKED_AT = 32
"""Decided: so many files are looked at, those nearest by name; a series is seldom scattered more
widely than that, and the headers of thousands would keep the reader waiting."""


def folder_of_rest(
    paths: Sequence[Path],
    gathered: Iterable[Path],
    entries: Sequence[SeriesEntry],
    scan: "Scan",
    task: Task,
) -> str:
    """The folder that holds more of the only series that ``paths``, files of one folder, make.

    ``gathered`` are the files that these led to: an archive or a DICOMDIR leads to others, and what
    lies beside it may be those. Empty if nothing more was found, and for anything but a DICOM
    volume. ``scan`` reads headers.
    """
    (first, *_), folders = paths, {path.parent for path in paths}
    if len(entries) != 1 or len(folders) != 1 or not set(gathered) <= set(paths):
        return ""
    (entry,) = entries
    series = entry.origin.series_uid
    if entry.kind is not SeriesKind.VOLUME or not series:
        return ""
    near = _nearest(first, {path.name for path in paths})
    headers, _ = scan(near, task)
    return str(first.parent) if any(header.series_uid == series for header in headers) else ""


def _nearest(path: Path, known: set[str]) -> list[Path]:
    """The files beside one, the nearest by name, without those that are ``known``."""
    try:
        names = sorted((each.name for each in path.parent.iterdir()), key=natural)
    except OSError:
        return []
    at = names.index(path.name) if path.name in names else 0
    others = [
        (abs(place - at), name)
        for place, name in enumerate(names)
        if name not in known and not name.startswith(".")
    ]
    files = (path.parent / name for _, name in sorted(others))
    return list(islice((each for each in files if each.is_file()), _LOOKED_AT))
