"""Progress and cancel, passed to everything that can take long."""

from collections.abc import Callable, Iterable, Iterator
from threading import Event
from typing import TypeVar

from engine.errors import Cancelled

T = TypeVar("T")

Report = Callable[[str, int, int], None]


class Task:
    """One piece of long work: tells how far it is, and stops when asked.

    ``report(what, done, total)`` is called from the working thread. ``cancel`` may be called from
    any thread; the work notices at its next ``check`` or ``progress``.
    """

    def __init__(self, report: Report | None = None) -> None:
        self._report = report
        self._cancelled = Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self._cancelled.set()

    def quietly(self) -> "Task":
        """The same work, cancelled together, without progress: for one step of many."""
        step = Task()
        step._cancelled = self._cancelled
        return step

    def also(self, report: Report) -> "Task":
        """The same work, cancelled together, whose progress is told to ``report``, too."""
        told = self._report

        def both(what: str, done: int, total: int) -> None:
            if told is not None:
                told(what, done, total)
            report(what, done, total)

        step = Task(both)
        step._cancelled = self._cancelled
        return step

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise ``Cancelled`` if the work was asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled

    def progress(self, what: str, done: int, total: int) -> None:
        """Tell that ``done`` of ``total`` steps of ``what`` are over, and check for a cancel."""
        self.check()
        if self._report is not None:
            self._report(what, done, total)

    def over(self, items: Iterable[T], what: str, total: int) -> Iterator[T]:
        """Go over ``items``, telling progress and checking before each."""
        for done, item in enumerate(items):
            self.progress(what, done, total)
            yield item
        self.progress(what, total, total)
