"""A table of visits beside photographs: whose each photograph is, when it was taken, which eye."""

import csv
import io
from codecs import getincrementaldecoder
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath

from engine import csv_rows
from engine.errors import Refusal
from engine.followup.dates import Unread, read_dates
from engine.images.beside import Beside
from engine.pictures import Laterality
from engine.spelling import alike

_COLUMNS = {
    "image": ("image", "photograph", "photo", "picture", "file", "filename", "imagefile",
              "imagename", "imageid", "imagepath", "path", "img"),
    "patient": ("patient", "patientid", "patientnumber", "patientname", "subject", "subjectid",
                "participant", "participantid", "person", "mrn", "patientvisit"),
    "date": ("date", "visitdate", "examdate", "examinationdate", "studydate", "acquisitiondate",
             "imagedate", "datetaken", "takenon", "taken", "day"),
    "eye": ("eye", "laterality", "side"),
}  # fmt: skip
"""Names of columns, the better known first; small letters, without spaces and underscores."""
_EYES = {
    **dict.fromkeys(("od", "right", "r", "re", "righteye"), Laterality.RIGHT),
    **dict.fromkeys(("os", "left", "l", "le", "og", "oi", "oe", "lefteye"), Laterality.LEFT),
}
_LARGEST = 32 * 2**20
"""Bytes: a table of a patient's visits has some thousand."""
_HEAD = 65_536
"""Bytes in which a table's columns are looked for."""


@dataclass(frozen=True)
class TableRow:
    """One photograph of a table; empty where the table does not say it."""

    image: str
    patient: str = ""
    date: str = ""
    eye: Laterality | None = None


@dataclass(frozen=True)
class VisitTable:
    """A table that names photographs, their ``notes`` on what could not be read as a date."""

    path: Path
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()

    def row_of(self, photograph: Path) -> TableRow | None:
        """The row that names a photograph, with its ending or without.

        Also one that differs in small and capital letters alone, or in how accents are spelt,
        where it is this photograph that it means.
        """
        try:
            inside = PurePosixPath(photograph.relative_to(self.path.parent).as_posix())
        except ValueError:
            return None
        names = str(inside), str(inside.with_suffix(""))
        for name in names:
            if name in self._by_name:
                return self._by_name[name]
        for name in names:
            row = self._by_alike.get(alike(name))
            if row is not None and _is_same(self.file_of(row), photograph):
                return row
        return None

    @cached_property
    def _by_name(self) -> dict[str, TableRow]:
        return {row.image: row for row in self.rows}

    @cached_property
    def _by_alike(self) -> dict[str, TableRow]:
        """Rows by their names as ``alike`` has them; without those that only case tells apart."""
        named = defaultdict[str, list[TableRow]](list)
        for row in self.rows:
            named[alike(row.image)].append(row)
        return {name: rows[0] for name, rows in named.items() if len(rows) == 1}

    def folders_of(self, patients: Container[str]) -> set[Path]:
        """Where photographs of these patients should lie; never outside the table's folder."""
        rows = (row for row in self.rows if row.patient in patients)
        return {place.parent for row in rows if (place := self._place(row)) is not None}

    def file_of(self, row: TableRow) -> Path | None:
        """The photograph that a row names, if it is there; never one outside the folder."""
        found = () if self._place(row) is None else self._beside.called(row.image)
        return found[0] if found else None

    @cached_property
    def _beside(self) -> Beside:
        """A table is read anew for each question, so that what is listed once is not old."""
        return Beside(self.path.parent)

    def _place(self, row: TableRow) -> Path | None:
        inside = PurePosixPath(row.image)
        outside = inside.is_absolute() or ".." in inside.parts or not inside.parts
        return None if outside else self.path.parent / inside


def _is_same(one: Path | None, other: Path) -> bool:
    """Whether both are one file: some disks find it by a name in other letters, too."""
    try:
        return one is not None and one.samefile(other)
    except OSError:
        return False


def read_table(path: Path) -> VisitTable | None:
    """The table at ``path``; None where it is about something else than photographs' visits.

    It has a column for the image, and one for the patient or the date; commas, semicolons or tabs
    part them. Raises ``Refusal`` where it cannot be relied on.
    """
    # Whatever else lies beside photographs is left alone by its head, however long it is.
    head = _lines(path, _HEAD)
    columns = _columns(head[0]) if head else {}
    if "image" not in columns or not columns.keys() & {"patient", "date"}:
        return None
    return _table(path, _lines(path, _LARGEST + 1), columns)


def _lines(path: Path, most: int) -> list[list[str]]:
    """The lines in the first ``most`` bytes, the last one perhaps cut."""
    try:
        with path.open("rb") as file:
            content = file.read(most)
        if len(content) > _LARGEST:
            raise _refused(path, f"It is larger than {_LARGEST // 2**20} MB.")
        text = _text(content, whole=len(content) < most)
        start = text.partition("\n")[0]
        if csv_rows.told_in(start):
            text = text.partition("\n")[2]
        table = csv.reader(io.StringIO(text, newline=""), delimiter=csv_rows.delimiter_of(start))
        return [line for line in table if line]
    except OSError as fault:
        raise _refused(path, f"The system said: {fault.strerror}.") from fault
    except (UnicodeDecodeError, csv.Error) as fault:
        raise _refused(path, "It is no whole table of comma-separated values.") from fault


def _text(content: bytes, *, whole: bool) -> str:
    """UTF-8, or what spreadsheets write: UTF-16 with its mark, or the Western code page.

    Where it is not the ``whole``, its last letter may be cut.
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        decoder = getincrementaldecoder("utf-16" if marked else "utf-8-sig")()
        return decoder.decode(content, final=whole)
    except UnicodeDecodeError:
        if marked:
            raise
        return content.decode("cp1252")


def _columns(head: Sequence[str]) -> dict[str, int]:
    plain = ["".join(each for each in name.casefold() if each.isalnum()) for name in head]
    found: dict[str, int] = {}
    for meaning, names in _COLUMNS.items():
        known = [plain.index(name) for name in names if name in plain]
        if known:
            found[meaning] = known[0]
    return found


def _table(path: Path, lines: Sequence[Sequence[str]], columns: dict[str, int]) -> VisitTable:
    def cell(line: Sequence[str], meaning: str) -> str:
        at = columns.get(meaning, len(line))
        return line[at].strip() if at < len(line) else ""

    named = [line for line in lines[1:] if cell(line, "image")]
    dates = read_dates([cell(line, "date") for line in named])
    rows: dict[str, TableRow] = {}
    for line, day in zip(named, dates, strict=True):
        image = cell(line, "image").replace("\\", "/").removeprefix("./")
        row = TableRow(
            image,
            cell(line, "patient"),
            day.isoformat() if isinstance(day, date) else "",
            _EYES.get("".join(cell(line, "eye").casefold().split())),
        )
        if rows.setdefault(image, row) != row:
            raise _refused(path, f"Two of its lines name {image} and say different things of it.")
    return VisitTable(path, tuple(rows.values()), _notes(path, dates) if "date" in columns else ())


def _notes(path: Path, dates: Sequence[date | Unread]) -> tuple[str, ...]:
    ambiguous = sum(day is Unread.AMBIGUOUS for day in dates)
    unread = sum(day is Unread.NO_DATE for day in dates)
    notes = []
    if ambiguous:
        notes.append(
            f"{path.name} has {ambiguous} of {len(dates)} dates in which day and month cannot be "
            "told apart; they are not used: write them as 2021-04-25."
        )
    if unread:
        notes.append(
            f"{path.name} has {unread} of {len(dates)} dates that cannot be read; write them as "
            "2021-04-25."
        )
    return tuple(notes)


def _refused(path: Path, why: str) -> Refusal:
    return Refusal(
        f"The table {path.name} was not used.",
        why,
        "Save it as a CSV in UTF-8 with the columns image, patient and date, one line a picture.",
    )
