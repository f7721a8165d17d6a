"""How long a series takes until it is in the window's memory, beside SimpleITK's series reader.

Ours goes the whole way: a window's client asks a running engine, whose decoders are warm, to list
the folder and to open what it holds; headers are checked, slices decoded, hashed and written, and
the array is mapped and every page of it touched in the window's process. SimpleITK lists the files
of the series and reads them in this process.
"""

import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.bench import ct_series, index
from engine.bench.ratio import interleave, machine
from engine.bench.window import serving
from engine.task import Task

REFERENCE = "SimpleITK: GetGDCMSeriesFileNames of the folder, and ImageSeriesReader.Execute"
FIRST_SLICE = "until the middle slice is in the window's memory, over the reference's whole load"

WHAT = "Loading could not be measured."
ADVICE = "Name a folder that holds one series and nothing else."

_KEYS = {"uncompressed": "ratio"}
"""The key of a ratio where it is not the syntax's own name."""
_FIRST_KEYS = {"uncompressed": "first_slice", "data": "data_first_slice"}


def run(
    task: Task,
    data: Path | None = None,
    *,
    slices: int = 300,
    side: int = 512,
    repeats: int = 9,
    listing: bool = True,
) -> dict[str, Any]:
    """The figures of ``lesionlens bench load``.

    A drawn CT of ``slices`` x ``side`` x ``side`` in four transfer syntaxes, and the one series in
    the folder ``data`` if there is one. What is compressed takes the reference up to 20 times as
    long: it is measured a third as often. ``listing`` adds the figures of ``index``.

    Raises:
        Refusal: ``data`` cannot be read, or the window's side does not start.
        Cancelled: the task was cancelled.
    """
    with TemporaryDirectory(prefix="lesionlens-load-") as temporary:
        drawn = {name: Path(temporary, name) for name in ct_series.SYNTAXES}
        for name, folder in drawn.items():
            ct_series.make(folder, name, slices, side, task)
        quick = {"uncompressed": drawn.pop("uncompressed")}
        if data is not None:
            quick["data"] = data
        with serving("load", WHAT, ADVICE) as ask:

            def load(folder: Path) -> float:
                return float(ask(str(folder))["first_slice"])

            figures = [
                _figures(quick, load, repeats, task),
                _figures(drawn, load, max(1, repeats // 3), task),
            ]
    seconds = {name: value for each in figures for name, value in each.pop("seconds").items()}
    return {
        **figures[0],
        **figures[1],
        "seconds": seconds,
        **(index.run(task) if listing else {}),
        "benchmark": "load",
        "reference": REFERENCE,
        "first_slice_means": FIRST_SLICE,
        "repeats": repeats,
        "series": f"{slices} x {side} x {side}, 12 bits in 16",
        "machine": machine(),
    }


def _figures(
    folders: dict[str, Path], load: Callable[[Path], float], repeats: int, task: Task
) -> dict[str, Any]:
    first: dict[str, list[float]] = {name: [] for name in folders}

    def ours(name: str) -> None:
        first[name].append(load(folders[name]))

    work: dict[str, Callable[[], object]] = {}
    for name, folder in folders.items():
        work[name] = partial(ours, name)
        work[f"{name}, SimpleITK"] = partial(_read, folder)
    timings = interleave(work, repeats, task)
    figures: dict[str, Any] = {}
    for name in folders:
        ratio = timings.ratio(name, f"{name}, SimpleITK")
        figures[_KEYS.get(name, name)] = ratio.ratio
        figures["spread" if name in _KEYS else f"{name}_spread"] = ratio.spread
    for name, key in _FIRST_KEYS.items():
        if name in folders:
            # The first turn is not measured.
            seconds = statistics.median(first[name][1:])
            figures[key] = seconds / timings.median(f"{name}, SimpleITK")
    figures["seconds"] = {name: timings.median(name) for name in work}
    return figures


def _read(folder: Path) -> None:
    import SimpleITK

    files = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder))
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(files)
    reader.Execute()
