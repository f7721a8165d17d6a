"""How a subcommand speaks: its result on stdout, progress and refusals on stderr, an exit code."""

import errno
import io
import json
import logging
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Annotated, Any

import typer

from engine.errors import Cancelled, Refusal
from engine.plain_json import plain
from engine.task import Task

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
Device = Annotated[
    str, typer.Option(help="automatic, processor, or a card such as cuda:0; as set in the window.")
]

REFUSED = 1
WRONG_USAGE = 2
INTERRUPTED = 130

EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal to draw a bar in."""

_NUMBER = re.compile(r"\d[\d.]*(?:e[-+]?\d+)?")


def tell(result: Any, words: str, as_json: bool) -> None:
    """Print one JSON object and nothing else, or the words."""
    typer.echo(json.dumps(plain(result), ensure_ascii=False) if as_json else words)


def warn(sentence: str) -> None:
    """A sentence on stderr."""
    typer.echo(sentence, err=True)


def device_setting(named: str) -> str:
    """The device that was named, else the one that is set.

    A card that was named and is not there is told at once: the answers would come all the same.
    Raises ``Refusal`` if no device is called so.
    """
    from engine import settings

    if named:
        from engine.networks.device import choose

        found = choose(named)
        if named.startswith("cuda") and found.name == "cpu":
            warn(found.reason)
    return named or settings.load().settings.device


@contextmanager
def work(quiet: bool = False) -> Iterator[Task]:
    """Run what can take long: progress on stderr, Ctrl-C cancels, a refusal ends in its sentence.

    Raises ``typer.Exit`` with 1 after a refusal, or where the system refused a file or folder, and
    with 130 after an interrupt.
    """
    with _own_stderr(), _told_once(), _progress(quiet) as report:
        task = Task(report)
        before = signal.signal(signal.SIGINT, _interrupt(task))
        try:
            yield task
        except Refusal as refusal:
            warn(str(refusal))
            raise typer.Exit(REFUSED) from refusal
        except (Cancelled, KeyboardInterrupt) as cancelled:
            warn("Interrupted. Nothing was left half-written.")
            raise typer.Exit(INTERRUPTED) from cancelled
        except OSError as fault:
            if fault.errno == errno.EPIPE:
                raise  # whoever read stdout has gone; typer ends quietly
            reason = fault.strerror or "the system gave no reason"
            named = f"{fault.filename}: " if fault.filename else ""
            warn(
                "This was not finished. "
                f"A file or folder was refused by the system: {named}{reason}. "
                "Check that it exists, that there is room, and that you may read and write it."
            )
            raise typer.Exit(REFUSED) from fault
        finally:
            signal.signal(signal.SIGINT, before)


def _interrupt(task: Task) -> Callable[[int, FrameType | None], None]:
    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if task.cancelled:
            raise KeyboardInterrupt  # the second Ctrl-C does not wait for the next check
        task.cancel()

    return interrupt


@contextmanager
def _own_stderr() -> Iterator[None]:
    """A way to stderr for our own words: what C libraries print there is overheard meanwhile.

    Pictures are read ahead by a thread (``images.overheard``), and would take a refusal along.
    """
    shared = sys.stderr
    try:
        is_shared = shared.fileno() == 2
    except (AttributeError, io.UnsupportedOperation):  # none at all, or one that a test put there
        is_shared = False
    if not is_shared:
        yield
        return
    with os.fdopen(os.dup(2), "w", 1, shared.encoding, shared.errors) as own:
        sys.stderr = own
        try:
            yield
        finally:
            sys.stderr = shared


class _Tally(logging.Handler):
    """How often each warning of the log was said, and its last words.

    The same but for its numbers is the same.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: dict[str, tuple[str, int]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Count one, and tell it at once if it is the first."""
        words = record.getMessage()
        without = _NUMBER.sub("", words)
        _, count = self.said.get(without, ("", 0))
        self.said[without] = words, count + 1
        if not count:
            with suppress(OSError):  # who listened has gone: no matter of what is worked on
                warn(words)


@contextmanager
def _told_once() -> Iterator[None]:
    """Tell each warning of the log when it is first said, and behind the work how often it was.

    A training goes on for hours and says some at each pass.
    """
    tally, log = _Tally(), logging.getLogger()
    log.addHandler(tally)
    try:
        yield
    finally:
        log.removeHandler(tally)
        for words, count in tally.said.values():
            if count > 1:
                warn(f"{words} ({count} times)")


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    shown: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), transient=True) as progress:

        def report(what: str, done: int, total: int) -> None:
            if what not in shown:
                shown[what] = progress.add_task(what)
            # None draws a bar that runs to and fro: nobody knows yet how much there is.
            progress.update(shown[what], completed=done, total=total or None)

        yield report


def _lines() -> Callable[[str, int, int], None]:
    last = time.monotonic()

    def report(what: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            warn(f"{what}: {done} of {total}" if total else f"{what}: {done}")

    return report
