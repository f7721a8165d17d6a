"""What the engine's process writes on stderr, kept in a rotated log that holds no patient data."""

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from engine import folders

LARGEST = 1_000_000
KEPT = 3


class EngineLog:
    """Appends to ``engine.log`` in ``folder``; lines carry the engine's own times.

    Where the folder cannot be written there is no log: nobody's work waits for it.
    """

    def __init__(self, folder: Path) -> None:
        with suppress(OSError):
            folders.made(folder)
        self._handler = _Handler(
            folder / "engine.log",
            maxBytes=LARGEST,
            backupCount=KEPT,
            encoding="utf-8",
            delay=True,
        )
        self._log = logging.Logger(__name__)
        self._log.addHandler(self._handler)

    def keep(self, text: bytes) -> None:
        """Append what the engine said."""
        for line in text.decode("utf-8", "replace").splitlines():
            self._log.info("%s", line)

    def close(self) -> None:
        """Let go of the file."""
        self._handler.close()


class _Handler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """Python's own would print a traceback for every line."""
