"""Tables of grades beside pictures: which CSV of a folder is one, and its patients' column."""

import csv
from pathlib import Path

from engine import grade_columns


def table_in(folder: Path) -> str:
    """The name of the folder's one table of grades; empty without."""
    try:
        tables = sorted(folder.glob("*.csv"))
    except OSError:
        return ""
    found = [path.name for path in tables if grade_columns.ours(_columns(path))]
    return found[0] if len(found) == 1 else ""


def patient_column(path: Path) -> str:
    """The column that tells the patient; empty where none does."""
    return grade_columns.patient(_columns(path))


def _columns(path: Path) -> tuple[str, ...]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            return tuple(csv.DictReader(file).fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error):
        return ()
