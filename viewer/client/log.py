"""What the engine's process writes on stderr, kept in a rotated log that holds no patient data."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST = 1_000_000
KEPT = 3


class EngineLog:
    """Appends to ``engine.log`` in ``folder``; lines carry the engine's own times."""

    def __init__(self, folder: Path) -> None:
        self._handler = RotatingFileHandler(
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
