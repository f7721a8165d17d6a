"""How long the next photograph of a folder takes from the key to the screen, and its answer.

Run in a process of its own (``python -m viewer.bench.browse PHOTOGRAPH…``); prints one JSON object.
Each pace is a fresh window with a fresh engine, which has never seen the photographs.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viewer.photograph.standing import Standing
from viewer.window import Window

QUICK, SLOW = 1.0, 5.0
"""Seconds from key to key."""
VIEW = (1920, 1080)
_PATIENCE = 120.0
_MEANS = {
    "p95_ms": f"PgDn every {QUICK:.0f} s: from the key to the frame with the next photograph",
    "answers_ready": f"PgDn every {SLOW:.0f} s: share of that frame that has its answer already",
    "answers_followed": f"PgDn every {QUICK:.0f} s: share whose answer came before the next key",
    "answer_ms": f"PgDn every {QUICK:.0f} s: from the key to the answer, of those that came",
}


@dataclass
class Step:
    """One key: milliseconds from it to the frame and to the answer, None if that never came.

    ``ready`` is whether the answer was in that frame, ``sharp`` whether the frame was made of the
    whole photograph.
    """

    shown: float = 0.0
    answered: float | None = None
    ready: bool = False
    sharp: bool = False


def measure(paths: list[str]) -> dict[str, Any]:
    """Both paces."""
    quick, slow = (_pass(pace, paths) for pace in (QUICK, SLOW))
    answers = [step.answered for step in quick if step.answered is not None]
    return {
        "benchmark": "browse",
        **_shown_figures(quick, ""),
        "answers_followed": _share(step.answered is not None for step in quick),
        "answer_ms": round(statistics.median(answers), 1) if answers else None,
        "answers_ready": _share(step.ready for step in slow),
        **_shown_figures(slow, "slow_"),
        "means": _MEANS,
        "seconds_between_keys": {"quick": QUICK, "slow": SLOW},
        "photographs": len(paths),
        "window": list(VIEW),
    }


def _shown_figures(steps: list[Step], prefix: str) -> dict[str, float]:
    shown = [step.shown for step in steps]
    return {
        f"{prefix}p95_ms": round(statistics.quantiles(shown, n=20, method="inclusive")[-1], 1),
        f"{prefix}median_ms": round(statistics.median(shown), 1),
        f"{prefix}slowest_ms": round(max(shown), 1),
        f"{prefix}sharp": _share(step.sharp for step in steps),
    }


def _share(those: Iterable[bool]) -> float:
    return round(statistics.mean(map(float, those)), 3)


def _pass(pace: float, paths: list[str]) -> list[Step]:
    with tempfile.TemporaryDirectory(prefix="lesionlens-browse-") as folder:
        homes = {f"XDG_{kind}_HOME": folder for kind in ("CONFIG", "CACHE", "DATA", "STATE")}
        command = [sys.executable, "-P", "-m", "viewer.bench.browse", "--pace", str(pace), *paths]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, env={**os.environ, **homes}, check=False
        )
    lines = done.stdout.decode().splitlines()
    if done.returncode != 0 or not lines:
        raise RuntimeError(f"The window ended with {done.returncode} and told nothing.")
    return [Step(**step) for step in json.loads(lines[-1])]


# ---- in the process with the window


class Hand(QObject):
    """Presses PgDn in ``window`` and looks at what is painted."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._step: Step | None = None
        self._begun = 0.0
        self._wanted = Path()
        self._steps: list[Step] = []
        window.photographs.first.installEventFilter(self)
        window.presenter.standing_changed.connect(self._look)

    def go_through(self, count: int, pace: float) -> list[Step]:
        """Press the key every ``pace`` seconds; what became of each of ``count`` - 1 presses.

        Raises ``RuntimeError`` where a photograph never comes.
        """
        presenter = self._window.presenter
        _wait(lambda: presenter.standing is Standing.ANSWERED, _PATIENCE)
        next_key = time.perf_counter() + pace
        for _ in range(count - 1):
            _wait(lambda at=next_key: time.perf_counter() >= at, _PATIENCE)  # type: ignore[misc]
            next_key = max(next_key + pace, time.perf_counter())
            self._press()
        _wait(lambda at=next_key: time.perf_counter() >= at, _PATIENCE)  # type: ignore[misc]
        return self._steps

    def _press(self) -> None:
        walk = self._window.presenter.walk
        path = walk.beside(walk.at, 1)
        if path is None:
            raise RuntimeError("There is no next photograph.")
        step, self._wanted = Step(), path
        self._steps.append(step)
        self._step = step
        handle = self._window.windowHandle()
        self._begun = time.perf_counter()
        QTest.keyClick(handle, Qt.Key.Key_PageDown)
        _wait(lambda: step.shown > 0, _PATIENCE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A frame with the wanted photograph is about to be painted."""
        step, shown = self._step, self._window.presenter.picture
        state = self._window.photographs.first.state
        if (
            event.type() is QEvent.Type.Paint
            and step is not None
            and not step.shown
            and shown is not None
            and shown.path == self._wanted
            and state.pixels is shown.pixels
        ):
            step.shown = -1.0
            step.ready = self._window.presenter.standing is Standing.ANSWERED
            step.sharp = state.detailed
            # The rest of the frame is painted within this turn of the event loop.
            QTimer.singleShot(0, self, self._painted)
        return super().eventFilter(watched, event)

    def _painted(self) -> None:
        if self._step is not None:
            self._step.shown = 1000 * (time.perf_counter() - self._begun)
            self._look()

    def _look(self) -> None:
        step, presenter = self._step, self._window.presenter
        if step is None or step.answered is not None or presenter.picture is None:
            return
        if presenter.picture.path == self._wanted and presenter.standing is Standing.ANSWERED:
            step.answered = 1000 * (time.perf_counter() - self._begun)


def _wait(done: Callable[[], bool], seconds: float) -> None:
    """Let the window live until it is ``done``. Raises ``RuntimeError`` if it never is."""
    end = time.perf_counter() + seconds
    waker = QTimer()
    waker.start(2)
    while not done():
        if time.perf_counter() > end:
            raise RuntimeError("The window did not show what was asked for.")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _window(pace: float, paths: list[Path]) -> None:
    from viewer import application

    def drive(window: Window) -> None:
        told: list[Step] = []
        try:
            window.resize(*VIEW)
            window.open(*paths)
            told = Hand(window).go_through(len(paths), pace)
        finally:
            window.close()
        sys.stdout.write(json.dumps([asdict(step) for step in told]) + "\n")

    # After the engine was started, which follows the first frame.
    application.run([], lambda window: QTimer.singleShot(0, lambda: drive(window)))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--pace", pace, *names]:
            _window(float(pace), [Path(name) for name in names])
        case names:
            sys.stdout.write(json.dumps(measure(names)) + "\n")
