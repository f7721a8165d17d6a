"""Cine: pictures one after the other, at a speed of their own or at one that was chosen."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from engine.pictures import FrameAxis
from viewer.seen.slice_state import SliceState

LEAST, MOST, FIRST = 1.0, 30.0, 10.0
"""Pictures a second (LOOK 11)."""


class Cine(QObject):
    """A clock that says how many pictures further it is; what a slow frame missed is skipped."""

    stepped = Signal(int)
    """How many pictures have gone by since the last time, at least 1."""
    toggled = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rate = FIRST
        """Pictures a second that the reader chose."""
        self._running = FIRST
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._clock = QElapsedTimer()
        self._gone = 0

    @property
    def is_running(self) -> bool:
        """Whether pictures go by."""
        return self._timer.isActive()

    def start(self, picture_ms: float | None = None) -> None:
        """Begin, at the chosen rate or at a speed of the pictures' own, at least 1 a second.

        A picture is not painted more often than 30 times a second: faster ones are skipped.
        """
        own = None if not picture_ms else max(1000 / picture_ms, LEAST)
        self._running = self.rate if own is None else own
        self._gone = 0
        self._clock.start()
        self._timer.start(round(1000 / min(self._running, MOST)))
        self.toggled.emit(True)

    def stop(self) -> None:
        """End; the picture that is shown stays."""
        if self.is_running:
            self._timer.stop()
            self.toggled.emit(False)

    def set_rate(self, rate: float) -> None:
        """Choose pictures a second, held between 1 and 30."""
        self.rate = min(max(rate, LEAST), MOST)
        if self.is_running:
            self.start()

    def _tick(self) -> None:
        gone = int(self._clock.elapsed() * self._running / 1000)
        further, self._gone = gone - self._gone, gone
        if further > 0:
            self.stepped.emit(further)


def plays_frames(state: SliceState) -> bool:
    """Whether cine goes through frames: those of time, or of a single slice; else slices."""
    several = len(state.facts.frames) > 1
    return several and (state.facts.frame_axis is FrameAxis.TIME or state.plane.count == 1)


def later(state: SliceState, further: int) -> SliceState:
    """So many pictures further, and from the last on to the first."""
    plane = state.plane
    if plays_frames(state):
        frame = (plane.frame + further) % len(state.facts.frames)
        return state.at_plane(plane.at_frame(frame))
    number = (plane.number - 1 + further) % plane.count + 1
    return state.at_plane(plane.at_number(number))
