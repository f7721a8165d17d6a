"""Cine: pictures one after the other, at a speed of their own or at one that was chosen."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

LEAST, MOST, FIRST = 1.0, 30.0, 10.0
"""Pictures a second (LOOK 11)."""


class Cine(QObject):
    """A clock that says how many pictures further it is; a slow frame is made up for."""

    stepped = Signal(int)
    """How many pictures have gone by since the last time, at least 1."""
    toggled = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rate = FIRST
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._clock = QElapsedTimer()
        self._gone = 0

    @property
    def is_running(self) -> bool:
        """Whether pictures go by."""
        return self._timer.isActive()

    @property
    def rate(self) -> float:
        """Pictures a second."""
        return self._rate

    def set_rate(self, rate: float) -> None:
        """Other pictures a second, held between 1 and 30."""
        self._rate = min(max(rate, LEAST), MOST)
        if self.is_running:
            self.start()

    def start(self) -> None:
        """Begin, or begin anew."""
        was = self.is_running
        self._gone = 0
        self._clock.start()
        self._timer.start(round(1000 / self._rate))
        if not was:
            self.toggled.emit(True)

    def stop(self) -> None:
        """End; the picture that is shown stays."""
        if self.is_running:
            self._timer.stop()
            self.toggled.emit(False)

    def _tick(self) -> None:
        gone = int(self._clock.elapsed() * self._rate / 1000)
        further, self._gone = gone - self._gone, gone
        if further > 0:
            self.stepped.emit(further)
