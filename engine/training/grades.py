"""Graded photographs: a CSV, the pictures beside it, and splits that keep a patient whole."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import grade_columns, own_mark
from engine.errors import Refusal
from engine.grade_columns import GRADE, IMAGE
from engine.images.beside import picture_called
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
    paths, patients = [picture for picture, *_ in rows], [patient for *_, patient in rows]
    return Graded(
        tuple(paths),
        np.array([grade for _, _, grade, _ in rows]) >= data.referable_from,
        np.array(patients),
        seal(path, paths, patients).hexdigest(),
        bool(data.patient),
    )


def seal(
    path: Path, pictures: Sequence[Path], patients: Sequence[str], lines: Sequence[int] = ()
) -> "hashlib._Hash":
    """The seal of a table and of its pictures: the same for every recipe that learns from them.

    ``lines`` are the pictures' in the table, where some of it are left out. Raises ``Refusal``
    where one of them is a picture that we annotated: what was drawn on it would be learnt; and
    where one is there twice as two patients': it would be learnt from and judged on at once.
    decided: one patient's may be there twice, as in IDRiD, even with two grades.
    """
    found = hashlib.sha256(path.read_bytes())
    first: dict[bytes, tuple[int, Path, str]] = {}
    numbers = lines or range(2, len(pictures) + 2)
    for line, picture, patient in zip(numbers, pictures, patients, strict=True):
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


def table(path: Path, patient: str) -> list[tuple[Path, str, int, str]]:
    """Each row's picture, name, ICDR grade and patient, empty without a column for it.

    Raises ``Refusal`` naming the first fault.
    """
    rows = _rows(path, (IMAGE, GRADE, *([patient] if patient else [])))
    found = [
        (
            _picture(path.parent, row[IMAGE], path.name),
            row[IMAGE],
            _grade(row[GRADE], number, path),
            row[patient].strip() if patient else "",
        )
        for number, row in enumerate(rows, 2)
    ]
    seen: set[Path] = set()
    for line, (picture, name, *_) in enumerate(found, 2):
        # As "a" and "a.jpg", too: it could be learnt from and judged on at once.
        if picture in seen:
            raise _unusable(path, f"Line {line} names {name} a second time.")
        seen.add(picture)
    return found


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    advice = "Name its folder with --data, or mend the plan's data.grades."
    rows, named = grade_columns.read(path, f"The grades in {path.name}", advice)
    missing = sorted(set(columns) - set(named))
    if missing:
        raise Refusal(
            f"The grades in {path.name} cannot be used.",
            f"The column {missing[0]} is missing.",
            f"{grade_columns.NEEDED} data.patient in the plan says which tells the patient.",
        )
    for line, row in enumerate(rows, 2):
        # Pictures without a patient would all count as one.
        empty = [column for column in columns if not (row[column] or "").strip()]
        if empty:
            raise _unusable(path, f"Line {line} has no {empty[0]}.")
        row[IMAGE] = row[IMAGE].strip()
    return rows


def _unusable(path: Path, why: str) -> Refusal:
    return Refusal(f"The grades in {path.name} cannot be used.", why, "Mend that line.")


def _grade(text: str, line: int, path: Path) -> int:
    if text.strip() not in {"0", "1", "2", "3", "4"}:
        raise _unusable(path, f"Line {line} has the grade “{text}”; grades run from 0 to 4.")
    return int(text)


def _picture(folder: Path, name: str, table: str) -> Path:
    if found := picture_called(folder, name):
        return found
    raise Refusal(
        f"A picture that {table} names is not there.",
        f"No picture called {name} lies beside it.",
        "Put the pictures into the table's folder.",
    )
