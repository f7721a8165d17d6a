"""Which stage of retinopathy does this eye show, and which pixels say so?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from engine.answers import Criterion, Heatmap
from engine.errors import Refusal
from engine.evaluation.counted import counted
from engine.packs.manifest import StagePart
from engine.packs.pack import Pack
from engine.pictures import Photograph
from engine.questions import looking, pack_warnings
from engine.questions.looking import Seen
from engine.stage_answers import Head, HeadAnswer, StageAnswer, StageShare
from engine.task import Task
from engine.telling import words

if TYPE_CHECKING:
    from torch import nn

    from engine.networks.device import Device
    from engine.networks.stage_network import Heads, StageEnsemble, StageNetwork
    from engine.preparation.fundus import PreparedFundus

QUESTION = "stage"


def answer(
    photograph: Photograph,
    pack: Pack,
    criterion: Criterion | None,
    device_setting: str,
    task: Task,
    stage: int | None = None,
    member: str = "",
    *,
    with_map: bool = True,
) -> tuple[StageAnswer, Heatmap | None]:
    """The calibrated distribution over stages, and the heatmap of one stage's evidence.

    ``device_setting`` is "automatic", "processor" or a card such as "cuda:0". ``stage`` is the
    place of the one that is explained, the likeliest where it is None. ``member`` is one of the
    pack's networks, to be asked alone. The distribution costs one
    pass of each vision network for each of its views (METHODS L1, the proposition), the heatmap
    another of the photograph as it lies, and its way back.
    Without a ``criterion`` it is by the pack's usual one. An ungradable photograph gets an answer
    too: the reasons, no stages and no heatmap.

    Raises:
        Refusal: the pack or the device cannot be used, there is no such stage or criterion, or an
            output is no number.
        Cancelled: the task was cancelled.
    """
    part, criterion = check_question(pack), pack.criterion(criterion)
    from engine.networks import device as devices

    if stage is not None and not 0 <= stage < len(part.names):
        raise Refusal(
            f"The pack {pack.manifest.name} was not asked.",
            f"It has no stage {stage}; its stages are 0 to {len(part.names) - 1}: "
            f"{', '.join(part.names)}.",
            "Name one that it has.",
        )
    task.progress("Preparing the photograph", 0, 3)
    device = devices.choose(device_setting)
    size = pack.manifest.input.size
    seen = looking.see(photograph, size)
    if seen.reasons or seen.prepared is None:
        return _ungradable(pack, part, photograph, criterion, device, seen), None
    task.progress("Asking the network", 1, 3)
    of_it = photograph.warnings + pack_warnings.of(pack, seen.prepared) + seen.warnings
    told, device, warnings = _logits(pack, member, seen.prepared, device)
    logits = told.together
    if not np.isfinite(logits).all():
        raise Refusal(
            f"The pack {pack.manifest.name} gave no number for this photograph.",
            "Its outputs should be numbers and are none.",
            "Use another pack, and report this one to its source.",
        )
    shares = part.calibration.shares(logits)
    explained = int(shares.argmax()) if stage is None else stage
    heatmap = None
    if with_map:
        task.progress("Explaining the stage", 2, 3)
        heatmap, device, more = _map(
            photograph, pack, member, seen.prepared, explained, criterion, device, task
        )
        warnings += more
    expected, interval = part.calibration.expected(logits, part.grades)
    task.progress("Asking the network", 3, 3)
    said = StageAnswer(
        question=QUESTION,
        scale=part.scale,
        stages=_shares(part, shares),
        expected_stage=expected,
        interval=interval,
        # Decided: each head alone goes through the calibration of both together.
        heads=(_head(Head.VISION, part, told.vision), _head(Head.LSTM, part, told.lstm)),
        pack=pack.reference,
        criterion=criterion,
        explained=explained if heatmap else None,
        assessed=seen.prepared.assessed,
        resolution=float(heatmap.way_back[0, 0]) if heatmap else None,
        device=device.name,
        logits=tuple(logits.tolist()),
        warnings=of_it + tuple(dict.fromkeys(warnings)),
        notes=notes(pack, part),
    )
    return said, heatmap


def check_question(pack: Pack) -> StagePart:
    """The pack's stages. Raises ``Refusal`` if it does not tell any, or not by this version."""
    from engine.networks.backbones import SIZES

    looking.check(pack, QUESTION, SIZES)
    if pack.manifest.stages is None:
        raise Refusal(
            f"The pack {pack.manifest.name} was not asked.",
            "Its manifest names no stages.",
            "Choose another pack for stages.",
        )
    return pack.manifest.stages


def notes(pack: Pack, part: StagePart) -> tuple[str, ...]:
    """What a reader must know beside every stage that a pack tells."""
    figures, data = part.figures, pack.manifest.data
    low, high = figures.kappa_interval
    return (
        f"Networks trained alike told {_right(figures.accuracy, data.pictures)} as the graders "
        "did, on patients that they had not learnt from; quadratic kappa "
        f"{figures.quadratic_kappa:.2f} ({words.percent(figures.level)} interval {low:.2f} to "
        f"{high:.2f}).",
        "The shares assume that stages are as frequent as where it was trained.",
        f"Its photographs, and the figures told here, are of this alone: {data.name}.",
    )


def _right(accuracy: float, pictures: int) -> str:
    """What part of so many stages, where they are known."""
    if not pictures:
        return f"{words.percent(accuracy)} of stages"
    found = counted(round(accuracy * pictures), pictures)
    return (
        f"{found.found} of {pictures} stages ({words.percent(found.share)}, "
        f"{words.percent(found.interval.level)} interval {words.interval_words(found.interval)})"
    )


@dataclass(frozen=True, eq=False)
class _Logits:
    """Of each head alone and of both, weighed, (K,) each."""

    vision: NDArray[np.float64]
    lstm: NDArray[np.float64]
    together: NDArray[np.float64]


def _logits(
    pack: Pack, member: str, prepared: "PreparedFundus", device: "Device"
) -> tuple[_Logits, "Device", tuple[str, ...]]:
    """What both heads say, uncalibrated."""
    import torch

    def tell(on: "Device") -> "Heads":
        # Built outside: what is made in inference mode gives no gradient later.
        network = cast("StageNetwork | StageEnsemble", looking.network(pack, on.name, member))
        with torch.inference_mode():
            heads: Heads = network(torch.from_numpy(prepared.values)[None].to(on.name))
        return heads

    heads, device, warnings = looking.or_processor(tell, device)
    said = (heads.vision, heads.lstm, heads.mean)
    return _Logits(*(each[0, 0].double().cpu().numpy() for each in said)), device, warnings


def _map(
    photograph: Photograph,
    pack: Pack,
    member: str,
    prepared: "PreparedFundus",
    stage: int,
    criterion: Criterion,
    device: "Device",
    task: Task,
) -> tuple[Heatmap, "Device", tuple[str, ...]]:
    from engine.networks.stage_network import StageOutput

    def build(on: str) -> "nn.Module":
        return StageOutput(
            cast("StageNetwork | StageEnsemble", looking.network(pack, on, member)), stage
        ).eval()

    ground = looking.ground(photograph, prepared, criterion, pack.manifest.input.size)
    found, device, warnings = looking.evidence(build, prepared, ground, criterion, device, task)
    shape = (photograph.pixels.shape[0], photograph.pixels.shape[1])
    return Heatmap(ground.masked(found.maps), ground.way_back, shape), device, warnings


def _shares(part: StagePart, shares: NDArray[np.float64]) -> tuple[StageShare, ...]:
    rows = zip(part.names, part.grades, shares.tolist(), strict=True)
    return tuple(StageShare(*row) for row in rows)


def _head(head: Head, part: StagePart, logits: NDArray[np.float64]) -> HeadAnswer:
    shares = part.calibration.shares(logits)
    return HeadAnswer(head, _shares(part, shares), float(shares @ np.array(part.grades)))


def _ungradable(
    pack: Pack,
    part: StagePart,
    photograph: Photograph,
    criterion: Criterion,
    device: "Device",
    seen: Seen,
) -> StageAnswer:
    return StageAnswer(
        question=QUESTION,
        scale=part.scale,
        stages=(),
        expected_stage=None,
        interval=None,
        heads=(),
        pack=pack.reference,
        criterion=criterion,
        explained=None,
        assessed=seen.assessed,
        resolution=None,
        device=device.name,
        reasons=seen.reasons,
        warnings=seen.unsaid(photograph.warnings),
    )
