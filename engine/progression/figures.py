"""What the experiment found: accuracies, paired differences and their test (METHODS L3)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.evaluation import ordinal
from engine.evaluation.ordinal import ResampledTest
from engine.progression.experiment import Result
from engine.progression.splits import Staged

HEADS = ("vision", "lstm")


@dataclass(frozen=True, eq=False)
class ArmFigures:
    """One arm's head over all splits; shares are of 1. ``against`` the baseline, paired.

    ``p_of_trained`` is that test's p where validation pictures do not count as learnt from; None
    where it is not known how many there were (METHODS L3).

    ``confusion`` (K, K) is summed over splits. ``steps`` is the validation accuracy at each step
    of the sequences in the kept pass, averaged.
    """

    arm: str
    head: str
    accuracy: float
    deviation: float
    kappa: float
    stage_error: float
    confusion: NDArray[np.intp]
    steps: tuple[float, ...]
    against: ResampledTest | None
    p_of_trained: float | None = None


def figures(
    results: Sequence[Result], staged: Staged, baseline: str = "baseline"
) -> list[ArmFigures]:
    """The figures of every arm and head; the baseline has no LSTM."""
    by_arm: dict[str, list[Result]] = {}
    for result in sorted(results, key=lambda each: each.split):
        by_arm.setdefault(result.arm, []).append(result)
    base = by_arm.get(baseline, [])
    reference = {each.split: _accuracy(each, "vision", staged) for each in base}
    found = []
    for arm, own in by_arm.items():
        for head in HEADS:
            if head == "lstm" and arm.startswith("baseline"):
                continue
            found.append(_one(arm, head, own, staged, {} if arm == baseline else reference))
    return found


@dataclass(frozen=True)
class Learnt:
    """One head of cyclic sequences less the same head of shuffled ones, paired (METHODS L4.13).

    More than nothing says that the order itself was learnt.
    """

    head: str
    difference: ResampledTest


def order_learnt(results: Sequence[Result], staged: Staged) -> list[Learnt]:
    """What both heads gained by the order; nothing where either arm was not asked for."""
    cyclic = [each for each in results if each.arm == "cyclic"]
    shuffled = [each for each in results if each.arm == "shuffled"]
    found = []
    for head in HEADS:
        reference = {each.split: _accuracy(each, head, staged) for each in shuffled}
        if test := _paired(cyclic, head, staged, reference):
            found.append(Learnt(head, test))
    return found


def _paired(
    own: Sequence[Result],
    head: str,
    staged: Staged,
    reference: dict[int, float],
    *,
    trained_alone: bool = False,
) -> ResampledTest | None:
    pairs = [
        (
            _accuracy(each, head, staged) - reference[each.split],
            len(each.test) / (each.learnt_from - (each.validated if trained_alone else 0)),
        )
        for each in sorted(own, key=lambda each: each.split)
        if each.split in reference
    ]
    if len(pairs) < 2:
        return None
    differences, ratios = np.array(pairs).T
    return ordinal.resampled_test(differences, float(ratios.mean()))


def _one(
    arm: str, head: str, own: Sequence[Result], staged: Staged, reference: dict[int, float]
) -> ArmFigures:
    accuracies = np.array([_accuracy(each, head, staged) for each in own])
    counts = np.zeros((staged.count, staged.count), np.intp)
    errors = []
    for each in own:
        truth, shares = staged.stages[list(each.test)], np.array(getattr(each, head))
        counts += ordinal.confusion(truth, shares.argmax(axis=1), staged.count)
        errors.append(ordinal.stage_error(truth, shares @ np.arange(staged.count)))
    steps = [each.rows[each.best - 1].get(head, []) for each in own if each.best]
    alone = _paired(own, head, staged, reference, trained_alone=True)
    return ArmFigures(
        arm,
        head,
        float(accuracies.mean()),
        float(accuracies.std(ddof=1)) if len(own) > 1 else 0.0,
        ordinal.quadratic_kappa(counts),
        float(np.mean(errors)),
        counts,
        tuple(np.mean(steps, axis=0).tolist()) if steps and steps[0] else (),
        _paired(own, head, staged, reference),
        alone.p if alone and all(each.validated for each in own) else None,
    )


def _accuracy(result: Result, head: str, staged: Staged) -> float:
    told = np.array(getattr(result, head)).argmax(axis=1)
    return float((told == staged.stages[list(result.test)]).mean())
