"""What nobody foresaw becomes a row, and its report tells no one's name."""

import sys
from collections.abc import Iterator

import pytest
from window_desk import Desk

from viewer import application


class _PatientError(Exception):
    """A fault whose words hold what must not be told."""


@pytest.fixture
def report() -> Iterator[str]:
    try:
        raise _PatientError("/home/x/Erika Mustermann.jpg")
    except _PatientError:
        kind, _, trace = sys.exc_info()
        assert kind is not None
        yield application.report_of(kind, trace)


def test_a_report_says_where_and_what_kind(report: str) -> None:
    assert "_PatientError" in report
    assert "test_application.py:" in report


def test_a_report_holds_no_path_and_no_words_of_the_fault(report: str) -> None:
    assert "Mustermann" not in report
    assert "/" not in report


def test_an_unforeseen_fault_is_a_row_and_the_window_goes_on(desk: Desk) -> None:
    try:
        raise _PatientError("Erika")
    except _PatientError as fault:
        application.Hook(desk.window)(_PatientError, fault, fault.__traceback__)
    assert "Something went wrong here, and it is our fault" in desk.words()
    assert "Erika" not in desk.words()
    desk.open_and_answer()
    assert desk.window.presenter.answer is not None
