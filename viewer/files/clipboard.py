"""A drawn picture goes to the clipboard; decoding a large one would hold the window up."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from viewer.worker import Worker


class PictureClipboard(QObject):
    """Reads pictures on a worker thread, and puts them on the clipboard from the window's."""

    put = Signal(bool)
    """The picture is there, or could not be read."""
    _read = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        # One after the other: the picture that was copied last is the one that stays.
        self._worker = Worker("clipboard")
        self._read.connect(self._put)

    def take(self, path: Path) -> None:
        """Put the picture at ``path`` on the clipboard, and delete the file."""
        self._worker.start(lambda: self._load(path))

    def close(self) -> None:
        """Wait for what is being read."""
        self._worker.wait()

    def _load(self, path: Path) -> None:
        image = QImage(str(path))
        path.unlink(missing_ok=True)
        self._read.emit(image)

    def _put(self, image: QImage) -> None:
        if not image.isNull():
            QGuiApplication.clipboard().setImage(image)
        self.put.emit(not image.isNull())
