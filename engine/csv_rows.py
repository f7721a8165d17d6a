"""A table of comma-separated values that a person named, read whole.

Spreadsheets of many countries part cells with semicolons, since numbers have commas there, and
some with tabs: then the first line has more of these. A line before it may say which it is, as
Excel writes and takes it: "sep=;".
"""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from engine.errors import Refusal

_TOLD = re.compile(r'"?sep=([^\w"\s]|\t)"?\s*', re.IGNORECASE)


class Row(dict[str, Any]):
    """Text by the columns' names; None where a line ends before its last column.

    ``line`` is the file's own, from 1: lines that are blank count, too. ``beyond`` counts the cells
    behind its last column, up to the last that is not blank.
    """

    def __init__(self, cells: Mapping[Any, Any], line: int) -> None:
        super().__init__({name: cell for name, cell in cells.items() if name is not None})
        self.line = line
        filled = [at for at, cell in enumerate(cells.get(None) or (), 1) if cell.strip()]
        self.beyond = filled[-1] if filled else 0


Rows = list[Row]


def read(path: Path, called: str, advice: str) -> tuple[Rows, tuple[str, ...]]:
    """The rows behind the first line, and the columns that it names.

    Raises ``Refusal``, in which the table is ``called`` so, where it is no such file, or where two
    columns have one name: which of them is meant is not known.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = rows_of(file)
            if twice := _twice(table.fieldnames or ()):
                raise Refusal(
                    f"{called} cannot be used.",
                    f"Two of its columns are called {twice}.",
                    "Take one of them out, or call it otherwise.",
                )
            rows = [Row(cells, table.line_num) for cells in table]
            # A spreadsheet leaves lines of commas behind its last row.
            while rows and not (
                rows[-1].beyond or any((cell or "").strip() for cell in rows[-1].values())
            ):
                rows.pop()
            return rows, tuple(table.fieldnames or ())
    except UnicodeDecodeError as fault:
        raise Refusal(
            f"{called} cannot be read.",
            f"{path.name} is no text in UTF-8.",
            "Save it anew from the spreadsheet as “CSV UTF-8”.",
        ) from fault
    except (OSError, csv.Error) as fault:
        raise Refusal(
            f"{called} cannot be read.",
            "There is no such table of comma-separated values.",
            advice,
        ) from fault


def _twice(names: Sequence[str]) -> str:
    """A name that stands there twice, in whatever letters; empty where none does."""
    known: set[str] = set()
    for name in (each.strip() for each in names):
        if name and name.casefold() in known:
            return name
        known.add(name.casefold())
    return ""


def rows_of(file: TextIO) -> "csv.DictReader[str]":
    """The rows of an open table, whose first line names the columns. Raises ``csv.Error``."""
    start = file.readline()
    file.seek(0)
    table = csv.DictReader(file, delimiter=delimiter_of(start))
    if told_in(start):
        next(table.reader)  # it counts as a line nevertheless
    return table


def delimiter_of(start: str) -> str:
    """What parts the cells of a table that begins with the line ``start``."""
    return told_in(start) or max(",;\t", key=start.count)


def told_in(start: str) -> str:
    """The delimiter that the line ``start`` says, and nothing else; empty if it is none such."""
    told = _TOLD.fullmatch(start)
    return told[1] if told else ""


def begins_with(path: Path, columns: Sequence[str]) -> bool:
    """Whether a file begins with these ``columns``, comma between; what cannot be read does not."""
    head = ",".join(columns).encode()
    try:
        with path.open("rb") as file:
            return file.read(len(head)) == head
    except OSError:
        return False


def columns_of(path: Path) -> tuple[str, ...]:
    """The columns of a table; none where it is no such file."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            return tuple(rows_of(file).fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error):
        return ()
