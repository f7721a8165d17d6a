"""Where the program keeps things: one place a kind, the system's own, owner-only.

To ask where is not to make: who reads finds nothing there, and who writes makes the folder first.
"""

import errno
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import platformdirs

NAME = "lesionlens"


def config() -> Path:
    """Settings and the list of recent pictures."""
    return Path(platformdirs.user_config_dir(NAME, appauthor=False))


def packs() -> Path:
    """Packs that the user installed."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "packs"


def records() -> Path:
    """What readers drew and decided: never deleted by the program."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "records"


def runs() -> Path:
    """Trainings that were begun in the window: each a run folder."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "runs"


def cache() -> Path:
    """What can be made anew: exchange folders of running sessions."""
    return Path(platformdirs.user_cache_dir(NAME, appauthor=False))


def logs() -> Path:
    """Rotated logs, without patient data."""
    return Path(platformdirs.user_log_dir(NAME, appauthor=False))


def made(folder: Path) -> Path:
    """Make ``folder`` and those above it where they are missing. Raises ``OSError``."""
    missing = [each for each in (folder, *folder.parents) if not each.is_dir()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
    return folder


def why_not_written(folder: Path) -> str:
    """Why nothing can be written to ``folder``, as the system says; empty where it can be.

    The folder is made where it is missing: that is what is asked.
    """
    try:
        with tempfile.TemporaryFile(dir=made(folder)):
            return ""
    except OSError as fault:
        return reason(fault)


def reason(fault: OSError) -> str:
    """What the system said; libraries raise without it, too."""
    return fault.strerror or type(fault).__name__


def is_full(fault: OSError) -> bool:
    """Whether the disk, or this user's share of it, takes no more."""
    return fault.errno in (errno.ENOSPC, errno.EDQUOT)


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file so that a reader sees all of it or nothing of it.

    A temporary file in the same folder, flushed and synchronised, then renamed over ``path``. It
    gets the rights that any new file gets here: what must be private lies in a private folder.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` so that a reader sees all of it or nothing of it."""
    write_whole(path, lambda file: file.write(content))
