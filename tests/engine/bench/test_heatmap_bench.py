"""The heatmap benchmark's figures, never their size: a timing is no test."""

import sys

import pytest

from engine.bench import heatmap
from engine.errors import Refusal
from engine.task import Task


def test_the_benchmark_gives_both_ratios_with_what_they_refer_to() -> None:
    pytest.importorskip("captum", reason="Captum is not installed: the extra bench has it.")
    found = heatmap.run(Task(), size=112, batch=2, repeats=2)
    assert {"ratio", "against_captum", "repeats", "spread", "machine", "reference"} <= set(found)
    times = found["milliseconds"]
    assert found["ratio"] == pytest.approx(times["pi"] / times["forward"])
    assert found["against_captum"] == pytest.approx(times["pi"] / times["captum"])
    assert found["repeats"] == 2


def test_without_captum_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "captum.attr", None)
    with pytest.raises(Refusal) as refusal:
        heatmap.run(Task())
    assert "bench" in refusal.value.advice
