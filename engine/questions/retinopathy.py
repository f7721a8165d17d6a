"""Is this eye's retinopathy referable, and which pixels say so?"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import words
from engine.answers import Criterion, Decision, Heatmap, Reason, RetinopathyAnswer
from engine.errors import Refusal
from engine.geometry import Affine
from engine.packs.manifest import Manifest
from engine.packs.pack import Pack, load
from engine.pictures import Photograph
from engine.task import Task

if TYPE_CHECKING:
    from torch import nn

    from engine.criteria.interface import Evidence
    from engine.networks.device import Device
    from engine.preparation.differentiable import Resized
    from engine.preparation.fundus import PreparedFundus

log = logging.getLogger(__name__)

QUESTION = "retinopathy"


def answer(
    photograph: Photograph,
    pack: Pack,
    criterion: Criterion,
    device_setting: str,
    task: Task,
    checkpoint: str = "",
) -> tuple[RetinopathyAnswer, Heatmap | None]:
    """The calibrated probability of referable retinopathy, and the heatmap of its evidence.

    ``device_setting`` is "automatic", "processor" or a card such as "cuda:0". An ungradable
    photograph gets an answer too: its decision and the reasons, no probability and no heatmap.
    ``checkpoint`` is one of the pack's, to be asked alone.

    Raises:
        Refusal: the pack or the device cannot be used, it has no such checkpoint, or the score is
            no number.
        Cancelled: the task was cancelled.
    """
    from engine.networks import device as devices
    from engine.preparation import fundus, gradability

    _check_question(pack)
    if checkpoint:
        raise Refusal(
            f"The pack {pack.manifest.name} was not asked.",
            f"It has no checkpoint {checkpoint}.",
            "Ask the pack without naming a checkpoint.",
        )
    task.progress("Preparing the photograph", 0, 2)
    device = devices.choose(device_setting)
    try:
        prepared = fundus.prepare(photograph.pixels, pack.manifest.input.size)
    except Refusal as refusal:
        reasons: tuple[Reason, ...] = (Reason(refusal.reason, refusal.advice),)
        return _ungradable(pack, photograph, criterion, device, None, reasons), None
    reasons = gradability.reasons_not_to_grade(photograph.pixels, prepared.field)
    if reasons:
        return _ungradable(pack, photograph, criterion, device, prepared, reasons), None
    task.progress("Asking the network", 1, 2)
    ground = _ground(photograph, prepared, criterion, pack.manifest.input.size)
    evidence, device, warnings = _evidence(pack, prepared, ground, criterion, device, task)
    score = float(evidence.predictions[0])
    if not isfinite(score):
        # "Not a number" is never above an operating point: it would read as "not referable".
        raise Refusal(
            f"The pack {pack.manifest.name} gave no number for this photograph.",
            "Its score should be a number and is none.",
            "Use another pack, and report this one to its source.",
        )
    calibration = pack.manifest.calibration
    probability = calibration.probability(score)
    point = pack.manifest.operating_point
    # Outside the field omega has values by the network's own biases, and pi of the photograph by
    # the background filter's reach; nothing of it was assessed.
    maps = evidence.maps[0].cpu().numpy()  # NumPy does not read a graphics card's memory
    values = np.where(ground.mask, maps, 0).astype(np.float32)
    signed = None
    if criterion is Criterion.RELEVANCE and evidence.signed is not None:
        # Decided: pi has a sign too, but its magnitude is the paper's criterion.
        signed = np.where(ground.mask, evidence.signed[0].cpu().numpy(), 0).astype(np.float32)
    said = RetinopathyAnswer(
        question=QUESTION,
        decision=Decision.REFERABLE if probability >= point else Decision.NOT_REFERABLE,
        probability=probability,
        interval=calibration.interval(score),
        operating_point=point,
        pack=pack.reference,
        criterion=criterion,
        assessed=prepared.assessed,
        resolution=float(ground.way_back[0, 0]),
        device=device.name,
        warnings=photograph.warnings + warnings,
        notes=notes(pack.manifest),
    )
    task.progress("Asking the network", 2, 2)
    height, width = photograph.pixels.shape[:2]
    return said, Heatmap(values, ground.way_back, (height, width), signed)


@dataclass(frozen=True, eq=False)
class _Ground:
    """The grid that a heatmap lies on: what of it was assessed, and the way to the photograph.

    ``resized`` is what lies on it where that is not the network's input.
    """

    mask: NDArray[np.bool_]
    way_back: Affine
    resized: "Resized | None" = None


def _ground(
    photograph: Photograph, prepared: "PreparedFundus", criterion: Criterion, size: int
) -> _Ground:
    if criterion is not Criterion.PI_PHOTOGRAPH:
        return _Ground(prepared.mask, prepared.way_back)
    import torch

    from engine.preparation import fundus
    from engine.preparation.differentiable import Resized

    values, mask = fundus.resize(photograph.pixels, prepared.field, size)
    colours_first = torch.from_numpy(values).permute(2, 0, 1)[None].contiguous()
    resized = Resized(colours_first, torch.from_numpy(mask)[None])
    return _Ground(mask, fundus.working_way_back(prepared.field, size), resized)


def _evidence(
    pack: Pack,
    prepared: "PreparedFundus",
    ground: _Ground,
    criterion: Criterion,
    device: "Device",
    task: Task,
) -> tuple["Evidence", "Device", tuple[str, ...]]:
    """Ask on the device; where a card cannot, on the processor, and say so."""
    import torch

    from engine.criteria.interface import evidence
    from engine.networks import device as devices

    inputs, resized = torch.from_numpy(prepared.values)[None], ground.resized
    try:
        network = _network(pack.folder, pack.sha256, device.name)
        there, photograph = inputs.to(device.name), resized and resized.to(device.name)
        found = evidence(network, there, criterion, task, photograph, with_error=False)
        return found, device, ()
    except RuntimeError as fault:
        # Not every want of memory comes as OutOfMemoryError: cuDNN's is a plain RuntimeError.
        if device.name == "cpu":
            raise
        short = isinstance(fault, torch.cuda.OutOfMemoryError)
        log.warning("%s on %s", type(fault).__name__, device.name)
        _network.cache_clear()
    torch.cuda.empty_cache()  # behind the handler, which keeps the failed tensors alive
    processor = devices.choose("processor")
    network = _network(pack.folder, pack.sha256, processor.name)
    fault_words = "has too little free memory" if short else "could not compute this"
    warning = f"The graphics card {device.name} {fault_words}; the processor did it."
    found = evidence(network, inputs, criterion, task, resized, with_error=False)
    return found, processor, (warning,)


@lru_cache(maxsize=2)
def _network(folder: Path, sha256: str, device: str) -> "nn.Module":
    """A pack's network, kept for the next picture. ``sha256`` keys the pack's content."""
    pack = load(folder)
    if pack.sha256 != sha256:
        raise Refusal(
            f"The pack {pack.manifest.name} was replaced while it was in use.",
            f"Its seal was {sha256[:12]} and is {pack.sha256[:12]}.",
            "Ask again.",
        )
    return pack.network().to(device)


def _ungradable(
    pack: Pack,
    photograph: Photograph,
    criterion: Criterion,
    device: "Device",
    prepared: "PreparedFundus | None",
    reasons: tuple[Reason, ...],
) -> RetinopathyAnswer:
    return RetinopathyAnswer(
        question=QUESTION,
        decision=Decision.UNGRADABLE,
        probability=None,
        interval=None,
        operating_point=pack.manifest.operating_point,
        pack=pack.reference,
        criterion=criterion,
        assessed=prepared.assessed if prepared else None,
        resolution=None,
        device=device.name,
        reasons=reasons,
        warnings=photograph.warnings,
    )


def notes(manifest: Manifest) -> tuple[str, ...]:
    """What a reader must know beside every number of a pack: its card's hardest sentences."""
    data, figures = manifest.data, manifest.figures
    false_alarms = words.percent(1 - figures.specificity)
    prevalence = words.percent(data.prevalence)
    return (
        f"In cross-validation {false_alarms} of the eyes without it were called referable.",
        f"The probability assumes that {prevalence} of eyes are referable; where fewer are, it is "
        "too high.",
        f"Trained and measured on this alone: {data.name}.",
    )


def _check_question(pack: Pack) -> None:
    from engine.networks.table_1 import SIZES

    if pack.manifest.question != QUESTION:
        raise Refusal(
            f"The pack {pack.manifest.name} was not asked.",
            f"It answers {pack.manifest.question}, and retinopathy was asked.",
            "Choose a pack for retinopathy.",
        )
    if pack.manifest.input.preparation != "fundus":
        raise Refusal(
            f"The pack {pack.manifest.name} cannot read a photograph of an eye.",
            f"It expects pictures prepared as {pack.manifest.input.preparation}.",
            "Choose a pack for photographs of the eye.",
        )
    size = pack.manifest.input.size
    if size not in SIZES:
        raise Refusal(
            f"The pack {pack.manifest.name} cannot read a photograph of an eye.",
            f"Its network reads {size} pixels, and this version prepares {SIZES[0]}, {SIZES[1]} "
            f"or {SIZES[2]}.",
            "Update LesionLens, or choose another pack.",
        )
