"""What the networks of a run are worth, as the run keeps it and its card tells it."""

from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from engine.evaluation import ordinal
from engine.evaluation.froc import LimitedArea
from engine.training import lesion_figures
from engine.training.judging import OutOfFold
from engine.training.lesion_figures import OfMasks

_BINS = 10
_GRADES = 5

Areas = tuple[tuple[float, float, float] | None, ...]
"""Limited FROC areas with their intervals' ends: their mean, and that of each lesion type."""


class MaskFigures(Struct, frozen=True):
    """``apart`` holds each criterion's areas by networks that had not seen the patient."""

    pictures: int
    seen: int
    lesions: tuple[tuple[str, int], ...]
    apart: tuple[tuple[str, Areas], ...]
    shipped: Areas


class Judged(Struct, frozen=True):
    """``confusion`` is (called, not called) of the referable and of the others.

    ``calibrated`` is, in parts of equal count, what was said, what was true and how many they were;
    ``kappa`` that of the five grades, where the networks tell grades. ``together`` tells that the
    interval of A_z takes a patient's photographs together; that of runs of before does not.
    ``method`` is whose that interval is, empty in runs of before. ``error_by_chance`` is what the
    calibration error of right probabilities stays below, and ``kappa_interval`` the kappa's over
    draws of patients; runs of before have neither. ``told_apart`` is, of each fold's network and
    then of the one that ships, how far it tells apart what it learnt from
    (``calibration.told_apart``), where its curve was moved.
    """

    confusion: tuple[tuple[int, int], tuple[int, int]]
    calibrated: tuple[tuple[float, float, int], ...]
    kappa: float | None
    masks: MaskFigures | None = None
    together: bool = False
    method: str = ""
    error_by_chance: float | None = None
    kappa_interval: tuple[float, float] | None = None
    told_apart: tuple[float, ...] = ()


Kappa = tuple[float, tuple[float, float]]
"""A quadratic kappa and the ends of its interval."""


def judge(found: OutOfFold, of_masks: OfMasks | None, kappa: Kappa | None = None) -> Judged:
    """What the out-of-fold answers and maps come to."""
    value, interval = kappa or (None, None)
    called = found.probabilities >= found.operating_point
    referable, others = (
        (int((called & of).sum()), int((~called & of).sum())) for of in (found.truth, ~found.truth)
    )
    figures = None if of_masks is None else _of_masks(of_masks)
    return Judged(
        (referable, others),
        _calibrated(found),
        value,
        figures,
        together=True,
        method=found.method,
        error_by_chance=found.error_by_chance,
        kappa_interval=interval,
    )


def kappa(
    grades: NDArray[np.intp], told: NDArray[np.float64], patients: NDArray[np.str_], seed: int
) -> Kappa:
    """Quadratic kappa of ``grades`` (n,) and the log-odds ``told`` (n, 4) of each threshold.

    The grade told is the number of thresholds that are likelier passed than not. The interval is
    of draws of ``patients`` (n,).
    """
    graded = (told > 0).sum(axis=1)
    value = ordinal.quadratic_kappa(ordinal.confusion(grades, graded, _GRADES))
    groups = np.unique(patients, return_inverse=True)[1]
    draw = np.random.default_rng([seed, 202])
    interval = ordinal.kappa_interval(grades, graded, _GRADES, draw, groups=groups)
    return value, (interval.low, interval.high)


def _calibrated(found: OutOfFold) -> tuple[tuple[float, float, int], ...]:
    order = np.argsort(found.probabilities, kind="stable")
    ends = np.linspace(0, len(order), _BINS + 1).astype(int)
    parts = (order[start:end] for start, end in pairwise(ends))
    return tuple(
        (float(found.probabilities[part].mean()), float(found.truth[part].mean()), len(part))
        for part in parts
        if len(part)
    )


def _of_masks(found: OfMasks) -> MaskFigures:
    return MaskFigures(
        found.pictures,
        found.seen,
        tuple((str(kind), count) for kind, count in found.lesions.items()),
        tuple((name, _areas(areas)) for name, areas in found.apart.items()),
        _areas(found.shipped),
    )


def _areas(areas: lesion_figures.Areas) -> Areas:
    return tuple(_ends(each) for each in (areas.mean, *areas.of.values()))


def _ends(area: LimitedArea | None) -> tuple[float, float, float] | None:
    return None if area is None else (area.value, area.interval.low, area.interval.high)
