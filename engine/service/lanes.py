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
        self._interrupts: list[Callable[[], None]] = []

    def stop(self, why: str) -> None:
        """Ask it to stop; what cannot look at a flag is interrupted."""
        self.why = self.why or why
        self.cancel()
        for interrupt in tuple(self._interrupts):
            interrupt()

    @contextlib.contextmanager
    def interrupted_by(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Have ``stop`` call ``interrupt`` within this block. Raises ``Cancelled``.

        Several threads may be in such blocks at once.
        """
        self._interrupts.append(interrupt)
        try:
            self.check()
            yield
        finally:
            self._interrupts.remove(interrupt)


class Lanes:
    """``read`` decodes single files, as many at once as there are cores; ``series`` lists and opens
    series; ``answer`` asks the network, one at a time; ``check`` checks heatmaps, one at a time and
    beside it, so that no answer waits for a check; ``find`` looks for regions, disc and fovea, one
    at a time; ``write`` draws pictures and installs packs, one at a time; ``ahead`` decodes what
    nobody looks at yet, one file at a time, so that a file that keeps one waiting keeps nobody from
    what is looked at.

    What is asked on ``series`` is shared among decoders on ``share``, which waits for nothing, and
    has room for as much again where one request waits for a drive that does not answer.
    """

    def __init__(self) -> None:
        cores = os.cpu_count() or 1
        self.read = ThreadPoolExecutor(cores, thread_name_prefix="read")
        self.ahead = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self.series = ThreadPoolExecutor(2 * cores, thread_name_prefix="series")
        self.share = ThreadPoolExecutor(2 * cores, thread_name_prefix="share")
        self.answer = ThreadPoolExecutor(1, thread_name_prefix="answer")
        self.find = ThreadPoolExecutor(1, thread_name_prefix="find")
        self.check = ThreadPoolExecutor(1, thread_name_prefix="check")
        self.write = ThreadPoolExecutor(1, thread_name_prefix="write")

    def reading(self, ahead: bool) -> ThreadPoolExecutor:
        """The lane on which a file is decoded."""
        return self.ahead if ahead else self.read

    def finish(self) -> None:
        """Take nothing more, and wait for what runs."""
        network = (self.answer, self.check, self.find)
        for lane in (self.read, self.ahead, self.series, self.share, *network, self.write):
            lane.shutdown(wait=True, cancel_futures=True)
