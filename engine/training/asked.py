"""What a person asks of a run that goes on, heeded between two batches: pause, or stop."""

import time
from pathlib import Path

from engine import runs
from engine.errors import Cancelled, Refusal
from engine.task import Task
from engine.training import plan as plans
from engine.training.run import Run

_LOOK_AGAIN = 0.2
"""Seconds between two looks while it pauses."""


class Stopped(Cancelled):
    """The person asked the run to stop and to keep its best."""


def left_by_a_stop(folder: Path) -> str:
    """What there is of the run in ``folder`` once it is stopped, in a sentence.

    Only a plan with a held-out part has a best round to ship; a cross-validation measures what it
    ships by all its folds, and goes on from its checkpoints.
    """
    if not (folder / "plan.toml").exists():
        return "Its pictures were still being looked at: nothing is kept."
    try:
        plan, _ = plans.read(folder / "plan.toml")
        watched = plan.data.held_out > 0
    except Refusal:
        watched = False  # another recipe's
    if watched and Run(folder).best_file(runs.PART).exists():
        left = "Its best round is kept, as a pack"
    else:
        left = f"There is no pack yet: {'no round is over' if watched else 'all its folds make it'}"
    return f"{left}. It can go on: lesionlens resume {folder}"


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
