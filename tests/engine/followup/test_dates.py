"""Dates of tables: what is one day is read, what could be two is not guessed."""

from datetime import date

import pytest

from engine.followup.dates import Unread, iso, read_dates


@pytest.mark.parametrize(
    "text",
    ["2021-04-25", "2021/4/25", "20210425", "2021-04-25T10:31:00", "25/04/2021", "04/25/2021",
     "25.4.2021", "25 Apr 2021", "25-APR-2021", "April 25, 2021", "2021-04-25 10:31"],
)  # fmt: skip
def test_what_can_be_one_day_alone_is_that_day(text: str) -> None:
    assert iso(text) == "2021-04-25"


@pytest.mark.parametrize("text", ["04/05/2021", "25/04/21", "2021-13-01", "2021-02-30", "soon", ""])
def test_what_is_no_day_for_certain_is_none(text: str) -> None:
    assert iso(text) == ""


def test_a_day_that_reads_alike_both_ways_is_read() -> None:
    assert iso("05/05/2021") == "2021-05-05"


def test_one_date_of_a_column_tells_how_the_others_are_written() -> None:
    assert read_dates(["04/05/2021", "25/05/2021"]) == [date(2021, 5, 4), date(2021, 5, 25)]
    assert read_dates(["04/05/2021", "05/25/2021"]) == [date(2021, 4, 5), date(2021, 5, 25)]


def test_a_column_that_writes_both_ways_tells_nothing_of_the_others() -> None:
    found = read_dates(["04/05/2021", "25/05/2021", "05/25/2021"])
    assert found == [Unread.AMBIGUOUS, date(2021, 5, 25), date(2021, 5, 25)]
