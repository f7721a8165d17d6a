"""Stages are told by their grades and names, never by a bare number."""

from dataclasses import replace

import pytest
from given_stage import ANSWER, head, shares

from engine.answers import Criterion, Decision, Interval
from engine.stage_answers import Head, StageAnswer
from engine.telling import stage_words

DAVIS = replace(
    ANSWER,
    scale="Davis",
    stages=shares(("NDR", "SDR", "PPDR", "PDR"), (0.0, 1.5, 3.0, 4.0), (0.1, 0.6, 0.2, 0.1)),
)


def plain(words: str) -> str:
    return words.replace("\N{NARROW NO-BREAK SPACE}", " ")


def of_stage(place: int, answer: StageAnswer = ANSWER) -> StageAnswer:
    parts = [0.6 if each == place else 0.1 for each in range(len(answer.stages))]
    told = (replace(share, probability=p) for share, p in zip(answer.stages, parts, strict=True))
    return replace(answer, stages=tuple(told))


@pytest.mark.parametrize(
    ("answer", "decision", "said"),
    [
        (of_stage(0), Decision.REFERABLE, "by stage 0 alone the eye would not be referable"),
        (of_stage(1), Decision.REFERABLE, "by stage 1 alone the eye would not be referable"),
        (of_stage(2), Decision.NOT_REFERABLE, "by stage 2 alone the eye would be referable"),
        (of_stage(0, DAVIS), Decision.REFERABLE, "by stage 0 alone the eye would not be"),
        (of_stage(2, DAVIS), Decision.NOT_REFERABLE, "by stage 3 alone the eye would be"),
    ],
)
def test_a_stage_that_speaks_against_the_decision_is_said_to(answer, decision, said) -> None:
    assert said in stage_words.contradiction(answer, decision)


@pytest.mark.parametrize(
    ("answer", "decision"),
    [
        (of_stage(0), Decision.NOT_REFERABLE),
        (of_stage(2), Decision.REFERABLE),
        (of_stage(4), Decision.UNGRADABLE),
        (of_stage(1, DAVIS), Decision.REFERABLE),
        (of_stage(1, DAVIS), Decision.NOT_REFERABLE),
        (replace(of_stage(0), scale="KL"), Decision.REFERABLE),
        (replace(ANSWER, stages=()), Decision.REFERABLE),
    ],
)
def test_a_stage_that_does_not_is_left_alone(answer, decision) -> None:
    assert stage_words.contradiction(answer, decision) == ""


@pytest.mark.parametrize(
    ("grades", "codes"),
    [
        ((0, 1, 2, 3, 4), ("0", "1", "2", "3", "4")),
        ((0, 1.5, 3, 4), ("0", "1–2", "3", "4")),
        ((0, 1.5, 3.5), ("0", "1–2", "3–4")),
        ((0.5, 3), ("0–1", "2–4")),
        ((1, 3.5), ("0–2", "3–4")),
        ((1, 2, 3, 4, 5), ("1", "2", "3", "4", "5")),
        ((0.0, 0.3, 2.0), ("1/3", "2/3", "3/3")),
    ],
)
def test_a_part_is_called_by_the_grades_that_it_puts_together(grades, codes) -> None:
    stages = shares("abcdef"[: len(grades)], grades, [1 / len(grades)] * len(grades))
    assert stage_words.codes(stages) == codes


@pytest.mark.parametrize(
    ("grades", "places"),
    [
        ((0, 1, 2, 3, 4), {0: 0, 2: 2, 4: 4, 5: None}),
        ((0, 1.5, 3, 4), {0: 0, 1: 1, 2: 1, 3: 2, 4: 3}),
        ((0.0, 0.3, 2.0), {0: None, 1: 0, 3: 2, 4: None}),
    ],
)
def test_a_digit_means_the_stage_in_whose_part_it_stands(grades, places) -> None:
    stages = shares("abcdef"[: len(grades)], grades, [1 / len(grades)] * len(grades))
    assert {digit: stage_words.place_of(stages, digit) for digit in places} == places


def test_the_headline_says_the_likeliest_stage_and_the_expected_one_with_its_interval() -> None:
    assert stage_words.likeliest_words(ANSWER) == "Stage 2, moderate, most likely"
    said = stage_words.expected_words(ANSWER)
    assert said == "expected stage 2.1 (90\u202f% interval 1.8 to 2.4)"
    assert stage_words.likeliest_words(DAVIS) == "Stage 1 to 2, SDR, most likely"


def test_an_interval_that_rounds_to_one_number_is_no_range() -> None:
    narrow = replace(ANSWER, interval=Interval(2.08, 2.11))
    said = stage_words.expected_words(narrow)
    assert said == "expected stage 2.1 (90\u202f% interval 2.1 throughout)"


def test_a_share_is_told_with_its_place_on_the_scale() -> None:
    told = stage_words.share_words(ANSWER.scale, ANSWER.stages, 2)
    assert plain(told) == "Moderate, 2 of ICDR 0 to 4: 62 %"
    told = stage_words.share_words(DAVIS.scale, DAVIS.stages, 1)
    assert plain(told) == "SDR (simple retinopathy), 1 to 2 of ICDR 0 to 4: 60 %"


def test_a_stage_that_is_named_by_its_grade_alone_is_not_named_twice() -> None:
    stages = shares("01234", range(5), (0.2,) * 5)
    assert stage_words.stage_words(stages, 3) == "stage 3"
    assert plain(stage_words.share_words("ICDR", stages, 3)) == "Stage 3 of ICDR 0 to 4: 20 %"


def test_heads_are_told_where_their_likeliest_stages_differ_and_only_there() -> None:
    assert stage_words.heads_words(ANSWER) == ""
    other = head(Head.LSTM, 0.0, 0.0, 0.2, 0.8, 0.0)
    differ = replace(ANSWER, heads=(ANSWER.heads[0], other))
    assert stage_words.heads_words(differ) == (
        "The two heads differ: vision says moderate, sequence says severe"
    )
    told = plain(stage_words.heads_sentences(differ))
    assert "Sequence head: none under 1 %, mild under 1 %, moderate 20 %, severe 80 %" in told
    assert told.endswith("expected stage 2.8.")


def test_the_legend_names_the_stage_and_the_criterion() -> None:
    of = stage_words.stage_words(ANSWER.stages, 2)
    title = stage_words.evidence_title(Criterion.PI, of)
    assert title == "Evidence for stage 2, moderate, π"
    title = stage_words.evidence_title(Criterion.RELEVANCE, of)
    assert title == "Relevance for stage 2, moderate, α 2, β 1"
