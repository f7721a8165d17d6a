"""Has the engine read and ask beforehand what a person will look at next."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from engine.service.messages import Answered, Failed, Gone, Opened, PictureFile, Refused, Thumbnail
from viewer.client.engine import EngineClient, EngineState
from viewer.photograph.neighbours import Walk
from viewer.photograph.readings import Question, Readings

PANE = "ahead"
FAR = 40
"""Decided: as many pictures on either side as an idle engine is asked about, so that one picture
of a folder of thousands does not keep the processor at work for an hour."""
QUIET_MS = 1500
"""What is far waits until a person has done nothing for so long."""


@dataclass(frozen=True)
class Now:
    """What is shown and asked at this moment; nothing ahead may be in its way."""

    shown: Path | None = None
    question: Question | None = None
    opening: bool = False
    asking: bool = False


class ReadAhead(QObject):
    """Reads the pictures around the shown one, asks about them, and has thumbnails made.

    One file is read and one question asked at a time. What goes wrong is not told: it is told when
    that picture is opened. Nor is it tried again, since it may be what ended a process.
    """

    came = Signal()
    """A picture beside the shown one was read, or had to go."""
    thumbnail_came = Signal(object, object)
    """A path, and uint8 (y, x, 3); None where there will be none."""

    def __init__(
        self, client: EngineClient, readings: Readings, walk: Walk, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._readings = readings
        self._walk = walk
        self._now = Now()
        self._up = False
        self._reading: tuple[int, Path, bool] | None = None
        self._asked: dict[int, tuple[PictureFile, Question]] = {}
        self._thumbnails: list[Path] = []
        self._given_up: set[tuple[Path, Question | None]] = set()
        self._no_room: set[Path] = set()
        self.ask_stages: Callable[[Sequence[Path]], bool] = lambda _: False
        """Asks a stage pack about the first of these; whether such a question is under way."""
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._go_on)
        walk.changed.connect(self._go_on)
        client.state_changed.connect(self._on_state)
        client.restarted.connect(self._on_restarted)
        client.opened.connect(self._on_opened)
        client.answered.connect(self._on_answered)
        client.thumbnail.connect(self._on_thumbnail)
        for signal in (client.refused, client.failed, client.gone):
            signal.connect(self._on_over)

    # ---- what the window tells

    def keep_to(self, now: Now) -> None:
        """Something else is shown, asked or being opened."""
        acted = (now.shown, now.question, now.opening) != (
            self._now.shown,
            self._now.question,
            self._now.opening,
        )
        moved = now.shown != self._now.shown
        self._now = now
        if acted:
            self.rest()
        if moved and now.shown is not None:
            self._given_up.discard((now.shown, None))
        if moved:
            self._make_room()
        self._go_on()

    def resume(self) -> None:
        """What was under way is over: go on with what is next."""
        self._go_on()

    def rest(self) -> None:
        """A person does something: what is far waits."""
        self._quiet.start()

    def want_thumbnails(self, paths: Sequence[Path]) -> None:
        """Make these small pictures, in this order, in place of those that were wanted before."""
        self._thumbnails = [path for path in paths if (path, None) not in self._given_up]
        for path in set(paths) - set(self._thumbnails):
            self.thumbnail_came.emit(path, None)
        self._go_on()

    def take_opening(self, path: Path) -> int | None:
        """The number by which ``path`` is being read, from now on for a person who waits."""
        if self._reading is None or self._reading[1] != path or self._reading[2]:
            return None
        number, self._reading = self._reading[0], None
        self._client.hasten(number)
        return number

    def take_asking(self, path: Path, question: Question) -> int | None:
        """The number by which this is being asked, from now on for a person who waits."""
        for number, (file, asked) in self._asked.items():
            if file.path == str(path) and asked == question:
                del self._asked[number]
                self._client.hasten(number)
                return number
        return None

    def follow(self, number: int, file: PictureFile, question: Question) -> None:
        """Nobody waits for this question any more, and its answer is welcome all the same."""
        self._asked[number] = (file, question)

    def give_up(self, path: Path, question: Question | None = None) -> None:
        """Neither read nor ask this beforehand: it has failed, or a person has stopped it."""
        self._given_up.add((path, question))

    @property
    def near(self) -> tuple[Path, ...]:
        """The pictures that are read ahead, the likeliest first."""
        if self._now.shown is None:
            return ()
        forward = self._walk.direction
        found = (self._walk.beside(self._now.shown, by) for by in (forward, -forward, 2 * forward))
        return tuple(path for path in found if path is not None)

    # ---- what is asked of the engine

    def _go_on(self) -> None:
        if not self._up or self._now.opening:
            return
        self._read_next()
        self._ask_next()

    def _read_next(self) -> None:
        if self._reading is not None:
            return
        path = next(self._to_read(), None)
        if path is not None:
            self._reading = (self._client.open(path, ahead=True), path, False)
            return
        if not self._thumbnails and self._is_idle:
            # The one that is asked now, and the one after it: an answer needs the content's hash,
            # which comes with the small picture.
            far = islice(self._far(), 2)
            self._thumbnails = [path for path in far if self._readings.file(path) is None]
        if self._thumbnails:
            path = self._thumbnails.pop(0)
            self._reading = (self._client.shrink(path), path, True)

    def _to_read(self) -> Iterator[Path]:
        for place, path in enumerate(self.near):
            # The next one is all that may take time from the answer; and thumbnails, which are
            # quickly made, are sooner wanted than the others.
            if place and (self._now.asking or self._thumbnails):
                return
            missing = self._readings.picture(path) is None and path not in self._no_room
            if missing and (path, None) not in self._given_up:
                yield path

    def _ask_next(self) -> None:
        if self._now.asking or self._asked or self._now.shown is None:
            return
        near = self.near
        # The stage of what is seen before the picture but one; no other stage before an answer.
        if self._ask_first(near[:1]) or self.ask_stages((self._now.shown,)):
            return
        if self._ask_first(near[1:]) or self.ask_stages(near):
            return
        if self._is_idle:
            self._ask_first(self._far())

    def _ask_first(self, paths: Iterable[Path]) -> bool:
        """Ask about the first of these that has no answer yet; whether there was one."""
        question = self._now.question
        if question is None:
            return False
        for path in paths:
            if self._readings.said(path, question) is not None:
                continue
            file = self._readings.file(path)
            if file is None or (path, question) in self._given_up:
                continue
            number = self._client.ask(
                pane=PANE,
                picture=file,
                pack=question.pack,
                criterion=question.criterion,
                device=question.device,
                ahead=True,
            )
            self._asked[number] = (file, question)
            return True
        return False

    def _far(self) -> Iterator[Path]:
        """Pictures around the shown one that have no decision yet, the nearest first."""
        shown, question = self._now.shown, self._now.question
        if shown is None or question is None:
            return
        for away in range(1, FAR + 1):
            for by in (away * self._walk.direction, -away * self._walk.direction):
                path = self._walk.beside(shown, by)
                if path is None or {(path, None), (path, question)} & self._given_up:
                    continue
                if self._readings.decision(path, question.sha256) is None:
                    yield path

    @property
    def _is_idle(self) -> bool:
        """Whether a person has done nothing for a while. Asks again where a button is held."""
        if self._quiet.isActive():
            return False
        if QGuiApplication.mouseButtons():
            self._quiet.start()
            return False
        return True

    def _make_room(self) -> None:
        shown = self._now.shown
        kept = () if shown is None else (shown, *self.near)
        self._no_room = set(self._readings.make_room(kept))
        self.came.emit()

    # ---- what the engine says

    def _on_state(self, state: EngineState) -> None:
        if state is not EngineState.STOPPING:
            self._up = state is EngineState.READY
            self._go_on()

    def _on_restarted(self) -> None:
        # Each may be what ended the engine: they wait until somebody opens that picture.
        if self._reading is not None:
            self._given_up.add((self._reading[1], None))
        for file, question in self._asked.values():
            self._given_up.add((Path(file.path), question))

    def _on_opened(self, message: Opened) -> None:
        if self._reading is None or message.id != self._reading[0]:
            return
        _, path, _ = self._reading
        self._reading = None
        self._readings.keep_picture(path, message)
        self._make_room()
        self._go_on()

    def _on_thumbnail(self, message: Thumbnail) -> None:
        if self._reading is None or message.id != self._reading[0]:
            return
        _, path, _ = self._reading
        self._reading = None
        self._readings.learn(path, message.content_hash)
        pixels = self._client.mapped(message.file).copy()
        self._client.release(message.file)
        self.thumbnail_came.emit(path, pixels)
        self._go_on()

    def _on_answered(self, message: Answered) -> None:
        if message.id in self._asked:
            self._readings.keep_answer(*self._asked.pop(message.id), message)
            self._go_on()

    def _on_over(self, message: Refused | Failed | Gone) -> None:
        """It ended without a result. What gave way to a person's question is asked again later."""
        lost = not isinstance(message, Gone)
        if self._reading is not None and message.id == self._reading[0]:
            _, path, small = self._reading
            self._reading = None
            if lost:
                self._given_up.add((path, None))
            if small and (path, None) in self._given_up:
                self.thumbnail_came.emit(path, None)
        elif message.id in self._asked:
            file, question = self._asked.pop(message.id)
            if lost:
                self._given_up.add((Path(file.path), question))
        else:
            return
        self._go_on()
