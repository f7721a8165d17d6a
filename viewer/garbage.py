"""Python's garbage is collected in the window's thread alone.

Left to itself, Python collects in whichever thread makes the object that is one too many, and a
discarded widget that is part of a cycle is then destroyed in a worker's thread, where Qt ends the
process.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1000


class GarbageCollection(QObject):
    """Takes over from the interpreter's own collection until it is stopped."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        # What the start has made stays to the end, and need not be looked through each time.
        gc.freeze()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()

    def stop(self) -> None:
        """Give collecting back to the interpreter."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def collect_due() -> None:
    """Collect the oldest generation that holds more than the interpreter would let it."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return
