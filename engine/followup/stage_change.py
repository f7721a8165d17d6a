"""How probable it is that an eye's stage rose from one visit to the next."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.answers import Interval
from engine.learning.stage_calibration import StageCalibration
from engine.stage_answers import StageAnswer, grade_runs
from engine.telling.words import interval_words, pack_words, percent
from engine.visits.change import StageChange

OVERLAP = 0.1
"""Decided: distributions overlap where so much of one lies under the other."""

LEVEL = 0.9


def cannot_compare(earlier: StageAnswer, later: StageAnswer) -> str:
    """Why the stages of two visits are not compared, one sentence; empty where they are."""
    if earlier.pack.sha256 != later.pack.sha256:
        return (
            f"The stages are not compared: the pack changed between these visits, from "
            f"{pack_words(earlier.pack)} to {pack_words(later.pack)}. Re-read the old pictures to "
            "compare like with like."
        )
    if not earlier.logits or not later.logits:
        which = [
            name
            for name, answer in (("earlier", earlier), ("later", later))
            if not answer.logits
        ]  # fmt: skip
        verb = "pictures were" if len(which) > 1 else "picture was"
        return f"The stages are not compared: the {' and the '.join(which)} {verb} ungradable."
    return ""


def stage_change(
    earlier: StageAnswer, later: StageAnswer, calibration: StageCalibration
) -> StageChange:
    """How probable it is that the stage rose, of two answers of the pack of this calibration.

    Decided: the two readings are independent given the eye, so that a share of the one times a
    share of the other is the probability of both. The interval is of the calibration's draws, each
    of which is applied to both readings at once: it is not of this one eye.
    """
    before, after = np.array(earlier.logits), np.array(later.logits)
    rose, fell = _moved(calibration.shares(before), calibration.shares(after))
    drawn = [_moved(draw(before), draw(after)) for draw in calibration.draws]
    intervals = [_interval([each[way] for each in drawn]) for way in (0, 1)]
    overlap = float(np.minimum(calibration.shares(before), calibration.shares(after)).sum())
    said = _said(earlier, later, overlap, (rose, fell), intervals)
    return StageChange(rose, intervals[0], fell, said)


def _moved(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[float, float]:
    """The probabilities that the later stage is the higher one, and the lower one."""
    both = np.outer(before, after)
    return float(np.triu(both, 1).sum()), float(np.tril(both, -1).sum())


def _interval(values: Sequence[float]) -> Interval:
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high), LEVEL)


def _said(
    earlier: StageAnswer,
    later: StageAnswer,
    overlap: float,
    moved: tuple[float, float],
    intervals: Sequence[Interval],
) -> str:
    then, now = _stage(earlier), _stage(later)
    stages = f"{then} then and now" if then == now else f"{then} then, {now} now"
    touch = "overlap" if overlap >= OVERLAP else "hardly overlap"
    way = int(moved[1] > moved[0])
    word = ("rose", "fell")[way]
    return (
        f"{stages}. The two distributions {touch}; {percent(moved[way])} "
        f"({interval_words(intervals[way])}) that the stage {word}."
    )


def _stage(answer: StageAnswer) -> str:
    """The likeliest stage by its number; by its name where not each stage is one grade alone."""
    assert answer.likeliest is not None
    stage = answer.stages[answer.likeliest]
    runs = grade_runs([each.grade for each in answer.stages])
    alone = runs is not None and all(low == high for low, high in runs)
    return f"stage {stage.grade:g}" if alone else stage.name
