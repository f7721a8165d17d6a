"""What a file, a folder or a ZIP holds: the series to choose from, told before any is opened."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.pictures import VolumeFacts

_NAME_LEAST = 3
_NAME_PARTS = re.compile(r"[^\W\d_]+")


class SeriesKind(StrEnum):
    """Which way an entry goes when it is chosen."""

    VOLUME = "volume"
    PHOTOGRAPH = "photograph"


@dataclass(frozen=True)
class Origin:
    """Whose picture it is and how its series is called; all as the header says, empty if not.

    ``patient_key`` tells two patients apart: the header's ID and name together, or the file's
    folder where there is none. Dates are "20240202".
    """

    patient_key: str = ""
    patient_name: str = ""
    patient_id: str = ""
    patient_sex: str = ""
    patient_age: str = ""
    study_uid: str = ""
    study_date: str = ""
    study_time: str = ""
    study_description: str = ""
    series_uid: str = ""
    series_number: int | None = None
    series_description: str = ""
    body_part: str = ""
    slice_thickness: float | None = None


@dataclass(frozen=True)
class SeriesEntry:
    """One thing that can be opened.

    ``key`` names it among what the same paths hold, and stays the same when they are listed anew.
    ``title`` is a short name for the list. ``pictures`` counts the slices and frames that it is
    made of. ``bytes_needed`` is the memory that its values take. ``facts`` are as told by the
    headers: the value range and the content hash are not known yet. ``path`` is the file of a
    photograph, else the first file.
    """

    key: str
    kind: SeriesKind
    title: str
    path: str
    pictures: int
    bytes_needed: int
    facts: VolumeFacts
    origin: Origin = Origin()


@dataclass(frozen=True)
class RefusedFile:
    """A file that cannot be read; ``reason`` is what and why in words, ``advice`` what to do.

    ``quiet`` marks what nobody would expect to be shown (a text file in a folder).
    """

    path: str
    reason: str
    quiet: bool = False
    advice: str = ""

    @property
    def told(self) -> str:
        """All that is said of it."""
        return f"{self.reason} {self.advice}".rstrip()


@dataclass(frozen=True)
class Listing:
    """What was found, each patient's together, in the order of study date, series and position.

    ``rest`` is the folder in which more of the only series lies, where single files of it were
    named; else empty.
    """

    entries: tuple[SeriesEntry, ...]
    refused: tuple[RefusedFile, ...]
    rest: str = ""


def nameless(entry: SeriesEntry) -> SeriesEntry:
    """As it may be read where names are hidden: no free text tells whose it is."""
    origin = entry.origin
    told = replace(
        origin,
        study_description=without_names(origin.study_description, origin),
        series_description=without_names(origin.series_description, origin),
        body_part=without_names(origin.body_part, origin),
    )
    return replace(entry, title=without_names(entry.title, origin), origin=told)


def without_names(words: str, origin: Origin) -> str:
    """Free text without the patient's number and the parts of the name, as whole words.

    Parts of fewer than three letters stay: they are words of their own ("Li" in "Li-Fe").
    """
    parts = [*_NAME_PARTS.findall(origin.patient_name), origin.patient_id.strip()]
    sought = "|".join(re.escape(part) for part in parts if len(part) >= _NAME_LEAST)
    if not sought:
        return words
    # An underscore parts words here, as it does in what people type.
    bare, count = re.subn(rf"(?i)(?<![^\W_])(?:{sought})(?![^\W_])", " ", words)
    if not count:
        return words
    left = " ".join(bare.split()).strip(" ,;:_-^")
    return left or "Name hidden"
