"""What a command says beside its answer."""

import logging
import subprocess
import sys

import pytest
import typer

from engine.commands.console import device_setting, work
from engine.errors import Refusal

READING_AHEAD = """
from threading import Event, Thread
from engine.commands.console import warn, work
from engine.images.overheard import overheard

begun, told = Event(), Event()

def read():
    with overheard():
        begun.set()
        told.wait(20)

with work():
    reader = Thread(target=read)
    reader.start()
    begun.wait(20)
    warn("One of them was refused.")
    told.set()
    reader.join()
"""


def test_what_a_command_says_is_read_while_a_picture_is_opened_ahead() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", READING_AHEAD], capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, "One of them was refused.\n")


def test_a_warning_that_is_said_at_each_pass_is_told_at_once_and_at_the_end_how_often(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = logging.getLogger("engine.training.loop")
    with pytest.raises(typer.Exit), work(quiet=True):
        for number in range(12):
            log.warning("All answers are alike.")
            log.info("Nobody asked.")
            if not number % 4:
                log.warning("A gradient of %.3g was clipped.", number / 3)
        log.warning("Said once.")
        early = capsys.readouterr().err.splitlines()
        for fault in ("MemoryError", "ValueError"):
            log.warning("%s in one of many.", fault)
        raise Refusal("It was refused.", "So.", "Do that.")
    said = capsys.readouterr().err.splitlines()
    assert early == ["All answers are alike.", "A gradient of 0 was clipped.", "Said once."]
    assert said[:2] == ["MemoryError in one of many.", "ValueError in one of many."]
    assert said[2].startswith("It was refused.")
    assert said[3:] == [
        "All answers are alike. (12 times)",
        "A gradient of 2.67 was clipped. (3 times)",
    ]


def test_a_card_that_was_named_and_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert device_setting("cuda:99") == "cuda:99"
    assert "graphics card 99 was not found" in capsys.readouterr().err
    device_setting("processor")
    device_setting("automatic")
    assert capsys.readouterr().err == ""
