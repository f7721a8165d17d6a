"""Tables of grades beside pictures: which CSV of a folder is one, and its patients' column."""

import csv
from pathlib import Path

_COLUMNS = {"image", "dr_grade"}
_PATIENTS = ("patient_visit", "patient", "patient_id")


def table_in(folder: Path) -> str:
    """The name of the folder's one table with columns image and dr_grade; empty without."""
    try:
        found = [path.name for path in sorted(folder.glob("*.csv")) if _columns(path) >= _COLUMNS]
    except OSError:
        return ""
    return found[0] if len(found) == 1 else ""


def patient_column(path: Path) -> str:
    """The column that tells the patient; empty where none does."""
    columns = _columns(path)
    return next((name for name in _PATIENTS if name in columns), "")


def _columns(path: Path) -> set[str]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            return set(csv.DictReader(file).fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error):
        return set()
