"""An engine that is killed at any stage is started anew, and asked once more."""

import re
from pathlib import Path

import pytest
from told import Told, ask, kill, name

from engine.answers import Look
from engine.service.messages import PictureFile
from viewer.client.engine import EngineState


@pytest.mark.parametrize("stage", ["hello", "ready", "open", "answer", "write", "draw"])
def test_an_engine_killed_at_any_stage_is_started_anew_and_asked_once_more(
    told: Told, photo: Path, control: Path, tmp_path: Path, stage: str
) -> None:
    (control / f"hold-{stage}").touch()
    opening = told.client.open(photo)
    asking = ask(told, photo, "good")
    drawing = told.client.draw(
        picture=PictureFile(str(photo)),
        answer=None,
        heatmap=None,
        look=Look(0.5, 0.1, "azure"),
        to=tmp_path / "drawn.png",
    )
    told.until((control / f"held-{stage}").exists)
    kill(told)
    assert name(told.last_word(opening)) == "Opened"
    assert name(told.last_word(asking)) == "Answered"
    assert name(told.last_word(drawing)) == "Drawn"
    assert len(told.restarts) == 1
    assert name(told.last_word(told.client.open(photo))) == "Opened"


def test_an_engine_killed_while_idle_is_started_anew(told: Told, photo: Path) -> None:
    told.client.start()
    told.ready()
    kill(told)
    told.until(lambda: told.restarts)
    assert name(told.last_word(told.client.open(photo))) == "Opened"


def test_a_restart_is_not_settled_before_what_is_asked_once_more_is_over(
    told: Told, photo: Path
) -> None:
    asked = ask(told, photo, "patient")
    told.until(lambda: any(p.what == "Asking the network" for p in told.progress))
    kill(told)
    told.until(lambda: told.restarts)
    told.ready()
    told.last_word(told.client.open(photo))
    assert told.settled == []
    told.client.cancel(asked)
    told.until(lambda: told.settled)
    assert told.last_words[-1].id == asked


def test_a_restart_with_nothing_asked_is_settled_when_the_engine_is_ready(told: Told) -> None:
    told.client.start()
    told.ready()
    kill(told)
    told.until(lambda: told.settled)
    assert told.states[-1][0] is EngineState.READY
    told.client.close()
    assert told.settled == [0]


def test_a_file_that_crashed_its_decoder_twice_is_refused_after_the_engine_came_back_too(
    told: Told, tmp_path: Path, control: Path
) -> None:
    deadly = tmp_path / "deadly.png"
    deadly.write_text("crash ")
    assert "crashed the decoder 2 times" in told.last_word(told.client.open(deadly)).why
    kill(told)
    told.until(lambda: told.restarts)
    assert "crashed the decoder 2 times" in told.last_word(told.client.open(deadly)).why
    assert len((control / "tries").read_text().split()) == 2


def test_a_restart_is_said_with_its_time_and_what_is_asked_again(told: Told, photo: Path) -> None:
    ask(told, photo, "patient")
    told.until(lambda: any(p.what == "Asking the network" for p in told.progress))
    kill(told)
    told.until(lambda: told.restarts)
    state, words = told.states[-1]
    assert state is EngineState.RESTARTED
    assert re.fullmatch(r"Engine restarted \d\d:\d\d", words)
    assert re.fullmatch(
        r"The engine stopped unexpectedly at \d\d:\d\d and was started again\. "
        r"One request is asked once more\.",
        told.restarts[0],
    )


def test_a_question_that_crashes_the_engine_twice_is_given_up_and_no_other(
    told: Told, photo: Path
) -> None:
    told.client.start()
    told.ready()
    deadly = ask(told, photo, "crash", pane="left")
    harmless = ask(told, photo, "good", pane="right")
    refused = told.last_word(deadly)
    assert photo.name in refused.what
    assert "2 times" in refused.why
    assert "processor" in refused.advice
    assert name(told.last_word(harmless)) == "Answered"
    assert len(told.restarts) == 2


def test_the_processor_is_not_offered_where_it_was_used(told: Told, photo: Path) -> None:
    refused = told.last_word(ask(told, photo, "crash", device="processor"))
    assert "processor" not in refused.advice


def test_an_array_that_is_shown_outlives_its_engine_and_what_it_left_is_deleted(
    told: Told, photo: Path, control: Path
) -> None:
    shown = told.last_word(ask(told, photo, "good")).heatmap.file
    (control / "hold-write").touch()
    again = ask(told, photo, "good")
    told.until((control / "held-write").exists)
    kill(told)
    later = told.last_word(again).heatmap.file
    assert told.client.mapped(shown).shape == (3, 4)
    halves = [p for p in Path(shown).parent.iterdir() if p.read_bytes().endswith(b"half a")]
    assert halves == []
    told.client.release(shown)
    assert not Path(shown).exists()
    assert Path(later).exists()
