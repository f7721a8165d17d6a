"""The columns of a table of grades: ours, and those of sets of photographs that people have."""

from collections.abc import Sequence
from pathlib import Path

from engine import csv_rows
from engine.errors import Refusal

IMAGE, GRADE = "image", "dr_grade"

PATIENTS = ("patient", "patient_id", "patient_visit")
"""What the column that tells the patient may be called, in small letters; the widest first."""

NEEDED = (
    "The table needs the columns image and dr_grade, "
    "or those of IDRiD, EyePACS, APTOS, Messidor-2 or BRSET."
)

_KNOWN = (
    (IMAGE, GRADE),
    ("image name", "retinopathy grade"),  # IDRiD
    (IMAGE, "level"),  # EyePACS, as Kaggle has it
    ("id_code", "diagnosis"),  # APTOS 2019
    ("image_id", "adjudicated_dr_grade"),  # Messidor-2, graded anew by adjudication
    ("image_id", "dr_icdr"),  # BRSET
)
"""Picture and ICDR grade, 0 to 4, as each set's own table calls them, in small letters."""

_GRADABLE = "adjudicated_gradable"  # Messidor-2


def missing(column: str, named: Sequence[str]) -> str:
    """That a column is missing, and which are there."""
    there = ", ".join(f"“{name}”" for name in named[:6]) or "none"
    return f"The column {column} is missing; the first line names {there}."


def ours(named: Sequence[str]) -> dict[str, str]:
    """What two of the columns ``named`` are called here; empty where it is no table of grades."""
    by_words = _by_words(named)
    for image, grade in _KNOWN:
        if image in by_words and grade in by_words:
            return {by_words[image]: IMAGE, by_words[grade]: GRADE}
    return {}


def patient(named: Sequence[str]) -> str:
    """Which of the columns ``named`` tells the patient, as it is named; empty where none does."""
    by_words = _by_words(named)
    return next((by_words[name] for name in PATIENTS if name in by_words), "")


def _by_words(named: Sequence[str]) -> dict[str, str]:
    return {name.strip().lower(): name for name in reversed(named)}


def read(path: Path, called: str, advice: str) -> tuple[csv_rows.Rows, tuple[str, ...]]:
    """A table's rows and columns, those of picture and grade called as here where they are known.

    Rows that Messidor-2 calls ungradable have no grade and are left out. A grade that a spreadsheet
    wrote as 3.0 is 3.
    Raises ``Refusal``, in which the table is ``called`` so, where it is no such file, or a line
    has more cells than columns: what stands in which column is not known.
    """
    rows, named = csv_rows.read(path, called, advice)
    for row in rows:
        if row.beyond:
            raise Refusal(
                f"{called} cannot be used.",
                f"Line {row.line} has {len(named) + row.beyond} cells in place of {len(named)}.",
                "Mend that line; a text with commas stands between quotation marks.",
            )
    known = ours(named)
    renamed = [
        csv_rows.Row({known.get(name, name): cell for name, cell in row.items()}, row.line)
        for row in rows
    ]
    if known:
        renamed = [row for row in renamed if (row.get(_GRADABLE) or "").strip() not in ("0", "0.0")]
        for row in renamed:
            row[GRADE] = (row[GRADE] or "").strip().removesuffix(".0")
    return renamed, tuple(known.get(name, name) for name in named)
