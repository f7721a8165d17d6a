"""Which work waits for which, and which takes another's place."""

import hashlib
from pathlib import Path
from typing import Any

from engine.answers import Look
from engine.service.messages import (
    Answered,
    Cancel,
    Draw,
    Drawn,
    Gone,
    InstallPack,
    ListPacks,
    Opened,
    Packs,
    PictureFile,
    Refused,
)
from engine.service.requests import CANCELLED, REPLACED

ANSWERING = "Asking the network"
READING = "Reading the photograph"


def test_a_file_opens_while_an_answer_is_computed(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "deaf")
    engine.begun(1, ANSWERING)
    engine.open(2, photo)
    assert isinstance(engine.last_word(2), Opened)


def test_a_picture_is_drawn_while_an_answer_is_computed(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "deaf")
    engine.begun(1, ANSWERING)
    to = photo.with_name("drawn.png")
    engine.send(Draw(2, PictureFile(str(photo)), None, None, Look(1, 0, "azure"), str(to)))
    assert isinstance(engine.last_word(2), Drawn)
    assert to.read_text() == f"{photo.name} None"


def test_a_pack_is_installed_while_an_answer_is_computed(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "deaf")
    engine.begun(1, ANSWERING)
    engine.send(InstallPack(2, "/somewhere/better.llpack"))
    installed = engine.last_word(2)
    assert isinstance(installed, Packs)
    assert installed.installed == "better.llpack"


def test_the_packs_are_listed_while_an_answer_is_computed(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "deaf")
    engine.begun(1, ANSWERING)
    engine.send(ListPacks(2))
    listed = engine.last_word(2)
    assert isinstance(listed, Packs)
    assert (listed.installed, [pack.name for pack in listed.packs]) == ("", ["good"])


def test_an_answer_does_not_wait_for_a_file_that_hangs(
    engine: Any, photo: Path, tmp_path: Path
) -> None:
    engine.open(1, photo)
    opened = engine.last_word(1)
    for number in range(2, 6):
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(b"hang ")
        engine.open(number, path)
    engine.begun(2, READING)
    engine.ask(9, photo, "good", content_hash=opened.content_hash)
    assert isinstance(engine.last_word(9), Answered)


def test_a_newer_question_of_a_pane_replaces_the_running_one(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "patient")
    engine.begun(1, ANSWERING)
    engine.ask(2, photo, "good")
    assert engine.last_word(1) == Gone(1, REPLACED)
    assert isinstance(engine.last_word(2), Answered)


def test_a_newer_question_of_a_pane_replaces_the_waiting_one(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "patient", pane="other")
    engine.begun(1, ANSWERING)
    engine.ask(2, photo, "raise")
    engine.ask(3, photo, "good")
    # At once, while the lane is still busy with the other pane.
    assert engine.last_word(2) == Gone(2, REPLACED)
    engine.send(Cancel(1))
    assert isinstance(engine.last_word(3), Answered)


def test_a_question_of_another_pane_replaces_nothing(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "good", pane="left")
    engine.ask(2, photo, "good", pane="right")
    assert isinstance(engine.last_word(1), Answered)
    assert isinstance(engine.last_word(2), Answered)


def test_a_cancelled_answer_is_gone(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "patient")
    engine.begun(1, ANSWERING)
    engine.send(Cancel(1))
    assert engine.last_word(1) == Gone(1, CANCELLED)


def test_a_cancelled_file_is_gone_though_its_decoder_hangs(engine: Any, tmp_path: Path) -> None:
    path = tmp_path / "hangs.jpg"
    path.write_bytes(b"hang ")
    engine.open(1, path)
    engine.begun(1, READING)
    engine.send(Cancel(1))
    assert engine.last_word(1) == Gone(1, CANCELLED)


def test_a_question_decodes_its_picture_where_that_is_not_at_hand(engine: Any, photo: Path) -> None:
    content_hash = hashlib.sha256(photo.read_bytes()).hexdigest()
    engine.ask(1, photo, "good", content_hash=content_hash)
    assert isinstance(engine.last_word(1), Answered)


def test_a_question_about_a_file_that_has_changed_is_refused(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "good", content_hash="0123456789")
    refused = engine.last_word(1)
    assert isinstance(refused, Refused)
    assert "changed" in refused.what
    assert "01234567" in refused.why
    assert hashlib.sha256(photo.read_bytes()).hexdigest()[:8] in refused.why


def test_a_file_that_is_at_hand_is_not_decoded_again(
    engine: Any, photo: Path, control: Path
) -> None:
    engine.open(1, photo)
    engine.open(2, photo)
    first, second = engine.last_word(1), engine.last_word(2)
    engine.open(3, photo)
    third = engine.last_word(3)
    assert first.file == third.file or second.file == third.file
    assert len((control / "tries").read_text().split()) <= 2
