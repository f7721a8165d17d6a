"""Scores of graded photographs, and how those of one patient count in an interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.evaluation import roc
from engine.evaluation.photographs import numbers_of
from engine.reproduction.material import Learning


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores of photographs with their truth and their patients' numbers, all (n,)."""

    scores: NDArray[np.float64]
    truth: NDArray[np.bool_]
    patients: NDArray[np.intp]

    @classmethod
    def of(cls, scores: NDArray[np.float64], of: Learning, rows: NDArray[np.intp]) -> "Scored":
        """The ``scores`` of some rows of photographs."""
        return cls(scores, of.truth[rows], numbers_of(of.patients[rows].tolist()))

    @property
    def area(self) -> roc.Area:
        """A_z, a patient's photographs taken together."""
        return roc.area(self.scores, self.truth, patients=self.patients)


def counted(patients: NDArray[np.intp]) -> str:
    """How photographs of these patients (n,) count in an interval."""
    if len(np.unique(patients)) < len(patients):
        return "those of a patient taken together in the interval"
    return "each counted as independent of the others"
