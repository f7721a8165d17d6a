"""From a network's score to a probability with an interval: Platt's sigmoid, refitted on draws.

Platt, "Probabilistic outputs for support vector machines" (1999): a logistic curve fitted to
scores of pictures that the network has not seen, with targets drawn in from 0 and 1 by the size of
each class, so that separable scores do not end in a step.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.answers import Interval

DRAWS = 200
"""Refits on resampled patients that an interval is read from (CONVENTIONS)."""


@dataclass(frozen=True)
class Sigmoid:
    """probability = 1 / (1 + exp(-(slope x score + intercept)))."""

    slope: float
    intercept: float

    def __call__(self, score: float) -> float:
        """The probability of a score; a logarithm of odds beyond ±500 is held there."""
        logit = min(max(self.slope * float(score) + self.intercept, -500.0), 500.0)
        return 1 / (1 + math.exp(-logit))


@dataclass(frozen=True)
class Calibration:
    """The fitted curve, and the same fitted to draws of the patients."""

    fitted: Sigmoid
    draws: tuple[Sigmoid, ...]

    def probability(self, score: float) -> float:
        """The calibrated probability of one score."""
        return self.fitted(score)

    def interval(self, score: float, level: float = 0.9) -> Interval:
        """Percentiles of the draws at one score.

        The uncertainty of the calibration, not of this one eye.
        """
        values = [draw(score) for draw in self.draws]
        low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
        return Interval(float(low), float(high), level)


def fit(
    scores: NDArray[np.float64],
    truth: NDArray[np.bool_],
    patients: NDArray[np.str_],
    generator: np.random.Generator,
) -> Calibration:
    """Fit the curve to out-of-fold scores, and again to ``DRAWS`` bootstrap draws of patients.

    ``scores``, ``truth`` and ``patients`` are (n,). A draw that holds one class alone is drawn
    again.
    """
    rows = {patient: np.flatnonzero(patients == patient) for patient in np.unique(patients)}
    groups = list(rows.values())
    draws: list[Sigmoid] = []
    while len(draws) < DRAWS:
        chosen = generator.integers(len(groups), size=len(groups))
        drawn = np.concatenate([groups[index] for index in chosen])
        if truth[drawn].any() and not truth[drawn].all():
            draws.append(_sigmoid(scores[drawn], truth[drawn]))
    return Calibration(_sigmoid(scores, truth), tuple(draws))


def moved(found: Calibration, scores: NDArray[np.float64], share: float) -> Calibration:
    """The curves moved along the scores (n,) until their mean probability is ``share``.

    For a network that learnt from more than those whose scores the curves are of: it may give all
    lower or higher ones. Its own pictures tell that, and nothing of how steep the curve is, which
    stays. Every draw is moved as far, in logarithms of odds, as the fitted curve.
    """
    step = _step(found.fitted, scores, share)
    return Calibration(
        _stepped(found.fitted, step), tuple(_stepped(draw, step) for draw in found.draws)
    )


def levelled(
    scores: NDArray[np.float64],
    truth: NDArray[np.bool_],
    held_back: Sequence[NDArray[np.intp]],
    own: Sequence[NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Scores (n,) of several networks, each its rows of ``held_back``, as one curve reads them.

    ``own`` is what each says of all other rows, which it learnt from. Its scores are moved as far
    as ``moved`` would move its curve, so that what is measured of them is what a network whose
    curve was moved does with patients whom it has not seen; but for how high the curve lies that
    is then fitted to them, which all of them have in common. Where scores tell next to nothing the
    curve is flat, and they are moved far.
    """
    curve = _sigmoid(scores, truth)
    if not curve.slope:
        return scores
    found = scores.copy()
    for held, seen in zip(held_back, own, strict=True):
        step = _step(curve, seen, float(np.delete(truth, held).mean()))
        found[held] += step / curve.slope
    return found


def told_apart(curve: Sigmoid, scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """How far the mean probability of the referable of ``scores`` (n,) lies above that of the rest.

    The curve is moved to them as ``moved`` does. Of scores of what a network learnt from it tells
    how much of that the network knows by heart: 1 is all of it.
    """
    found = _stepped(curve, _step(curve, scores, float(truth.mean())))
    said = np.array([found(score) for score in scores])
    return float(said[truth].mean() - said[~truth].mean())


def _step(curve: Sigmoid, scores: NDArray[np.float64], share: float) -> float:
    """How far a curve is moved, in logarithms of odds, until its mean of scores is ``share``."""
    low, high = -30.0, 30.0
    for _ in range(60):
        step = (low + high) / 2
        tried = _stepped(curve, step)
        if np.mean([tried(score) for score in scores]) < share:
            low = step
        else:
            high = step
    return step


def _stepped(curve: Sigmoid, step: float) -> Sigmoid:
    return Sigmoid(curve.slope, curve.intercept + step)


def _sigmoid(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> Sigmoid:
    from sklearn.linear_model import LogisticRegression

    positives = int(truth.sum())
    negatives = len(truth) - positives
    target = np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    # Soft targets as two weighted copies of each picture, one a class.
    doubled = np.concatenate([scores, scores])[:, None]
    classes = np.repeat([1, 0], len(scores))
    weights = np.concatenate([target, 1 - target])
    model = LogisticRegression(C=np.inf, max_iter=1000, tol=1e-8)
    model.fit(doubled, classes, sample_weight=weights)
    return Sigmoid(float(model.coef_[0, 0]), float(model.intercept_[0]))


def operating_point(
    probabilities: NDArray[np.float64], truth: NDArray[np.bool_], sensitivity: float
) -> float:
    """The largest probability from which on at least ``sensitivity`` of the positives are called.

    ``probabilities`` and ``truth`` are (n,), out of fold. A picture is referable when its
    probability is the operating point or more.
    """
    positive = np.sort(probabilities[truth])[::-1]
    called = int(np.ceil(sensitivity * len(positive) - 1e-9))
    return float(positive[max(called, 1) - 1])


def expected_error(
    probabilities: NDArray[np.float64], truth: NDArray[np.bool_], bins: int = 10
) -> float:
    """The expected calibration error: mean distance of said and found, in bins of equal count."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    distances = [abs(probabilities[part].mean() - truth[part].mean()) * len(part) for part in parts]
    return float(sum(distances) / len(order))
