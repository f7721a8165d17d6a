"""What is cancelled ends at once or with its engine, and once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from told import Told, ask, kill, name

from viewer.client import engine
from viewer.client.engine import EngineState


def test_a_cancel_is_said_at_once(told: Told, photo: Path) -> None:
    number = ask(told, photo, "patient")
    told.begun(number, "Asking the network")
    told.client.cancel(number)
    assert told.states[-1] == (EngineState.STOPPING, "Stopping")


def test_a_cancel_that_is_heeded_leaves_the_engine(told: Told, photo: Path) -> None:
    number = ask(told, photo, "patient")
    told.begun(number, "Asking the network")
    engine = told.client.process_number
    told.client.cancel(number)
    assert name(told.last_word(number)) == "Gone"
    assert told.client.process_number == engine
    assert told.states[-1] == (EngineState.READY, "Engine ready")


def test_a_cancel_that_is_not_heeded_kills_the_engine(
    told: Told, photo: Path, await_end: Callable[[int], None]
) -> None:
    number = ask(told, photo, "deaf", pane="left")
    told.begun(number, "Asking the network")
    waiting = ask(told, photo, "good", pane="right")
    engine = told.client.process_number
    told.client.cancel(number)
    assert name(told.last_word(number)) == "Gone"
    await_end(engine)
    assert name(told.last_word(waiting)) == "Answered"
    assert "not wanted any more" in told.restarts[0]


def test_what_nobody_waits_for_has_more_time_to_end(
    told: Told, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE", 50)
    monkeypatch.setattr(engine, "OVERTAKEN_PATIENCE", 1000)
    number = ask(told, photo, "deaf", pane="left")
    told.begun(number, "Asking the network")
    process = told.client.process_number
    told.client.drop(number)
    waiting = ask(told, photo, "good", pane="right")
    QTest.qWait(200)
    assert told.client.process_number == process
    assert all(state is not EngineState.STOPPING for state, _ in told.states)
    assert name(told.last_word(waiting)) == "Answered"  # by a new engine, when patience is over
    assert name(told.last_word(number)) == "Gone"


def test_a_request_is_cancelled_before_the_engine_is_there(
    told: Told, photo: Path, control: Path
) -> None:
    (control / "hold-hello").touch()
    number = told.client.open(photo)
    told.client.cancel(number)
    assert name(told.last_word(number)) == "Gone"


def test_a_crash_while_a_cancel_is_under_way_ends_the_request_once(told: Told, photo: Path) -> None:
    number = ask(told, photo, "deaf")
    told.begun(number, "Asking the network")
    told.client.cancel(number)
    kill(told)
    assert name(told.last_word(number)) == "Gone"
    assert "stopped unexpectedly" in told.restarts[0]
    assert name(told.last_word(told.client.open(photo))) == "Opened"
