"""A stage's question over the door: its heatmap comes with it, and it ends nobody else's."""

from pathlib import Path
from typing import Any

import numpy as np

from engine.answers import Criterion
from engine.service.messages import (
    AnsweredStage,
    Ask,
    AskStage,
    Cancel,
    CompareVisits,
    Gone,
    PictureFile,
    Refused,
    SeenThen,
    VisitsCompared,
    decode_from_engine,
    encode,
)
from engine.service.requests import CANCELLED, REPLACED


def ask(number: int, photo: Path, pack: str, *, pane: str = "stage", **more: Any) -> AskStage:
    picture = PictureFile(str(photo))
    return AskStage(number, pane, picture, pack, Criterion.PI, "processor", **more)


def test_it_comes_with_the_asked_stages_heatmap(engine: Any, photo: Path) -> None:
    engine.send(ask(1, photo, "good", stage=1))
    word = engine.last_word(1)
    assert isinstance(word, AnsweredStage)
    assert word.answer.explained == 1
    assert [share.name for share in word.answer.stages] == ["none", "late"]
    assert np.load(word.heatmap.file).ndim == 2
    assert decode_from_engine(encode(word)) == word


def test_a_newer_one_of_its_pane_replaces_it(engine: Any, photo: Path) -> None:
    engine.send(ask(1, photo, "patient"))
    engine.begun(1, "Asking the network")
    engine.send(ask(2, photo, "good"))
    assert engine.last_word(1) == Gone(1, REPLACED)
    assert isinstance(engine.last_word(2), AnsweredStage)


def test_it_ends_no_question_that_is_asked_ahead(engine: Any, photo: Path) -> None:
    picture = PictureFile(str(photo))
    ahead = Ask(
        1, "ahead", "retinopathy", picture, "patient", Criterion.PI, "processor", ahead=True
    )
    engine.send(ahead)
    engine.begun(1, "Asking the network")
    engine.send(ask(2, photo, "good"))
    engine.send(Cancel(1))
    assert engine.last_word(1) == Gone(1, CANCELLED)
    assert isinstance(engine.last_word(2), AnsweredStage)


def test_asked_ahead_it_gives_way_to_a_photographs_question(engine: Any, photo: Path) -> None:
    engine.send(ask(1, photo, "patient", ahead=True))
    engine.begun(1, "Asking the network")
    engine.ask(2, photo, "good")
    assert engine.last_word(1) == Gone(1, REPLACED)


def test_a_refusal_comes_in_words(engine: Any, photo: Path) -> None:
    engine.send(ask(1, photo, "refuse"))
    assert engine.last_word(1) == Refused(1, "This.", "That.", "Do.")


def test_comparing_visits_ends_no_question_that_is_asked_ahead(engine: Any, photo: Path) -> None:
    engine.send(ask(1, photo, "patient", ahead=True))
    engine.begun(1, "Asking the network")
    seen = SeenThen(PictureFile(str(photo)))
    engine.send(CompareVisits(2, "visits", seen, seen, 0.25))
    assert isinstance(engine.last_word(2), VisitsCompared)
    engine.send(Cancel(1))
    assert engine.last_word(1) == Gone(1, CANCELLED)
