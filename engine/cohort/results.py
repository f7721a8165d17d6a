"""The table of a screening: a CSV that grows by whole rows, and is gone on with after any end."""

import csv
import errno
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import BinaryIO

from engine import locks
from engine.errors import Refusal
from engine.folders import write_bytes
from engine.table_cells import as_path, as_text

SEAL = "sha256"
"""The column that says which content a row is of. Tables of older versions have none."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class MadeBy:
    """What a table's answers come from; the same in each of its rows.

    ``criterion`` is that of the heatmaps, empty where none are written.
    """

    question: str
    pack: str
    criterion: str

    def __str__(self) -> str:
        maps = f", with heatmaps by {self.criterion}" if self.criterion else ", without heatmaps"
        return f"the pack {self.pack} for {self.question}{maps}"


@dataclass(frozen=True)
class Columns:
    """The columns of a question's answer, and in which of them what a row is counted by stands."""

    answer: tuple[str, ...]
    outcome: str

    @property
    def all(self) -> tuple[str, ...]:
        """A row's columns: the answer, what made it, and last the reason."""
        made_by = (each.name for each in fields(MadeBy))
        return ("path", *self.answer, "warnings", "heatmap", SEAL, *made_by, "reason")


@dataclass(frozen=True)
class Result:
    """One row. ``path`` and ``heatmap`` are relative to the table; what is not known is empty.

    ``sha256`` is of the photograph's file. ``answer`` holds the answer's cells by their column.
    ``reason`` says why there are none, ``warnings`` what a reader must know of them.
    """

    path: str
    answer: Mapping[str, str] = field(default_factory=dict)
    warnings: str = ""
    heatmap: str = ""
    sha256: str = ""
    reason: str = ""


FAULT = "not read"
"""Under which a row without an outcome is counted."""


class Results:
    """An open table. ``outcomes`` are by the paths that have a row, ``FAULT`` without any."""

    def __init__(
        self,
        file: io.FileIO,
        made_by: MadeBy,
        columns: Columns,
        rows: Sequence[Row],
    ) -> None:
        self.outcomes = {row["path"]: row[columns.outcome] or FAULT for row in rows}
        self._file = file
        self._made_by = asdict(made_by)
        self._columns = columns

    def add(self, result: Result) -> None:
        """Append a row; it is on the disk when this returns. Raises ``OSError``."""
        cells = {
            **self._made_by,
            "path": result.path,
            "warnings": as_text(result.warnings),
            "heatmap": as_path(result.heatmap),
            SEAL: result.sha256,
            "reason": as_text(result.reason),
            **result.answer,
        }
        _append(self._file, _line([cells.get(name, "") for name in self._columns.all]))
        self.outcomes[result.path] = result.answer.get(self._columns.outcome, "") or FAULT


@contextmanager
def opened(
    path: Path, made_by: MadeBy, columns: Columns, holds: Callable[[Row], bool] = lambda _: True
) -> Iterator[Results]:
    """Begin a table, or go on with one; a row that was torn by a kill is taken off first.

    So is one that no longer ``holds``. A row of an older table has an empty ``SEAL``.

    Raises:
        Refusal: the file is another table, or was made by another pack, for another question or
            with other heatmaps; another process writes it; or it cannot be written.
    """
    try:
        lock = _locked(path)
    except OSError as fault:
        raise Refusal(
            f"The table {path.name} was not written.",
            f"The system said: {fault.strerror}.",
            "Name another place with --out.",
        ) from fault
    if lock is None:
        raise Refusal(
            f"The table {path.name} is being written already.",
            "Another process screens into it.",
            "Wait until it ends, or name another table with --out.",
        )
    with lock:
        try:
            rows, whole = _kept(path, made_by, columns.all, holds)
            # Without a buffer: what was not written is not written later, when the file is closed.
            with path.open("ab", buffering=0) as file:
                file.truncate(whole)
                if not whole:
                    _append(file, _line(columns.all))
                yield Results(file, made_by, columns, rows)
        finally:
            with suppress(OSError):  # some systems keep an open file's name; it is taken next time
                Path(lock.name).unlink(missing_ok=True)


def _locked(path: Path) -> BinaryIO | None:
    """The lock of a table, taken; None where another process holds it. Raises ``OSError``."""
    # It lies beside the table: on some systems a locked file cannot be read by others.
    beside = path.with_name(f".{path.name}.lock")
    while True:
        lock = beside.open("wb")
        if not locks.take(lock):
            lock.close()
            return None
        # Whoever held it before may have taken its name away, and another made it anew.
        with suppress(FileNotFoundError):
            if os.path.samestat(beside.stat(), os.fstat(lock.fileno())):
                return lock
        lock.close()


def _kept(
    path: Path, made_by: MadeBy, columns: tuple[str, ...], holds: Callable[[Row], bool]
) -> tuple[list[Row], int]:
    """As ``_read``, once the file has today's columns and no row that does not hold."""
    found, whole = _read(path, made_by, columns)
    rows = [row for row in found if holds(row)]
    if len(rows) < len(found) or any(SEAL not in row for row in found):
        lines = [columns, *([row.get(name, "") for name in columns] for row in rows)]
        content = b"".join(map(_line, lines))
        write_bytes(path.resolve(), content)
        whole = len(content)
    return rows, whole


def _read(path: Path, made_by: MadeBy, columns: tuple[str, ...]) -> tuple[list[Row], int]:
    """The whole rows of a table, and how many bytes they and its head are."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [], 0
    whole = _whole(content)
    text = content[:whole].decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    if len(lines) > 1:  # first of all: another pack may answer in other columns
        _check_maker(path, dict(zip(*lines[:2], strict=False)), made_by)
    torn = not lines and _line(columns).startswith(content)
    if lines and tuple(lines[0]) == tuple(name for name in columns if name != SEAL):
        if len(lines) == 1:
            return [], 0
        columns = tuple(lines[0])
    if not torn and (not lines or tuple(lines[0]) != columns):
        raise Refusal(
            f"The file {path.name} was left as it is.",
            "It is not a table that screen has written for this question with this pack.",
            "Name another table with --out.",
        )
    rows: list[Row] = [dict(zip(columns, line, strict=False)) for line in lines[1:]]
    for number, row in enumerate(rows, 2):
        if len(row) < len(columns):
            raise Refusal(
                f"The table {path.name} was not gone on with.",
                f"Line {number} has {len(row)} cells in place of {len(columns)}.",
                "Mend that line, or name another table with --out.",
            )
        _check_maker(path, row, made_by)
    return rows, whole


def _check_maker(path: Path, row: Row, made_by: MadeBy) -> None:
    """Raises ``Refusal`` where another made a row; a row that does not say it passes."""
    names = [each.name for each in fields(MadeBy)]
    if not all(name in row for name in names):
        return
    found = MadeBy(*(row[name] for name in names))
    if found != made_by:
        raise Refusal(
            f"The table {path.name} was not gone on with.",
            f"It was made by {found}; this is {made_by}.",
            "Name another table with --out.",
        )


def _whole(content: bytes) -> int:
    """How many bytes end with the last whole row: behind a line break outside quotation marks."""
    end, inside = 0, False
    at = 0
    for line in content.splitlines(keepends=True):
        at += len(line)
        inside ^= line.count(b'"') % 2 == 1
        if line.endswith(b"\n") and not inside:
            end = at
    return end


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _append(file: io.FileIO, line: bytes) -> None:
    """Write a line and see it onto the disk; whole, or not at all."""
    end = file.seek(0, os.SEEK_END)
    try:
        if file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())
    except BaseException:
        file.truncate(end)
        raise
