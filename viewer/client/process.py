"""One engine process from its start to its end: messages in and out, and its log."""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QProcess, Signal

from engine import folders
from engine.service.messages import ToEngine, decode_from_engine, encode
from viewer.client.log import EngineLog

COMMAND = (sys.executable, "-P", "-m", "engine.service")
CLOSING = 3000
"""Milliseconds that it has to end by itself when the window closes."""


class EngineProcess(QObject):
    """Runs ``command`` with the working directory ``folder``."""

    received = Signal(object)
    """A message of the engine."""
    garbled = Signal()
    """It said something that is no message."""
    ended = Signal()
    """It is gone, whether by itself, by a crash or killed."""
    not_started = Signal(str)
    """It could not be started; the system's reason."""

    def __init__(self, command: Sequence[str], folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._log = EngineLog(folders.logs())
        self._process = QProcess(self)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        self._process.setWorkingDirectory(str(folder))
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.finished.connect(self._finish)
        # A program that cannot start says so here and never finishes.
        self._process.errorOccurred.connect(self._fail)

    def start(self) -> None:
        """Start it; returns at once."""
        self._process.start()

    @property
    def number(self) -> int:
        """The system's number of the process, 0 when it does not run."""
        return self._process.processId()

    def send(self, message: ToEngine) -> None:
        """Write a message; nothing if it is gone."""
        if self._process.state() is QProcess.ProcessState.Running:
            self._process.write(encode(message))

    def kill(self) -> None:
        """End it at once; ``ended`` follows."""
        self._process.kill()

    def close(self) -> None:
        """Let it end by itself, and kill it if it does not. Waits until it is gone."""
        self.blockSignals(True)
        if self._process.state() is QProcess.ProcessState.NotRunning:
            return
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(CLOSING):
            self._process.kill()
            self._process.waitForFinished(CLOSING)
        self._read_log()
        self._log.close()

    def _read(self) -> None:
        # One signal may stand for many lines, and a line may come in pieces.
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            try:
                message = decode_from_engine(line)
            except msgspec.MsgspecError:
                self.garbled.emit()
                return
            self.received.emit(message)

    def _read_log(self) -> None:
        self._log.keep(bytes(self._process.readAllStandardError().data()))

    def _finish(self) -> None:
        self._read()
        self._read_log()
        self._log.close()
        self.ended.emit()

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.not_started.emit(self._process.errorString())
