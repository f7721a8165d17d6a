"""The benchmarks by name."""

from pathlib import Path
from typing import Any

from engine.task import Task

NAMES = (
    "heatmap",
    "startup",
    "pan",
    "scroll",
    "load",
    "sparsity",
    "training",
    "stages",
    "answer",
)
"""Those that need no data."""


def run(name: str, task: Task, data: Path | None = None) -> dict[str, Any]:
    """One benchmark's figures, or those of ``NAMES`` by name.

    ``data`` is one more series to load, or the photographs to browse through, without which that
    one is refused.

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
    if name == "browse":
        from engine.bench import browse

        return browse.run(task, data)
    if name == "training":
        from engine.bench import training

        return training.run(task)
    if name == "stages":
        from engine.bench import stages

        return stages.run(task)
    if name == "answer":
        from engine.bench import answer

        return answer.run(task)
    from engine.bench import window

    return window.run(name, task)
