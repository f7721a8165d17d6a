"""Dates as tables write them; what could be two days is never guessed."""

import re
from collections.abc import Sequence
from datetime import date
from enum import Enum

_TIME = r"(?:[T ,]+\d.*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/._])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_COMPACT = re.compile(rf"(\d{{4}})(\d\d)(\d\d){_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_DAY_NAMED = re.compile(rf"(\d{{1,2}})[-. ]+([A-Za-z]{{3,9}})\.?[-, ]+(\d{{4}}){_TIME}")
_NAMED_DAY = re.compile(rf"([A-Za-z]{{3,9}})\.?[- ]+(\d{{1,2}})[-, ]+(\d{{4}}){_TIME}")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_EARLIEST = 1900
"""Decided: no photograph of a retina that somebody compares is older."""


class Unread(Enum):
    """Why a text is no date."""

    EMPTY = "empty"
    AMBIGUOUS = "ambiguous"
    NO_DATE = "no date"


def read_dates(texts: Sequence[str]) -> list[date | Unread]:
    """The day that each text of one column means.

    Decided: a column writes all its dates in one way, so that one "25/03/2021" tells what its
    "04/03/2021" is. Where none tells, or some say one way and some the other, those that could be
    two days stay AMBIGUOUS.
    """
    both = [_year_last(text.strip()) for text in texts]
    told = [pair for pair in both if pair is not None]
    day_first = any(pair[0] and not pair[1] for pair in told)
    month_first = any(pair[1] and not pair[0] for pair in told)
    return [
        _one(text.strip(), pair, day_first=day_first, month_first=month_first)
        for text, pair in zip(texts, both, strict=True)
    ]


def iso(text: str) -> str:
    """The day that a text means by itself, ISO 8601; empty where it means none for certain."""
    (found,) = read_dates([text])
    return found.isoformat() if isinstance(found, date) else ""


def _one(
    text: str, pair: tuple[date | None, date | None] | None, *, day_first: bool, month_first: bool
) -> date | Unread:
    if not text:
        return Unread.EMPTY
    if pair is None:
        return _plain(text) or Unread.NO_DATE
    first, second = pair
    if first is None or second is None or first == second:
        return first or second or Unread.NO_DATE
    if day_first == month_first:
        return Unread.AMBIGUOUS
    return first if day_first else second


def _year_last(text: str) -> tuple[date | None, date | None] | None:
    """Both readings of "4/3/2021", with the day first and with the month first."""
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        return None
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    return _day(year, other, one), _day(year, one, other)


def _plain(text: str) -> date | None:
    """A text that can be one day alone."""
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_NAMED.fullmatch(text):
        return _day(int(found[3]), _month(found[2]), int(found[1]))
    if found := _NAMED_DAY.fullmatch(text):
        return _day(int(found[3]), _month(found[1]), int(found[2]))
    return None


def _month(name: str) -> int:
    low = name.lower()
    fitting = [at for at, month in enumerate(_MONTHS, 1) if month.startswith(low)]
    # "Sept" is customary; "Ju" would be two months.
    return fitting[0] if len(fitting) == 1 else 0


def _day(year: int, month: int, day: int) -> date | None:
    if year < _EARLIEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
