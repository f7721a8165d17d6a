"""A client whose engine dies of what nobody waits for."""

from pathlib import Path
from typing import Any

from told import Told, name

from engine.answers import Criterion
from engine.service.messages import PictureFile


def _ask(told: Told, photo: Path, pack: str) -> Any:
    return told.client.ask(
        pane="ahead",
        picture=PictureFile(str(photo)),
        pack=pack,
        criterion=Criterion.PI,
        device="automatic",
        ahead=True,
    )


def test_a_question_asked_ahead_that_ends_the_engine_is_not_asked_again(
    told: Told, photo: Path
) -> None:
    number = _ask(told, photo, "crash")
    assert name(told.last_word(number)) == "Gone"
    assert len(told.restarts) == 1
    assert name(told.last_word(told.client.open(photo))) == "Opened"
    assert len(told.restarts) == 1


def test_once_somebody_waits_for_it_it_is_asked_again(told: Told, photo: Path) -> None:
    number = _ask(told, photo, "crash")
    told.client.hasten(number)
    assert name(told.last_word(number)) == "Refused"
    assert len(told.restarts) == 2
