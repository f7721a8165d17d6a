"""A table of comma-separated values that a person named, read whole."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import Refusal


class Row(dict[str, Any]):
    """Text by the columns' names; None where a line ends before its last column.

    ``line`` is the file's own, from 1: lines that are blank count, too.
    """

    def __init__(self, cells: Mapping[str, Any], line: int) -> None:
        super().__init__(cells)
        self.line = line


Rows = list[Row]


def read(path: Path, called: str, advice: str) -> tuple[Rows, tuple[str, ...]]:
    """The rows behind the first line, and the columns that it names.

    Raises ``Refusal``, in which the table is ``called`` so, where it is no such file.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            rows = [Row(cells, table.line_num) for cells in table]
            # A spreadsheet leaves lines of commas behind its last row.
            while rows and not any("".join(cell or "").strip() for cell in rows[-1].values()):
                rows.pop()
            return rows, tuple(table.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise Refusal(
            f"{called} cannot be read.",
            "There is no such table of comma-separated values.",
            advice,
        ) from fault
