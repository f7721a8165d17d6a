"""Stepping through visits: one after the other by itself, until the last one or a hand."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

STEP_MS = 1200
"""How long a visit stays while one goes through them."""


class Stepping(QObject):
    """``on`` goes to the next visit and tells whether there was one; ``back`` to the first."""

    changed = Signal(bool)
    """Whether it goes on."""

    def __init__(self, on: Callable[[], bool], back: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._on = on
        self._back = back
        self.clock = QTimer(self, singleShot=True, interval=STEP_MS)
        self.clock.timeout.connect(self._go_on)

    @property
    def is_on(self) -> bool:
        """Whether it steps from visit to visit by itself."""
        return self.clock.isActive()

    def turn(self) -> None:
        """Go from visit to visit, from the first where this is the last; and again: stop."""
        if self.is_on:
            self.stop()
            return
        if not self._on():
            self._back()
        self.clock.start()
        self.changed.emit(True)

    def stop(self) -> None:
        """Stay at this visit."""
        self.clock.stop()
        self.changed.emit(False)

    def _go_on(self) -> None:
        if self._on():
            self.clock.start()
        else:
            self.stop()
