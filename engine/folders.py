"""Where the program keeps things: one place a kind, the system's own, owner-only."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import platformdirs

NAME = "lesionlens"


def config() -> Path:
    """Settings and the list of recent pictures."""
    return _made(Path(platformdirs.user_config_dir(NAME, appauthor=False)))


def packs() -> Path:
    """Packs that the user installed."""
    return _made(Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "packs")


def records() -> Path:
    """What readers drew and decided: never deleted by the program."""
    return _made(Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "records")


def runs() -> Path:
    """Trainings that were begun in the window: each a run folder."""
    return _made(Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "runs")


def cache() -> Path:
    """What can be made anew: exchange folders of running sessions."""
    return _made(Path(platformdirs.user_cache_dir(NAME, appauthor=False)))


def logs() -> Path:
    """Rotated logs, without patient data."""
    return _made(Path(platformdirs.user_log_dir(NAME, appauthor=False)))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


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
