"""What a person asks of a run that goes on, heeded between two batches: pause, or stop."""

import time
from pathlib import Path

from engine import runs
from engine.errors import Cancelled
from engine.task import Task

_LOOK_AGAIN = 0.2
"""Seconds between two looks while it pauses."""


class Stopped(Cancelled):
    """The person asked the run to stop and to keep its best."""


def heed(folder: Path, task: Task) -> float:
    """Wait while the run in ``folder`` is to pause, and return how many seconds that took.

    Raises ``Stopped`` and ``Cancelled``.
    """
    task.check()
    begun = time.monotonic()
    paused = False
    while True:
        if (folder / runs.STOP).exists():
            raise Stopped
        if not (folder / runs.PAUSE).exists():
            return time.monotonic() - begun if paused else 0.0
        paused = True
        time.sleep(_LOOK_AGAIN)
        task.check()
