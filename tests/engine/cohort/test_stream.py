"""Many pictures, one row each: order, reasons, progress and cancel."""

import pytest

from engine.cohort.stream import OUR_FAULT, stream
from engine.errors import Cancelled, Refusal
from engine.task import Task


def root(number: float, task: Task) -> float:
    if number < 0:
        raise Refusal("It has no root.", f"{number} is negative.", "Take another.")
    if number == 13:
        raise ZeroDivisionError("a secret name")
    return number**0.5


def test_every_item_has_its_row_in_order_and_a_bad_one_its_reason() -> None:
    rows = list(stream([4.0, -1.0, 9.0], root, "Roots", Task()))
    assert [row.item for row in rows] == [4, -1, 9]
    assert [row.made for row in rows] == [2, None, 3]
    assert [row.reason for row in rows] == ["", "It has no root. -1.0 is negative.", ""]


def test_a_fault_of_our_own_is_a_row_too_and_is_logged_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = list(stream([13.0, 4.0], root, "Roots", Task()))
    assert [row.reason for row in rows] == [OUR_FAULT, ""]
    assert "ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text


def test_progress_is_told_for_the_pictures_and_not_for_the_steps_within() -> None:
    told: list[tuple[str, int, int]] = []

    def step(number: int, task: Task) -> int:
        task.progress("Within", 1, 2)
        return number

    list(stream([1, 2], step, "Pictures", Task(lambda *what: told.append(what))))
    assert told == [("Pictures", 0, 2), ("Pictures", 1, 2), ("Pictures", 2, 2)]


def test_nothing_is_made_before_it_is_asked_for() -> None:
    made: list[int] = []

    def note(number: int, task: Task) -> None:
        made.append(number)

    rows = stream([1, 2, 3], note, "Pictures", Task())
    next(rows)
    assert made == [1]


def test_a_cancel_reaches_into_the_picture_at_hand() -> None:
    task = Task()
    went_on: list[int] = []

    def step(number: int, within: Task) -> None:
        task.cancel()
        within.check()
        went_on.append(number)

    with pytest.raises(Cancelled):
        list(stream([1, 2], step, "Pictures", task))
    assert not went_on
