"""A table of graded photographs: pictures, grades, and patients where they are known.

The photographs lie beside the table, with any known ending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine import csv_rows, grade_columns, own_mark
from engine.errors import Refusal
from engine.grade_columns import GRADE, IMAGE
from engine.images.beside import NAME_IT_EXACTLY, Beside, several
from engine.images.photograph import open_picture
from engine.pictures import Photograph
from engine.telling import words

REFERABLE_FROM = 2  # the first ICDR grade that is referable: moderate retinopathy

YES_AND_NO = (
    "No grade is above 1: grades run from 0 to 4, and an eye is referable from 2 on, so a table of "
    "yes and no needs 2 in place of 1."
)


@dataclass(frozen=True)
class Graded:
    """One row: what the photograph is called, where it lies, its grade and its patient.

    ``path`` is None where no such photograph lies beside the table, as ``missing`` says, or
    ``several``; ``patient`` is empty where the table does not tell.
    """

    image: str
    path: Path | None
    grade: int
    patient: str
    several: tuple[Path, ...] = ()
    missing: str = ""

    @property
    def referable(self) -> bool:
        """Moderate retinopathy or worse."""
        return self.grade >= REFERABLE_FROM

    def open(self) -> Photograph:
        """Its photograph. Raises ``Refusal`` if that is not there, is none, or cannot be read."""
        if self.several:
            raise Refusal(
                "Which photograph it is cannot be told.",
                several(self.image, self.several),
                NAME_IT_EXACTLY,
            )
        if self.path is None:
            raise Refusal(
                "The photograph is not there.",
                f"No photograph {self.missing}",
                "Put it into the table's folder.",
            )
        if own_mark.is_on(self.path):
            advice = "Put the photograph itself into the table's folder."
            raise Refusal("The photograph was left out.", own_mark.WHY, advice)
        return open_picture(self.path)


def about(rows: Sequence[Graded]) -> tuple[str, ...]:
    """What of a table's rows must be known beside its figures.

    How many name an annotated picture of ours, how many no patient though others do, and that no
    grade is above 1, as in a table of yes and no.
    """
    annotated = own_mark.left_out(sum(bool(row.path and own_mark.is_on(row.path)) for row in rows))
    if rows and max(row.grade for row in rows) == 1:
        annotated = (*annotated, f"{YES_AND_NO} Here 1 was taken for mild retinopathy.")
    nobody = sum(not row.patient for row in rows)
    if nobody in (0, len(rows)):
        return annotated
    said = "row names no patient and counts" if nobody == 1 else "rows name no patient; each counts"
    return (*annotated, f"{nobody} {said} as one of its own.")


def read(path: Path) -> tuple[Graded, ...]:
    """The table's rows. Raises ``Refusal`` naming the first lines that are not in order."""
    rows, whose = _rows(path)
    there = Beside(path.parent)
    found: dict[str, Graded] = {}
    taken: set[Path] = set()
    faults: list[str] = []
    for row in rows:
        line = row.line
        image, grade = ((row[column] or "").strip() for column in (IMAGE, GRADE))
        if not image or grade not in {"0", "1", "2", "3", "4"}:
            why = f"the grade “{grade}”; grades run from 0 to 4" if image else "no image"
            faults.append(f"Line {line} has {why}.")
            continue
        called = there.called(image)
        lies = called[0] if len(called) == 1 else None
        # As "a" and "a.jpg", too: it would count twice.
        if image in found or lies in taken:
            faults.append(f"Line {line} names {image} once more.")
            continue
        if lies is not None:
            taken.add(lies)
        patient = (row.get(whose) or "").strip()
        found[image] = Graded(
            image,
            lies,
            int(grade),
            patient,
            () if lies else called,
            "" if called else there.none(image),
        )
    if faults:
        advice = "Mend that line." if len(faults) == 1 else "Mend these lines."
        raise _not_usable(path, words.first_sentences(faults), advice)
    if not found:
        raise _not_usable(path, "It has no row.", "Name a table of graded photographs.")
    return tuple(found.values())


def _rows(path: Path) -> tuple[csv_rows.Rows, str]:
    """The rows, and the column that tells the patient."""
    advice = "Name a CSV with the columns image and dr_grade."
    rows, named = grade_columns.read(path, f"The grades in {path.name}", advice)
    missing = [column for column in (IMAGE, GRADE) if column not in named]
    if missing:
        raise _not_usable(path, grade_columns.missing(missing[0], named), grade_columns.NEEDED)
    return rows, grade_columns.patient(named)


def _not_usable(path: Path, why: str, advice: str) -> Refusal:
    return Refusal(f"The grades in {path.name} cannot be used.", why, advice)
