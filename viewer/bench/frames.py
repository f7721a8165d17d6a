"""Frames that a window paints, ours and a reference's in turn, and how long each took.

A frame lasts from a movement until the window's events are worked off and its paint events have
been counted: without counting, a run in which nothing was painted would look infinitely fast
(PLATFORM 4).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

REPEATS = 5
FRAMES = 24
"""Of each movement in each repeat."""
_PATIENCE = 5.0

Motion = Callable[[int], None]
"""Makes the n-th movement."""


class PaintCount(QObject):
    """Counts the paint events of widgets and the area that they painted, logical pixels."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__(widgets[0])
        self.events = 0
        self.area = 0
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look, and let it pass."""
        if isinstance(event, QPaintEvent):
            self.events += 1
            box = event.region().boundingRect()
            self.area += box.width() * box.height()
        return super().eventFilter(watched, event)


@dataclass
class Side:
    """One way to show the picture: its window, its movements by name, its frames in ms."""

    window: QWidget
    paints: PaintCount
    motions: dict[str, tuple[Motion, Motion]]
    """Each with what comes before its first frame."""
    frames: dict[str, list[list[float]]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)
    """Processor time of all threads per frame, ms: what a busy machine does not change much."""

    def run(self, name: str) -> None:
        """Make one movement over and over and keep how long each frame took."""
        prepare, move = self.motions[name]
        prepare(0)
        settle(self.paints)
        took: list[float] = []
        spent = self.processor.setdefault(name, [])
        for number in range(FRAMES):
            before = self.paints.events
            begun, worked = time.perf_counter(), time.process_time()
            move(number)
            until(lambda seen=before: self.paints.events > seen)  # type: ignore[misc]
            took.append(1000 * (time.perf_counter() - begun))
            spent.append(1000 * (time.process_time() - worked))
        self.frames.setdefault(name, []).append(took)

    def all_frames(self, name: str | None = None) -> NDArray[np.float64]:
        """Every frame of one motion or of all, ms."""
        runs = self.frames[name] if name else [one for runs in self.frames.values() for one in runs]
        return np.concatenate([np.asarray(run) for run in runs])


def in_turn(ours: Side, reference: Side) -> None:
    """Run all movements of both sides, one after the other, several times.

    Raises ``RuntimeError`` if a window does not paint.
    """
    for _ in range(REPEATS):
        for name in ours.motions:
            for side in (ours, reference):
                bring_up(side.window)
                side.run(name)
                side.window.hide()


def figures(benchmark: str, named: str, ours: Side, reference: Side) -> dict[str, object]:
    """What is told of both: ``named`` is the reference in words."""
    names = tuple(ours.motions)
    per_repeat = []
    for repeat in range(REPEATS):
        one, other = (
            np.median(np.concatenate([side.frames[name][repeat] for name in names]))
            for side in (ours, reference)
        )
        per_repeat.append(float(one / other))
    low, high = np.percentile(per_repeat, (10, 90))
    frames = ours.all_frames()
    whole = ours.window.width() * ours.window.height()
    return {
        "benchmark": benchmark,
        "reference": named,
        "ratio": round(float(np.median(frames) / np.median(reference.all_frames())), 3),
        "repeats": REPEATS,
        "spread": round(float(high / low), 3),
        "p95_ms": _ms(frames, 95),
        "reference_p95_ms": _ms(reference.all_frames(), 95),
        "motions": {
            name: {
                "median_ms": _ms(ours.all_frames(name), 50),
                "p95_ms": _ms(ours.all_frames(name), 95),
                "processor_ms": _ms(np.asarray(ours.processor[name]), 50),
                "reference_median_ms": _ms(reference.all_frames(name), 50),
                "reference_p95_ms": _ms(reference.all_frames(name), 95),
                "reference_processor_ms": _ms(np.asarray(reference.processor[name]), 50),
            }
            for name in names
        },
        "frames": len(frames),
        "views_painted_per_frame": round(ours.paints.area / ours.paints.events / whole, 3),
        "view": [ours.window.width(), ours.window.height()],
    }


def _ms(frames: NDArray[np.float64], percentile: float) -> float:
    return round(float(np.percentile(frames, percentile)), 2)


def bring_up(window: QWidget) -> None:
    """Have a window on the screen."""
    if not window.isVisible():
        window.show()
    window.raise_()
    until(lambda: (handle := window.windowHandle()) is not None and handle.isExposed())


def settle(paints: PaintCount) -> None:
    """Work off what the preparation left to be painted."""
    for _ in _patiently():
        before = paints.events
        QApplication.processEvents()
        if paints.events == before:
            return


def until(done: Callable[[], bool]) -> None:
    """Work off events until it is ``done``; raises ``RuntimeError`` if it never is."""
    for _ in _patiently():
        QApplication.processEvents()
        if done():
            return


def _patiently() -> Iterator[None]:
    end = time.perf_counter() + _PATIENCE
    while time.perf_counter() < end:
        yield
    raise RuntimeError("The window did not paint.")
