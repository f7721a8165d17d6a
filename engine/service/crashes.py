"""Which files have ended a decoder, kept on disk so that a session's next engine knows it too."""

import hashlib
from pathlib import Path

FileState = tuple[str, int, int]
"""A file as it is now: its path, time of change and size."""


class Crashes:
    """Counts in ``folder``: a file's crashes are the bytes of a file that is named by its hash.

    So no name of a patient is written, and what was counted stays whenever the engine dies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def any(self) -> bool:
        """Whether any file has."""
        return self._folder.exists()

    def of(self, state: FileState | None) -> int:
        """How often a file, as it is, has ended a decoder."""
        try:
            return self._count(state).stat().st_size
        except FileNotFoundError:
            return 0

    def add(self, state: FileState | None) -> None:
        """Count one more."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with self._count(state).open("ab") as file:
            file.write(b".")

    def _count(self, state: FileState | None) -> Path:
        return self._folder / hashlib.sha256(repr(state).encode()).hexdigest()


def file_state(path: Path) -> FileState | None:
    """How the file is now, or None if it cannot be looked at."""
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path), found.st_mtime_ns, found.st_size
