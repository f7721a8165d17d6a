"""Columns on a line of time."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from viewer.timeline.spacing import spaced

FIRST = date(2020, 1, 1)


def days(*after: int) -> list[date]:
    return [FIRST + timedelta(days=each) for each in after]


def test_days_far_apart_stand_to_true_scale() -> None:
    places = spaced(days(0, 300, 1000), 1100, 100)
    assert [place.left for place in places] == pytest.approx([0, 300, 1000])
    assert not any(place.is_pushed for place in places)


def test_days_close_together_are_pushed_apart_and_keep_their_order_and_their_true_place() -> None:
    places = spaced(days(0, 500, 510, 520, 1000), 1100, 100)
    lefts = [place.left for place in places]
    assert all(b - a >= 100 - 1e-9 for a, b in pairwise(lefts))
    assert [place.true for place in places] == pytest.approx([0, 500, 510, 520, 1000])
    assert lefts[1:4] == pytest.approx([410, 510, 610])  # about the middle of the three
    assert [place.is_pushed for place in places] == [False, True, False, True, False]


def test_nothing_is_pushed_over_an_end() -> None:
    places = spaced(days(0, 1, 2, 1000), 600, 100)
    assert [place.left for place in places] == pytest.approx([0, 100, 200, 500])


def test_a_line_that_is_too_narrow_is_exceeded_and_a_single_day_stands_at_its_beginning() -> None:
    assert [place.left for place in spaced(days(0, 10), 50, 100)] == pytest.approx([0, 100])
    assert [place.left for place in spaced(days(7), 500, 100)] == [0]
    assert spaced([], 500, 100) == ()


def test_visits_of_one_day_stand_beside_each_other() -> None:
    assert [place.left for place in spaced(days(3, 3), 500, 100)] == pytest.approx([0, 100])
