"""A drawn picture is written as a PNG, whole or not at all."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from engine.folders import write_bytes


def written(image: QImage, to: Path) -> bool:
    """Whether the picture lies at ``to`` now; for a worker's thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, b"png").write(image):
        return False
    try:
        write_bytes(to, bytes(buffer.data().data()))
    except OSError:
        return False
    return True
