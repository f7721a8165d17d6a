"""Files of JSON leave the window, written beside its thread."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.folders import write_bytes
from viewer.notices import Notice, saved
from viewer.worker import Worker


class JsonFiles(QObject):
    """Writes what it is given; a row says when it is there, or why it is not."""

    noticed = Signal(object)
    _written = Signal(object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = Worker("JSON export")
        self._written.connect(self._say)

    def write(self, to: Path, told: dict[str, Any]) -> None:
        """Write one object."""
        content = json.dumps(told, ensure_ascii=False, indent=1).encode()
        self._worker.start(lambda: self._write(to, content))

    def _write(self, to: Path, content: bytes) -> None:
        """On the worker's thread."""
        try:
            write_bytes(to, content)
            self._written.emit(to, "")
        except OSError as error:
            self._written.emit(to, error.strerror or "no reason is known")

    def _say(self, to: Path, why: str) -> None:
        if not why:
            self.noticed.emit(saved(to))
            return
        detail = f"The folder cannot be written to: {why}. Save it in another folder."
        self.noticed.emit(Notice("export", f"“{to.name}” was not saved.", detail, "alert-circle"))
