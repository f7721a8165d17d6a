"""What a network that draws lesions learns from: the table, and every picture prepared once.

Grafts are drawn lesions on photographs without retinopathy; each stays with its photograph's
patient in every split. Severities are drawn by fixed shares, mild and moderate ones more often:
their few lesions are what a grade hangs on.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine import csv_rows
from engine.errors import Refusal
from engine.preparation.fundus import working_width
from engine.task import Task
from engine.training import grades, normalised
from engine.training.lesion_loss import UNKNOWN
from engine.training.lesion_pictures import Drawings, Material, Photographs, Rows
from engine.training.lesions_plan import LesionsPlan
from engine.training.plan import Data
from engine.training.run import Run
from engine.training.stages_plan import Data as StagedData

OEDEMA = "dme_risk"
"""The column of a table that may tell the risk of macular oedema, 0 to 2."""

_GRAFTED = (0.30, 0.40, 0.15, 0.15)
"""Of severities 1 to 4."""
_DRAWN = (0.35, 0.15, 0.25, 0.13, 0.12)
"""Of severities 0 to 4."""


@dataclass(frozen=True, eq=False)
class Table:
    """Graded photographs row by row, all (n,); the fingerprint of the table and the files."""

    paths: tuple[Path, ...]
    grades: NDArray[np.intp]
    oedema: NDArray[np.intp]
    patients: NDArray[np.str_]
    fingerprint: str

    @property
    def healthy(self) -> NDArray[np.bool_]:
        """Whether no pixel shows a lesion, (n,): grade 0, and no exudates with oedema."""
        found: NDArray[np.bool_] = (self.grades == 0) & (self.oedema <= 0)
        return found

    def folds(self, count: int, seed: int) -> list[Rows]:
        """The held-back rows of each fold: patients whole, grades shared evenly.

        Raises ``Refusal`` if there are fewer patients with or without referable retinopathy than
        folds, or a fold would leave no photograph without retinopathy.
        """
        from sklearn.model_selection import StratifiedGroupKFold

        graded = grades.Graded(self.paths, self.grades >= 2, self.patients, self.fingerprint)
        graded.folds(count, seed)  # for what it refuses
        split = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
        held = [rows for _, rows in split.split(self.grades[:, None], self.grades, self.patients)]
        if not all(np.delete(self.healthy, rows).any() for rows in held):
            raise Refusal(
                f"The pictures cannot be parted into {count} folds.",
                "All photographs without retinopathy fell into one of them.",
                "Add photographs of grade 0, or take another seed.",
            )
        return held


def read(data: Data | StagedData, folder: Path) -> Table:
    """Read the table that a plan names. Raises ``Refusal`` naming the first fault."""
    path = folder / data.grades
    rows = grades.table(path, data.patient)
    return Table(
        tuple(row.picture for row in rows),
        np.array([row.grade for row in rows]),
        _oedema(path, {row.line for row in rows}),
        np.array([row.patient for row in rows]),
        grades.seal_of(path, rows).hexdigest(),
    )


def _oedema(path: Path, lines: Container[int]) -> NDArray[np.intp]:
    """The risk in those lines of the table that are learnt from."""
    rows, _ = csv_rows.read(path, f"The grades in {path.name}", "Mend the plan's data.grades.")
    told = {row.line: (row.get(OEDEMA) or "").strip() for row in rows if row.line in lines}
    for line, text in told.items():
        if text not in {"", "0", "1", "2"}:
            raise Refusal(
                f"The grades in {path.name} cannot be used.",
                f"Line {line} has the {OEDEMA} “{text}”; it runs from 0 to 2.",
                "Mend that line, or leave the field empty.",
            )
    return np.array([int(text) if text else UNKNOWN for text in told.values()])


def material(plan: LesionsPlan, table: Table, run: Run, task: Task) -> Material:
    """Every picture of a run, prepared, or taken from the run folder. Raises ``Cancelled``."""
    size, folder = plan.network.size, run.folder
    values = normalised.photographs(table.paths, size, folder / "normalised.npy", task)
    draw = np.random.default_rng([plan.seed, 5])
    first = plan.seed * 10_000_000
    file = folder / "grafts.npy"
    each = plan.drawings.grafts if plan.schedule.grafts else 0
    grafts = laid(table.paths, table.healthy, each, size, first, draw, file, task)
    grown = draw.choice(np.arange(5), plan.drawings.eyes if plan.schedule.drawn else 0, p=_DRAWN)
    eyes = [(first + number, int(severity)) for number, severity in enumerate(grown)]
    drawn = none(size)
    if eyes:
        made = normalised.lifelike(eyes, size, folder / "drawn.npy", task)
        drawn = drawings(made, grown, np.full(len(grown), -1))
    return Material(Photographs(values, table.grades, table.oedema), grafts, drawn)


def laid(
    paths: Sequence[Path],
    healthy: NDArray[np.bool_],
    each: int,
    size: int,
    first: int,
    draw: Generator,
    file: Path,
    task: Task,
) -> Drawings:
    """Lesions drawn ``each`` times on every photograph without retinopathy, or from ``file``.

    ``healthy`` (n,) tells which photographs these are, ``first`` is the seed of the first graft,
    and ``draw`` gives the severities. Raises ``Refusal`` and ``Cancelled``.
    """
    on = np.repeat(np.flatnonzero(healthy), each)
    severities = draw.choice(np.arange(1, 5), len(on), p=_GRAFTED)
    jobs = [
        (paths[int(row)], first + number, int(severity))
        for number, (row, severity) in enumerate(zip(on, severities, strict=True))
    ]
    if not jobs:
        return none(size)
    return drawings(normalised.grafts(jobs, size, file, task), severities, on)


def none(size: int) -> Drawings:
    """No drawings, for a network of ``size`` pixels."""
    made = np.zeros((0, 4, working_width(size), working_width(size)), np.int8)
    return drawings(made, np.zeros(0, np.intp), np.zeros(0, np.intp))


def drawings(made: NDArray[np.int8], severities: NDArray[np.intp], on: Rows) -> Drawings:
    """What ``normalised.grafts`` or ``lifelike`` made, (n, 4, w, w), with what is known of each."""
    return Drawings(made[:, :3], made[:, 3].view(np.uint8), severities, on)
