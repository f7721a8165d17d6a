"""The work under way that a person waits for, and what its rows tell."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from engine.service.messages import Progress
from viewer.notices import Job

Again = Callable[[], object]


@dataclass(frozen=True)
class Awaited:
    """What one number was asked for, and how to ask again."""

    title: str
    again: Again
    stopping: bool = False


class Jobs(QObject):
    """Knows every awaited number; what is not awaited any more is not told."""

    job_changed = Signal(object)
    """A ``Job`` that began or went on."""
    job_ended = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._awaited: dict[int, Awaited] = {}

    def begin(self, number: int, title: str, again: Again) -> None:
        """Await a number."""
        self._awaited[number] = Awaited(title, again)
        self.job_changed.emit(Job(number, title))

    def progress(self, message: Progress) -> None:
        """Tell how far it is, unless it was asked to stop."""
        request = self._awaited.get(message.id)
        if request is not None and not request.stopping:
            job = Job(message.id, request.title, message.what, message.done, message.total)
            self.job_changed.emit(job)

    def stop(self, number: int) -> bool:
        """Tell at once that it stops; False if it is not awaited or stops already."""
        request = self._awaited.get(number)
        if request is None or request.stopping:
            return False
        self._awaited[number] = replace(request, stopping=True)
        self.job_changed.emit(Job(number, request.title, stopping=True))
        return True

    def end(self, number: int) -> Awaited | None:
        """Await a number no more; what it was asked for, None if it was not awaited."""
        request = self._awaited.pop(number, None)
        if request is not None:
            self.job_ended.emit(number)
        return request
