"""``lesionlens audit verify`` as a person or a script calls it."""

import json
import sqlite3

import pytest

from engine import cli, folders
from engine.records.place import FILE, file_in
from engine.records.store import open_records

pytestmark = pytest.mark.usefixtures("own_home")


def some_events() -> None:
    with open_records() as records:
        for number in range(3):
            records.append("picture", "noted", {"number": number})


def test_whole_records_are_told_to_be_whole(capsys: pytest.CaptureFixture[str]) -> None:
    some_events()
    assert cli.main(["audit", "verify", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["events"], told["first_broken"]) == (3, None)


def test_a_changed_event_is_named_and_ends_in_a_refusal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    some_events()
    connection = sqlite3.connect(file_in(), isolation_level=None)
    connection.execute("DROP TRIGGER events_are_never_changed")
    connection.execute("UPDATE events SET who = 'nobody' WHERE number = 2")
    connection.close()
    assert cli.main(["audit", "verify", "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["first_broken"] == 2
    assert "Event 2 of 3 is not as it was written." in said.err


def test_asking_makes_no_records(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", "verify"]) == 0
    assert "no records yet" in capsys.readouterr().out
    assert not file_in().exists()


def test_damaged_records_end_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    (folders.made(folders.records()) / FILE).write_bytes(b"no records" * 500)
    assert cli.main(["audit", "verify"]) == 1
    assert "damaged" in capsys.readouterr().err
