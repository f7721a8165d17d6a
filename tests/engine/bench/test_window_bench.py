"""The window's benchmark takes its figures from the last line that a window tells."""

import subprocess
import sys

import pytest

from engine.bench import window
from engine.errors import Cancelled, Refusal
from engine.task import Task


@pytest.fixture
def measured_by(monkeypatch: pytest.MonkeyPatch):
    """Let a small program stand where the viewer's benchmark would be started."""
    real = subprocess.Popen

    def stand_in(program: str) -> list[list[str]]:
        asked: list[list[str]] = []

        def start(command, **options):
            asked.append(command)
            return real([sys.executable, "-c", program], **options)

        monkeypatch.setattr(window.subprocess, "Popen", start)
        return asked

    return stand_in


def test_the_last_line_that_the_window_tells_becomes_the_figures(measured_by) -> None:
    asked = measured_by("print('Qt says something'); print('{\"p95_ms\": 7.5}')")
    found = window.run("pan", Task())
    assert found["p95_ms"] == 7.5
    assert found["machine"]
    assert asked == [[sys.executable, "-P", "-m", "viewer.bench.pan"]]


def test_a_window_that_cannot_come_up_is_a_refusal_with_its_own_last_words(measured_by) -> None:
    measured_by("import sys; sys.exit('could not connect to display')")
    with pytest.raises(Refusal, match="could not connect to display"):
        window.run("pan", Task())


def test_a_cancelled_benchmark_stops_its_process(
    measured_by, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured_by("import time; time.sleep(600)")
    started: list[subprocess.Popen[bytes]] = []
    begin = window.subprocess.Popen

    def remember(command, **options):
        started.append(begin(command, **options))
        return started[-1]

    monkeypatch.setattr(window.subprocess, "Popen", remember)
    task = Task(report=lambda *_: task.cancel())
    with pytest.raises(Cancelled):
        window.run("pan", task)
    assert started[0].poll() is not None
