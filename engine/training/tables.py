"""Tables of grades beside pictures: which CSV of a folder is one, and its patients' column."""

from pathlib import Path

from engine import csv_rows, grade_columns
from engine.errors import Refusal


def table_in(folder: Path) -> str:
    """The name of the folder's one table of grades; empty without, and where there are several."""
    found = _of_grades(folder)
    return found[0].name if len(found) == 1 else ""


def patient_column(path: Path) -> str:
    """The column that tells the patient; empty where none does."""
    return grade_columns.patient(csv_rows.columns_of(path))


def why_none(folder: Path) -> Refusal | None:
    """Why ``table_in`` takes none of the folder's CSV files; None where there is none."""
    what = f"No table of grades in “{folder.name}” could be taken."
    if several := _of_grades(folder):
        names = [path.name for path in several]
        return Refusal(
            what,
            f"It holds {len(names)} of them: {', '.join(names[:-1])} and {names[-1]}.",
            "Leave one of them there, or name one in a plan's data.grades.",
        )
    if other := _csv_files(folder):
        columns = ", ".join(csv_rows.columns_of(other[0])[:6]) or "none that can be read"
        return Refusal(
            what, f"{other[0].name} is none: its columns are {columns}.", grade_columns.NEEDED
        )
    return None


def _of_grades(folder: Path) -> list[Path]:
    return [path for path in _csv_files(folder) if grade_columns.ours(csv_rows.columns_of(path))]


def _csv_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.glob("*.csv") if not path.name.startswith("."))
    except OSError:
        return []
