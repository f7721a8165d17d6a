"""Graded photographs: a CSV, the pictures beside it, and splits that keep a patient whole."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import csv_rows, grade_columns, own_mark
from engine.errors import Refusal
from engine.grade_columns import GRADE, IMAGE
from engine.images.beside import Beside
from engine.telling import words
from engine.training.plan import Data


@dataclass(frozen=True, eq=False)
class Graded:
    """Graded photographs row by row: paths, whether referable and patients, all (n,).

    ``patients_told`` says that a table names the patients, and nothing was read off names.
    """

    paths: tuple[Path, ...]
    truth: NDArray[np.bool_]
    patients: NDArray[np.str_]
    fingerprint: str
    patients_told: bool = False

    @property
    def numbers(self) -> NDArray[np.intp]:
        """A number for each row's patient, (n,)."""
        return np.unique(self.patients, return_inverse=True)[1]

    def folds(self, count: int, seed: int) -> list[NDArray[np.intp]]:
        """The held-back rows of each fold: patients whole, classes shared evenly.

        Raises ``Refusal`` if there are fewer patients of a class than folds.
        """
        from sklearn.model_selection import StratifiedGroupKFold

        for label in (True, False):
            found = len(np.unique(self.patients[self.truth == label]))
            if found < max(count, 2):
                raise Refusal(
                    f"The pictures cannot be parted into {count} folds.",
                    f"{found} patients are {'' if label else 'not '}referable; {count} are needed.",
                    "Add graded pictures of that class, or use fewer folds.",
                )
        split = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
        rows = np.zeros((len(self.paths), 1))
        return [held for _, held in split.split(rows, self.truth, self.patients)]


def read(path: Path, data: Data) -> Graded:
    """Read the CSV that a plan names. Raises ``Refusal`` naming the first fault."""
    rows = table(path, data.patient)
    return Graded(
        tuple(row.picture for row in rows),
        np.array([row.grade for row in rows]) >= data.referable_from,
        np.array([row.patient for row in rows]),
        seal_of(path, rows).hexdigest(),
        bool(data.patient),
    )


class TableRow(NamedTuple):
    """A row's picture, its name as the table has it, ICDR grade and patient, and its line.

    The patient is empty without a column for it.
    """

    picture: Path
    name: str
    grade: int
    patient: str
    line: int


def seal_of(path: Path, rows: Sequence[TableRow]) -> "hashlib._Hash":
    """``seal`` of a table that was read."""
    pictures, patients = [row.picture for row in rows], [row.patient for row in rows]
    return seal(path, pictures, patients, [row.line for row in rows])


def seal(
    path: Path, pictures: Sequence[Path], patients: Sequence[str], lines: Sequence[int]
) -> "hashlib._Hash":
    """The seal of a table and of its pictures: the same for every recipe that learns from them.

    ``lines`` are the pictures' in the table. Raises ``Refusal`` where one of them is a picture that
    we annotated: what was drawn on it would be learnt; and where one is there twice as two
    patients': it would be learnt from and judged on at once.
    decided: one patient's may be there twice, as in IDRiD, even with two grades.
    """
    found = hashlib.sha256(path.read_bytes())
    first: dict[bytes, tuple[int, Path, str]] = {}
    for line, picture, patient in zip(lines, pictures, patients, strict=True):
        content = picture.read_bytes()
        if own_mark.carried_by(content):
            raise Refusal(
                f"The pictures that {path.name} names cannot be trained on.",
                f"{picture.name} is a picture that LesionLens annotated, not a photograph.",
                "Name the photograph that it was made of, or take its line out.",
            )
        digest = hashlib.sha256(content).digest()
        before, same, other = first.setdefault(digest, (line, picture, patient))
        if other != patient:
            raise Refusal(
                f"The pictures that {path.name} names cannot be trained on.",
                f"{same.name} of line {before} and {picture.name} of line {line} are the same "
                "picture, and count as two patients'.",
                "Name one patient in both lines, or take one of them out.",
            )
        found.update(digest)
    return found


def table(path: Path, patient: str) -> list[TableRow]:
    """The rows of a table whose column ``patient``, if any, tells the patient.

    Raises ``Refusal`` naming the first faults.
    """
    columns = (IMAGE, GRADE, *([patient] if patient else []))
    found: list[TableRow] = []
    refused: list[Refusal] = []
    beside = Beside(path.parent)
    for cells in _rows(path, columns):
        try:
            found.append(_row(path, beside, cells, columns, patient))
        except Refusal as refusal:
            refused.append(refusal)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        said = words.first_sentences([refusal.why for refusal in refused])
        raise _unusable(path, said, "Mend these lines, or put the pictures beside the table.")
    seen: set[Path] = set()
    for row in found:
        # As "a" and "a.jpg", too: it could be learnt from and judged on at once.
        if row.picture in seen:
            raise _unusable(path, f"Line {row.line} names {row.name} a second time.")
        seen.add(row.picture)
    return found


def _rows(path: Path, columns: tuple[str, ...]) -> csv_rows.Rows:
    advice = "Name its folder with --data, or mend the plan's data.grades."
    rows, named = grade_columns.read(path, f"The grades in {path.name}", advice)
    missing = sorted(set(columns) - set(named))
    if missing:
        raise Refusal(
            f"The grades in {path.name} cannot be used.",
            grade_columns.missing(missing[0], named),
            f"{grade_columns.NEEDED} data.patient in the plan says which tells the patient.",
        )
    return rows


def _row(
    path: Path, beside: Beside, row: csv_rows.Row, columns: tuple[str, ...], patient: str
) -> TableRow:
    # Pictures without a patient would all count as one.
    empty = [column for column in columns if not (row[column] or "").strip()]
    if empty:
        raise _unusable(path, f"Line {row.line} has no {empty[0]}.")
    name = row[IMAGE].strip()
    return TableRow(
        _picture(beside, name, path.name),
        name,
        _grade(row[GRADE], row.line, path),
        row[patient].strip() if patient else "",
        row.line,
    )


def _unusable(path: Path, why: str, advice: str = "Mend that line.") -> Refusal:
    return Refusal(f"The grades in {path.name} cannot be used.", why, advice)


def _grade(text: str, line: int, path: Path) -> int:
    if text.strip() not in {"0", "1", "2", "3", "4"}:
        raise _unusable(path, f"Line {line} has the grade “{text}”; grades run from 0 to 4.")
    return int(text)


def _picture(beside: Beside, name: str, table: str) -> Path:
    if found := beside.picture(name):
        return found
    raise Refusal(
        f"A picture that {table} names is not there.",
        f"No picture {beside.none(name)}",
        "Put the pictures into the table's folder.",
    )
