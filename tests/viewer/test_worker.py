"""Work beside the window neither hangs it nor is lost without a word."""

import logging
import os
import subprocess
import sys
import threading

import pytest

from viewer.worker import Worker

# A window that goes while its photograph is still being prepared: with a QThreadPool of its own the
# pane waited in its destructor for a thread that waited for the interpreter.
LEAVES_EARLY = """
import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from viewer.panes.photograph import PhotographPane
application = QApplication([])
for _ in range(20):
    pane = PhotographPane()
    pane.show_photograph(np.zeros((900, 1300, 3), np.uint8), "eye")
    pane.deleteLater()
    del pane
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
print("over")
"""


def test_a_pane_may_go_while_its_photograph_is_prepared() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LEAVES_EARLY],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert run.stdout.split() == ["over"], run.stderr


def test_calls_run_one_after_the_other_beside_the_caller() -> None:
    worker, done = Worker("test"), []
    for number in range(5):
        worker.start(lambda number=number: done.append((number, threading.current_thread())))  # type: ignore[misc]
    worker.wait()
    assert [number for number, _ in done] == [0, 1, 2, 3, 4]
    assert threading.current_thread() not in {thread for _, thread in done}


def test_a_fault_is_logged_by_its_kind_alone(caplog: pytest.LogCaptureFixture) -> None:
    worker = Worker("test")

    def fault() -> None:
        raise ValueError("Doe^Jane")

    with caplog.at_level(logging.ERROR):
        worker.start(fault)
        worker.wait()
    assert "ValueError" in caplog.text
    assert "Doe" not in caplog.text
