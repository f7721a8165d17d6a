"""What out-of-fold scores are worth: their calibration, an operating point, and the figures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.calibrated import calibrated
from engine.evaluation.roc import Method, area
from engine.learning import calibration
from engine.learning.calibration import Calibration
from engine.packs.manifest import Data, Figures
from engine.training.lesions_plan import LesionsPlan
from engine.training.plan import Plan
from engine.training.stages_plan import StagesPlan


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """What networks said of patients they had not seen: scores and truth (n,), and the fit.

    ``method`` is that of the interval of A_z among the ``figures``.
    """

    scores: NDArray[np.float64]
    truth: NDArray[np.bool_]
    calibration: Calibration
    operating_point: float
    figures: Figures
    method: Method

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """Calibrated, (n,)."""
        return np.array([self.calibration.probability(score) for score in self.scores])

    @property
    def error_by_chance(self) -> float:
        """What the calibration error stays below, 95 times in a hundred, if all are right."""
        return calibrated(self.probabilities, self.truth).by_chance


def judge(
    scores: NDArray[np.float64],
    truth: NDArray[np.bool_],
    patients: NDArray[np.str_],
    plan: Plan | StagesPlan | LesionsPlan,
) -> OutOfFold:
    """Calibration, operating point and figures of out-of-fold scores; all arrays are (n,).

    The interval of A_z takes a patient's photographs together.
    """
    generator = np.random.default_rng([plan.seed, 200])
    fitted = calibration.fit(scores, truth, patients, generator)
    probabilities = np.array([fitted.probability(score) for score in scores])
    point = calibration.operating_point(probabilities, truth, plan.operation.sensitivity)
    whose = np.unique(patients, return_inverse=True)[1]
    found = area(scores, truth, patients=whose)
    called = probabilities >= point
    figures = Figures(
        area=found.value,
        area_interval=(found.interval.low, found.interval.high),
        level=found.interval.level,
        sensitivity=float(called[truth].mean()),
        specificity=float((~called)[~truth].mean()),
        calibration_error=calibration.expected_error(probabilities, truth),
    )
    return OutOfFold(scores, truth, fitted, point, figures, found.method)


def data_part(
    plan: Plan | StagesPlan | LesionsPlan,
    truth: NDArray[np.bool_],
    patients: NDArray[np.str_],
    fingerprint: str,
) -> Data:
    """What a pack says of the pictures that it was trained on; arrays are (n,)."""
    return Data(
        plan.data.name,
        plan.data.licence,
        len(truth),
        len(np.unique(patients)),
        float(truth.mean()),
        fingerprint,
    )
