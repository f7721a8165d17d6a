"""The records on disk: private, unforked, never changed, and there after a sudden end."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from engine.errors import Refusal
from engine.records import place, store
from engine.records.place import FILE
from engine.records.store import open_records

OLD = Path(__file__).with_name("records_0001.sql")

APPENDER = """
import sys
from pathlib import Path
from engine.records.store import open_records
with open_records(Path(sys.argv[1])) as records:
    for number in range(int(sys.argv[2])):
        done = records.append(sys.argv[3], "noted", {"number": number})
        print(done.number, flush=True)
"""


def raw(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / FILE, isolation_level=None)


def appender(folder: Path, count: int, subject: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", APPENDER, str(folder), str(count), subject]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def filled(folder: Path, count: int = 5) -> None:
    with open_records(folder) as records:
        for number in range(count):
            records.append("picture", "noted", {"number": number})


def test_what_was_appended_is_there_in_its_order_after_opening_anew(tmp_path: Path) -> None:
    with open_records(tmp_path) as records:
        first = records.append("one", "noted", {"text": "Größe ≈ 3"})
        records.append("other", "noted", {})
        second = records.append("one", "noted", {"text": ""})
    with open_records(tmp_path) as records:
        assert records.events("one") == (first, second)
        assert records.events("one", after=first.number) == (second,)
        assert records.verify() is None
        assert records.count() == 3


def test_an_event_says_when_and_under_which_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "reader")
    with open_records(tmp_path) as records:
        done = records.append("picture", "noted", {})
    assert done.who == "reader"
    assert done.time.endswith("Z")


@pytest.mark.skipif(os.name != "posix", reason="only POSIX systems have these rights")
def test_only_the_owner_may_read_any_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    before = os.umask(0)
    try:
        with open_records(folder) as records:
            records.append("picture", "noted", {})
            files = list(folder.iterdir())
            assert len(files) == 3
            for path in (folder, *files):
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET who = 'nobody' WHERE number = 2",
        "DELETE FROM events WHERE number = 5",
        "INSERT OR REPLACE INTO events SELECT number, time, 'nobody', subject, kind, payload,"
        " previous_hash, hash FROM events WHERE number = 2",
        "INSERT INTO events VALUES (7, '', '', '', '', '', '', '')",
        "INSERT INTO events VALUES (6, '', '', '', '', '', (SELECT hash FROM events"
        " WHERE number = 4), '')",
    ],
)
def test_the_database_itself_forbids_to_change_remove_or_fork(
    tmp_path: Path, statement: str
) -> None:
    filled(tmp_path)
    connection = raw(tmp_path)
    with pytest.raises(sqlite3.IntegrityError, match="an event"):
        connection.execute(statement)
    connection.close()
    with open_records(tmp_path) as records:
        assert (records.count(), records.verify()) == (5, None)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        *(
            (f"UPDATE events SET {column} = 'x' WHERE number = 3", 3)
            for column in ("time", "who", "subject", "kind", "payload", "previous_hash", "hash")
        ),
        ("DELETE FROM events WHERE number = 2", 2),
        ("DELETE FROM events WHERE number = 1", 1),
        ("UPDATE events SET number = 9 WHERE number = 5", 5),
    ],
)
def test_who_got_round_the_triggers_is_found_by_the_chain(
    tmp_path: Path, statement: str, broken: int
) -> None:
    filled(tmp_path)
    connection = raw(tmp_path)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.close()
    with open_records(tmp_path) as records:
        assert records.verify() == broken


def test_two_programs_that_begin_and_append_at_once_make_one_chain(tmp_path: Path) -> None:
    running = [appender(tmp_path, 40, subject) for subject in ("one", "other", "third")]
    numbers: list[int] = []
    for process in running:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        numbers += map(int, said.split())
    assert sorted(numbers) == list(range(1, 121))
    with open_records(tmp_path) as records:
        assert records.verify() is None
        assert [len(records.events(subject)) for subject in ("one", "other", "third")] == [40] * 3


def test_two_threads_that_append_at_once_make_one_chain(tmp_path: Path) -> None:
    with open_records(tmp_path) as one, open_records(tmp_path) as other:

        def append(records: store.Records) -> None:
            for _ in range(20):
                records.append("picture", "noted", {})

        threads = [threading.Thread(target=append, args=(records,)) for records in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (one.count(), one.verify()) == (40, None)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("after", [1, 17])
def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path, after: int) -> None:
    process = appender(tmp_path, 100_000, "picture")
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.read().splitlines()
    process.wait(20)
    process.stdout.close()
    acknowledged = len([word for word in said if word.strip().isdigit()])
    with open_records(tmp_path) as records:
        assert records.verify() is None
        # One more may have been on the disk before it could be acknowledged; a number cut off by
        # the kill counts as one that was said.
        assert acknowledged <= records.count() <= acknowledged + 1
        records.append("picture", "noted", {})
        assert records.verify() is None


@pytest.mark.parametrize(
    "garbage", [b"no database at all" * 100, b"SQLite format 3\0" + b"\7" * 900]
)
def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path, garbage: bytes) -> None:
    (tmp_path / FILE).write_bytes(garbage)
    with pytest.raises(Refusal) as refused:
        open_records(tmp_path)
    assert str(tmp_path / FILE) in refused.value.why
    assert (tmp_path / FILE).read_bytes() == garbage


def test_damage_within_is_refused_when_it_is_met(tmp_path: Path) -> None:
    filled(tmp_path, 400)
    path = tmp_path / FILE
    content = bytearray(path.read_bytes())
    for page in range(6, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with open_records(tmp_path) as records, pytest.raises(Refusal) as refused:
        records.verify()
    assert "damaged" in refused.value.why


def test_an_index_that_lost_an_event_is_damage(tmp_path: Path) -> None:
    filled(tmp_path)
    connection = raw(tmp_path)
    connection.execute("PRAGMA writable_schema = ON")
    # The index is emptied behind the table's back: it names another column's values.
    connection.execute(
        "UPDATE sqlite_master SET sql = 'CREATE INDEX events_by_subject ON events (kind, number)'"
        " WHERE name = 'events_by_subject'"
    )
    connection.close()
    with open_records(tmp_path) as records, pytest.raises(Refusal):
        records.verify()


def test_records_of_a_newer_program_are_refused_and_not_changed(tmp_path: Path) -> None:
    filled(tmp_path)
    connection = raw(tmp_path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(Refusal) as refused:
        open_records(tmp_path)
    assert "newer version" in refused.value.why
    assert (tmp_path / FILE).read_bytes() == before


def test_records_of_the_first_form_open(tmp_path: Path) -> None:
    connection = raw(tmp_path)
    connection.executescript(OLD.read_text(encoding="utf-8"))
    connection.close()
    with open_records(tmp_path) as records:
        assert [done.payload for done in records.events("picture")] == [
            '{"number":0}',
            '{"number":1}',
        ]
        assert records.verify() is None


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    filled(tmp_path)

    def small(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 12")

    event.listen(Engine, "connect", small)
    try:
        with open_records(tmp_path) as records:
            with pytest.raises(Refusal) as refused:
                records.append("picture", "noted", {"text": "x" * 100_000})
            assert "full" in refused.value.why
            assert (records.count(), records.verify()) == (5, None)
            assert records.append("picture", "noted", {}).number == 6
    finally:
        event.remove(Engine, "connect", small)


def test_a_writer_that_never_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_WAIT", 0.1)
    with open_records(tmp_path) as records:
        other = raw(tmp_path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Refusal) as refused:
            records.append("picture", "noted", {})
        assert "held the records" in refused.value.why
        other.close()
        assert records.append("picture", "noted", {}).number == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refusal):
        open_records(tmp_path / "file" / "records")


def test_asking_where_records_lie_makes_none(tmp_path: Path) -> None:
    assert not place.file_in(tmp_path / "none").exists()
    assert not (tmp_path / "none").exists()
