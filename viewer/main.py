"""The door: a window, or the command line for a subcommand."""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.window import Window

_ENDINGS = (".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".bmp", ".webp", ".gif")
_VOLUME_ENDINGS = (
    ".dcm",
    ".ima",
    ".nii",
    ".gz",
    ".hdr",
    ".img",
    ".nrrd",
    ".nhdr",
    ".mha",
    ".mhd",
    ".zip",
)
_NO_DISPLAY = (
    "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. "
    "Run it on a desktop, or use a subcommand, for example: "
    "lesionlens analyse PHOTO --question retinopathy."
)
_MISSING = "There is no such file. Check whether it was moved, renamed or deleted."


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window on the given pictures, or hand a subcommand to the command line.

    Returns the exit code: 0 done, 1 a refusal, 2 wrong usage.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        from viewer.version import program_version

        sys.stdout.write(f"{program_version()}\n")
        return 0
    if all(is_picture(word) for word in given):
        return _window([Path(word) for word in given])
    # The one door to the command line; torch and the rest load there, where they are used.
    from engine import cli

    return cli.main(given)


def is_picture(word: str) -> bool:
    """Whether a word of the command line names a picture and not a subcommand.

    A picture is what exists, what has a folder in its name, or what ends as picture files do; so
    that a mistyped ``phto.jpg`` gets a file's sentence and a mistyped ``analize`` the usage.
    """
    if word.startswith("-"):
        return False
    # Decided: a subcommand's name wins over a file of that name; "./train" opens the file.
    if word in _subcommands():
        return False
    separators = [os.sep, *([os.altsep] if os.altsep else [])]
    return (
        any(separator in word for separator in separators)
        or Path(word).suffix.lower() in (*_ENDINGS, *_VOLUME_ENDINGS)
        or word.upper() == "DICOMDIR"
        or Path(word).exists()
    )


def has_display() -> bool:
    """Whether Qt will find a screen here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _subcommands() -> frozenset[str]:
    return (
        frozenset(
            ("analyse", "screen", "evaluate", "train", "resume", "runs", "packs", "info", "convert")
        )
        | frozenset(
            ("reproduce", "bench", "phantom", "audit", "check", "pause", "stop", "ship", "readings")
        )
        | frozenset(("visits", "change"))
    )


def _is_missing(path: Path) -> bool:
    try:
        path.stat()
    except OSError as fault:
        # What is there but cannot be looked at is told by the window.
        return isinstance(fault, FileNotFoundError | NotADirectoryError)
    return False


def _window(paths: list[Path]) -> int:
    if not has_display():
        sys.stderr.write(f"{_NO_DISPLAY}\n")
        return 1
    for path in paths:
        if _is_missing(path):
            sys.stderr.write(f"“{path.name}” cannot be opened. {_MISSING}\n")
            return 1
    return open_window(paths)


def open_window(paths: list[Path], painted: "Callable[[Window], object] | None" = None) -> int:
    """Be the window's process until the window is closed; see ``application.run``."""
    # What a start makes lasts: looking through it for garbage takes a twentieth of the start.
    # viewer.garbage takes over.
    gc.disable()
    from viewer import application

    return application.run(paths, painted)


if __name__ == "__main__":
    sys.exit(main())
