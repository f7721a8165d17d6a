"""The requests under way: stopped and replaced by name, and exactly one last word for each."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from engine.errors import Cancelled, Refusal
from engine.service.decoders import DecoderError
from engine.service.lanes import Work
from engine.service.messages import Failed, FromEngine, Gone, Progress, Refused
from engine.service.report import report

log = logging.getLogger(__name__)

CANCELLED = "It was cancelled."
REPLACED = "A newer question took its place."

Step = Callable[[], FromEngine | Callable[[], object]]
"""Part of a request on one lane; returns its last word, or how another lane goes on."""


class Requests:
    """Which requests are under way, and which of them runs on a lane; safe from any thread."""

    def __init__(self, send: Callable[[FromEngine], None]) -> None:
        self._send = send
        self._works: dict[int, Work] = {}
        self._running: set[int] = set()
        self._panes: dict[str, int] = {}
        self._ahead: set[int] = set()
        self._lock = threading.Lock()

    def begin(self, number: int, *private: Path) -> Work:
        """The work of a new request; ``private`` are the paths that no report may hold."""

        def tell(what: str, done: int, total: int) -> None:
            self._send(Progress(number, what, done, total))

        work = Work(number, private, tell)
        with self._lock:
            self._works[number] = work
        return work

    def replace(self, pane: str, number: int, *, ahead: bool = False, alone: bool = False) -> None:
        """Stop what a newer question makes needless, and unless ``alone`` what gives way to it."""
        with self._lock:
            older = {self._panes[pane]} if pane in self._panes else set()
            self._panes[pane] = number
            if ahead:
                self._ahead.add(number)
            elif not alone:
                older |= self._ahead
        for other in older:
            self.stop(other, REPLACED)

    def hasten(self, number: int) -> None:
        """It was asked ahead, and gives way no more."""
        with self._lock:
            self._ahead.discard(number)

    def stop(self, number: int, why: str = CANCELLED) -> None:
        """Ask a request to stop; where none of its steps runs it is over at once."""
        with self._lock:
            work = self._works.get(number)
            running = number in self._running
        if work is None:
            return
        work.stop(why)
        if not running:
            self._end(work, Gone(number, why))

    def stop_all(self) -> None:
        """Ask all of them to stop."""
        for number in tuple(self._works):
            self.stop(number)

    def do(self, work: Work, step: Step) -> None:
        """Take one step of a request, then send its last word or go on on another lane."""
        with self._lock:
            if work.number not in self._works:
                return
            self._running.add(work.number)
        try:
            outcome = self._outcome(work, step)
        finally:
            with self._lock:
                self._running.discard(work.number)
        if not callable(outcome):
            self._end(work, outcome)
        elif work.cancelled:
            self._end(work, Gone(work.number, work.why))
        else:
            outcome()

    def _outcome(self, work: Work, step: Step) -> FromEngine | Callable[[], object]:
        try:
            work.check()
            return step()
        except Cancelled:
            return Gone(work.number, work.why)
        except Refusal as refusal:
            return Refused(work.number, refusal.what, refusal.why, refusal.advice)
        except Exception as error:
            return failed(work.number, error, work.private)

    def _end(self, work: Work, last: FromEngine) -> None:
        with self._lock:
            if self._works.pop(work.number, None) is None:
                return
            for pane, number in tuple(self._panes.items()):
                if number == work.number:
                    del self._panes[pane]
            self._ahead.discard(work.number)
        self._send(last)


def failed(number: int, error: Exception, private: tuple[Path, ...] = ()) -> Failed:
    """The last word of a request that failed by our own fault, which is logged."""
    text = str(error) if isinstance(error, DecoderError) else report(error, private)
    log.error("A request failed by our own fault:\n%s", text)
    return Failed(number, text)
