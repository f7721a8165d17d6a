"""What paths hold: the list to choose from, and for each entry the way to read it."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.errors import Refusal
from engine.images.dicom.header import Header
from engine.images.dicom.scan import scan
from engine.images.dicom.series import plan_series
from engine.images.formats import FORMATS
from engine.images.gather import FoundFile, gather
from engine.images.nifti_header import partner
from engine.images.photograph_facts import facts_of
from engine.images.plan import FilePlan, PhotographPlan, Planned
from engine.images.reading import name_of
from engine.images.recognise import ENOUGH, Kind, kind_of
from engine.images.rest import folder_of_rest
from engine.listing import Listing, Origin, RefusedFile, SeriesEntry, SeriesKind
from engine.task import Task

Listed = tuple[SeriesEntry, Planned]

Scan = Callable[[Sequence[Path], Task], tuple[tuple[Header, ...], tuple[RefusedFile, ...]]]
"""Reads the headers of DICOM files, and says which files have none."""

_ANOTHER = "Choose a photograph, a DICOM or a NIfTI file, or a folder of them."
_LAST = "~"
"""Stands after every date, time and UID."""

_NO_NUMBER = 2**31


@dataclass(frozen=True)
class Catalogue:
    """A listing, and by the key of each entry how it is read.

    ``shown`` is how files out of an archive are called to people, by their paths.
    """

    listing: Listing
    planned: Mapping[str, Planned]
    shown: Mapping[str, str]


def list_pictures(paths: Sequence[Path], scratch: Path, task: Task, scan: Scan = scan) -> Catalogue:
    """Tell what files, folders, archives and DICOMDIRs hold, from headers alone.

    ``scratch`` is a folder into which archives are unpacked; it must stay while what is listed
    is used. ``scan`` may share its work among processes. One file that cannot be read never hides
    the others.
    """
    gathered = gather(paths, scratch, task)
    found, refused = _single_files(gathered.files, task)
    series, more = _series(gathered.files, scan, task)
    found += series
    found.sort(key=_order)
    entries = tuple(entry for entry, _ in found)
    rest = folder_of_rest(paths, (file.path for file in gathered.files), entries, scan, task)
    listing = Listing(entries, (*gathered.refused, *refused, *more), rest)
    called = ((str(file.path), file.shown) for file in gathered.files)
    return Catalogue(
        listing,
        {planned.key: planned for _, planned in found},
        {path: shown for path, shown in called if path != shown},
    )


def _series(
    files: Iterable[FoundFile], scan: Scan, task: Task
) -> tuple[list[Listed], list[RefusedFile]]:
    """The series that DICOM files make."""
    by_path = {str(file.path): file for file in files if file.kind is Kind.DICOM}
    if not by_path:
        return [], []
    headers, unread = scan([file.path for file in by_path.values()], task)
    task.check()
    entries, misplaced = plan_series(headers)
    refused = [_as_shown(each, by_path.get(each.path)) for each in (*unread, *misplaced)]
    return list(entries), refused


def _as_shown(refused: RefusedFile, file: FoundFile | None) -> RefusedFile:
    """Under the name that people know; aloud where it was asked for by name."""
    if file is None:
        return refused
    return replace(refused, path=file.shown, quiet=refused.quiet and not file.named)


def _order(found: Listed) -> tuple[str, str, str, str, str, int]:
    """By patient, study and series number; the order of position or name within is kept.

    No patient's series lie among another's, where one would be taken for the other.
    """
    origin = found[0].origin
    number = _NO_NUMBER if origin.series_number is None else origin.series_number
    who = (origin.patient_name or origin.patient_id).casefold()
    return (
        who or _LAST,
        origin.patient_key if who else "",
        origin.study_date or _LAST,
        origin.study_time or _LAST,
        origin.study_uid or _LAST,
        number,
    )


def _single_files(files: Iterable[FoundFile], task: Task) -> tuple[list[Listed], list[RefusedFile]]:
    """Photographs, and volumes that are one file."""
    found: list[Listed] = []
    refused: list[RefusedFile] = []
    unknown: list[FoundFile] = []
    data: set[Path] = set()
    for file in files:
        task.check()
        if file.kind is None:
            file = _by_its_header(file)
        if file.kind is None:
            unknown.append(file)
            continue
        if file.kind is Kind.DICOM:
            continue
        try:
            if not file.kind.is_photograph:
                data.update(FORMATS[file.kind].files(file.path, file.kind))
            found.append(_listed(file))
        except Refusal as refusal:
            told = refusal.reason, file.is_quiet, refusal.advice
            refused.append(RefusedFile(file.shown, *told))
    refused += [_not_known(file) for file in unknown if file.path not in data]
    return list({planned.key: (entry, planned) for entry, planned in found}.values()), refused


def _by_its_header(file: FoundFile) -> FoundFile:
    """The header of a pair, where only its data was named; the file itself for anything else."""
    header = partner(file.path, ".hdr") if file.named else None
    if header is None:
        return file
    try:
        with header.open("rb") as opened:
            kind = kind_of(opened.read(ENOUGH))
    except OSError:
        return file
    if kind not in (Kind.NIFTI_PAIR, Kind.ANALYZE):
        return file
    shown = str(Path(file.shown).with_name(header.name))
    return FoundFile(header, shown, kind, named=True)


def _not_known(file: FoundFile) -> RefusedFile:
    name = name_of(file.path)
    why, advice = f"It is {file.words}.", _ANOTHER
    if name.lower().removesuffix(".gz").endswith(".img"):
        why = f"The header that belongs to it (“{name.partition('.')[0]}.hdr”) is not beside it."
        advice = "Put both files into one folder."
    reason = f"“{name}” cannot be opened. {why}"
    return RefusedFile(file.shown, reason, file.is_quiet, advice)


def _listed(file: FoundFile) -> Listed:
    """A volume or photograph that is one file."""
    assert file.kind is not None
    key = file.shown
    if file.kind.is_photograph:
        facts = facts_of(file.path, file.kind)
        planned = Planned(key, PhotographPlan(str(file.path)), facts)
    else:
        planned = FORMATS[file.kind].plan(file.path, file.kind, key)
    return _entry(file, planned), planned


def _entry(file: FoundFile, planned: Planned) -> SeriesEntry:
    size = planned.facts.grid.size
    frames = len(planned.facts.frames)
    kind, each = SeriesKind.PHOTOGRAPH, 3
    if isinstance(planned.plan, FilePlan):
        kind, each = SeriesKind.VOLUME, np.dtype(planned.plan.dtype).itemsize
        each *= 3 if planned.facts.colour else 1
    return SeriesEntry(
        key=planned.key,
        kind=kind,
        title=name_of(file.path),
        path=str(file.path),
        pictures=size[2] * frames,
        bytes_needed=frames * math.prod(size) * each,
        facts=planned.facts,
        origin=Origin(patient_key=str(Path(file.shown).parent)),
    )
