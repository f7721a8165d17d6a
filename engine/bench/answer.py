"""How long an answer takes, from a file to its heatmap on its own grid, beside the bare network.

Ours goes the whole way: a window's client asks a running engine, whose decoder is warm, to open a
file that it has never seen and then to answer about it; the heatmap is mapped in the window's
process and laid on the photograph's own grid. The reference is the pack's network alone, in this
process, on as many threads: forward and backward on the prepared input.
"""

import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import torch

from engine.bench import fundus_file
from engine.bench.ratio import Timings, interleave, machine
from engine.bench.window import serving
from engine.criteria.gradient import input_gradient
from engine.criteria.interface import evidence
from engine.images.photograph import open_picture
from engine.networks.net_b import NetB
from engine.networks.operator_network import initialise
from engine.packs import store
from engine.packs.manifest import NetworkPart
from engine.packs.pack import Pack, load, write
from engine.preparation import fundus
from engine.questions import joining
from engine.task import Task

QUESTION = "retinopathy"
REFERENCE = (
    "the pack's networks alone, one after the other, forward and backward on the prepared input"
)
STEPS = ("shown", "answered", "placed")
"""What the window's process tells: seconds from the beginning until the pixels, the answer and the
heatmap on the photograph's grid were there."""

_NET_B = 448


@dataclass(frozen=True)
class Subject:
    """A pack that is asked; ``weights`` tells whose they are."""

    pack: Pack
    weights: str


def run(
    task: Task,
    *,
    size: tuple[int, int] = fundus_file.SIZE,
    net_b: int = _NET_B,
    repeats: int = 15,
) -> dict[str, Any]:
    """The figures of ``lesionlens bench answer``, on the processor.

    ``ratio`` is of the default pack and ``net_b`` of net B, each over its own ``reference``;
    ``seconds`` and ``net_b_seconds`` are the whole wait, ``milliseconds`` where it went, with
    ``map_alone`` for what the pack's usual heatmap takes of the bare networks. The photograph has
    ``size`` (width, height); no file is asked about twice.

    Raises:
        Refusal: no pack ships, the window's side does not start, or the drawn eye was not answered.
        Cancelled: the task was cancelled.
    """
    task.progress("Drawing the photograph", 0, 1)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="lesionlens-answer-")))
        default = load(store.find("", QUESTION))
        subjects = {
            "default": Subject(default, _of(default)),
            "net_b": _net_b(default, net_b, folder),
        }
        files = fundus_file.copies(fundus_file.jpeg(size), folder)
        first = next(files)
        ask = stack.enter_context(serving("answer", "The answer could not be measured."))
        steps: dict[str, list[Mapping[str, float]]] = {name: [] for name in subjects}
        work: dict[str, Callable[[], object]] = {}
        for name, subject in subjects.items():
            # Written beforehand: the person's camera has done that.
            own = iter([next(files) for _ in range(repeats + 1)])
            work[name] = partial(_answered, ask, subject.pack, own, steps[name])
            work[f"{name}, alone"], work[f"{name}, map"] = _alone(subject.pack, first)
        timings = interleave(work, repeats, task)
    return _figures(subjects, steps, timings) | {
        "benchmark": "answer",
        "reference": REFERENCE,
        "photograph": list(size),
        "repeats": repeats,
        "threads": torch.get_num_threads(),
        "machine": machine(),
    }


def _figures(
    subjects: Mapping[str, Subject],
    steps: Mapping[str, list[Mapping[str, float]]],
    timings: Timings,
) -> dict[str, Any]:
    default, net_b = (timings.ratio(name, f"{name}, alone") for name in subjects)
    milliseconds = {
        # The first turn is not measured.
        name: {step: 1000 * statistics.median(one[step] for one in told[1:]) for step in STEPS}
        | {
            "networks_alone": 1000 * timings.median(f"{name}, alone"),
            "map_alone": 1000 * timings.median(f"{name}, map"),
        }
        for name, told in steps.items()
    }
    return {
        "ratio": default.ratio,
        "spread": default.spread,
        "seconds": timings.median("default"),
        "net_b": net_b.ratio,
        "net_b_spread": net_b.spread,
        "net_b_seconds": timings.median("net_b"),
        "milliseconds": milliseconds,
        "weights": {name: subject.weights for name, subject in subjects.items()},
        "criteria": {name: str(subject.pack.criteria[0]) for name, subject in subjects.items()},
    }


def _answered(
    ask: Callable[[Any], dict[str, Any]],
    pack: Pack,
    files: Iterator[Path],
    told: list[Mapping[str, float]],
) -> None:
    said = ask([str(next(files)), str(pack.folder), str(pack.criteria[0])])
    told.append({step: float(said[step]) for step in STEPS})


def _alone(pack: Pack, photograph: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    """The pack's networks on the input that they are given of a photograph: forward and backward,
    and what their usual heatmap takes, which for some is less.
    """
    prepared = fundus.prepare(open_picture(photograph).pixels, pack.manifest.input.size)
    inputs = torch.from_numpy(prepared.values)[None]
    networks = [pack.network(name) for name in joining.alone(pack).networks]

    def passes() -> None:
        for network in networks:
            input_gradient(network, inputs, Task(), with_biases=False)

    def maps() -> None:
        for network in networks:
            evidence(network, inputs, pack.criteria[0], Task(), with_error=False)

    return passes, maps


def _net_b(default: Pack, size: int, folder: Path) -> Subject:
    """The pack with net B of ``size`` that ships; where none does, one that learnt nothing.

    What is timed does not depend on the weights.
    """
    for summary in store.list_packs():
        if summary.shipped and summary.question == QUESTION and not summary.fault:
            pack = load(Path(summary.path))
            part = pack.manifest.network
            if part.name == "net_b" and part.arguments.get("size") == size:
                return Subject(pack, _of(pack))
    network = NetB(size)
    initialise(network, torch.Generator().manual_seed(0))
    manifest = msgspec.structs.replace(
        default.manifest,
        name="net-b-untrained",
        input=msgspec.structs.replace(default.manifest.input, size=size),
        network=NetworkPart("net_b", {"size": size}, "network.safetensors"),
        checkpoints=(),
        forests=(),
    )
    pack = write(folder / "net-b-untrained", manifest, network.state_dict(), {})
    return Subject(pack, f"net B of {size} pixels, untrained: no pack that ships has one")


def _of(pack: Pack) -> str:
    return f"{pack.manifest.name} {pack.manifest.version}"
