"""What paths hold: the list to choose from, and for each entry the way to read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import Refusal
from engine.images import nifti
from engine.images.gather import FoundFile, gather
from engine.images.plan import FilePlan, PhotographPlan, Planned
from engine.images.recognise import Kind
from engine.listing import Listing, Origin, RefusedFile, SeriesEntry, SeriesKind
from engine.pictures import Grid, VolumeFacts
from engine.task import Task

_NO_DATE = "99999999"
_NO_NUMBER = 2**31


@dataclass(frozen=True)
class Catalogue:
    """A listing, and by the key of each entry how it is read."""

    listing: Listing
    planned: Mapping[str, Planned]


def list_pictures(paths: Sequence[Path], scratch: Path, task: Task) -> Catalogue:
    """Tell what files, folders, archives and DICOMDIRs hold, from headers alone.

    ``scratch`` is a folder into which archives are unpacked; it must stay while what is listed
    is used. One file that cannot be read never hides the others.
    """
    gathered = gather(paths, scratch, task)
    found: list[tuple[SeriesEntry, Planned]] = []
    refused = list(gathered.refused)
    for file in gathered.files:
        task.check()
        if file.kind is None or file.kind is Kind.DICOM:
            continue
        try:
            found.append(_listed(file))
        except Refusal as refusal:
            refused.append(RefusedFile(file.shown, refusal.reason, file.is_quiet))
    found.sort(key=_order)
    entries = tuple(entry for entry, _ in found)
    return Catalogue(
        Listing(entries, tuple(refused)), {planned.key: planned for _, planned in found}
    )


def _order(found: tuple[SeriesEntry, Planned]) -> tuple[str, str, int]:
    """By study date and series number; the order of position or name within is kept."""
    origin = found[0].origin
    number = _NO_NUMBER if origin.series_number is None else origin.series_number
    return origin.study_date or _NO_DATE, origin.study_uid, number


def _listed(file: FoundFile) -> tuple[SeriesEntry, Planned]:
    """A volume or photograph that is one file."""
    assert file.kind is not None
    key = file.shown
    if file.kind.is_photograph:
        planned = Planned(key, PhotographPlan(str(file.path)), VolumeFacts(Grid((0, 0, 1))))
    else:
        planned = nifti.plan(file.path, file.kind, key)
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
        title=file.path.name,
        path=str(file.path),
        pictures=size[2] * frames,
        bytes_needed=frames
        * size[0]
        * size[1]
        * size[2]
        * each
        * (3 if planned.facts.colour else 1),
        facts=planned.facts,
        origin=Origin(patient_key=str(Path(file.shown).parent)),
    )
