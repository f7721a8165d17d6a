"""Learning from sequences is measured beside single pictures, never judged: a timing is no test."""

from collections.abc import Callable, Mapping

import pytest

from engine.bench import benches, stages
from engine.bench.ratio import Timings
from engine.task import Task


def test_the_benchmark_tells_what_sequences_and_answers_cost_for_every_backbone() -> None:
    found = stages.run(Task(), names=("small_112",), sequences=2, stages=3, repeats=2)
    assert found["benchmark"] == "stages"
    assert {"reference", "machine", "repeats", "spread"} <= set(found)
    for name in ("ratio", "answer", "repeated"):
        assert found[name] == found["backbones"]["small_112"][name] > 0
    assert found["images_per_step"] == 6
    rates, times = found["images_per_second"], found["milliseconds"]
    for arm in ("cyclic", "baseline"):
        assert round(rates[arm] * times[arm] / 1000) == 6


def test_figures_are_of_a_step_and_of_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def timed(work: Mapping[str, Callable[[], object]], *_: object) -> Timings:
        seconds = {"cyclic": 3.0, "baseline": 2.0, "answer": 4.0, "repeated": 8.0, "backbone": 2.0}
        assert set(seconds) == set(work)
        return Timings({name: (each,) for name, each in seconds.items()})

    monkeypatch.setattr(stages, "interleave", timed)
    found = stages.run(Task(), names=("small_112",), sequences=2)
    assert (found["ratio"], found["answer"], found["repeated"]) == (1.5, 2, 4)
    assert found["images_per_second"] == {"cyclic": 8 / 3, "baseline": 4}
    assert found["milliseconds"]["answer"] == 200  # twenty were asked in 4 s


def test_it_is_among_all_benchmarks() -> None:
    assert "stages" in benches.NAMES
