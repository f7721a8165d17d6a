"""What learning stages from sequences costs beside the baseline network, and what an answer does.

Both learn by the loop's own steps, drawing, warping and descent included, from as many pictures.
"""

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
import torch

from engine.bench.ratio import interleave, machine
from engine.networks import backbones
from engine.networks.stage_network import StageNetwork
from engine.preparation.fundus import working_width
from engine.progression import arms
from engine.progression.loop import Data, Schedule, Steps
from engine.progression.splits import Staged
from engine.task import Task

REFERENCE = "the baseline's step, on as many single pictures"
ANSWER = "one picture's stages, by both heads, over the backbone's pass alone"
REPEATED = "the same as it is printed, the picture a sequence of itself, over the backbone's pass"

TIMES = 20
"""One picture is quick: so often at once, that the system's other work weighs little."""

_LEARNT = ("cyclic", "baseline")


def run(
    task: Task,
    *,
    names: tuple[str, ...] = ("small_112", "small_224"),
    sequences: int = 16,
    stages: int = 4,
    repeats: int = 15,
) -> dict[str, Any]:
    """The figures of ``lesionlens bench stages``, on the processor.

    ``ratio`` is a step of cyclic ``sequences`` over ``reference``; ``answer`` and ``repeated`` are
    over the bare backbone. ``backbones`` holds them for every one of ``names``; the first one's
    are the chief ones.

    Raises:
        Cancelled: the task was cancelled.
    """
    figures = {name: _figures(name, sequences, stages, repeats, task) for name in names}
    return {
        "benchmark": "stages",
        **figures[names[0]],
        "backbones": figures,
        "reference": REFERENCE,
        "answer_means": ANSWER,
        "repeated_means": REPEATED,
        "repeats": repeats,
        "images_per_step": sequences * stages,
        "threads": torch.get_num_threads(),
        "machine": machine(),
    }


def _figures(name: str, sequences: int, stages: int, repeats: int, task: Task) -> dict[str, Any]:
    images = sequences * stages
    data = _data(working_width(backbones.build(name).input_size), stages)
    network = _network(name, stages).eval()
    size = network.input_size
    picture = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(0))
    picture = picture.contiguous(memory_format=torch.channels_last)
    same = picture[:, None].expand(-1, stages, -1, -1, -1)
    timings = interleave(
        {
            "cyclic": _steps(name, "cyclic", data, sequences),
            "baseline": _steps(name, "baseline", data, sequences),
            "answer": _inferred(lambda: network(picture)),
            "repeated": _inferred(lambda: network.sequences(same)),
            "backbone": _inferred(lambda: network.backbone(picture)),
        },
        repeats,
        task,
    )
    learning = timings.ratio("cyclic", "baseline")
    answer = timings.ratio("answer", "backbone")
    return {
        "ratio": learning.ratio,
        "spread": learning.spread,
        "images_per_second": {arm: images / timings.median(arm) for arm in _LEARNT},
        "answer": answer.ratio,
        "answer_spread": answer.spread,
        "repeated": timings.ratio("repeated", "backbone").ratio,
        "milliseconds": {
            each: 1000 * timings.median(each) / (1 if each in _LEARNT else TIMES)
            for each in timings.seconds
        },
        "network": f"{name}, float32",
    }


def _network(name: str, stages: int) -> StageNetwork:
    generator = torch.Generator().manual_seed(1)
    backbone = backbones.build(name)
    backbone.initialise(generator)
    network = StageNetwork(backbone, stages)
    network.initialise(generator)
    return network


def _data(width: int, stages: int) -> Data:
    """Pictures of noise, 40 of each stage."""
    of_stage = np.repeat(np.arange(stages), 40)
    draw = np.random.default_rng(0)
    values = draw.integers(-60, 60, (len(of_stage), 3, width, width)).astype(np.int8)
    patients = np.arange(len(of_stage)).astype(str)
    return Data(values, Staged(of_stage, patients, tuple(map(str, range(stages)))))


def _steps(name: str, arm: str, data: Data, sequences: int) -> Callable[[], object]:
    network = _network(name, data.staged.count).train()
    rows = np.arange(len(data.values))
    steps = Steps(network, arms.named(arm), data, rows, Schedule(sequences=sequences), 0)
    number = count()
    return lambda: steps.take(next(number))


def _inferred(work: Callable[[], object]) -> Callable[[], object]:
    def infer() -> None:
        with torch.inference_mode():
            for _ in range(TIMES):
                work()

    return infer
