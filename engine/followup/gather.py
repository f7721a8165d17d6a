"""The visits of the patient whose photograph this is: whose each picture is, and of which day.

A patient is DICOM's, else a table's, else the folder's where names tell so or the reader says it.
Two patients are never mixed: what nothing tells to be this patient's is left out, and counted.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import Refusal
from engine.eyes.names import eye_name
from engine.eyes.which import EyeFacts, which_eye
from engine.followup import layout
from engine.followup.dates import iso
from engine.followup.files import may_be_photograph, same_files
from engine.followup.tables_near import TablesNear
from engine.followup.visit_table import TableRow, VisitTable
from engine.images.dicom.cameras import is_photograph
from engine.images.dicom.eye_facts import (
    MOST,
    ReadHeaders,
    eye_facts,
    files_with_headers,
)
from engine.images.gather import natural
from engine.task import Task
from engine.visits.visit import DateSource, Patient, Seen, Visit

_STRONGEST = (DateSource.READER, DateSource.HEADER, DateSource.TABLE, DateSource.NONE)


def gather(
    path: Path,
    read_headers: ReadHeaders,
    task: Task,
    dates: Mapping[str, str] | None = None,
    *,
    whole_folder: bool = False,
) -> Patient:
    """The visits of the patient whose photograph is at ``path``.

    ``dates`` are the reader's, ISO 8601 by path. With ``whole_folder`` the reader says that the
    photograph's folder is one patient's, which tables and headers may still deny.

    Raises:
        Refusal: a date of the reader's is none.
        Cancelled: the task was cancelled.
    """
    said = {key: _readers(text) for key, text in (dates or {}).items() if text}
    near = _Near.look(path, read_headers, task)
    chosen, name, basis = near.patient(whole_folder=whole_folder)
    days = {each: near.day(each, said) for each in chosen}
    untold = near.untold(chosen)
    left_out = near.left_out(chosen, untold)
    notes = [*near.notes, *left_out, *near.date_notes(days), *_same_notes(chosen)]
    return Patient(name, basis, near.visits(days), tuple(notes), untold)


@dataclass(eq=False)
class _Near:
    """What is known of the photographs near one."""

    path: Path
    here: list[Path]
    facts: dict[Path, EyeFacts] = field(default_factory=dict)
    rows: dict[Path, TableRow] = field(default_factory=dict)
    table: VisitTable | None = None
    others: dict[Path, VisitTable] = field(default_factory=dict)
    """Photographs to which a table gives a patient that does not name this one."""
    notes: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @classmethod
    def look(cls, path: Path, read_headers: ReadHeaders, task: Task) -> "_Near":
        folder = path.parent
        near = cls(path, [])
        near._headers(layout.visit_folders(folder), read_headers, task)
        if (own := near.facts.get(path)) and own.patient:
            near._headers(layout.folders_beside(folder), read_headers, task)
        near._tables(task)
        named = layout.photographs_in(layout.visit_folders(folder))
        # A .dcm file without facts is no photograph.
        named = [each for each in named if each.suffix.lower() != ".dcm"]
        near.here = sorted({path, *named, *near.facts, *near.rows}, key=_order)
        return near

    def _headers(self, folders: Sequence[Path], read_headers: ReadHeaders, task: Task) -> None:
        files = [each for each in files_with_headers(folders) if each not in self.facts]
        if len(files) > MOST:
            self.notes.append(f"Of {len(files)} files here the first {MOST} were looked into.")
        if not files:
            return
        headers, _ = read_headers(files[:MOST], task)
        for header in headers:
            if is_photograph(header):
                self.facts[Path(header.path)] = eye_facts(header)

    def _tables(self, task: Task) -> None:
        """The table that names the photograph: in its folder, else in the one above."""
        near = TablesNear(self.path.parent, task)
        naming = near.naming(self.path)
        self.notes += [fault.reason for fault in near.faults]
        if naming:
            self._take(naming[0])
            self.notes += [
                f"{each.path.name} names this photograph, too, and was not used; "
                f"{naming[0].path.name} says more." for each in naming[1:]
            ]  # fmt: skip
        unused = {
            **dict.fromkeys(near.here.foreign, "lacks these columns"),
            **{each.path: "does not name this photograph" for each in near.here.tables},
        }
        self.unused += [f"{file.name} {why}" for file, why in sorted(unused.items())]
        if not naming:
            for table in (*near.here.tables, *near.above.tables):
                self._take_others(table)

    def _take_others(self, table: VisitTable) -> None:
        """A table without this photograph tells whose others are, and nothing else of them."""
        for file in self._named_here():
            row = table.row_of(file)
            if row is not None and row.patient:
                self.others.setdefault(file, table)

    def _named_here(self) -> set[Path]:
        folders = [self.path.parent, *layout.visit_folders(self.path.parent)]
        return {*layout.photographs_in(folders), *self.facts}

    def _take(self, table: VisitTable) -> None:
        self.table = table
        self.notes += table.notes
        own = table.row_of(self.path)
        assert own is not None
        self.rows[self.path] = own
        for file in self._named_here():
            if (row := table.row_of(file)) is not None:
                self.rows[file] = row
        # What the table names elsewhere below it matters where it is this patient's.
        there = {row.image for row in self.rows.values()}
        for row in table.rows:
            if row.patient and row.patient == own.patient and row.image not in there:
                found = table.file_of(row)
                # A row "a.jpg" says more of that file than a row "a".
                if found is not None and table.row_of(found) is row:
                    self.rows[found] = row
                elif found is None:
                    self.notes.append(f"{table.path.name} names {row.image}, which is not there.")

    # ---- whose they are

    def patient(self, *, whole_folder: bool) -> tuple[list[Path], str, str]:
        """This patient's photographs, what the patient is told apart by, and in words."""
        own, row = self.facts.get(self.path), self.rows.get(self.path)
        tabled = row.patient if row else ""
        if own is not None and own.patient:
            # Of photographs without a header the table tells, if it names the same patient.
            chosen = [
                each
                for each in self.here
                if (self._header(each) or own.patient) == own.patient
                and (self._header(each) or self._tabled(each) == tabled != "" or each == self.path)
            ]
            return chosen, own.patient[:8], "patient of the DICOM headers"
        if tabled and self.table:
            chosen = [each for each in self.here if self._tabled(each) == tabled]
            return self._one_header(chosen), tabled, f"patient {tabled} of {self.table.path.name}"
        if own is not None and own.study:
            chosen = [each for each in self.here if self._study(each) == own.study]
            return chosen, self.path.parent.name, "one study of the DICOM headers"
        free = [each for each in self.here if not self._is_told(each)]
        folder = self.path.parent
        if len(layout.visit_folders(folder)) > 1:
            folder = folder.parent
        if whole_folder:
            return free, folder.name, f"folder {folder.name}, as the reader says"
        if layout.names_tell_one(free):
            return free, folder.name, f"folder {folder.name}"
        rest = eye_name(self.path.name).rest
        pair = [
            each for each in free
            if each == self.path
            or (rest and each.parent == self.path.parent and eye_name(each.name).rest == rest)
        ]  # fmt: skip
        return (
            pair,
            self.path.stem,
            "this photograph and its other eye by name" if pair[1:] else "this photograph alone",
        )

    def _one_header(self, chosen: list[Path]) -> list[Path]:
        """Those of a table's patient without any of whom headers name two."""
        named = {self._header(each) for each in chosen} - {""}
        if len(named) < 2:
            return chosen
        self.notes.append(
            "The DICOM headers name different patients where the table names one; those "
            "photographs are left out."
        )
        return [each for each in chosen if not self._header(each)]

    def _header(self, path: Path) -> str:
        facts = self.facts.get(path)
        return facts.patient if facts else ""

    def _study(self, path: Path) -> str:
        facts = self.facts.get(path)
        return facts.study if facts else ""

    def _tabled(self, path: Path) -> str:
        row = self.rows.get(path)
        return row.patient if row else ""

    def _is_told(self, path: Path) -> bool:
        """Whether anything tells whose it is."""
        return bool(self._header(path) or self._tabled(path) or path in self.others)

    def untold(self, chosen: Sequence[Path]) -> int:
        """How many photographs nothing tells the patient of; what is no photograph is not one."""
        return sum(
            not self._is_told(each) and may_be_photograph(each)
            for each in set(self.here) - set(chosen)
        )

    def left_out(self, chosen: Sequence[Path], untold: int) -> list[str]:
        """What was left out, and why."""
        notes = []
        others = sum(map(self._is_told, set(self.here) - set(chosen)))
        if others:
            by = ["their DICOM headers"] if self.facts else []
            tables = [self.table] if self.table else self.others.values()
            who = " or ".join([*by, *sorted({each.path.name for each in tables})])
            notes.append(
                f"Left out as another patient's, by {who}: {_count(others, 'photograph')} here."
            )
        if untold:
            notes.append(
                f"Left out because nothing tells whose they are: {_count(untold, 'photograph')} "
                "here. A table beside them with the columns image, patient and date tells"
                f"{'; ' + self.unused[0] if self.unused and not self.table else ''}."
            )
        return notes

    # ---- when they were taken

    def day(self, path: Path, said: Mapping[str, str]) -> tuple[str, DateSource]:
        """A photograph's day and whose word it is."""
        if reader := said.get(str(path)):
            return reader, DateSource.READER
        facts, row = self.facts.get(path), self.rows.get(path)
        if facts and (day := iso(facts.day)):
            return day, DateSource.HEADER
        if row and row.date:
            return row.date, DateSource.TABLE
        return "", DateSource.NONE

    def date_notes(self, days: Mapping[Path, tuple[str, DateSource]]) -> list[str]:
        """What has no date, and where two words on it differ."""
        notes = []
        bare = [path for path, (day, _) in days.items() if not day]
        if bare:
            note = f"{len(bare)} of {len(days)} photographs have no date."
            if len(bare) == len(days):
                note = (
                    "No photograph has a date."
                    if days.keys() - {self.path}
                    else ("The photograph has no date.")
                )
            if any(map(layout.tells_a_day, bare)):
                note += " A name is not taken for one, since names are of copies as well."
            notes.append(note)
        differ = [
            path for path, (day, source) in days.items()
            if source is DateSource.HEADER and path in self.rows
            and self.rows[path].date not in ("", day)
        ]  # fmt: skip
        if differ and self.table:
            notes.append(
                f"{self.table.path.name} and the DICOM headers give different dates of "
                f"{_count(len(differ), 'photograph')}; the headers' are used."
            )
        return notes

    def visits(self, days: Mapping[Path, tuple[str, DateSource]]) -> tuple[Visit, ...]:
        """The dated visits in order, then the others in the order of their names."""
        groups: dict[tuple[str, str], list[Path]] = defaultdict(list)
        for path, (day, _) in days.items():
            groups[day, "" if day else self._visit(path)].append(path)
        dated = sorted(key for key in groups if key[0])
        undated = [key for key in groups if not key[0]]
        return tuple(
            Visit(
                key[0],
                min((days[path][1] for path in groups[key]), key=_STRONGEST.index),
                tuple(self._seen(path) for path in groups[key]),
            )
            for key in (*dated, *undated)
        )

    def _visit(self, path: Path) -> str:
        """What photographs of one visit without a date share: study, folder, or name."""
        if study := self._study(path):
            return study
        if len(layout.visit_folders(self.path.parent)) > 1:
            return str(path.parent)
        rest = eye_name(path.name).rest
        return f"{path.parent}/*{rest}" if rest else str(path)

    def _seen(self, path: Path) -> Seen:
        facts, row = self.facts.get(path), self.rows.get(path)
        table = row.eye if row else None
        header = facts.header if facts else None
        which = which_eye(path.name, header=header, table=table)
        return Seen(str(path), which.laterality, which.source)


def _readers(text: str) -> str:
    day = iso(text)
    if not day:
        raise Refusal(
            "The visits were not put in order.",
            f"“{text}” is not a date that can be read in one way alone.",
            "Write it as 2021-04-25.",
        )
    return day


def _same_notes(chosen: Sequence[Path]) -> list[str]:
    notes = []
    for alike in same_files(chosen):
        *first, last = (path.name for path in alike)
        notes.append(f"{', '.join(first)} and {last} are the same photograph.")
    return notes


def _order(path: Path) -> tuple[list[tuple[int, str]], str]:
    return natural(str(path)), str(path)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
