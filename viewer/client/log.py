"""What the engine's process writes on stderr, kept in a rotated log that holds no patient data."""

import logging
from functools import lru_cache
from logging.handlers import RotatingFileHandler

from engine import folders

LARGEST = 1_000_000
KEPT = 3


def keep(text: bytes) -> None:
    """Append what the engine said."""
    for line in text.decode("utf-8", "replace").splitlines():
        _log().info("%s", line)


@lru_cache(maxsize=1)
def _log() -> logging.Logger:
    log = logging.getLogger(__name__)
    log.propagate = False
    log.setLevel(logging.INFO)
    handler = RotatingFileHandler(
        folders.logs() / "engine.log",
        maxBytes=LARGEST,
        backupCount=KEPT,
        encoding="utf-8",
        delay=True,
    )
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    return log
