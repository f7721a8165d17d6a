"""The benchmark of the wait for an answer: what it asks, of whom, and never how long it takes."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.bench import answer, benches, fundus_file, window
from engine.bench.ratio import Timings
from engine.errors import Refusal
from engine.task import Task

pytestmark = pytest.mark.usefixtures("own_home")

SMALL = (536, 356)


def test_a_window_s_client_is_answered_and_the_steps_follow_each_other() -> None:
    found = answer.run(Task(), size=SMALL, net_b=112, repeats=1)
    assert {"reference", "machine", "repeats", "spread", "net_b_spread"} <= set(found)
    for name, ratio, seconds in (
        ("default", "ratio", "seconds"),
        ("net_b", "net_b", "net_b_seconds"),
    ):
        took = found["milliseconds"][name]
        assert 0 < took["shown"] < took["answered"] < took["placed"] <= 1000 * found[seconds]
        assert found[ratio] == pytest.approx(1000 * found[seconds] / took["networks_alone"])
    assert "untrained" in found["weights"]["net_b"]


def test_figures_are_of_medians_and_of_measured_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter([9.0, 0.5, 9.0, 1.5] * 3)
    seconds = {"default": 3.0, "default, alone": 2.0, "net_b": 4.0, "net_b, alone": 1.0}
    seconds |= {"default, map": 0.5, "net_b, map": 0.25}

    def timed(work: Mapping[str, Callable[[], object]], repeats: int, _: Task) -> Timings:
        assert set(seconds) == set(work)
        for turn in (1, 2):
            del turn
            work["default"]()
            work["net_b"]()
        return Timings({name: (each,) for name, each in seconds.items()})

    asked: list[list[str]] = []

    class Said:
        def __enter__(self) -> Callable[[list[str]], dict[str, float]]:
            return self.say

        def __exit__(self, *_: object) -> None:
            pass

        def say(self, about: list[str]) -> dict[str, float]:
            asked.append(about)
            return dict.fromkeys(answer.STEPS, next(told))

    monkeypatch.setattr(answer, "interleave", timed)
    monkeypatch.setattr(answer, "serving", lambda *_: Said())
    found = answer.run(Task(), size=SMALL, net_b=112, repeats=1)
    assert (found["ratio"], found["seconds"]) == (1.5, 3)
    assert (found["net_b"], found["net_b_seconds"]) == (4, 4)
    assert found["milliseconds"]["default"]["map_alone"] == 500
    assert found["milliseconds"]["default"]["placed"] == 9000
    assert found["milliseconds"]["net_b"]["placed"] == 1500
    paths = [path for path, *_ in asked]
    assert len(set(paths)) == 4


def test_no_copy_of_the_photograph_is_another_s_but_for_its_pixels(tmp_path: Path) -> None:
    content = fundus_file.jpeg(SMALL)
    made = fundus_file.copies(content, tmp_path)
    one, two = next(made), next(made)
    hashes = {hashlib.sha256(each.read_bytes()).hexdigest() for each in (one, two)}
    assert len(hashes) == 2
    drawn = Image.open(io.BytesIO(content))
    for path in (one, two):
        with Image.open(path) as image:
            assert image.size == drawn.size == SMALL
            np.testing.assert_array_equal(np.asarray(image), np.asarray(drawn))


def test_what_the_window_s_side_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.Popen
    says = 'input(); print(\'{"refused": "The drawn eye was not answered."}\')'
    monkeypatch.setattr(
        window.subprocess,
        "Popen",
        lambda _, **options: real([sys.executable, "-c", says], **options),
    )
    with pytest.raises(Refusal, match="drawn eye was not answered"):
        answer.run(Task(), size=SMALL, net_b=112, repeats=1)


def test_it_is_among_all_benchmarks() -> None:
    assert "answer" in benches.NAMES
