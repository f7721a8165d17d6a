"""A client whose engine dies of what nobody waits for."""

from pathlib import Path

from told import Told, ask, name


def test_a_question_asked_ahead_that_ends_the_engine_is_not_asked_again(
    told: Told, photo: Path
) -> None:
    number = ask(told, photo, "crash", pane="ahead", ahead=True)
    assert name(told.last_word(number)) == "Gone"
    assert len(told.restarts) == 1
    assert name(told.last_word(told.client.open(photo))) == "Opened"
    assert len(told.restarts) == 1


def test_once_somebody_waits_for_it_it_is_asked_again(told: Told, photo: Path) -> None:
    number = ask(told, photo, "crash", pane="ahead", ahead=True)
    told.client.hasten(number)
    assert name(told.last_word(number)) == "Refused"
    assert len(told.restarts) == 2
