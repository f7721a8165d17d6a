"""The records on disk: one append-only table of events, in a database that only its owner reads.

Writing is safe against the death of the program and of the machine (write-ahead log, synchronised
at every append) and against a second writer (each append holds the write lock from reading the
last hash to its commit). The window or the command line writes, never the engine's process.
"""

import getpass
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Row,
    create_engine,
    event,
    insert,
    select,
    text,
)

from engine.records.event import FIRST, Event, hash_of, is_true
from engine.records.faults import damaged, in_words
from engine.records.migrate import migrate
from engine.records.place import file_in
from engine.records.schema import events

_WAIT = 10.0
"""Seconds that a writer waits for another."""
_AT_ONCE = 1000
"""Events that are held in memory while the chain is checked."""


def open_records(folder: Path | None = None) -> "Records":
    """Open the records of ``folder``, the user's own if None; make them if there are none.

    Raises ``Refusal`` if they are damaged, newer than this program, or cannot be written.
    """
    path = file_in(folder)
    with in_words(path):
        _make_private(path)
    engine = _engine(path)
    try:
        with in_words(path), _writing(engine) as connection:
            migrate(connection, path)
    except BaseException:
        engine.dispose()
        raise
    return Records(path, engine)


class Records:
    """An open database of events; may be used from any one thread at a time."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine

    def append(self, subject: str, kind: str, payload: Any) -> Event:
        """Write down that ``kind`` happened to ``subject``; when this returns it is on the disk.

        ``payload`` is anything that msgspec writes as JSON. Raises ``Refusal``; nothing was written
        then.
        """
        content = msgspec.json.encode(payload).decode()
        with in_words(self.path), _writing(self._engine) as connection:
            last = connection.execute(
                select(events.c.number, events.c.hash).order_by(events.c.number.desc()).limit(1)
            ).first()
            number, previous = (1, FIRST) if last is None else (last.number + 1, last.hash)
            now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            written = (number, now, _who(), subject, kind, content, previous)
            done = Event(*written, hash_of(*written))
            connection.execute(insert(events).values(asdict(done)))
        return done

    def events(self, subject: str, after: int = 0) -> tuple[Event, ...]:
        """What happened to ``subject``, in order, with numbers beyond ``after``.

        Raises ``Refusal``.
        """
        asked = (
            select(events)
            .where(events.c.subject == subject, events.c.number > after)
            .order_by(events.c.number)
        )
        with in_words(self.path), self._engine.begin() as connection:
            return tuple(_event(row) for row in connection.execute(asked))

    def of_kind(self, kind: str) -> tuple[Event, ...]:
        """Everything of one kind that happened to any subject, in order. Raises ``Refusal``."""
        asked = select(events).where(events.c.kind == kind).order_by(events.c.number)
        with in_words(self.path), self._engine.begin() as connection:
            return tuple(_event(row) for row in connection.execute(asked))

    def count(self) -> int:
        """How many events there are. Raises ``Refusal``."""
        with in_words(self.path), self._engine.begin() as connection:
            return int(connection.scalar(text("SELECT COUNT(*) FROM events")) or 0)

    def verify(self) -> int | None:
        """The number of the first event that is not as it was written; None if all are.

        Raises ``Refusal`` if the file itself is damaged.
        """
        with in_words(self.path), self._engine.begin() as connection:
            # An index that lost a row would hide an event that the chain still holds.
            if connection.scalar(text("PRAGMA integrity_check(1)")) != "ok":
                raise damaged(self.path)
            previous = FIRST
            for number, found in enumerate(_all(connection), start=1):
                if not is_true(found, number, previous):
                    return number
                previous = found.hash
        return None

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


def _all(connection: Connection) -> Iterator[Event]:
    asked = select(events).order_by(events.c.number).execution_options(yield_per=_AT_ONCE)
    return (_event(row) for row in connection.execute(asked))


def _event(row: Row[Any]) -> Event:
    return Event(**row._asdict())


def _who() -> str:
    """The name of the account on this computer."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def _make_private(path: Path) -> None:
    """Make folder and file for the owner alone; SQLite gives its other files the same rights."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if os.name == "posix":
        path.parent.chmod(0o700)
        path.chmod(0o600)


# ---- SQLite's ways


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _WAIT, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        # Python's module must not begin transactions of its own, which would be no IMMEDIATE ones.
        connection.isolation_level = None
        _write_ahead(connection)
        # Synchronised at every commit: what is told as saved has reached the disk.
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _writing(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction that holds the write lock from its beginning."""
    return engine.execution_options(writing=True).begin()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Use a write-ahead log; SQLite itself does not wait here while another does the same."""
    until = time.monotonic() + _WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
