"""Files that a command is to write: what forbids it is said before any work is done."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from engine import own_mark
from engine.folders import reason


def check_file(out: Path, ours: Callable[[Path], bool]) -> None:
    """Raise ``typer.BadParameter`` where ``out`` would be lost, or cannot be written.

    A file that is there is written over only if it is empty, or ``ours`` tells that the command
    wrote it.
    """
    with _as_usage(out):
        if not out.parent.is_dir():
            raise typer.BadParameter(
                f"{out.name} was not written: there is no folder {out.parent}."
            )
        if out.is_dir():
            raise typer.BadParameter(f"{out} is a folder; name a file.")
        if out.is_file() and out.stat().st_size and not ours(out):
            raise typer.BadParameter(
                f"{out.name} is there already and is nothing that this command wrote: it is left "
                "as it is. Name another file."
            )


def check_folder(out: Path) -> None:
    """Raise ``typer.BadParameter`` where a file stands in the place of a folder to be written."""
    with _as_usage(out):
        is_file = out.exists() and not out.is_dir()
    if is_file:
        raise typer.BadParameter(f"{out.name} is a file, and is left as it is. Name a folder.")


def check_heatmap(out: Path) -> None:
    """The same for a heatmap: no picture is written over but an annotated one of ours."""
    check_file(out, lambda there: there.suffix.lower() != ".png" or own_mark.is_on(there))


def same(one: Path, other: Path) -> bool:
    """Whether two names lead to one place; a link that leads in a circle is one of its own."""
    return os.path.realpath(one) == os.path.realpath(other)


@contextmanager
def _as_usage(out: Path) -> Iterator[None]:
    """Of a name that the system does not take, such as one of 300 letters."""
    try:
        yield
    except OSError as fault:
        raise typer.BadParameter(f"{out.name} cannot be written: {reason(fault)}.") from fault
