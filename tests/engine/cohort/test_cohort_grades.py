"""The figures of what a pack said, from made-up answers."""

from pathlib import Path

import pytest

from engine.answers import Decision
from engine.cohort.graded import Graded
from engine.cohort.grades import Asked, Scored, figures


def scored(grade: int, score: float | None, called: bool = False) -> Scored:
    decision = Decision.REFERABLE if called else Decision.NOT_REFERABLE
    row = Graded("eye", Path("eye.png"), grade, "")
    return Scored(row, decision if score is not None else None, score)


def test_rates_are_those_of_the_pictures_with_a_score() -> None:
    answers = (
        scored(2, 0.9, True), scored(3, 0.8, True), scored(4, 0.3), scored(2, 0.7, True),
        scored(0, 0.1), scored(1, 0.75, True), scored(0, 0.2), scored(4, None), scored(0, None),
    )  # fmt: skip
    found = figures(Asked(answers, "cpu", (), ()))
    assert found.n == 7
    assert found.sensitivity == pytest.approx(3 / 4)
    assert found.specificity == pytest.approx(2 / 3)
    # Of twelve pairs, 0.3 and 0.7 stand below 0.75.
    assert found.area.value == pytest.approx(10 / 12)
    assert (found.area.positives, found.area.negatives) == (4, 3)
