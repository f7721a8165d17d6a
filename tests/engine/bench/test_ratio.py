"""Ratios from times that are known: a clock that only the work moves."""

import pytest

from engine.bench.ratio import Timings, interleave, machine
from engine.errors import Cancelled
from engine.task import Task


class Clock:
    """A clock that stands still until somebody works."""

    def __init__(self) -> None:
        self.now = 0.0
        self.order: list[str] = []

    def __call__(self) -> float:
        return self.now

    def work(self, name: str, seconds: float) -> None:
        self.now += seconds
        self.order.append(name)


def test_every_piece_of_work_is_timed_by_itself() -> None:
    clock = Clock()
    timings = interleave(
        {"slow": lambda: clock.work("slow", 3.0), "fast": lambda: clock.work("fast", 2.0)},
        5,
        Task(),
        clock,
    )
    assert timings.seconds == {"slow": (3.0,) * 5, "fast": (2.0,) * 5}
    assert timings.ratio("slow", "fast").ratio == 1.5
    assert timings.ratio("slow", "fast").spread == 1.0


def test_turns_alternate_after_one_that_is_not_measured() -> None:
    clock = Clock()
    work = {name: lambda name=name: clock.work(name, 1.0) for name in "ab"}
    timings = interleave(work, 2, Task(), clock)
    assert clock.order == list("ab" + "ab" + "ba")
    assert len(timings.seconds["a"]) == 2


def test_the_ratio_is_of_medians_and_the_spread_of_single_repeats() -> None:
    ours = tuple(float(value) for value in range(1, 12))
    timings = Timings({"ours": ours, "reference": (2.0,) * 11})
    found = timings.ratio("ours", "reference")
    assert found.ratio == 3.0
    # 90th and 10th percentile of 1 … 11 are 10 and 2.
    assert found.spread == pytest.approx(5.0)


def test_one_disturbed_repeat_does_not_move_the_ratio() -> None:
    timings = Timings({"ours": (2.0, 2.0, 90.0, 2.0, 2.0), "reference": (1.0,) * 5})
    assert timings.ratio("ours", "reference").ratio == 2.0


def test_a_cancel_ends_it_at_the_next_turn() -> None:
    task = Task()
    done: list[int] = []

    def once() -> None:
        done.append(1)
        task.cancel()

    with pytest.raises(Cancelled):
        interleave({"once": once}, 100, task)
    assert len(done) == 1


def test_the_machine_is_named_with_its_cores() -> None:
    assert "cores" in machine()
