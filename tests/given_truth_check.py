"""A truth check with round figures. Not a test."""

from engine.answers import Criterion, PackReference
from engine.truth_check import (
    Agreement,
    CriterionTruth,
    Curve,
    Overlap,
    Painted,
    RandomCurve,
    Stability,
    TruthCheck,
)

SHARES = (0.0, 0.1, 0.5, 1.0)


def part(criterion: Criterion, *, marked: bool = False) -> CriterionTruth:
    return CriterionTruth(
        criterion,
        Curve(SHARES, (0.9, 0.3, 0.2, 0.1), 0.27),
        Curve(SHARES, (0.1, 0.8, 0.9, 0.9), 0.81),
        Stability(Agreement(0.5, 0.77), Agreement(0.8, 0.85), 5.0),
        (Agreement(0.6, 0.5), Agreement(0.12, 0.1)),
        0.74,
        0.2,
        0.00066,
        Overlap(0.41, 0.02, 0.3, True) if marked else None,
        Painted(0.03, 0.2, (0.88, 0.93)),
    )


def check(*criteria: Criterion, marked: bool = False) -> TruthCheck:
    mean = (0.9, 0.8, 0.5, 0.1)
    random = RandomCurve(
        SHARES, mean, (0.9, 0.7, 0.4, 0.1), (0.9, 0.85, 0.6, 0.1), 0.5, 0.48, 0.53, 5
    )
    parts = tuple(part(each, marked=marked) for each in criteria or (Criterion.PI,))
    pack = PackReference("little", "1.0.0", "ab" * 32)
    return TruthCheck(pack, "cpu", 0.9, 0.1, 0.4, parts, random, random, 3.0)
