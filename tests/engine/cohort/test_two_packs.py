"""Two packs on the same photographs, from made-up answers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from engine.answers import Decision
from engine.cohort import two_packs, two_packs_report
from engine.cohort.graded import Graded
from engine.cohort.grades import Asked, Scored
from engine.errors import Refusal
from engine.packs.pack import Pack
from engine.task import Task


def asked(
    grades: list[int], scores: list[float | None], patients: list[str] | None = None
) -> Asked:
    """What a pack said that calls 0.5 or more referable."""
    scored = []
    for at, (grade, score) in enumerate(zip(grades, scores, strict=True)):
        row = Graded(f"eye{at}", Path(f"eye{at}.png"), grade, patients[at] if patients else "")
        if score is None:
            scored.append(Scored(row, Decision.UNGRADABLE, None, "It is too dark."))
        else:
            called = Decision.REFERABLE if score >= 0.5 else Decision.NOT_REFERABLE
            scored.append(Scored(row, called, score))
    return Asked(tuple(scored), "cpu", (), ("Of both.",))


def test_only_what_both_packs_scored_is_compared(untrained: Pack, drawing_pack: Pack) -> None:
    grades = [2, 3, 4, 0, 1, 0, 2]
    first = asked(grades, [0.9, 0.8, 0.4, 0.1, 0.6, None, 0.7])
    second = asked(grades, [0.9, 0.4, 0.6, 0.1, 0.2, 0.3, None])
    compared = two_packs.compare((untrained, drawing_pack), (first, second))
    assert compared.first.found.n == compared.second.found.n == 5
    assert [row.image for row, _ in compared.left_out] == ["eye5", "eye6"]
    assert compared.left_out[0][1] == "untrained 1.0.0: It is too dark."
    # Of six pairs: 0.4 stands below 0.6; none stands so.
    assert compared.difference.difference == pytest.approx(5 / 6 - 1)
    referable, other = compared.referable, compared.other
    assert (referable.first, referable.second, referable.total) == (1, 1, 3)
    assert (other.first, other.second, other.total) == (0, 1, 2)
    assert (referable.p, other.p) == (1, 1)
    said = two_packs_report.as_json(compared)
    assert said["n"] == 5
    assert said["answered_differently"]["referable"]["first_alone_right"] == 1
    assert [side["left_out"] for side in (said["first"], said["second"])] == [1, 1]


def test_a_class_that_is_too_short_names_what_either_pack_left_out(
    untrained: Pack, drawing_pack: Pack
) -> None:
    first = asked([2, 3, 0, 0], [0.9, 0.8, 0.1, None])
    second = asked([2, 3, 0, 0], [0.9, None, 0.1, 0.2])
    with pytest.raises(Refusal, match=r"eye1: It is too dark\. eye3: It is too dark\."):
        two_packs.compare((untrained, drawing_pack), (first, second))


def test_the_difference_is_delongs_of_those_photographs(
    untrained: Pack, drawing_pack: Pack
) -> None:
    generator = np.random.default_rng(0)
    truth = np.arange(140) % 2 == 0
    draws = np.clip(0.5 + 0.2 * truth + 0.2 * generator.normal(size=(2, 140)), 0, 1)
    grades = (2 * truth).tolist()
    compared = two_packs.compare(
        (untrained, drawing_pack),
        (asked(grades, draws[0].tolist()), asked(grades, draws[1].tolist())),
    )
    # By hand: every pair of a referable and another photograph, and DeLong's sum over placements.
    wins = [
        (row[truth][:, None] > row[~truth]) + 0.5 * (row[truth][:, None] == row[~truth])
        for row in draws
    ]
    less = wins[0] - wins[1]
    variance = less.mean(1).var(ddof=1) / 70 + less.mean(0).var(ddof=1) / 70
    assert compared.difference.difference == pytest.approx(less.mean())
    z = abs(less.mean()) / np.sqrt(variance)
    assert compared.difference.p == pytest.approx(2 * norm.sf(z))


def test_the_patients_of_the_table_are_taken_together(untrained: Pack, drawing_pack: Pack) -> None:
    generator = np.random.default_rng(0)
    truth = np.repeat(np.arange(80) % 2 == 0, 2)
    eyes = np.repeat(generator.normal(size=(2, 80)), 2, axis=1)
    draws = 1 / (1 + np.exp(-eyes - truth))
    patients = [f"p{at // 2}" for at in range(160)]
    packs = (untrained, drawing_pack)
    wide, narrow = (
        two_packs.compare(
            packs,
            (
                asked((2 * truth).tolist(), draws[0].tolist(), whose),
                asked((2 * truth).tolist(), draws[1].tolist(), whose),
            ),
        )
        for whose in (patients, None)
    )
    assert wide.difference.p > narrow.difference.p
    independent = "McNemar's p takes each photograph as independent"
    assert any(independent in note for note in two_packs_report.as_json(wide)["notes"])
    assert not any(independent in note for note in two_packs_report.as_json(narrow)["notes"])


def test_what_is_said_of_one_pack_alone_names_it(untrained: Pack, drawing_pack: Pack) -> None:
    grades = [2, 3, 0, 1]
    first, second = (asked(grades, [0.9, 0.8, 0.1, 0.2]) for _ in range(2))
    first = replace(first, warnings=("It learnt from these.",))
    compared = two_packs.compare((untrained, drawing_pack), (first, second))
    said = two_packs_report.in_words(compared)
    assert "untrained 1.0.0: It learnt from these." in said
    assert said.count("Of both.") == 1
    assert "untrained 1.0.0 and drawing 1.0.0: Of both." in said
    assert "All 2 referable photographs were called alike by both." in said


def test_two_packs_of_one_name_are_told_apart_by_their_seals(untrained: Pack) -> None:
    again = replace(untrained, sha256="b" * 64)
    answers = asked([2, 3, 0, 1], [0.9, 0.8, 0.1, 0.2])
    compared = two_packs.compare((untrained, again), (answers, answers))
    assert compared.second.name.endswith("(bbbbbbbb)")
    assert compared.first.name != compared.second.name


def test_two_packs_of_the_same_weights_are_said_to_be_so(
    untrained: Pack, drawing_pack: Pack
) -> None:
    answers = asked([2, 3, 0, 1], [0.9, 0.8, 0.1, 0.2])
    for other, same in ((replace(untrained, sha256="b" * 64), True), (drawing_pack, False)):
        compared = two_packs.compare((untrained, other), (answers, answers))
        assert ("the same weights" in two_packs_report.in_words(compared)) is same


def test_a_pack_is_not_compared_with_itself(untrained: Pack, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="Both are untrained"):
        two_packs.ask(tmp_path / "a.csv", (), (untrained, untrained), "processor", Task())
