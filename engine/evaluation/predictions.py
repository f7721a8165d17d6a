"""The predictions table: a CSV with a row for each case (CONVENTIONS, "Predictions table")."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine import csv_rows
from engine.errors import Refusal
from engine.folders import write_bytes

FIRST = ("case", "patient", "truth", "score")
"""The columns of every such table; what a question adds stands behind them."""

Cell = str | int | float


def is_one(path: Path) -> bool:
    """Whether a file begins as such a table does; what cannot be read does not."""
    return csv_rows.begins_with(path, FIRST)


def write(path: Path, rows: Sequence[Mapping[str, Cell]], more: Sequence[str] = ()) -> None:
    """Write rows whole or not at all, with ``FIRST`` and the columns ``more``.

    A cell that a row does not have is left empty. Raises ``Refusal`` if the file cannot be
    written.
    """
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, [*FIRST, *more], restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    try:
        write_bytes(path, text.getvalue().encode())
    except OSError as fault:
        raise Refusal(
            f"{path.name} was not written.",
            f"The system said: {fault.strerror}.",
            "Choose another folder.",
        ) from fault
