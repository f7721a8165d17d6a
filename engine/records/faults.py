"""What a database of records could not do, in words; nothing of it is ever set aside or deleted."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from engine.errors import Refusal

_NOT_SAVED = "What you draw is not being saved."


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite or the system says about the database at ``path`` into a ``Refusal``."""
    try:
        yield
    except DBAPIError as fault:
        raise _refusal(fault.orig, path) from fault
    except (sqlite3.Error, OSError) as fault:
        raise _refusal(fault, path) from fault


def damaged(path: Path) -> Refusal:
    """The file holds no records, or not whole ones."""
    return Refusal(
        "The records cannot be read, and nothing that you draw is being saved.",
        f"The file {path} is damaged.",
        "Keep it: most of it can be rescued. Move it elsewhere, with the files of the same name "
        "beside it, and new records begin.",
    )


def _refusal(fault: BaseException | None, path: Path) -> Refusal:
    if isinstance(fault, OSError):
        return _refused_by_system(fault.strerror or type(fault).__name__, path)
    # Python's own errors about a database have no code.
    code = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    match code:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path)
        case sqlite3.SQLITE_FULL:
            return Refusal(
                _NOT_SAVED,
                f"The disk that holds {path.parent} is full.",
                "Make room; it is tried again by itself while the window is open.",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Refusal(
                _NOT_SAVED,
                f"Another program has held the records in {path} for too long.",
                "It is tried again by itself while the window is open.",
            )
    return _refused_by_system(str(fault), path)


def _refused_by_system(reason: str, path: Path) -> Refusal:
    return Refusal(
        _NOT_SAVED,
        f"The system refused the records in {path}: {reason}.",
        "Check that the folder is there, and that you may read and write it.",
    )
