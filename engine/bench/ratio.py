"""Speed as a ratio to a reference: interleaved repeats in one process, medians and their spread.

An absolute time says more about the machine, and about what else it was doing, than about the
program; two things timed turn by turn share both.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.task import Task


@dataclass(frozen=True)
class Ratio:
    """``ratio``: the median of ours over the median of the reference; smaller is better.

    ``spread`` is the 90th over the 10th percentile of the single repeats' ratios: 1 is a machine
    at rest, and far above it the ratio is not to be trusted.
    """

    ratio: float
    spread: float


@dataclass(frozen=True)
class Timings:
    """Seconds of every repeat, by name; repeats of the same number ran one after the other."""

    seconds: Mapping[str, tuple[float, ...]]

    def ratio(self, ours: str, reference: str) -> Ratio:
        """How long ``ours`` took in units of ``reference``."""
        a, b = self.seconds[ours], self.seconds[reference]
        single = [x / y for x, y in zip(a, b, strict=True)]
        if len(single) == 1:
            return Ratio(single[0], 1.0)
        tenths = statistics.quantiles(single, n=10, method="inclusive")
        return Ratio(statistics.median(a) / statistics.median(b), tenths[8] / tenths[0])

    def median(self, name: str) -> float:
        """The median in seconds."""
        return statistics.median(self.seconds[name])


def interleave(
    work: Mapping[str, Callable[[], object]],
    repeats: int,
    task: Task,
    clock: Callable[[], float] = time.perf_counter,
) -> Timings:
    """Time every piece of ``work`` ``repeats`` times, turn by turn, after one turn unmeasured.

    Every other turn goes backwards, so that nothing always follows the same neighbour.

    Raises:
        Cancelled: the task was cancelled.
    """
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for call in work.values():
        task.check()
        call()
    for turn in task.over(range(repeats), "Measuring", repeats):
        for name in list(work)[:: -1 if turn % 2 else 1]:
            start = clock()
            work[name]()
            seconds[name].append(clock() - start)
    return Timings({name: tuple(values) for name, values in seconds.items()})


def machine() -> str:
    """The machine in words: system, processor, cores that this process may use."""
    usable = getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))(0)
    return f"{platform.system()} {platform.machine()}, {_processor()}, {len(usable)} cores"


def _processor() -> str:
    """The processor's own name; ``platform`` leaves it empty on Linux."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown processor")
