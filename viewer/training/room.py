"""Training as seen from the window: processes that are begun, asked and watched; no widgets.

decided: a training outlives the window. It is begun as a process of its own, told only through
its run folder, and found there again at the next start.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QDir, QObject, QProcess, QTimer, Signal

from engine import folders, runs
from engine.runs import Check
from viewer.training.watch import Watched, Watcher, listed, newest
from viewer.worker import Worker

_COMMAND = ("-P", "-m", "engine.cli")
OFTEN, SELDOM = 700, 4000
"""Milliseconds between two looks at a run: while it is on the screen, and else for the chip."""
_BEGINNING = 30.0
"""Seconds that a process has to write its first word."""


@dataclass(frozen=True)
class Wish:
    """What a person chose: a folder, what is referable in it, and the plan in few words."""

    folder: Path
    referable: tuple[str, ...]
    title: str
    network: str = "net_b"
    size: int = 112
    passes: int = 30
    sparse: bool = False
    phantoms: int = 0


@dataclass(frozen=True)
class Shipment:
    """What a pack is to be called and what it is for; ``anyway``: the doubt about it was read."""

    title: str
    name: str
    version: str
    intended_use: str
    anyway: bool = False


class TrainingRoom(QObject):
    """Knows the one run that is watched."""

    checked = Signal(object)
    """A ``Check``."""
    check_failed = Signal(str)
    begun = Signal()
    seen = Signal(object)
    """``Watched``: the run's newest state."""
    listed = Signal(object)
    """The runs there are, each ``Listed``, newest first."""
    said = Signal(str)
    """What could not be done, one or more sentences."""
    shipped = Signal(object, object)
    """The folder of the run, and the path of its pack."""
    ship_failed = Signal(object, str)
    """The folder of the run, and why."""
    chip_changed = Signal(str)
    """What the engine's chip says of it; empty when nothing goes on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = Worker("training")
        self._watcher: Watcher | None = None
        self._busy = False
        self._looked_at = False
        self._begun_at = 0.0
        self._chip = ""
        self.state = ""
        """Of the run that is watched, as it was last seen."""
        self._checking: QProcess | None = None
        self._shipping: QProcess | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(SELDOM)
        self._timer.timeout.connect(self.look)
        self.seen.connect(self._take)
        self._found.connect(self._watch_found)

    _found = Signal(object)

    @property
    def folder(self) -> Path | None:
        """The run that is watched."""
        return None if self._watcher is None else self._watcher.folder

    # ---- finding and watching

    def find(self) -> None:
        """Look whether a training goes on that an earlier window began."""
        if self._watcher is None:
            self._worker.start(lambda: self._found.emit(newest(folders.runs())))

    def list_runs(self) -> None:
        """Look which runs there are; ``listed`` follows."""
        watched = self.folder
        self._worker.start(lambda: self.listed.emit(listed(folders.runs(), watched)))

    def watch(self, folder: Path) -> None:
        """Watch a run from now on."""
        self._watcher = Watcher(folder)
        self._timer.start()
        self.look()

    def leave(self) -> None:
        """Watch no run; one that goes on does so."""
        self._watcher = None
        self.state = ""
        self._timer.stop()
        self._show_chip("")

    def be_looked_at(self, looked_at: bool) -> None:
        """Whether the run is on the screen."""
        self._looked_at = looked_at
        self._timer.setInterval(OFTEN if looked_at else SELDOM)
        if looked_at:
            self.look()

    def look(self) -> None:
        """Read the run beside the window's thread; ``seen`` follows."""
        watcher = self._watcher
        if watcher is not None and not self._busy:
            self._busy = True
            self._worker.start(lambda: self._tell(watcher))

    def _tell(self, watcher: Watcher) -> None:
        try:
            self.seen.emit(watcher.look())
        finally:
            self._busy = False

    def _watch_found(self, folder: Path | None) -> None:
        if folder is not None and self._watcher is None:
            self.watch(folder)

    def _take(self, watched: Watched) -> None:
        seen = watched.seen
        if seen.folder != self.folder:
            return
        status = seen.status
        self.state = status.state
        beginning = time.monotonic() - self._begun_at < _BEGINNING
        if status.going_on or (beginning and status.state == "begun"):
            self._show_chip(chip_words(watched))
            return
        self._show_chip("")
        if not beginning:  # one that is gone on with says for a moment how it had ended
            self._timer.stop()

    def _show_chip(self, words: str) -> None:
        if words != self._chip:
            self._chip = words
            self.chip_changed.emit(words)

    # ---- asking

    def check(self, folder: Path, referable: Sequence[str] = ()) -> None:
        """Look through a folder; ``checked`` or ``check_failed`` follows."""
        self.stop_checking()
        asked = [each for name in referable for each in ("--referable", name)]
        arguments = ["check", str(folder), *asked, "--json", "--quiet"]
        self._checking = self._run(arguments, self._take_check, self.check_failed.emit)

    def stop_checking(self) -> None:
        """Leave a folder that is being looked through."""
        if self._checking is not None:
            _end(self._checking)
            self._checking = None

    def begin(self, wish: Wish) -> None:
        """Begin a training as a process of its own, and watch it."""
        place = folders.runs()
        runs.forget_refused(place)
        folder = runs.folder_for(place, _plain(wish.title))
        arguments = ["train", "--data", str(wish.folder), "--run", str(folder), "--background"]
        arguments += ["--name", wish.title, "--network", wish.network, "--size", str(wish.size)]
        arguments += ["--passes", str(wish.passes), "--phantoms", str(wish.phantoms), "--quiet"]
        arguments += ["--sparsity", "0.001"] if wish.sparse else []
        for name in wish.referable:
            arguments += ["--referable", name]
        self._set_off(folder, arguments)

    def go_on(self) -> None:
        """Go on with the run that is watched: unpause it, or begin its process anew."""
        if (folder := self.folder) is None:
            return
        runs.take_back(folder, runs.PAUSE)
        if not runs.is_held(folder):
            self._set_off(folder, ["resume", str(folder), "--background", "--quiet"])
        self.look()

    def pause(self) -> None:
        """Let the run wait."""
        if self.folder is not None:
            runs.ask(self.folder, runs.PAUSE)
            self.look()

    def pause_or_go_on(self) -> None:
        """Turn about."""
        if self.state == "paused":
            self.go_on()
        else:
            self.pause()

    def stop(self) -> None:
        """Let the run stop and keep its best round."""
        if self.folder is not None:
            runs.ask(self.folder, runs.STOP)
            self.look()

    def ship(self, shipment: Shipment) -> None:
        """Make the run's pack known; ``shipped`` or ``ship_failed`` follows."""
        if (folder := self.folder) is None:
            return
        if self._shipping is not None:
            self.ship_failed.emit(folder, "A pack is being made already. Try again in a moment.")
            return
        arguments = ["ship", str(folder), "--name", shipment.name]
        arguments += ["--version", shipment.version, "--title", shipment.title]
        arguments += ["--intended-use", shipment.intended_use, "--json", "--quiet"]
        arguments += ["--anyway"] if shipment.anyway else []
        # Another run may be watched by the time that it is made.
        self._shipping = self._run(
            arguments, partial(self._take_shipment, folder), partial(self._fail_shipment, folder)
        )

    def close(self) -> None:
        """Leave no process behind but the training, which goes on."""
        self._timer.stop()
        self.stop_checking()
        if self._shipping is not None:
            _end(self._shipping)
            self._shipping = None

    # ---- processes

    def _set_off(self, folder: Path, arguments: Sequence[str]) -> None:
        try:
            folders.made(folder)
        except OSError as fault:
            why = folders.reason(fault)
            self.said.emit(f"The training could not be begun. {folder.parent}: {why}.")
            return
        process = QProcess(self)
        process.setProgram(sys.executable)
        process.setArguments([*_COMMAND, *arguments])
        process.setWorkingDirectory(str(folder))
        process.setStandardOutputFile(str(folder / "output.log"))
        process.setStandardErrorFile(str(folder / "output.log"))
        started = process.startDetached()
        if not started[0] if isinstance(started, tuple) else not started:
            self.said.emit("The training could not be begun. The system did not start it.")
            return
        self._begun_at = time.monotonic()
        self.watch(folder)
        self.begun.emit()

    def _run(
        self,
        arguments: Sequence[str],
        take: Callable[[bytes], None],
        fail: Callable[[str], object],
    ) -> QProcess:
        process = QProcess(self)
        process.setProgram(sys.executable)
        process.setArguments([*_COMMAND, *arguments])
        process.setWorkingDirectory(QDir.tempPath())

        def finish(code: int) -> None:
            if code == 0:
                take(bytes(process.readAllStandardOutput().data()))
            else:
                words = bytes(process.readAllStandardError().data()).decode("utf-8", "replace")
                fail(words.strip() or "It ended without a word.")
            process.deleteLater()

        process.finished.connect(finish)
        process.start()
        return process

    def _take_check(self, content: bytes) -> None:
        self._checking = None
        self.checked.emit(msgspec.json.decode(content, type=Check))

    def _take_shipment(self, folder: Path, content: bytes) -> None:
        self._shipping = None
        self.shipped.emit(folder, Path(json.loads(content)["path"]))

    def _fail_shipment(self, folder: Path, words: str) -> None:
        self._shipping = None
        self.ship_failed.emit(folder, words)


def chip_words(watched: Watched) -> str:
    """What the engine's chip says of a run that goes on."""
    status = watched.seen.status
    if status.state == "paused":
        return "Training paused"
    if status.state == "stopping":
        return "Training stops"
    if status.part == runs.PART:
        return f"Training, round {min(status.done + 1, status.total)}"
    return "Training begins"


def _plain(words: str) -> str:
    kept = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in words)
    return "-".join(part for part in kept.lower().split("-") if part)[:40] or "training"


def _end(process: QProcess) -> None:
    process.blockSignals(True)
    process.kill()
    process.waitForFinished(1000)
    process.deleteLater()
