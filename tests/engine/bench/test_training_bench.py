"""The way of the pictures into a step is measured beside a step whose pictures lie ready."""

from engine.bench import training
from engine.task import Task


def test_the_benchmark_gives_every_ratio_for_every_size() -> None:
    found = training.run(Task(), sizes=(112,), batch=2, repeats=2)
    assert found["benchmark"] == "training"
    for name in ("ratio", "decoding_each_time", "contiguous"):
        assert found[name] == found["sizes"]["112"][name] > 0
    assert found["seconds"]["decoding"] > found["seconds"]["ready"]
    assert found["pictures_per_second"] > 0
