"""The drawn eye for a first look: made by the command line in a process of its own."""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

_SEED = 11
"""A left eye with severe retinopathy: every lesion but new vessels is there to be found."""
_COMMAND = "import sys; from engine.cli import main; sys.exit(main(sys.argv[1:]))"


class PhantomMaker(QObject):
    """Draws the phantom eye once into ``folder``; ``made`` carries its path, "" if it failed."""

    made = Signal(str)

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._path = folder / "phantom eye.png"
        self._process = QProcess(self)
        self._process.setWorkingDirectory(str(folder))
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    def make(self) -> None:
        """Draw it, or tell at once where it lies."""
        if self._path.is_file():
            self.made.emit(str(self._path))
        elif self._process.state() is QProcess.ProcessState.NotRunning:
            arguments = ["phantom", "eye", str(self._path), "--seed", str(_SEED)]
            self._process.start(sys.executable, ["-P", "-c", _COMMAND, *arguments])

    def close(self) -> None:
        """Leave no process behind."""
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.blockSignals(True)
            self._process.kill()
            self._process.waitForFinished(1000)

    def _finish(self, code: int) -> None:
        self.made.emit(str(self._path) if code == 0 and self._path.is_file() else "")

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.made.emit("")
