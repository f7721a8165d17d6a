"""What is read and asked ahead of its time, by a real engine that misbehaves on demand."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from engine.answers import Criterion
from engine.service.messages import (
    Answered,
    Ask,
    Cancel,
    Gone,
    Hasten,
    Open,
    Opened,
    PictureFile,
    Refused,
    ShrinkPhotograph,
    Thumbnail,
)
from engine.service.requests import CANCELLED, REPLACED


def _ask_ahead(engine: Any, number: int, path: Path, pack: str) -> None:
    picture = PictureFile(str(path))
    engine.send(
        Ask(number, "ahead", "retinopathy", picture, pack, Criterion.PI, "automatic", ahead=True)
    )


def test_a_question_asked_ahead_gives_way_to_one_that_is_waited_for(
    engine: Any, photo: Path
) -> None:
    _ask_ahead(engine, 1, photo, "patient")
    engine.begun(1, "Asking the network")
    engine.ask(2, photo, "good")
    assert isinstance(engine.last_word(2), Answered)
    assert engine.last_word(1) == Gone(1, REPLACED)


def test_once_it_is_waited_for_it_gives_way_no_more(engine: Any, photo: Path) -> None:
    _ask_ahead(engine, 1, photo, "patient")
    engine.begun(1, "Asking the network")
    engine.send(Hasten(1))
    engine.ask(2, photo, "good")
    engine.send(Cancel(1))
    assert engine.last_word(1) == Gone(1, CANCELLED)
    assert isinstance(engine.last_word(2), Answered)


def test_a_file_that_is_read_ahead_and_never_comes_holds_up_no_other(
    engine: Any, photo: Path, tmp_path: Path
) -> None:
    hanging = tmp_path / "hangs.jpg"
    hanging.write_bytes(b"hang ")
    engine.send(Open(1, PictureFile(str(hanging)), ahead=True))
    for number in range(2, 6):
        engine.open(number, photo)
        assert isinstance(engine.last_word(number), Opened)


def test_a_small_picture_of_a_photograph_comes_with_its_content_s_hash(
    engine: Any, photo: Path
) -> None:
    engine.send(ShrinkPhotograph(1, PictureFile(str(photo))))
    small = engine.last_word(1)
    assert isinstance(small, Thumbnail)
    assert small.content_hash == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert np.load(small.file).shape == (149, 224, 3)


def test_a_deadly_file_that_was_read_ahead_ends_no_more_decoders_than_any(
    engine: Any, control: Path, tmp_path: Path
) -> None:
    deadly = tmp_path / "deadly.jpg"
    deadly.write_bytes(b"crash ")
    engine.send(ShrinkPhotograph(1, PictureFile(str(deadly))))
    assert isinstance(engine.last_word(1), Refused)
    engine.send(Open(2, PictureFile(str(deadly)), ahead=True))
    engine.open(3, deadly)
    assert "crashed the decoder 2 times" in engine.last_word(3).why
    assert (control / "tries").read_text().count("\n") == 2
