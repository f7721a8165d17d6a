"""The lanes that work runs on, none of which waits for another, and a piece of work on its way."""

import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.task import Report, Task


class Work(Task):
    """The work of one request; says why it was stopped, and can be stopped from outside.

    ``private`` are the paths that no report may hold.
    """

    def __init__(self, number: int, private: tuple[Path, ...], report: Report) -> None:
        super().__init__(report)
        self.number = number
        self.private = private
        self.why = ""
        self._interrupt: Callable[[], None] | None = None

    def stop(self, why: str) -> None:
        """Ask it to stop; what cannot look at a flag is interrupted."""
        self.why = self.why or why
        self.cancel()
        if (interrupt := self._interrupt) is not None:
            interrupt()

    @contextlib.contextmanager
    def interrupted_by(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Have ``stop`` call ``interrupt`` within this block. Raises ``Cancelled``."""
        self._interrupt = interrupt
        try:
            self.check()
            yield
        finally:
            self._interrupt = None


class Lanes:
    """``read`` decodes, as many at once as there are cores; ``answer`` asks the network, one at a
    time; ``write`` draws pictures and installs packs, one at a time.

    Threads are made when first used and live on: a decoder dies with the thread that started it.
    """

    def __init__(self) -> None:
        self.read = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="read")
        self.answer = ThreadPoolExecutor(1, thread_name_prefix="answer")
        self.write = ThreadPoolExecutor(1, thread_name_prefix="write")

    def finish(self) -> None:
        """Take nothing more, and wait for what runs."""
        for lane in (self.read, self.answer, self.write):
            lane.shutdown(wait=True, cancel_futures=True)
