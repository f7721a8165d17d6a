"""The engine as seen from the window: start, cancel, restart, last words, mapped arrays."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTime, QTimer, Signal

from engine import folders
from engine.service import messages
from engine.service.messages import Asked, Last
from viewer.client import sentences
from viewer.client.arrays import Arrays
from viewer.client.asking import Asking
from viewer.client.last_words import files_of
from viewer.client.process import COMMAND, EngineProcess
from viewer.client.requests import Request

PATIENCE = 2000
"""Milliseconds that a cancelled request has before the engine is killed."""
OVERTAKEN_PATIENCE = 30_000
"""The same of one that nobody waits for: on a busy computer the first question alone, for which
the engine loads its libraries and cannot heed a cancel, takes ten seconds."""
MOST_DEATHS = 4
"""Deaths of the engine without any work done in between, until it stays off."""


class EngineState(Enum):
    """What the engine's process is doing, as the chip in the top bar tells."""

    STARTING = auto()
    READY = auto()
    STOPPING = auto()
    RESTARTED = auto()
    OFF = auto()


class EngineClient(Asking):
    """Starts the engine, asks it, and goes on when it dies.

    Every request returns a number at once. Exactly one of ``opened``, ``answered``,
    ``answered_stage``, ``answered_together``, ``truth_checked``, ``drawn``, ``landmarks_found``,
    ``regions_found``, ``packs_changed``, ``found``, ``eyes_found``, ``visits_found``,
    ``visits_compared``, ``volume_opened``, ``too_much``, ``thumbnail``, ``refused``, ``failed`` or
    ``gone`` with that number as ``id`` follows, never before the call has returned.
    Each of these signals carries the message of that name.

    Before its last word a volume may be told as ``volume_begun``, and then ``slices_read``. After a
    crash of the engine it is read anew: ``volume_begun`` comes once more, with another file.

    An array that a message names lies on disk until ``release``, once for each file: a volume that
    ``volume_begun`` and ``volume_opened`` name both is one use, and must be released whatever the
    last word is.
    """

    state_changed = Signal(object, str)
    """EngineState, and the words for the chip."""
    restarted = Signal(str)
    """Why the engine was started anew and what is asked again, in one line."""
    settled = Signal()
    """After ``restarted``: it is ready and all that was waited for has come, or it stays off."""
    ready = Signal(object)
    progressed = Signal(object)
    opened = Signal(object)
    answered = Signal(object)
    answered_stage = Signal(object)
    answered_together = Signal(object)
    truth_checked = Signal(object)
    drawn = Signal(object)
    landmarks_found = Signal(object)
    regions_found = Signal(object)
    packs_changed = Signal(object)
    found = Signal(object)
    eyes_found = Signal(object)
    visits_found = Signal(object)
    visits_compared = Signal(object)
    volume_begun = Signal(object)
    slices_read = Signal(object)
    volume_opened = Signal(object)
    too_much = Signal(object)
    thumbnail = Signal(object)
    refused = Signal(object)
    failed = Signal(object)
    """``id`` 0 is not about a request: the engine cannot make itself ready."""
    gone = Signal(object)

    def __init__(self, parent: QObject | None = None, *, command: Sequence[str] = COMMAND) -> None:
        super().__init__(parent)
        self._command = command
        self._arrays: Arrays | None = None
        self._process: EngineProcess | None = None
        self._greeted = False
        self._killed = False
        self._deaths = 0
        self._ready = self._unsettled = False
        self._restart_words = ""
        self._device = ""
        self._requests: dict[int, Request] = {}
        self._deferred: list[str] = []
        self._resting = (EngineState.OFF, sentences.OFF)
        self._signals = {
            messages.Opened: self.opened,
            messages.Answered: self.answered,
            messages.AnsweredStage: self.answered_stage,
            messages.AnsweredTogether: self.answered_together,
            messages.TruthChecked: self.truth_checked,
            messages.Drawn: self.drawn,
            messages.LandmarksFound: self.landmarks_found,
            messages.RegionsFound: self.regions_found,
            messages.Packs: self.packs_changed,
            messages.Found: self.found,
            messages.EyesFound: self.eyes_found,
            messages.VisitsFound: self.visits_found,
            messages.VisitsCompared: self.visits_compared,
            messages.VolumeOpened: self.volume_opened,
            messages.TooMuch: self.too_much,
            messages.Thumbnail: self.thumbnail,
            messages.Refused: self.refused,
            messages.Failed: self.failed,
            messages.Gone: self.gone,
        }
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self.close)

    # ---- what the window asks

    def start(self) -> None:
        """Start the engine if it does not run; returns at once."""
        if self._process is not None:
            return
        self._deaths = 0
        self._launch()
        self._rest(EngineState.STARTING, sentences.STARTING)

    @property
    def process_number(self) -> int:
        """The system's number of the engine's process, 0 when none runs."""
        return self._process.number if self._process is not None else 0

    def hasten(self, number: int) -> None:
        """What was asked ahead of its time is waited for now: it gives way no more."""
        if (request := self._requests.get(number)) is not None and request.ahead:
            request.hasten()
            self._send(messages.Hasten(number))

    def cancel(self, number: int) -> None:
        """Stop a request: over within three seconds, if need be by starting the engine anew."""
        if self._stop(number, PATIENCE):
            self.state_changed.emit(EngineState.STOPPING, sentences.STOPPING)

    def drop(self, number: int) -> None:
        """Stop a request that nobody waits for, for something else is asked; it has time to end."""
        self._stop(number, OVERTAKEN_PATIENCE)

    def _stop(self, number: int, patience: int) -> bool:
        request = self._requests.get(number)
        if request is None or request.stopping:
            return False
        request.stopping = True
        self._send(messages.Cancel(number))
        # Before the greeting the engine does not know of it: over at once.
        wait = patience if self._greeted else 0
        QTimer.singleShot(wait, self, lambda: self._lose_patience(number))
        return True

    def mapped(self, file: str) -> NDArray[Any]:
        """The array of a message, mapped read-only."""
        return self._shared().mapped(file)

    def release(self, file: str) -> None:
        """The array is no longer shown; its file goes once nothing needs it."""
        if self._arrays is None:
            # Panes let go of their arrays after the client was closed, too.
            return
        if any(request.uses(file) for request in self._requests.values()):
            self._deferred.append(file)
        elif self._arrays.release(file):
            self._send(messages.Release(file))

    def close(self) -> None:
        """End the engine; no process and no array is left behind."""
        if self._process is not None:
            self._process.close()
            self._process = None
        if self._arrays is not None:
            self._arrays.close()
            self._arrays = None

    # ---- the process

    def _shared(self) -> Arrays:
        if self._arrays is None:
            self._arrays = Arrays()
        return self._arrays

    def _launch(self) -> None:
        self._greeted = self._killed = self._ready = False
        session = self._shared().folder
        self._process = process = EngineProcess(
            (*self._command, str(session)), session.parent, self
        )
        process.received.connect(self._take)
        process.garbled.connect(process.kill)
        process.ended.connect(self._start_anew)
        # Later, since it may be said within start(), before a request has its number.
        process.not_started.connect(self._cannot_start, Qt.ConnectionType.QueuedConnection)
        process.start()

    def _drop_process(self) -> None:
        if self._process is not None:
            self._process.blockSignals(True)
            self._process.deleteLater()
        self._process = None
        self._greeted = False
        self._shared().outlive_engine()

    def _start_anew(self) -> None:
        """The engine is gone, and was not asked to go."""
        killed = self._killed
        self._drop_process()
        if not killed:
            self._deaths += 1
        if self._deaths > MOST_DEATHS:
            self._turn_off(sentences.keeps_stopping(self._deaths), sentences.START_AGAIN)
            return
        last_words: list[Last] = []
        for number, request in self._requests.items():
            request.begun_file = ""
            if request.stopping or request.ahead:
                # What nobody waits for is not asked again by itself: it may be what ended it.
                last_words.append(messages.Gone(number, sentences.CANCELLED))
            elif killed:
                request.begun = False
            elif not request.survives_crash():
                last_words.append(request.given_up(self._device))
        self._launch()
        time = QTime.currentTime().toString("HH:mm")
        self._restart_words = sentences.restarted(time)
        self._rest(EngineState.RESTARTED, self._restart_words)
        self._unsettled = True
        said = sentences.killed if killed else sentences.crashed
        self.restarted.emit(said(time, len(self._requests) - len(last_words)))
        for word in last_words:
            self._finish(word)

    def _cannot_start(self, reason: str) -> None:
        if self._process is None:
            return
        self._drop_process()
        self._turn_off(sentences.not_started(reason), sentences.START_AGAIN)

    def _settle_if_idle(self) -> None:
        if self._ready and all(request.ahead for request in self._requests.values()):
            self._settle()

    def _settle(self) -> None:
        if self._unsettled:
            self._unsettled = False
            self.settled.emit()

    def _turn_off(self, why: str, advice: str) -> None:
        self._settle()
        self._rest(EngineState.OFF, sentences.OFF)
        for request in tuple(self._requests.values()):
            self._finish(request.refused(why, advice))

    def _lose_patience(self, number: int) -> None:
        if number not in self._requests:
            return
        self._finish(messages.Gone(number, sentences.CANCELLED))
        if self._greeted and self._process is not None:
            self._killed = True
            self._process.kill()

    def _rest(self, state: EngineState, words: str) -> None:
        """Be in this state, and again when nothing is being stopped any more."""
        self._resting = (state, words)
        self.state_changed.emit(state, words)

    # ---- messages

    def _request(self, message: Asked) -> int:
        request = Request(message)
        try:
            messages.encode(message)
        except UnicodeEncodeError:
            # Linux allows names that are no text; a message cannot carry them.
            refused = request.refused(sentences.NO_TEXT, sentences.RENAME)
            QTimer.singleShot(0, self, lambda: self.refused.emit(refused))
            return message.id
        self._requests[message.id] = request
        if self._greeted:
            self._send(message)
        else:
            self.start()
        return message.id

    def _send(self, message: messages.ToEngine) -> None:
        if self._greeted and self._process is not None:
            self._process.send(message)

    def _take(self, message: messages.FromEngine) -> None:
        match message:
            case messages.Hello():
                self._greet(message)
            case messages.Ready():
                self._device = message.device
                self._rest(EngineState.READY, self._restart_words or sentences.READY)
                self._ready = True
                self.ready.emit(message)
                self._settle_if_idle()
            case messages.Progress():
                if (request := self._requests.get(message.id)) is not None:
                    request.begun = request.begun or not message.by_decoder
                    if not request.stopping:
                        self.progressed.emit(message)
            case messages.VolumeBegun():
                self._begin_volume(message)
            case messages.SlicesRead():
                request = self._requests.get(message.id)
                if request is not None and not request.stopping:
                    self.slices_read.emit(message)
            case messages.Failed(id=0):
                self.failed.emit(message)
            case _:
                self._deaths = 0
                self._finish(message)

    def _greet(self, hello: messages.Hello) -> None:
        from importlib.metadata import version

        own = version(folders.NAME)
        if (hello.version, hello.protocol) != (own, messages.PROTOCOL):
            process = self._process
            self._drop_process()
            if process is not None:
                process.close()
            self._turn_off(sentences.other_version(hello.version, own), sentences.START_AGAIN)
            return
        self._greeted = True
        for request in self._requests.values():
            if not request.stopping:
                self._send(request.message)

    def _begin_volume(self, message: messages.VolumeBegun) -> None:
        self._shared().hold(message.file)
        request = self._requests.get(message.id)
        if request is None or request.stopping:
            self.release(message.file)
            return
        request.begun_file = message.file
        self.volume_begun.emit(message)

    def _finish(self, message: Last) -> None:
        """Give a request its last word."""
        request = self._requests.pop(message.id, None)
        files = [
            file for file in files_of(message) if request is None or file != request.begun_file
        ]
        for file in files:
            self._shared().hold(file)
        if request is None or request.stopping:
            for file in files:
                self.release(file)
            message = messages.Gone(message.id, sentences.CANCELLED)
        deferred, self._deferred = self._deferred, []
        for file in deferred:
            self.release(file)
        if request is None:
            return
        if request.stopping and not any(other.stopping for other in self._requests.values()):
            self.state_changed.emit(*self._resting)
        self._signals[type(message)].emit(message)
        self._settle_if_idle()
