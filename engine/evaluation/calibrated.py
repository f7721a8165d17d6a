"""Whether probabilities are as large as what comes true, and how far off chance alone leaves them.

decided: the error of perfectly calibrated probabilities is not 0, for each photograph is referable
or is not; of few photographs it is large. So it never stands without what chance gives.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.learning.calibration import expected_error

DRAWS = 1000
LEVEL = 0.95


@dataclass(frozen=True)
class Calibrated:
    """What was said on average, and the expected calibration error, as cards have it.

    ``by_chance`` is what that error stays below, 95 times in a hundred, where every probability is
    right.
    """

    mean: float
    error: float
    by_chance: float


def calibrated(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> Calibrated:
    """How well probabilities (n,) meet the truth (n,); each photograph counts as independent."""
    draw = np.random.default_rng(0)
    # In their order, so that no draw has to be sorted anew.
    ordered = np.sort(probabilities)
    errors = [expected_error(ordered, draw.random(len(ordered)) < ordered) for _ in range(DRAWS)]
    return Calibrated(
        float(probabilities.mean()),
        expected_error(probabilities, truth),
        float(np.quantile(errors, LEVEL)),
    )
