"""The benchmarks by name."""

from pathlib import Path
from typing import Any

from engine.task import Task

NAMES = ("heatmap", "startup", "pan", "scroll", "load", "sparsity")


def run(name: str, task: Task, data: Path | None = None) -> dict[str, Any]:
    """One benchmark's figures, or all of them by name; ``data`` is one more series to load.

    Raises ``Refusal`` and ``Cancelled``.
    """
    if name == "all":
        return {each: run(each, task, data) for each in NAMES}
    if name == "heatmap":
        from engine.bench import heatmap

        return heatmap.run(task)
    if name == "load":
        from engine.bench import load

        return load.run(task, data)
    if name == "sparsity":
        from engine.bench import sparsity

        return sparsity.run(task)
    from engine.bench import window

    return window.run(name, task)
