"""The series of a folder: each becomes entries to choose from, with the way to read them.

A series is one volume only if its pictures make one. They are parted by size, by plane, by blocks
and by what was computed from what; several pictures at one place become frames; each mend is said.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec import structs

from engine.images.dicom import repair_words
from engine.images.dicom.cameras import is_photograph
from engine.images.dicom.entry import Entry, entries_of, photographs_of
from engine.images.dicom.header import Header
from engine.images.dicom.parts import parts_of
from engine.images.dicom.split import series_of, without_copies
from engine.listing import RefusedFile

_LAST = "99999999"
"""Stands after every date."""


def plan_series(
    headers: Sequence[Header],
) -> tuple[tuple[Entry, ...], tuple[RefusedFile, ...]]:
    """Tell what these files hold, and how each of it is read, in whatever order they come.

    Entries are in the order of study date, series number and place; photographs are listed one by
    one; what cannot be placed is refused file by file. Nothing is read but the headers, and the
    pixel data of files whose headers are alike and whose identifiers are not.
    """
    entries: list[Entry] = []
    refused: list[RefusedFile] = []
    for files in series_of(sorted(headers, key=lambda header: header.path)):
        files, copies = without_copies(files)
        entries += photographs_of([each for each in files if is_photograph(each)], copies)
        found = parts_of([each for each in files if not is_photograph(each)])
        entries += entries_of(found.parts, copies)
        for fault in found.refused:
            same = (fault.path, *copies.get(fault.path, ()))
            refused += [
                RefusedFile(path, repair_words.refused(path, fault.reason)) for path in same
            ]
    entries.sort(key=_rank)
    return tuple(_with_own_keys(entries)), tuple(sorted(set(refused), key=lambda each: each.path))


def _with_own_keys(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Entries of files that say nothing of themselves may have come to the same key."""
    seen: Counter[str] = Counter()
    for entry, planned in entries:
        seen[entry.key] += 1
        if seen[entry.key] > 1:
            key = f"{entry.key}-{seen[entry.key]}"
            yield replace(entry, key=key), structs.replace(planned, key=key)
        else:
            yield entry, planned


def _rank(entry: Entry) -> tuple[str, str, str, int, str]:
    """By study and series; within a series the order stays."""
    origin = entry[0].origin
    return (
        origin.study_date or _LAST,
        origin.study_time,
        origin.study_uid,
        2**31 if origin.series_number is None else origin.series_number,
        origin.series_uid,
    )
