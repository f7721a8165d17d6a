"""What headers and tables tell of whose eyes photographs show, before any is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import Refusal
from engine.eyes.which import EyeFacts, Source, Tabled, WhichEye, header_of, which_eye
from engine.followup import layout
from engine.followup.tables_near import TablesNear
from engine.followup.visit_table import TableRow, VisitTable
from engine.images.dicom.eye_facts import ReadHeaders, eye_facts, files_with_headers
from engine.images.dicom.header import Header
from engine.images.dicom.photograph import laterality_in
from engine.images.dicom.scan import scan_chunk
from engine.pictures import Laterality, Photograph
from engine.task import Task


def eyes_near(
    paths: Sequence[Path], read_headers: ReadHeaders | None, task: Task
) -> tuple[tuple[EyeFacts, ...], tuple[Refusal, ...]]:
    """What is told of these files and of those in these folders, and which tables are no use.

    Without ``read_headers`` no file's header is looked for. Raises ``Cancelled``.
    """
    facts: dict[str, EyeFacts] = {}
    if read_headers is not None and (files := files_with_headers(paths)):
        headers, _ = read_headers(files, task)
        facts = {header.path: eye_facts(header) for header in headers}
    faults: list[Refusal] = []
    for folder in dict.fromkeys(path if path.is_dir() else path.parent for path in paths):
        near = TablesNear(folder, task)
        here = {path for path in map(Path, facts) if path.parent == folder}
        photographs = sorted({*layout.photographs_in([folder]), *here})
        for path, (table, row) in near.rows(photographs).items():
            known = facts.get(str(path), EyeFacts(str(path)))
            facts[str(path)] = replace(known, tabled=_tabled(table, row))
        faults += near.faults
    return tuple(facts.values()), tuple(faults)


@dataclass(frozen=True, eq=False)
class InForce:
    """A photograph with the eye in force, ``which`` that is, and the ``table`` that tells it.

    ``table`` is None where another word counts. ``warnings``, which the photograph has as well, are
    of tables that cannot be relied on and of words that differ.
    """

    photograph: Photograph
    which: WhichEye
    table: Path | None
    warnings: tuple[str, ...]


def in_force(photograph: Photograph, path: Path, task: Task) -> InForce:
    """The photograph in the file ``path`` with the eye that header, table or name tell, in this
    order. Raises ``Cancelled``.
    """
    path = path.absolute()
    near = TablesNear(path.parent, task)
    naming = near.naming(path)
    row = naming[0].row_of(path) if naming else None
    header = _header_of(photograph, path)
    which = which_eye(photograph.name, header=header, table=row.eye if row else None)
    warnings = (*(each.reason for each in near.faults), *filter(None, [which.doubt]))
    known = replace(
        photograph, laterality=which.laterality, warnings=photograph.warnings + warnings
    )
    table = naming[0].path if which.source is Source.TABLE else None
    return InForce(known, which, table, warnings)


def _header_of(photograph: Photograph, path: Path) -> Laterality | None:
    told = header_of(photograph.name, photograph.laterality)
    if told is None and photograph.laterality is not None:
        # The name tells it; the header may say the same, and is then stronger than a table.
        found = scan_chunk(files_with_headers([path]))
        told = next((laterality_in(each) for each in found if isinstance(each, Header)), None)
    return told


def _tabled(table: VisitTable, row: TableRow) -> Tabled:
    return Tabled(str(table.path), row.eye, row.patient, row.date)
