"""The reader's drawings as the window has them: shown at once, saved beside the window's thread.

What is shown is the fold over the events on the disk and, after them, the acts that still wait to
be written. "Saved" is said only when none waits any more.
"""

import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from engine.drawings import Drawing
from engine.errors import Refusal
from engine.records import place, readings
from engine.records.event import Event
from engine.records.forms import Signed
from engine.records.readings import (
    Act,
    Added,
    Change,
    Changed,
    ModelShown,
    Reading,
    Redone,
    Removed,
    Undone,
)
from viewer.worker import Worker

if TYPE_CHECKING:
    from engine.records.store import Records

logger = logging.getLogger(__name__)

_AGAIN_MS = 5000
"""After how long it is tried again to save what could not be saved."""
_UNSETTLED = "unsettled:"
_SHOWN = readings.kind_of_class(ModelShown)


@dataclass
class _Picture:
    """One picture's reading: what the disk holds, what waits, and what could not be read."""

    kept: Reading = field(default_factory=Reading)
    waiting: tuple[Act, ...] = ()
    unreadable: int = 0
    is_read: bool = False
    signature: Event | None = None

    @property
    def shown(self) -> Reading:
        return readings.fold(self.waiting, self.kept)


class Drawings(QObject):
    """All drawings, by the content hash of their picture; calls return at once."""

    changed = Signal(str)
    """The drawings of this picture are others."""
    was_read = Signal()
    """What the disk holds of one more picture is known."""
    saved = Signal(str)
    """All is on the disk: "draft saved 14:02"."""
    not_saved = Signal(object)
    """It is not: a ``Refusal``, told once. What was drawn stays, and it is tried again."""

    _read = Signal(str, object)
    _refused = Signal(object)

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: dict[str, _Picture] = {}
        self._disk = _Disk(folder)
        self._worker = Worker("records")
        self._told = ""
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self.save)
        self._read.connect(self._on_read)
        self._refused.connect(self._on_refused)

    # ---- what there is

    def show(self, subject: str) -> None:
        """Read what was drawn on a picture; ``changed`` tells when it is there."""
        if subject not in self._pictures:
            self._pictures[subject] = _Picture()
            if not subject.startswith(_UNSETTLED):
                self._disk.wanted.append(subject)
                self.save()

    def of(self, subject: str) -> tuple[Drawing, ...]:
        """The drawings on a picture as they are now, in the order in which they were made."""
        return self.reading(subject).drawings

    def reading(self, subject: str) -> Reading:
        """The drawings, and what an undo and a redo would do."""
        picture = self._pictures.get(subject)
        return Reading() if picture is None else picture.shown

    def is_read(self, subject: str) -> bool:
        """Whether what the disk holds of a picture is known."""
        picture = self._pictures.get(subject)
        return picture is not None and picture.is_read

    def signature(self, subject: str) -> Event | None:
        """The last signature as it was written; None until it is on the disk."""
        picture = self._pictures.get(subject)
        if picture is None or any(isinstance(act, Signed) for act in picture.waiting):
            return None
        return picture.signature

    def unreadable(self, subject: str) -> int:
        """How many events about a picture this version cannot read; a newer one wrote them."""
        picture = self._pictures.get(subject)
        return 0 if picture is None else picture.unreadable

    @property
    def unsaved(self) -> int:
        """How many acts of the reader are not on the disk."""
        return sum(_count(picture.waiting) for picture in self._pictures.values())

    # ---- what a reader does

    def add(self, subject: str, drawing: Drawing) -> None:
        """Something was drawn."""
        self._do(subject, Added(_name(), drawing))

    def change(self, subject: str, drawing: Drawing) -> None:
        """It was moved or given another text; nothing happens if it is as it was."""
        if drawing not in self.of(subject):
            self._do(subject, Changed(_name(), drawing))

    def remove(self, subject: str, drawing_id: str) -> None:
        """It was taken away."""
        self._do(subject, Removed(_name(), drawing_id))

    def say(self, subject: str, make: Callable[[str], Change]) -> None:
        """Something else was said of the picture; ``make`` is given the act's name."""
        self._do(subject, make(_name()))

    def tell_shown(self, subject: str) -> None:
        """The model's word on a picture is on the screen; written once, and not told as saved."""
        if not self.reading(subject).model_shown:
            self._await(subject, ModelShown())

    def undo(self, subject: str) -> None:
        """Take the last change back, if there is one."""
        last = self.reading(subject).to_undo
        if last is not None:
            self._do(subject, Undone(last.act))

    def redo(self, subject: str) -> None:
        """Do again what was undone last, if nothing was done since."""
        last = self.reading(subject).to_redo
        if last is not None:
            self._do(subject, Redone(last.act))

    # ---- a picture that is still being read has no content hash yet

    def unsettled(self) -> str:
        """A subject for a picture without a content hash yet; nothing of it is saved."""
        return _UNSETTLED + _name()

    def settle(self, unsettled: str, subject: str) -> None:
        """The content hash is known: what was drawn meanwhile belongs to it, and is saved."""
        picture = self._pictures.pop(unsettled, None)
        self.show(subject)
        for act in picture.waiting if picture is not None else ():
            self._do(subject, act)

    # ---- the disk

    def save(self) -> None:
        """Write what waits; done by itself after every act."""
        self._again.stop()
        self._worker.start(self._work)

    def close(self) -> bool:
        """Write what waits and let go of the records; whether all is on the disk."""
        self._again.stop()
        self._worker.start(self._work)
        self._worker.start(self._disk.close)
        self._worker.wait()
        return not _count(act for _, act in self._disk.outbox)

    def _do(self, subject: str, act: Act) -> None:
        self._await(subject, act)
        self.changed.emit(subject)

    def _await(self, subject: str, act: Act) -> None:
        self.show(subject)
        picture = self._pictures[subject]
        picture.waiting = (*picture.waiting, act)
        if not subject.startswith(_UNSETTLED):
            self._disk.outbox.append((subject, act))
            self.save()

    def _work(self) -> None:
        """On the worker's thread."""
        try:
            for subject, found in self._disk.work():
                self._read.emit(subject, found)
        except Refusal as refusal:
            self._refused.emit(refusal)

    def _on_read(self, subject: str, found: tuple[Event, ...]) -> None:
        self._told = ""
        picture = self._pictures[subject]
        picture.is_read = True
        waited = _count(picture.waiting)
        for event in found:
            try:
                act = readings.act_of(event)
            except msgspec.MsgspecError:
                picture.unreadable += 1
                continue
            if isinstance(act, Signed):
                picture.signature = event
            if act is not None:
                picture.kept = picture.kept.after(act)
                picture.waiting = tuple(other for other in picture.waiting if other != act)
        if not found or any(event.kind != _SHOWN for event in found):
            self.changed.emit(subject)
        self.was_read.emit()
        if _count(picture.waiting) < waited and not self.unsaved:
            self.saved.emit(f"draft saved {datetime.now():%H:%M}")

    def _on_refused(self, refusal: Refusal) -> None:
        self._again.start()
        if str(refusal) != self._told:
            self._told = str(refusal)
            logger.warning("records: %s", type(refusal.__cause__).__name__)
            self.not_saved.emit(refusal)


def _count(acts: Iterable[Act]) -> int:
    """How many are the reader's own; what the window notes by itself is nothing to be told."""
    return sum(not isinstance(act, ModelShown) for act in acts)


def _name() -> str:
    """A name for an act that no other has."""
    return secrets.token_hex(8)


class _Disk:
    """The records as the worker's thread has them; both queues are filled by the window's."""

    def __init__(self, folder: Path | None) -> None:
        self.wanted: deque[str] = deque()
        self.outbox: deque[tuple[str, Act]] = deque()
        self._folder = folder
        self._records: Records | None = None
        self._last: dict[str, int] = {}
        self._shown: set[str] = set()
        """Pictures of which it is on the disk that the model's word was shown."""

    def work(self) -> Iterator[tuple[str, tuple[Event, ...]]]:
        """Append what waits, in order, and tell what is new about which picture.

        Raises ``Refusal``; what could not be done is tried first the next time.
        """
        while self.wanted or self.outbox:
            if self.wanted:
                yield self.wanted[0], self._new(self.wanted[0])
                self.wanted.popleft()
            else:
                subject, act = self.outbox[0]
                if not (isinstance(act, ModelShown) and subject in self._shown):
                    self._open().append(subject, readings.kind_of(act), act)
                self.outbox.popleft()
                self.wanted.append(subject)

    def close(self) -> None:
        """Let go of the file."""
        if self._records is not None:
            self._records.close()
            self._records = None

    def _new(self, subject: str) -> tuple[Event, ...]:
        # Who is told nothing and never draws is given no records, and no library for them.
        if self._records is None and not _there(place.file_in(self._folder)):
            return ()
        found = self._open().events(subject, after=self._last.get(subject, 0))
        if found:
            self._last[subject] = found[-1].number
        if any(event.kind == _SHOWN for event in found):
            self._shown.add(subject)
        return found

    def _open(self) -> "Records":
        if self._records is None:
            # Here and not above: the database's library would hold up the window's start.
            from engine.records.store import open_records

            self._records = open_records(self._folder)
        return self._records


def _there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:
        return True  # to open it says in words why it cannot be looked at
