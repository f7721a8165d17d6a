"""The figures of what a pack said, from made-up answers."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.answers import Decision
from engine.cohort import grade_report
from engine.cohort.graded import Graded
from engine.cohort.grades import Asked, Scored, both_classes, figures
from engine.errors import Refusal
from engine.packs.pack import Pack


def scored(grade: int, score: float | None, called: bool = False, patient: str = "") -> Scored:
    decision = Decision.REFERABLE if called else Decision.NOT_REFERABLE
    row = Graded("eye", Path("eye.png"), grade, patient)
    return Scored(row, decision if score is not None else None, score)


def test_rates_are_those_of_the_pictures_with_a_score() -> None:
    answers = (
        scored(2, 0.9, True), scored(3, 0.8, True), scored(4, 0.3), scored(2, 0.7, True),
        scored(0, 0.1), scored(1, 0.75, True), scored(0, 0.2), scored(4, None), scored(0, None),
    )  # fmt: skip
    found = figures(Asked(answers, "cpu", (), ()))
    assert found.n == 7
    assert (found.sensitivity.found, found.sensitivity.total) == (3, 4)
    assert (found.specificity.found, found.specificity.total) == (2, 3)
    # Of twelve pairs, 0.3 and 0.7 stand below 0.75.
    assert found.area.value == pytest.approx(10 / 12)
    assert (found.area.positives, found.area.negatives) == (4, 3)


def test_eight_told_apart_from_eight_are_told_by_their_counts_and_wide_intervals(
    untrained: Pack,
) -> None:
    answers = (
        *(scored(3, 0.6 + at / 100, True) for at in range(8)),
        *(scored(0, 0.1 + at / 100) for at in range(8)),
    )
    asked = Asked(answers, "cpu", (), ())
    found = figures(asked)
    said = grade_report.in_words(asked, found, untrained)
    assert "A_z 1.000 (0.756 to 1.000), 95\u202f% interval" in said
    assert said.count("8 of 8, 100\u202f% (63 to 100\u202f%)") == 2
    assert "With fewer than 30 photographs of a class the figures tell little" in said
    told = grade_report.as_json(asked, found, untrained)
    assert told["sensitivity_interval"] == told["specificity_interval"]
    assert told["specificity_interval"] == pytest.approx([0.025 ** (1 / 8), 1])
    assert len(told["notes"]) == 1


def test_of_many_photographs_no_note_says_that_they_are_few(untrained: Pack) -> None:
    answers = tuple(scored(at % 2 * 2, at / 60, at > 30) for at in range(60))
    asked = Asked(answers, "cpu", (), ())
    assert grade_report.as_json(asked, figures(asked), untrained)["notes"] == []


def test_where_patients_are_told_they_are_what_is_few(untrained: Pack) -> None:
    # 34 photographs of 17 patients in each class.
    answers = tuple(
        scored(at % 2 * 2, at / 68, at > 34, f"p{at // 4}.{at % 2}") for at in range(68)
    )
    asked = Asked(answers, "cpu", (), ())
    few, alone = grade_report.as_json(asked, figures(asked), untrained)["notes"]
    assert few.startswith("With fewer than 30 patients of a class")
    # Each of the 34 patients has two photographs.
    assert alone.startswith("The interval of each sensitivity and specificity takes each")
    assert alone in grade_report.in_words(asked, figures(asked), untrained)


def test_a_class_that_is_too_short_names_what_was_left_out() -> None:
    answers = (scored(2, 0.9), scored(0, 0.1), scored(0, 0.2), scored(3, None))
    answers = (*answers[:3], replace(answers[3], reason="It is cut short."))
    with pytest.raises(Refusal, match=r"One of the table was left out: eye: It is cut short\."):
        figures(Asked(answers, "cpu", (), ()))


def test_a_table_of_one_class_is_refused_before_anything_is_asked() -> None:
    ill = [scored(2, None).row, scored(4, None).row]
    with pytest.raises(Refusal, match="Of its 2 photographs 2 are referable"):
        both_classes(ill)
    yes_and_no = [scored(0, None).row, scored(1, None).row]
    with pytest.raises(Refusal, match="a table of yes and no needs 2 in place of 1"):
        both_classes(yes_and_no)
    both_classes([*ill, *yes_and_no])


def test_probabilities_are_told_beside_what_came_true(untrained: Pack) -> None:
    answers = tuple(scored(at % 2 * 2, 0.9 if at % 2 else 0.7, True) for at in range(80))
    asked = Asked(answers, "cpu", (), ())
    told = grade_report.as_json(asked, figures(asked), untrained)
    assert told["mean_probability"] == pytest.approx(0.8)
    assert told["calibration_error"] == pytest.approx((0.7 + 0.1) / 2)
    assert told["calibration_error_by_chance"] < 0.2
    said = grade_report.in_words(asked, figures(asked), untrained)
    assert "The mean probability is 80\u202f%, and 50\u202f% are referable" in said
    assert "calibration error 0.400" in said
