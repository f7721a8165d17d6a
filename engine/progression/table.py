"""A table of pictures and their ordered stages, whatever they are stages of."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import csv_rows, grade_columns
from engine.errors import Refusal
from engine.images.beside import Beside
from engine.progression.splits import Staged

STAGE_COLUMNS = ("stage", "dr_grade", "grade")


@dataclass(frozen=True, eq=False)
class StagedPictures:
    """Pictures by row, with the stages of ``staged`` and the table's line of each."""

    paths: tuple[Path, ...]
    staged: Staged
    lines: tuple[int, ...]


def read(
    path: Path,
    order: str = "",
    *,
    column: str = "",
    patient: str | None = None,
    image: str = "image",
    others: str = "",
) -> StagedPictures:
    """Read a CSV with the columns image and stage (or dr_grade, grade), and patient if there.

    ``column`` names the stage's column, and ``patient`` the patient's ("" is none), where they are
    to be told and not found; ``image`` names the pictures'. ``others`` is a sentence for whoever
    has a table without them: how other columns are named.

    ``order`` names the stages from the first to the last, parted by commas; labels joined by a
    plus are one stage: "0,1+2,3,4". A label that it does not name is left out. Without it the
    labels are whole numbers, each its own stage. Without a patient each picture is its own.

    Raises:
        Refusal: the table cannot be read or used; the first fault is named.
    """
    rows, stage_column, patient_column = _rows(path, image, column, patient, others)
    labels = [row[stage_column].strip() for row in rows]
    groups = _groups(path, labels, order)
    stage_of = {label: stage for stage, group in enumerate(groups) for label in group}
    kept = [place for place, label in enumerate(labels) if label in stage_of]
    beside = Beside(path.parent)
    paths = tuple(_picture(path, beside, rows[place][image].strip()) for place in kept)
    twice = [each.name for each, count in Counter(paths).items() if count > 1]
    if twice:  # as "a" and "a.jpg": it would be learnt from and tested on
        raise _named_twice(path, twice[0])
    stages = np.array([stage_of[labels[place]] for place in kept], np.intp)
    patients = [
        rows[place][patient_column].strip() if patient_column else f"row {place}" for place in kept
    ]
    for stage, group in enumerate(groups):
        if not (stages == stage).any():
            raise _unusable(
                path,
                f"No picture has the stage {'+'.join(group)}.",
                "Name the stages as the table does.",
            )
    names = tuple("+".join(group) for group in groups)
    lines = tuple(rows[place].line for place in kept)
    return StagedPictures(paths, Staged(stages, np.array(patients), names), lines)


def _rows(
    path: Path, image: str, column: str, told_patient: str | None, others: str
) -> tuple[csv_rows.Rows, str, str]:
    advice = "Give a CSV with the columns image and stage."
    rows, named = csv_rows.read(path, f"The stages in {path.name}", advice)
    stage = column or next((name for name in STAGE_COLUMNS if name in named), "stage")
    patient = told_patient
    if patient is None:
        patient = grade_columns.patient(named)
    needed = [name for name in (image, stage, patient) if name]
    if missing := [name for name in needed if name not in named]:
        needs = f"The table needs the columns {', '.join(needed[:-1])} and {needed[-1]}."
        raise _unusable(path, f"The column {missing[0]} is missing.", f"{needs} {others}".strip())
    for row in rows:
        empty = [name for name in needed if not (row[name] or "").strip()]
        if empty:
            raise _unusable(path, f"Line {row.line} has no {empty[0]}.", "Mend that line.")
    twice = [name for name, count in Counter(row[image] for row in rows).items() if count > 1]
    if twice:
        raise _named_twice(path, twice[0])
    return rows, stage, patient


def _groups(path: Path, labels: list[str], order: str) -> list[tuple[str, ...]]:
    if order:
        groups = [tuple(label.strip() for label in group.split("+")) for group in order.split(",")]
        named = [label for group in groups for label in group]
        if len(set(named)) < len(named) or not all(named):
            raise _unusable(
                path, f"The order “{order}” names a stage twice or none.", "Name each stage once."
            )
    else:
        found = set(labels)
        words = sorted(label for label in found if not label.isdecimal())
        if words:
            raise _unusable(
                path,
                f"The order of stages such as “{words[0]}” cannot be told from their names.",
                "Name them from first to last: --order none,mild,severe.",
            )
        groups = [(label,) for label in sorted(found, key=int)]
    if len(groups) < 2:
        raise _unusable(path, "Fewer than two stages are named.", "A sequence takes two or more.")
    return groups


def _picture(table: Path, beside: Beside, name: str) -> Path:
    if found := beside.picture(name):
        return found
    raise _unusable(table, f"No picture {beside.none(name)}", "Put the pictures into its folder.")


def _named_twice(path: Path, name: str) -> Refusal:
    return _unusable(path, f"The picture {name} is named twice.", "Take one line out.")


def _unusable(path: Path, why: str, advice: str) -> Refusal:
    return Refusal(f"The stages in {path.name} cannot be used.", why, advice)
