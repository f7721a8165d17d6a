"""An engine that cannot start, is another's or talks nonsense is refused in words."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from told import name

from engine.service.messages import PROTOCOL
from viewer.client.engine import EngineState


def test_an_engine_that_cannot_start_is_said_after_the_call(make: Any, photo: Path) -> None:
    told = make("/no/such/program")
    number = told.client.open(photo)
    assert told.last_words == []
    assert "could not be started" in told.last_word(number).why
    assert told.states[-1] == (EngineState.OFF, "Engine off")


def test_an_engine_that_always_ends_is_not_started_for_ever(make: Any, photo: Path) -> None:
    told = make(sys.executable, "-c", "pass")
    refused = told.last_word(told.client.open(photo))
    assert "5 times" in refused.why
    assert told.states[-1] == (EngineState.OFF, "Engine off")


def test_an_engine_that_talks_nonsense_is_not_started_for_ever(make: Any, photo: Path) -> None:
    told = make(sys.executable, "-c", "print('nonsense', flush=True); input()")
    assert name(told.last_word(told.client.open(photo))) == "Refused"


HELLO = '{"type":"hello","version":"%s","protocol":%d}'


def test_an_engine_of_another_version_is_said_with_both_versions(make: Any, photo: Path) -> None:
    told = make(sys.executable, "-c", f"print('{HELLO % ('0.0.7', 1)}', flush=True); input()")
    refused = told.last_word(told.client.open(photo))
    assert "0.0.7" in refused.why
    assert version("lesionlens") in refused.why


def test_an_engine_of_another_protocol_is_refused(make: Any, photo: Path) -> None:
    hello = HELLO % (version("lesionlens"), 99)
    told = make(sys.executable, "-c", f"print('{hello}', flush=True); input()")
    refused = told.last_word(told.client.open(photo))
    assert name(refused) == "Refused"
    # Two versions that are alike would not say what differs.
    assert "of different installations" in refused.why


def test_lines_in_pieces_and_several_at_once_are_told_apart(make: Any, photo: Path) -> None:
    progress = '{"type":"progress","id":1,"what":"%s","done":0,"total":0}'
    script = f"""
import sys
def say(text):
    sys.stdout.write(text); sys.stdout.flush()
hello = '{HELLO % (version("lesionlens"), PROTOCOL)}' + chr(10)
say(hello[:20]); say(hello[20:])
sys.stdin.readline()
one, two, three = ('{progress % "one"}', '{progress % "two"}', '{progress % "three"}')
say(one + chr(10) + two + chr(10) + three[:9])
sys.stdin.readline()
say(three[9:] + chr(10) + '{{"type":"gone","id":1,"why":"done"}}' + chr(10))
"""
    told = make(sys.executable, "-c", script)
    number = told.client.open(photo)
    told.until(lambda: len(told.progress) == 2)
    # A second line to read lets it go on.
    told.client.install_pack(photo)
    assert name(told.last_word(number)) == "Gone"
    assert [p.what for p in told.progress] == ["one", "two", "three"]
