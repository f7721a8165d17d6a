"""The words of a truth check."""

from dataclasses import replace

from given_truth_check import check, part

from engine.answers import Criterion
from engine.telling import truth_words
from engine.truth_check import Agreement


def test_where_the_probability_hardly_moves_the_curves_are_said_to_tell_little() -> None:
    assert "hardly" not in truth_words.room(check())
    assert "hardly" in truth_words.room(replace(check(), empty=0.85))
    assert "hardly" in truth_words.room(replace(check(), empty=0.95))


def test_where_nothing_is_left_and_it_is_still_referable_the_curves_are_said_to_tell_little() -> (
    None
):
    much_to_fall = replace(check(), probability=1.0, empty=0.6, operating_point=0.5)
    assert "evidence itself" in truth_words.room(much_to_fall)
    assert truth_words.cautions(replace(much_to_fall, operating_point=0.7)) == ()


def test_every_measure_has_a_name_a_figure_and_a_meaning() -> None:
    told = truth_words.measures(check(), part(Criterion.PI, marked=True))
    assert len({each.name for each in told}) == len(told) == 8
    assert all(each.figure and each.meaning.endswith(".") for each in told)
    by_name = {each.name: each.figure for each in told}
    assert by_name["Regions painted over"] == "90\u202f% → 20\u202f%"
    assert by_name["Moved by one pixel"] == "0.77 (by rank 0.50)"
    # The whole network, not the last layer alone.
    assert by_name["Weights shuffled"] == "0.10 (by rank 0.12)"


def test_a_criterion_without_arithmetic_says_nothing_of_it() -> None:
    without = replace(part(Criterion.OMEGA), arithmetic_error=None)
    assert not any("Arithmetic" in each.name for each in truth_words.measures(check(), without))


def test_a_correlation_below_zero_has_a_true_minus() -> None:
    against = replace(part(Criterion.PI), randomised=(Agreement(-0.21, -0.001),))
    figures = [each.figure for each in truth_words.measures(check(), against)]
    assert "0.00 (by rank −0.21)" in figures
