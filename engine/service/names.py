"""File names that are no text: some systems allow them, and no message can carry them."""

import os
from pathlib import Path

from engine.listing import RefusedFile


def is_text(path: str) -> bool:
    """Whether a message can carry it."""
    return as_text(path) == path


def as_text(path: str) -> str:
    """The path with a sign in place of each byte that is no text."""
    return os.fsencode(path).decode("utf-8", "replace")


def no_text(path: Path) -> RefusedFile:
    """What is said of such a file."""
    return RefusedFile(
        str(path),
        f"“{as_text(path.name)}” cannot be opened. Its path holds bytes that are no text.",
    )
