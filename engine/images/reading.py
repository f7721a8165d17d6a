"""A file that may be compressed, missing, forbidden or cut: opened, or refused in words."""

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import cast

from engine.errors import Refusal

COPY_AGAIN = "Copy it again from its source."

GZIP = b"\x1f\x8b\x08"

MOST_TIMES_SMALLER = 1040
"""Deflate makes nothing smaller by more than 1032 times; a little more for the file around it."""


def name_of(path: Path) -> str:
    """The file's own name, as text that can be shown."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def damaged(path: Path, why: str) -> Refusal:
    """A file that is not whole."""
    return Refusal(f"“{name_of(path)}” is damaged and cannot be shown.", why, COPY_AGAIN)


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what the system or a decompressor says about a file into a refusal."""
    what = f"“{name_of(path)}” cannot be opened."
    try:
        yield
    except FileNotFoundError as fault:
        raise Refusal(
            what, "There is no such file.", "Check whether it was moved, renamed or deleted."
        ) from fault
    except PermissionError as fault:
        raise Refusal(
            what,
            "You are not allowed to read this file.",
            "Ask its owner for leave to read it, or copy it to a folder of your own.",
        ) from fault
    except (gzip.BadGzipFile, zlib.error) as fault:
        raise damaged(path, "Bytes of its compressed content were changed.") from fault
    except EOFError as fault:
        raise damaged(path, "Its compressed content ends early.") from fault
    except OSError as fault:
        raise Refusal(
            what,
            "The drive or network folder that holds it did not hand it over.",
            "Check that the drive is connected, then try again.",
        ) from fault


def is_compressed(path: Path) -> bool:
    """Whether the file's content is gzip. Raises what the system raises."""
    with path.open("rb") as file:
        return file.read(3) == GZIP


@contextmanager
def unpacked(path: Path) -> Iterator[BufferedReader]:
    """The file's bytes, unpacked where its content is gzip. Raises what the system raises."""
    if is_compressed(path):
        with gzip.open(path, "rb") as packed:
            yield cast(BufferedReader, packed)  # it has all that is asked of one
    else:
        with path.open("rb") as plain:
            yield plain


def most_bytes(path: Path) -> int:
    """No more bytes than these can be in the file, once unpacked."""
    size = path.stat().st_size
    return size * MOST_TIMES_SMALLER if is_compressed(path) else size


def too_short(path: Path, expected: int, found: int) -> Refusal:
    """A file with fewer bytes of picture than its header says."""
    return damaged(
        path,
        f"It ends early: its header promises {expected:,} bytes of picture, {found:,} are there.",
    )
