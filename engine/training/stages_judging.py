"""What out-of-fold logits of stages are worth: calibration, figures, and those of the baseline.

Decided: the figures are of shares that were calibrated on the other folds, so that no picture's
figure was fitted on the picture itself; the pack's own calibration is fitted to all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from engine.evaluation import ordinal
from engine.learning import stage_calibration
from engine.learning.stage_calibration import StageCalibration
from engine.packs.manifest import StageFigures, StagePart
from engine.progression.splits import Rows, Staged
from engine.training import judging
from engine.training.stages_plan import StagesPlan

LEVEL = 0.95
DRAWS = 1000
"""Of patients, that intervals are read from."""

Logits = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """What networks said of patients that they had not seen, as logits (n, K): both heads, and
    the baseline's only one. ``folds`` are the rows that were held back together.
    """

    vision: Logits
    lstm: Logits
    baseline: Logits
    folds: tuple[Rows, ...]

    def together(self, vision: int) -> Logits:
        """Both heads' mean, the vision head counting so many percent."""
        return (vision * self.vision + (100 - vision) * self.lstm) / 100


class Teller(Struct, frozen=True):
    """Who told the stages, and how well. ``confusion`` has a row for each true stage.

    ``error_interval`` is that of the expected-stage error; runs of before have none.
    """

    name: str
    figures: StageFigures
    confusion: tuple[tuple[int, ...], ...]
    error_interval: tuple[float, float] | None = None


class Difference(Struct, frozen=True):
    """A teller's figure less the baseline's on the same pictures, with the interval."""

    teller: str
    figure: str
    value: float
    low: float
    high: float


class Compared(Struct, frozen=True):
    """Both heads, each head alone, and the baseline. ``counts`` are pictures by true stage.

    ``vision`` is what the vision head counts in the pack's answer, in percent.
    ``differences`` are three for each but the baseline: of kappa, accuracy and stage error.
    ``method`` is whose interval that of A_z is, empty in runs of before; ``error_by_chance`` what
    the calibration error of the yes or no stays below if all probabilities are right.
    """

    counts: tuple[int, ...]
    tellers: tuple[Teller, ...]
    differences: tuple[Difference, ...]
    vision: int = 50
    method: str = ""
    error_by_chance: float | None = None


@dataclass(frozen=True, eq=False)
class Judged:
    """All that a pack and its card take from the out-of-fold logits."""

    calibration: StageCalibration
    positive: judging.OutOfFold
    compared: Compared

    def part(self, plan: StagesPlan) -> StagePart:
        """The stages of a manifest."""
        stages = plan.stages
        return StagePart(
            stages.scale,
            stages.names,
            stages.grades,
            stages.first_positive,
            self.calibration,
            self.compared.tellers[0].figures,
        )


def judge(told: OutOfFold, staged: Staged, plan: StagesPlan) -> Judged:
    """Judge the logits of all pictures."""
    generator = np.random.default_rng([plan.seed, 200])
    vision = _vision(told, staged.stages, np.arange(len(staged.stages)))
    both = told.together(vision)
    calibration = stage_calibration.fit(both, staged.stages, staged.patients, generator)
    first = plan.stages.first_positive
    scores = stage_calibration.odds(both, first)
    positive = judging.judge(scores, staged.stages >= first, staged.patients, plan)
    compared = _compare(told, staged, plan, vision, positive)
    return Judged(calibration, positive, compared)


SHARES = range(0, 101, 10)
"""Percent that the vision head may count."""


def _vision(told: OutOfFold, stages: Rows, rows: Rows) -> int:
    """What the vision head should count for the likeliest true stages of some rows, in percent."""

    def missed(vision: int) -> float:
        logits = told.together(vision)[rows]
        shares = stage_calibration.fit_softmax(logits, stages[rows])(logits)
        return -float(np.log(shares[np.arange(len(rows)), stages[rows]]).mean())

    # Of equals the one nearest to an even share.
    return min(SHARES, key=lambda vision: (round(missed(vision), 6), abs(vision - 50)))


def _weighed(told: OutOfFold, stages: Rows) -> NDArray[np.float64]:
    """Shares (n, K) of both heads, each fold's by the weight and calibration of all others."""
    shares = np.zeros_like(told.vision)
    for held in told.folds:
        others = np.setdiff1d(np.arange(len(stages)), held)
        logits = told.together(_vision(told, stages, others))
        shares[held] = stage_calibration.fit_softmax(logits[others], stages[others])(logits[held])
    return shares


def _compare(
    told: OutOfFold, staged: Staged, plan: StagesPlan, vision: int, positive: judging.OutOfFold
) -> Compared:
    drawn = list(_draws(staged.patients, np.random.default_rng([plan.seed, 201])))
    shares = {
        "both heads": _weighed(told, staged.stages),
        "vision head": crossed(told.vision, staged.stages, told.folds),
        "LSTM head": crossed(told.lstm, staged.stages, told.folds),
        "baseline": crossed(told.baseline, staged.stages, told.folds),
    }
    grades = np.array(plan.stages.grades)
    return Compared(
        tuple(np.bincount(staged.stages, minlength=staged.count).tolist()),
        tuple(_teller(name, each, staged.stages, drawn, grades) for name, each in shares.items()),
        tuple(
            Difference(name, figure, *_paired(measure, own, shares["baseline"], staged, drawn))
            for name, own in shares.items()
            for figure, measure in _measures(grades).items()
            if name != "baseline"
        ),
        vision,
        positive.method,
        positive.error_by_chance,
    )


def _paired(
    measure: "_Measure",
    own: NDArray[np.float64],
    baseline: NDArray[np.float64],
    staged: Staged,
    drawn: list[Rows],
) -> tuple[float, float, float]:
    """The difference of two figures, and its interval over the same draws for both."""

    def less(rows: Rows) -> float:
        stages = staged.stages[rows]
        return measure(own[rows], stages) - measure(baseline[rows], stages)

    return less(np.arange(len(own))), *_interval([less(rows) for rows in drawn])


def crossed(logits: Logits, stages: Rows, folds: tuple[Rows, ...]) -> NDArray[np.float64]:
    """Shares (n, K), each fold's by the calibration of all others."""
    shares = np.zeros_like(logits)
    for held in folds:
        others = np.setdiff1d(np.arange(len(stages)), held)
        shares[held] = stage_calibration.fit_softmax(logits[others], stages[others])(logits[held])
    return shares


def _teller(
    name: str,
    shares: NDArray[np.float64],
    stages: Rows,
    drawn: list[Rows],
    grades: NDArray[np.float64],
) -> Teller:
    low, high = _interval([_kappa(shares[rows], stages[rows]) for rows in drawn])
    figures = StageFigures(
        quadratic_kappa=_kappa(shares, stages),
        kappa_interval=(low, high),
        level=LEVEL,
        accuracy=_accuracy(shares, stages),
        expected_stage_error=_error(shares, stages, grades),
    )
    counts = ordinal.confusion(stages, shares.argmax(axis=1), shares.shape[1])
    errors = _interval([_error(shares[rows], stages[rows], grades) for rows in drawn])
    return Teller(name, figures, tuple(tuple(row) for row in counts.tolist()), errors)


def _kappa(shares: NDArray[np.float64], stages: Rows) -> float:
    counts = ordinal.confusion(stages, shares.argmax(axis=1), shares.shape[1])
    return ordinal.quadratic_kappa(counts)


def _accuracy(shares: NDArray[np.float64], stages: Rows) -> float:
    return float((shares.argmax(axis=1) == stages).mean())


def _error(shares: NDArray[np.float64], stages: Rows, grades: NDArray[np.float64]) -> float:
    return float(np.abs(shares @ grades - grades[stages]).mean())


_Measure = Callable[[NDArray[np.float64], Rows], float]


def _measures(grades: NDArray[np.float64]) -> dict[str, _Measure]:
    return {
        "quadratic kappa": _kappa,
        "accuracy": _accuracy,
        "expected-stage error": partial(_error, grades=grades),
    }


def _draws(patients: NDArray[np.str_], draw: np.random.Generator) -> list[Rows]:
    """The rows of patients that were drawn with replacement, as many as there are."""
    of_patient = [np.flatnonzero(patients == patient) for patient in np.unique(patients)]
    return [
        np.concatenate(
            [of_patient[i] for i in draw.integers(len(of_patient), size=len(of_patient))]
        )
        for _ in range(DRAWS)
    ]


def _interval(found: list[float]) -> tuple[float, float]:
    low, high = np.nanquantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
