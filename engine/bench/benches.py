"""The benchmarks by name."""

from typing import Any

from engine.task import Task

NAMES = ("heatmap", "startup", "pan", "scroll")


def run(name: str, task: Task) -> dict[str, Any]:
    """One benchmark's figures, or all of them by name. Raises ``Refusal`` and ``Cancelled``."""
    if name == "all":
        return {each: run(each, task) for each in NAMES}
    if name == "heatmap":
        from engine.bench import heatmap

        return heatmap.run(task)
    from engine.bench import window

    return window.run(name, task)
