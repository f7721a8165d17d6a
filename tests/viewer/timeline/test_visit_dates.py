"""Days as a reader types and reads them."""

from datetime import date

import pytest

from viewer.photograph import dates


@pytest.mark.parametrize("typed", ["2024-03-12", "12 Mar 2024", "12 march 2024", "20240312"])
def test_a_day_is_read_in_each_usual_way(typed: str) -> None:
    assert dates.read(typed) == date(2024, 3, 12)


@pytest.mark.parametrize("typed", ["", "yesterday", "2024-02-30", "03/12/2024", "12 Foo 2024"])
def test_what_is_no_day_or_could_be_two_is_none(typed: str) -> None:
    assert dates.read(typed) is None


def test_a_day_that_is_not_known_is_said_so() -> None:
    assert dates.words_of(date(2024, 3, 2)) == "2 Mar 2024"
    assert dates.words_of(None) == "Date not known"
