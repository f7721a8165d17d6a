"""What a forest of checkpoints learns from: eyes, pairs and examinations of a table of grades.

decided, where METHODS Q8 is silent: the other eye is the patient's photograph of the other side as
file names tell; where they tell nothing, of two photographs of a patient each is the other's other
eye, and of more none is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.eyes.names import eye_name
from engine.learning import context, features
from engine.learning.context import Field, Values
from engine.learning.features import Asks
from engine.learning.growing import Cases
from engine.training.grades import Graded

Scores = NDArray[np.float64]
"""(photographs, checkpoints); only the rows that are asked for need to be filled."""


@dataclass(frozen=True, eq=False)
class Stack:
    """Graded photographs with what is known of each patient besides."""

    graded: Graded
    known: Mapping[str, Values]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of context, with the medians over these patients."""
        patients = np.unique(self.graded.patients)
        return context.learn([self.known.get(str(name), {}) for name in patients])

    def cases(
        self, asks: Asks, scores: Scores, rows: NDArray[np.intp], fields: tuple[Field, ...] = ()
    ) -> Cases:
        """The cases among some rows of the table, patients whole.

        An examination is all photographs of a patient, and referable where one of them is.
        """
        truth, patients = self.graded.truth, self.graded.patients
        if asks is Asks.EYE:
            return Cases(scores[rows], truth[rows], patients[rows])
        if asks is Asks.PAIR:
            others = self.others()
            table = [
                features.pair(scores[row], scores[others[row]] if row in others else None)
                for row in rows.tolist()
            ]
            return Cases(np.array(table), truth[rows], patients[rows])
        names = np.unique(patients[rows])
        groups = [rows[patients[rows] == name] for name in names]
        table = [
            features.examination(
                scores[group], context.features(fields, self.known.get(str(name), {}))
            )
            for name, group in zip(names, groups, strict=True)
        ]
        return Cases(np.array(table), np.array([truth[group].any() for group in groups]), names)

    def others(self) -> dict[int, int]:
        """For each photograph of one eye the row of the other eye's, where there is one."""
        found: dict[int, int] = {}
        sides = [eye_name(path.name).laterality for path in self.graded.paths]
        for name in np.unique(self.graded.patients):
            rows = np.flatnonzero(self.graded.patients == name).tolist()
            for row in rows:
                rest = [other for other in rows if other != row]
                opposite = [other for other in rest if sides[row] and _differ(sides, row, other)]
                if opposite:
                    found[row] = opposite[0]
                elif len(rest) == 1 and not (sides[row] and sides[rest[0]]):
                    found[row] = rest[0]
        return found


def _differ(sides: list, one: int, other: int) -> bool:  # type: ignore[type-arg]
    return sides[other] is not None and sides[other] is not sides[one]
