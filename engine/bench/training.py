"""What the pictures' way into a training step costs: the loop's own beside inputs that lie ready.

Beside it what is saved: a loop that decodes and normalises each picture anew at every step, and
one whose network and inputs are not laid out channels-last.
"""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.bench.ratio import Ratio, interleave, machine
from engine.images.photograph import open_picture
from engine.networks.net_b import NetB
from engine.networks.operator_network import initialise
from engine.phantoms.eye import draw_eye
from engine.preparation.augmentation import Augmentation, warp
from engine.preparation.fundus import LEVELS, find_field_of_view, normalise, working_width
from engine.task import Task
from engine.training.checkpoints import Progress
from engine.training.feed import Feed
from engine.training.loop import Step, make_optimiser
from engine.training.normalised import Pictures
from engine.training.plan import Optimisation

REFERENCE = "the same step, net B, on one batch that lies ready"
DECODING = "a step that opens, normalises and warps its photographs first, over the loop's"
CONTIGUOUS = "the ready step with network and inputs channels-first, over channels-last"

_PHOTOGRAPHS = 3
_WIDTH = 1024
"""Of the photographs that are decoded at every step."""


def run(
    task: Task, *, sizes: tuple[int, ...] = (112, 224), batch: int = 9, repeats: int = 7
) -> dict[str, Any]:
    """The figures of ``lesionlens bench training``, on the processor.

    ``ratio`` is the loop's step over ``reference``; ``decoding_each_time`` and ``contiguous`` what
    the other ways cost. ``sizes`` holds them for every size; the first one's are the chief ones.

    Raises:
        Cancelled: the task was cancelled.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = _photographs(Path(folder))
        figures = {size: _figures(size, batch, repeats, paths, task) for size in sizes}
    return {
        "benchmark": "training",
        **figures[sizes[0]],
        "sizes": {str(size): found for size, found in figures.items()},
        "reference": REFERENCE,
        "decoding_each_time_means": DECODING,
        "contiguous_means": CONTIGUOUS,
        "repeats": repeats,
        "threads": torch.get_num_threads(),
        "machine": machine(),
    }


def _figures(size: int, batch: int, repeats: int, paths: list[Path], task: Task) -> dict[str, Any]:
    truth = (torch.arange(batch) % 2).float()
    inputs = 0.26 * torch.randn(batch, 3, size, size, generator=torch.Generator().manual_seed(0))
    ready = inputs.contiguous(memory_format=torch.channels_last)
    decoding = _step(size)
    steps: dict[str, Callable[[], object]] = {
        "loop": _through_feed(size, batch),
        "ready": partial(_step(size).take, ready, truth),
        "contiguous": partial(_step(size, torch.contiguous_format).take, inputs, truth),
        "decoding": lambda: decoding.take(_decoded(paths, size, batch), truth),
    }
    timings = interleave(steps, repeats, task)
    found: dict[str, Ratio] = {
        "": timings.ratio("loop", "ready"),
        "decoding_each_time": timings.ratio("decoding", "loop"),
        "contiguous": timings.ratio("contiguous", "ready"),
    }
    ratios = {name or "ratio": each.ratio for name, each in found.items()}
    spreads = {f"{name}_spread".lstrip("_"): each.spread for name, each in found.items()}
    return {
        **ratios,
        **spreads,
        "pictures_per_second": batch / timings.median("loop"),
        "seconds": {name: timings.median(name) for name in steps},
        "batch": batch,
        "network": f"net B, {size} px, float32",
    }


def _step(size: int, layout: torch.memory_format = torch.channels_last) -> Step:
    network = NetB(size)
    initialise(network, torch.Generator().manual_seed(1))
    network.to(memory_format=layout).train()  # type: ignore[call-overload]
    return Step(network, make_optimiser(network, Optimisation(passes=1)), None, Progress())


def _through_feed(size: int, batch: int) -> Callable[[], object]:
    """The loop's own way: bytes from the run folder's array, changed anew, then the step."""
    step, width = _step(size), working_width(size)
    draw = np.random.default_rng(0)
    values = draw.integers(-60, 60, (4 * batch, 3, width, width)).astype(np.int8)
    feed = Feed(Pictures(values, np.arange(4 * batch) % 2 == 0), size, torch.device("cpu"))

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            rows = draw.permutation(4 * batch)
            parts = [rows[at : at + batch] for at in range(0, 4 * batch, batch)]
            yield from feed.batches(parts, range(len(parts)))

    going = batches()

    def take() -> float:
        inputs, truth = next(going)
        return step.take(inputs, truth)

    return take


def _decoded(paths: list[Path], size: int, batch: int) -> Tensor:
    values = []
    for number in range(batch):
        pixels = open_picture(paths[number % len(paths)]).pixels
        found, _ = normalise(pixels, find_field_of_view(pixels), size)
        values.append(np.rint(found * LEVELS) / LEVELS)
    drawn = Augmentation().draw(torch.Generator().manual_seed(0), batch)
    warped = warp(torch.from_numpy(np.stack(values)).float(), drawn, size)
    return warped.contiguous(memory_format=torch.channels_last)


def _photographs(folder: Path) -> list[Path]:
    from PIL import Image

    paths = []
    for seed in range(_PHOTOGRAPHS):
        path = folder / f"{seed}.jpg"
        Image.fromarray(draw_eye(seed, width=_WIDTH).pixels).save(path, quality=92)
        paths.append(path)
    return paths
