"""A patient's visits in their order, each with the photographs of both eyes."""

from dataclasses import dataclass
from enum import StrEnum

from engine.eyes.which import Source
from engine.pictures import Laterality


class DateSource(StrEnum):
    """Whose word a visit's date is; stands in records."""

    READER = "reader"
    HEADER = "header"
    TABLE = "table"
    NONE = ""


@dataclass(frozen=True)
class Seen:
    """One photograph of a visit; ``eye`` is None where header, table and name do not tell.

    ``eye_from`` is whose word it is.
    """

    path: str
    eye: Laterality | None
    eye_from: Source = Source.NONE


@dataclass(frozen=True)
class Visit:
    """What was photographed on one day. ``date`` is ISO 8601, empty where it is not known."""

    date: str
    source: DateSource
    photographs: tuple[Seen, ...]

    def of(self, eye: Laterality) -> tuple[Seen, ...]:
        """The photographs of one eye."""
        return tuple(seen for seen in self.photographs if seen.eye is eye)


@dataclass(frozen=True)
class Patient:
    """One patient's visits, the dated ones in order, then those without a date.

    ``name`` is what patients are told apart by: a column of a table, a DICOM patient, or the
    folder; ``basis`` says which, for people. ``notes`` are sentences: what has no date, what was
    left out because it is another patient's. ``untold`` photographs lie beside these of which
    nothing says whose they are: the reader may say that the whole folder is one patient's.
    """

    name: str
    basis: str
    visits: tuple[Visit, ...]
    notes: tuple[str, ...] = ()
    untold: int = 0
