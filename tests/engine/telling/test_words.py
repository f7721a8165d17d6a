"""The words in which probabilities, decisions and criteria are told."""

from dataclasses import replace

import numpy as np
import pytest

from engine.answers import Criterion, Decision, Interval, PackReference, RetinopathyAnswer
from engine.criteria.relevance import ALPHA_2_BETA_1
from engine.images.dicom.frame_names import numbered
from engine.pictures import FrameAxis, VolumeFacts, grid_of
from engine.telling import words

ANSWER = RetinopathyAnswer(
    question="retinopathy",
    decision=Decision.REFERABLE,
    probability=0.78,
    interval=Interval(0.66, 0.87),
    operating_point=0.41,
    pack=PackReference("retinopathy-first", "1.0.0", "3f2a91c04d" + "0" * 54),
    criterion=Criterion.PI,
    assessed=None,
    resolution=7.7,
    device="processor",
)


def test_a_chance_has_one_scale_for_every_eye() -> None:
    assert "every kind and eye" in words.scale_words(1.0, chance=True)
    assert "own scale" in words.scale_words(1.0)


def test_a_probability_stands_with_its_interval_as_the_design_prints_it() -> None:
    assert words.probability_words(0.78, Interval(0.66, 0.87)) == "78\u202f% (66 to 87\u202f%)"


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0, "under 1\u202f%"),
        (0.0099, "under 1\u202f%"),
        (0.01, "1\u202f%"),
        (0.125, "13\u202f%"),
        (0.5, "50\u202f%"),
        (0.99, "99\u202f%"),
        (0.9901, "over 99\u202f%"),
        (1.0, "over 99\u202f%"),
    ],
)
def test_a_probability_is_whole_per_cent_and_never_nought_or_all(
    probability: float, expected: str
) -> None:
    assert words.percent(probability) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.001, 0.04, "under 1 to 4\u202f%"),
        (0.9, 0.999, "90 to over 99\u202f%"),
        (0.992, 0.999, "over 99\u202f% throughout"),
    ],
)
def test_an_interval_at_the_ends_of_the_scale_still_reads(
    low: float, high: float, expected: str
) -> None:
    assert words.interval_words(Interval(low, high)) == expected


def test_the_full_sentence_is_that_of_the_design() -> None:
    assert words.probability_sentence(ANSWER).replace("\u202f", " ") == (
        "Probability of referable retinopathy 78 %, 90 % interval 66 to 87 %, "
        "above the operating point of 41 %."
    )


def test_a_probability_below_the_operating_point_is_said_to_be_below() -> None:
    low = replace(ANSWER, probability=0.2, interval=Interval(0.1, 0.3))
    assert "below the operating point" in words.probability_sentence(low)


@pytest.mark.parametrize(
    ("low", "high", "close"),
    [(0.3, 0.5, True), (0.42, 0.5, False), (0.1, 0.4, False), (0.41, 0.5, False)],
)
def test_a_decision_is_close_where_its_interval_crosses_the_operating_point(
    low: float, high: float, close: bool
) -> None:
    interval = Interval(low, high)
    assert words.is_close(interval, 0.41) is close
    sentence = words.probability_sentence(replace(ANSWER, interval=interval))
    assert ("close" in sentence) is close


def test_an_ungradable_answer_has_a_sentence_without_a_number() -> None:
    answer = replace(ANSWER, decision=Decision.UNGRADABLE, probability=None, interval=None)
    sentence = words.probability_sentence(answer)
    assert sentence == (
        "Ungradable: retake or refer. The model refused this picture. "
        "No probability and no heatmap were made."
    )


def test_the_decisions_have_the_designs_exact_words() -> None:
    assert [words.decision_words(decision) for decision in Decision] == [
        "Referable",
        "Not referable",
        "Ungradable: retake or refer",
    ]


def test_the_strip_has_its_exact_words() -> None:
    assert words.STRIP == "Research use only. Not a medical device."


def test_a_legend_names_its_criterion() -> None:
    assert words.legend_title(Criterion.PI) == "Evidence, criterion π"
    assert words.legend_title(Criterion.OMEGA) == "Evidence, criterion ω"
    assert words.legend_title(Criterion.PI_PHOTOGRAPH) == "Evidence, criterion π of the photograph"


def test_a_legend_of_relevance_says_the_rule() -> None:
    assert words.legend_title(Criterion.RELEVANCE) == "Relevance α 2, β 1, signed"
    assert (ALPHA_2_BETA_1.alpha, ALPHA_2_BETA_1.beta) == (2, 1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.013249, "own scale: 1.00 is 0.0132 and more"),
        (1.0, "own scale: 1.00 is 1 and more"),
        (999.96, "own scale: 1.00 is 1000 and more"),
        (1.2349e-5, "own scale: 1.00 is 1.23 × 10⁻⁵ and more"),
        (123456.0, "own scale: 1.00 is 1.23 × 10⁵ and more"),
    ],
)
def test_the_real_scale_has_three_figures_and_no_jargon(value: float, expected: str) -> None:
    assert words.scale_words(value) == expected


def test_a_pack_is_named_with_version_and_short_hash() -> None:
    assert words.pack_words(ANSWER.pack) == "retinopathy-first 1.0.0 (3f2a91c0)"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(12, "under 1 min"), (50, "about 1 min"), (150, "about 2 min"), (3590, "about 1 h"),
     (4800, "about 1 h 20 min")],
)  # fmt: skip
def test_the_time_left_is_told_as_a_person_says_it(seconds: float, said: str) -> None:
    assert words.time_left(seconds) == f"{said} left"


@pytest.mark.parametrize(
    ("count", "axis", "slices", "said"),
    [
        (30, FrameAxis.TIME, 20, "30 time points"),
        (30, FrameAxis.TIME, 1, "30 frames"),
        (3, FrameAxis.B_VALUE, 20, "3 b-values"),
        (2, FrameAxis.ECHO, 20, "2 echoes"),
        (20, FrameAxis.PHASE, 1, "20 phases"),
        (1, FrameAxis.TIME, 20, ""),
    ],
)
def test_frames_are_called_as_in_a_report(
    count: int, axis: FrameAxis, slices: int, said: str
) -> None:
    grid = grid_of(np.eye(4), (64, 48, slices))
    facts = VolumeFacts(grid, frames=numbered(count, axis), frame_axis=axis)
    assert words.frames_words(facts) == said
