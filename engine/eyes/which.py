"""Which eye a photograph shows, and where that is from: reader, header, table, name or disc.

A stronger word silences a weaker one; where they differ, a sentence says so.
"""

from dataclasses import dataclass
from enum import StrEnum

from engine.eyes.names import eye_name
from engine.pictures import Laterality


class Source(StrEnum):
    """Whose word it is, the strongest first; stands in records."""

    READER = "reader"
    HEADER = "header"
    TABLE = "table"
    NAME = "name"
    DISC = "disc"
    NONE = ""


_FROM = {
    Source.READER: "said by the reader",
    Source.HEADER: "from the DICOM header",
    Source.TABLE: "from the visits' table",
    Source.NAME: "from the file's name",
    Source.DISC: "from where the disc lies",
    Source.NONE: "",
}
_SAYS = {
    Source.HEADER: "the DICOM header says",
    Source.TABLE: "the visits' table says",
    Source.NAME: "the file's name says",
    Source.DISC: "the disc lies as in",
}
_EYES = {Laterality.RIGHT: "a right eye", Laterality.LEFT: "a left eye"}


@dataclass(frozen=True)
class Tabled:
    """What a table of visits says of a photograph: its ``eye``, whose it is, and of which ``day``.

    ``table`` is the table's file, empty where none names the photograph. A ``patient`` is the same
    as another of the same table alone.
    """

    table: str = ""
    eye: Laterality | None = None
    patient: str = ""
    day: str = ""


@dataclass(frozen=True)
class EyeFacts:
    """What is known of a photograph before it is looked at.

    ``path`` is its file. ``header`` is the header's word on the eye. ``patient`` tells patients
    apart and says nothing else, empty where the header names none; ``study`` and ``day`` are the
    visit's, ``taken`` the time of day, "hhmmss.ffffff". ``tabled`` is a visits' table's word.
    """

    path: str
    header: Laterality | None = None
    patient: str = ""
    study: str = ""
    day: str = ""
    taken: str = ""
    tabled: Tabled = Tabled()


@dataclass(frozen=True)
class WhichEye:
    """``laterality`` is None where nothing tells; ``doubt`` is a sentence, empty if all agree.

    ``sought`` is whether the disc, which may tell, is still looked for.
    """

    laterality: Laterality | None = None
    source: Source = Source.NONE
    doubt: str = ""
    sought: bool = False

    @property
    def words(self) -> str:
        """Where it is from: "from the file's name"; empty if it is not known."""
        return _FROM[self.source]

    @property
    def told(self) -> Laterality | None:
        """The eye in which disc and fovea are looked for; None where only the disc tells it."""
        return None if self.source is Source.DISC else self.laterality


def header_of(name: str, decoded: Laterality | None) -> Laterality | None:
    """The header's word in what decoding the file ``name`` told: what the name alone does not."""
    return None if eye_name(name).laterality is decoded else decoded


def which_eye(
    name: str,
    *,
    header: Laterality | None = None,
    table: Laterality | None = None,
    disc: Laterality | None = None,
    reader: Laterality | None = None,
) -> WhichEye:
    """The strongest word on which eye the photograph in the file ``name`` shows."""
    words = {
        Source.READER: reader,
        Source.HEADER: header,
        Source.TABLE: table,
        Source.NAME: eye_name(name).laterality,
        Source.DISC: disc,
    }
    said = [(source, side) for source, side in words.items() if side is not None]
    if not said:
        return WhichEye()
    source, side = said[0]
    others = [(other, its) for other, its in said[1:] if its is not side]
    # A reader who corrected it has seen what the others say.
    if source is Source.READER or not others:
        return WhichEye(side, source)
    other, its = others[0]
    return WhichEye(side, source, f"In doubt: {_SAYS[other]} {_EYES[its]}.")
