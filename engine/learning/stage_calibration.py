"""From logits of ordered stages to shares that can be believed: one temperature, an offset a stage.

Guo et al., "On calibration of modern neural networks" (2017): temperature scaling. The offsets
take back that sequences show every stage alike (METHODS L1), where patients do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.answers import Interval

DRAWS = 200
"""Refits on resampled patients that intervals are read from (CONVENTIONS)."""
_PULL = 1.0
"""Decided: offsets are drawn to 0 as by one case, so that a stage without cases keeps a share."""


@dataclass(frozen=True)
class Softmax:
    """shares = softmax(``sharpness`` x logits + ``offsets``); one offset for each stage."""

    sharpness: float
    offsets: tuple[float, ...]

    def __call__(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shares (..., K) of logits (..., K)."""
        raised = self.sharpness * np.asarray(logits, np.float64) + np.array(self.offsets)
        raised -= raised.max(axis=-1, keepdims=True)
        raised = np.exp(raised)
        shares: NDArray[np.float64] = raised / raised.sum(axis=-1, keepdims=True)
        return shares


@dataclass(frozen=True)
class StageCalibration:
    """The fitted shares, and the same fitted to draws of the patients."""

    fitted: Softmax
    draws: tuple[Softmax, ...]

    def shares(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """The calibrated distribution over stages, (K,), of one picture."""
        return self.fitted(logits)

    def expected(
        self, logits: NDArray[np.float64], grades: Sequence[float], level: float = 0.9
    ) -> tuple[float, Interval]:
        """The expected stage on the scale's ``grades`` (K,), and percentiles of the draws.

        The uncertainty of the calibration, not of this one eye.
        """
        steps = np.asarray(grades, np.float64)
        values = [float(draw(logits) @ steps) for draw in self.draws]
        low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
        return float(self.fitted(logits) @ steps), Interval(float(low), float(high), level)


def fit(
    logits: NDArray[np.float64],
    stages: NDArray[np.intp],
    patients: NDArray[np.str_],
    generator: np.random.Generator,
) -> StageCalibration:
    """Fit to out-of-fold logits (n, K) and true stages (n,), and to draws of patients (n,)."""
    rows = [np.flatnonzero(patients == patient) for patient in np.unique(patients)]
    draws = []
    for _ in range(DRAWS):
        chosen = generator.integers(len(rows), size=len(rows))
        drawn = np.concatenate([rows[index] for index in chosen])
        draws.append(fit_softmax(logits[drawn], stages[drawn]))
    return StageCalibration(fit_softmax(logits, stages), tuple(draws))


def odds(logits: NDArray[np.float64], first: int) -> NDArray[np.float64]:
    """The logarithm of the odds, (n,), that logits (n, K) give to the stages from ``first`` on."""
    below = np.logaddexp.reduce(logits[:, :first], axis=1)
    found: NDArray[np.float64] = np.logaddexp.reduce(logits[:, first:], axis=1) - below
    return found


def fit_softmax(logits: NDArray[np.float64], stages: NDArray[np.intp]) -> Softmax:
    """The one curve that fits logits (n, K) and true stages (n,) best."""
    from scipy.optimize import minimize

    n, count = logits.shape
    truth = np.eye(count)[stages]

    def cost(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        sharpness, offsets = np.exp(at[0]), at[1:]
        raised = sharpness * logits + offsets
        raised -= raised.max(axis=1, keepdims=True)
        summed = np.exp(raised).sum(axis=1)
        error = float(np.log(summed).sum() - (raised * truth).sum())
        missed = np.exp(raised) / summed[:, None] - truth
        slope = np.concatenate([[sharpness * (missed * logits).sum()], missed.sum(axis=0)])
        slope[1:] += _PULL * offsets
        return (error + _PULL / 2 * float(offsets @ offsets)) / n, slope / n

    found = minimize(cost, np.zeros(count + 1), jac=True, method="L-BFGS-B",
                     bounds=[(-7, 7)] + [(None, None)] * count)  # fmt: skip
    return Softmax(float(np.exp(found.x[0])), tuple(found.x[1:].tolist()))
