"""The tables of visits near photographs: which one of them tells of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.errors import Refusal
from engine.followup import layout
from engine.followup.visit_table import TableRow, VisitTable, read_table
from engine.images.dicom.eye_facts import MOST
from engine.records import readings_table
from engine.task import Task


@dataclass(frozen=True)
class Tables:
    """A folder's tables of visits; ``faults`` are those that cannot be relied on.

    ``foreign`` are files whose columns are not a visits' table's.
    """

    tables: tuple[VisitTable, ...] = ()
    faults: tuple[Refusal, ...] = ()
    foreign: tuple[Path, ...] = ()

    @classmethod
    def of(cls, folder: Path, task: Task) -> "Tables":
        """Read those in a folder, not further down. Raises ``Cancelled``."""
        tables, faults, foreign = [], [], []
        found = layout.files_in([folder])
        for file in sorted(path for path in found if path.suffix.lower() == ".csv"):
            task.check()
            try:
                table = read_table(file)
            except Refusal as refusal:
                faults.append(refusal)
                continue
            if table is None:
                # Signed readings are saved beside the photographs; nobody meant them as visits.
                if not readings_table.is_one(file):
                    foreign.append(file)
            else:
                tables.append(table)
        return cls(tuple(tables), tuple(faults), tuple(foreign))

    def naming(self, photograph: Path) -> list[VisitTable]:
        """Those that name it; first the one that says more of it, by name where they say alike."""
        found = [each for each in self.tables if each.row_of(photograph) is not None]
        return sorted(found, key=lambda each: -_told(each.row_of(photograph)))


@dataclass(frozen=True)
class TablesNear:
    """The tables in a folder of photographs, and those in the folder above.

    What is above counts for photographs that none in their own folder names.
    """

    folder: Path
    task: Task

    @cached_property
    def here(self) -> Tables:
        """Those in the photographs' own folder."""
        return Tables.of(self.folder, self.task)

    @cached_property
    def above(self) -> Tables:
        """Those in the folder above."""
        return Tables.of(self.folder.parent, self.task)

    @property
    def faults(self) -> tuple[Refusal, ...]:
        """Why tables cannot be relied on, of the folders that were looked into."""
        looked = vars(self)  # what is cached
        return tuple(each for at in ("here", "above") if at in looked for each in looked[at].faults)

    def naming(self, photograph: Path) -> list[VisitTable]:
        """The tables that tell of a photograph of the folder, first the one in force."""
        return self.here.naming(photograph) or self.above.naming(photograph)

    def rows(self, photographs: Iterable[Path]) -> dict[Path, tuple[VisitTable, TableRow]]:
        """What is told of these photographs of the folder, and of the same patients' elsewhere."""
        found: dict[Path, tuple[VisitTable, TableRow]] = {}
        for path in photographs:
            for table in self.naming(path)[:1]:
                if (row := table.row_of(path)) is not None:
                    found[path] = table, row
        here = list(found.values())
        # By id: to hash all rows anew for each photograph takes longer than to read them.
        for table in {id(table): table for table, _ in here}.values():
            patients = {row.patient for its, row in here if its is table and row.patient}
            folders = table.folders_of(patients) - {self.folder}
            for path in layout.photographs_in(sorted(folders)[:MOST]):
                row = table.row_of(path)
                if row is not None and row.patient in patients:
                    found.setdefault(path, (table, row))
        return found


def _told(row: TableRow | None) -> int:
    return 0 if row is None else 2 * bool(row.patient) + bool(row.date)
