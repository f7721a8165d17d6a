"""Looks whether the file of a photograph that was read before still holds the same."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.service.messages import Failed, Gone, Opened, Refused
from viewer.client.engine import EngineClient
from viewer.photograph.readings import Readings


class SameFile(QObject):
    """The engine looks, so that a drive which does not answer keeps no window waiting.

    It decodes nothing where path, time and size are those of a file that it has decoded.
    """

    changed = Signal(object)
    """The ``Path`` of a file that holds another photograph now; it is in the readings already."""
    lost = Signal(object, object)
    """A path, and the ``Refused`` that says why it cannot be read any more."""

    def __init__(self, client: EngineClient, readings: Readings, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._readings = readings
        self._looking: dict[int, Path] = {}
        client.opened.connect(self._on_opened)
        for signal in (client.refused, client.failed, client.gone):
            signal.connect(self._on_over)

    def look(self, path: Path) -> None:
        """Look at a file whose photograph is shown from the readings."""
        self._looking[self._client.open(path)] = path

    def _on_opened(self, message: Opened) -> None:
        path = self._looking.pop(message.id, None)
        if path is None:
            return
        before = self._readings.picture(path)
        if before is None:
            self._client.release(message.file)
        elif self._readings.keep_picture(path, message) is not before:
            self.changed.emit(path)

    def _on_over(self, message: Refused | Failed | Gone) -> None:
        path = self._looking.pop(message.id, None)
        if path is not None and isinstance(message, Refused):
            self.lost.emit(path, message)
