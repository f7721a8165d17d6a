"""Which photograph shows the other eye of the same patient at the same visit.

Never the next file of a folder: a pair needs one patient's evidence, in the DICOM headers, in a
table of visits, or in two names that differ in the eye alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from engine.eyes.names import eye_name
from engine.eyes.which import EyeFacts, Source, Tabled
from engine.pictures import Laterality

_FROM = {
    Source.READER: "paired by the reader",
    Source.HEADER: "paired by patient and visit in the DICOM headers",
    Source.TABLE: "paired by patient and day in the visits' table",
    Source.NAME: "paired by the files' names",
}

UNKNOWN_EYE = "Which eye this is is not known, so its fellow cannot be told."
NO_OTHER = (
    "No picture of the other eye was found: none here has the same patient and visit in its DICOM "
    "header or in a table of visits, or the same name but for the eye."
)


@dataclass(frozen=True)
class OtherEye:
    """The other eye's ``path`` and whose word it is that the two belong together."""

    path: str
    source: Source

    @property
    def words(self) -> str:
        """Where it is from, for people."""
        return _FROM[self.source]


def other_eye(
    of: EyeFacts, among: Sequence[EyeFacts], sides: Mapping[str, Laterality | None]
) -> OtherEye | None:
    """The other eye of ``of`` among several photographs; None if there is none for certain.

    ``sides`` are the eyes in force, by path. Of several the one taken nearest in time, by table or
    names the one with the same ending, else the first.
    """
    side = sides.get(of.path)
    if side is None:
        return None
    fellows = [
        each for each in among if each.path != of.path and sides.get(each.path) not in (None, side)
    ]
    by_header = [each for each in fellows if _one_visit(of, each)]
    if by_header:
        nearest = min(by_header, key=lambda each: abs(_seconds(each.taken) - _seconds(of.taken)))
        return OtherEye(nearest.path, Source.HEADER)
    fellows = [each for each in fellows if not _differ(of, each)]
    by_table = [each for each in fellows if _one_row(of.tabled, each.tabled)]
    if by_table:
        return OtherEye(_alike(of, by_table).path, Source.TABLE)
    here = PurePath(of.path)
    by_name = [each for each in fellows if _one_name(here, PurePath(each.path))]
    by_name = [each for each in by_name if not _rows_differ(of.tabled, each.tabled)]
    return OtherEye(_alike(of, by_name).path, Source.NAME) if by_name else None


def related(of: EyeFacts, among: Iterable[EyeFacts]) -> list[EyeFacts]:
    """Those whom header, table or name joins with ``of``: ``other_eye`` finds it among no others.

    In a folder of thousands which eye each shows takes longer to tell than that.
    """
    here = PurePath(of.path)
    return [
        each
        for each in among
        if _one_visit(of, each)
        or _one_row(of.tabled, each.tabled)
        or _one_name(here, PurePath(each.path))
    ]


def _alike(of: EyeFacts, fellows: Sequence[EyeFacts]) -> EyeFacts:
    """The first that has the same ending, else the first."""
    ending = PurePath(of.path).suffix
    return next((each for each in fellows if PurePath(each.path).suffix == ending), fellows[0])


def _one_row(one: Tabled, other: Tabled) -> bool:
    """One patient and day; decided: without a day it may be another visit's."""
    same = bool(one.table) and one.table == other.table
    whole = bool(one.patient and one.day)
    return same and whole and (one.patient, one.day) == (other.patient, other.day)


def _rows_differ(one: Tabled, other: Tabled) -> bool:
    """Whether a table speaks against one patient or one day."""
    patients = one.patient and other.patient and one.patient != other.patient
    days = one.day and other.day and one.day != other.day
    return one.table == other.table and bool(patients or days)


def _one_visit(one: EyeFacts, other: EyeFacts) -> bool:
    """One patient and visit; a study is one patient's even where the header names none."""
    if _differ(one, other):
        return False
    same_study = bool(one.study) and one.study == other.study
    same_day = bool(one.day) and one.day == other.day
    return same_study or (bool(one.patient) and one.patient == other.patient and same_day)


def _differ(one: EyeFacts, other: EyeFacts) -> bool:
    """Whether the headers speak against one patient or one day."""
    patients = one.patient and other.patient and one.patient != other.patient
    days = one.day and other.day and one.day != other.day
    return bool(patients or days)


def _one_name(one: PurePath, other: PurePath) -> bool:
    rest = eye_name(one.name).rest
    return bool(rest) and one.parent == other.parent and rest == eye_name(other.name).rest


def _seconds(taken: str) -> float:
    """The time of day; noon where it is not told."""
    digits = taken.partition(".")[0].ljust(6, "0")[:6]
    if not digits.isdecimal():
        return 43200.0
    return int(digits[:2]) * 3600.0 + int(digits[2:4]) * 60.0 + int(digits[4:])
