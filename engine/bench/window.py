"""Benchmarks that need a window: measured by the viewer in a process of its own."""

import contextlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from engine.errors import Cancelled, Refusal
from engine.task import Task

_LOOK_AGAIN = 0.2
"""Seconds between two looks at whether the person wants it to stop."""
_LAST_WORDS = 300


def run(name: str, task: Task, *arguments: str) -> dict[str, Any]:
    """The figures of ``viewer.bench.<name>``: "pan", "scroll", "startup" or "browse".

    Raises ``Refusal`` where no window can be painted, and ``Cancelled``.
    """
    # -P: no folder that it happens to be started in may lend it its code.
    command = [sys.executable, "-P", "-m", f"viewer.bench.{name}", *arguments]
    task.progress(f"Measuring {name}", 0, 1)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        try:
            told, complaint = _wait(process, task)
        finally:
            process.kill()
    lines = told.decode("utf-8", "replace").splitlines()
    if process.returncode != 0 or not lines:
        raise Refusal(
            f"The benchmark {name} could not be measured.",
            f"Its window did not come up: {_last_words(complaint)}",
            "Run it where a screen is, or under xvfb-run.",
        )
    figures: dict[str, Any] = json.loads(lines[-1])
    figures.setdefault("machine", _machine())
    task.progress(f"Measuring {name}", 1, 1)
    return figures


@contextmanager
def serving(name: str, what: str, advice: str = "") -> Iterator[Callable[[Any], dict[str, Any]]]:
    """The process ``viewer.bench.<name>``: hand it something, and get what it told of it.

    Both are one line of JSON. Raises ``Refusal``, of which ``what`` and ``advice`` are the first
    and the last sentence, where it does not run or tells that it was ``refused``.
    """
    # -P: no folder that it happens to be started in may lend it its code.
    command = [sys.executable, "-P", "-m", f"viewer.bench.{name}"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        asked, answers = process.stdin, process.stdout

        def ask(about: Any) -> dict[str, Any]:
            told: dict[str, Any] = {}
            with contextlib.suppress(BrokenPipeError):
                asked.write(f"{json.dumps(about)}\n")
                asked.flush()
                told = json.loads(answers.readline() or "{}")
            if not told or "refused" in told:
                why = told.get("refused", "The window's side of it did not run.")
                raise Refusal(what, why, advice or "Install LesionLens again if this stays.")
            return told

        try:
            yield ask
        finally:
            with contextlib.suppress(BrokenPipeError):
                asked.close()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", task: Task) -> tuple[bytes, bytes]:
    while True:
        try:
            return process.communicate(timeout=_LOOK_AGAIN)
        except subprocess.TimeoutExpired:
            if task.cancelled:
                raise Cancelled from None


def _machine() -> str:
    system = f"{platform.system()} {platform.release()}, {platform.machine()}"
    return f"{system}, {os.cpu_count()} processors"


def _last_words(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:_LAST_WORDS] if lines else "it ended without a word."
