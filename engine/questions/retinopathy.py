"""Is this eye's retinopathy referable, and which pixels say so?"""

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import words
from engine.answers import Criterion, Decision, Heatmap, Reason, RetinopathyAnswer
from engine.errors import Refusal
from engine.geometry import Affine
from engine.packs.manifest import CheckpointPart, Figures, HeldPart, Manifest
from engine.packs.pack import Pack, load_sealed
from engine.pictures import Photograph
from engine.questions import joining
from engine.questions.joining import Voice
from engine.questions.kept import Kept
from engine.task import Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.criteria.interface import Evidence
    from engine.networks.device import Device
    from engine.preparation.differentiable import Resized
    from engine.preparation.fundus import PreparedFundus

log = logging.getLogger(__name__)

QUESTION = "retinopathy"

FEW_EYES = 20
"""Eyes below which a count is told and no per cent."""


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
    check_question(pack)
    voice = joining.alone(pack, checkpoint)
    looked = look(photograph, pack, voice, criterion, device_setting, task)
    if isinstance(looked, RetinopathyAnswer):
        return looked, None
    return told(looked, pack, voice, voice.score(looked.scores))


@dataclass(frozen=True, eq=False)
class Looked:
    """What some of a pack's networks saw in one gradable photograph.

    ``scores`` (networks,) are uncalibrated; ``maps`` and ``signed`` (networks, y, x) lie on the
    network's grid, ``signed`` only where the criterion has a sign that is shown.
    """

    photograph: Photograph
    prepared: "PreparedFundus"
    ground: "_Ground"
    criterion: Criterion
    scores: NDArray[np.float64]
    maps: NDArray[np.float32]
    signed: NDArray[np.float32] | None
    device: "Device"
    warnings: tuple[str, ...]


def look(
    photograph: Photograph,
    pack: Pack,
    voice: Voice,
    criterion: Criterion,
    device_setting: str,
    task: Task,
) -> Looked | RetinopathyAnswer:
    """Ask all networks of ``voice`` about a photograph; the answer itself if it is ungradable.

    Raises as ``answer`` does.
    """
    from engine.networks import device as devices
    from engine.preparation import fundus, gradability

    steps = len(voice.networks) + 1
    task.progress("Preparing the photograph", 0, steps)
    device = devices.choose(device_setting)
    try:
        prepared = fundus.prepare(photograph.pixels, pack.manifest.input.size)
    except Refusal as refusal:
        reasons: tuple[Reason, ...] = (Reason(refusal.reason, refusal.advice),)
        return _ungradable(pack, voice, photograph, criterion, device, None, reasons)
    reasons = gradability.reasons_not_to_grade(photograph.pixels, prepared.field)
    if reasons:
        return _ungradable(pack, voice, photograph, criterion, device, prepared, reasons)
    ground = _ground(photograph, prepared, criterion, pack.manifest.input.size)
    found: list[Evidence] = []
    warnings: tuple[str, ...] = ()
    for number, name in enumerate(voice.networks, 1):
        task.progress("Asking the network", number, steps)
        evidence, device, more = _evidence(pack, name, prepared, ground, criterion, device, task)
        warnings += more
        found.append(evidence)
    scores = np.array([float(evidence.predictions[0]) for evidence in found])
    if not np.isfinite(scores).all():
        # "Not a number" is never above an operating point: it would read as "not referable".
        raise Refusal(
            f"The pack {pack.manifest.name} gave no number for this photograph.",
            "Its score should be a number and is none.",
            "Use another pack, and report this one to its source.",
        )
    maps = np.stack([ground.masked(evidence.maps) for evidence in found])
    signed = None
    if criterion is Criterion.RELEVANCE:
        # Decided: pi has a sign too, but its magnitude is the paper's criterion.
        signs = [evidence.signed for evidence in found if evidence.signed is not None]
        signed = np.stack([ground.masked(sign) for sign in signs]) if signs else None
    task.progress("Asking the network", steps, steps)
    return Looked(photograph, prepared, ground, criterion, scores, maps, signed, device, warnings)


def told(
    looked: Looked,
    pack: Pack,
    voice: Voice,
    score: float,
    weights: NDArray[np.float64] | None = None,
) -> tuple[RetinopathyAnswer, Heatmap]:
    """The answer that ``voice`` makes of a score, and the blended heatmap (METHODS Q8).

    ``weights`` (networks,) blend the maps where they are not the voice's own.
    """
    calibration, point = voice.judge.calibration, voice.judge.operating_point
    probability = calibration.probability(score)
    blended = weights if weights is not None else voice.weights
    over = (blended / joining.scales(pack, voice)).astype(np.float32)
    ground, photograph = looked.ground, looked.photograph
    said = RetinopathyAnswer(
        question=QUESTION,
        decision=Decision.REFERABLE if probability >= point else Decision.NOT_REFERABLE,
        probability=probability,
        interval=calibration.interval(score),
        operating_point=point,
        pack=pack.reference,
        criterion=looked.criterion,
        assessed=looked.prepared.assessed,
        resolution=float(ground.way_back[0, 0]),
        device=looked.device.name,
        warnings=photograph.warnings + looked.warnings,
        notes=(
            *voice.notes[:-1],
            *notes(pack.manifest, voice.judge.figures),
            *voice.notes[-1:],
        ),
        checkpoint=voice.networks[0] if isinstance(voice.judge, CheckpointPart) else "",
        blend=tuple(
            replace(share, weight=weight)
            for share, weight in zip(voice.shares(looked.scores), blended.tolist(), strict=False)
        ),
    )
    shape = (photograph.pixels.shape[0], photograph.pixels.shape[1])
    signed = None if looked.signed is None else np.tensordot(over, looked.signed, 1)
    return said, Heatmap(np.tensordot(over, looked.maps, 1), ground.way_back, shape, signed)


@dataclass(frozen=True, eq=False)
class _Ground:
    """The grid that a heatmap lies on: what of it was assessed, and the way to the photograph.

    ``resized`` is what lies on it where that is not the network's input.
    """

    mask: NDArray[np.bool_]
    way_back: Affine
    resized: "Resized | None" = None

    def masked(self, maps: "Tensor") -> NDArray[np.float32]:
        """The first of some maps without what was not assessed.

        Outside the field omega has values by the network's own biases, and pi of the photograph by
        the background filter's reach.
        """
        values = maps[0].cpu().numpy()  # NumPy does not read a graphics card's memory
        return np.where(self.mask, values, 0).astype(np.float32)


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
    checkpoint: str,
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
        network = _network(pack.folder, pack.sha256, device.name, checkpoint)
        there, photograph = inputs.to(device.name), resized and resized.to(device.name)
        found = evidence(network, there, criterion, task, photograph, with_error=False)
        return found, device, ()
    except RuntimeError as fault:
        # Not every want of memory comes as OutOfMemoryError: cuDNN's is a plain RuntimeError.
        if device.name == "cpu":
            raise
        short = isinstance(fault, torch.cuda.OutOfMemoryError)
        log.warning("%s on %s", type(fault).__name__, device.name)
        _KEPT.clear()
    torch.cuda.empty_cache()  # behind the handler, which keeps the failed tensors alive
    processor = devices.choose("processor")
    network = _network(pack.folder, pack.sha256, processor.name, checkpoint)
    fault_words = "has too little free memory" if short else "could not compute this"
    warning = f"The graphics card {device.name} {fault_words}; the processor did it."
    found = evidence(network, inputs, criterion, task, resized, with_error=False)
    return found, processor, (warning,)


def network(pack: Pack, device: str, checkpoint: str = "") -> "nn.Module":
    """One of a pack's networks on a device, for reading alone: it is kept and shared.

    Raises:
        Refusal: the pack was replaced, or its weights are not those of its network.
    """
    return _network(pack.folder, pack.sha256, device, checkpoint)


_KEPT = Kept()


def _network(folder: Path, sha256: str, device: str, checkpoint: str = "") -> "nn.Module":
    """A pack's network, kept for the next picture. ``sha256`` keys the pack's content."""
    key = (folder, sha256, device, checkpoint)
    return _KEPT.get(key, lambda: load_sealed(folder, sha256).network(checkpoint).to(device))


def _ungradable(
    pack: Pack,
    voice: Voice,
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
        operating_point=voice.judge.operating_point,
        pack=pack.reference,
        criterion=criterion,
        assessed=prepared.assessed if prepared else None,
        resolution=None,
        device=device.name,
        reasons=reasons,
        warnings=photograph.warnings,
    )


def notes(manifest: Manifest, figures: Figures | None = None) -> tuple[str, ...]:
    """What a reader must know beside every number of a pack: its card's hardest sentences.

    ``figures`` are those of who answered, where that is not the pack's own network.
    """
    data, figures = manifest.data, figures or manifest.figures
    prevalence = words.percent(data.prevalence)
    return (
        _false_alarms(1 - figures.specificity, manifest.held),
        f"The probability assumes that {prevalence} of eyes are referable; where fewer are, it is "
        "too high.",
        f"Trained and measured on this alone: {data.name}.",
    )


def _false_alarms(share: float, held: HeldPart | None) -> str:
    """decided: of fewer than ``FEW_EYES`` a count alone, for a per cent would claim too much."""
    if held is None:
        said = f"{words.percent(share)} were called referable."
        return f"Of eyes without it that it had not learnt from, {said}"
    called, eyes = round(share * held.other), held.other
    were = "was" if called == 1 else "were"
    if eyes >= FEW_EYES:
        were = f"({words.percent(share)}) {were}"
    return (
        f"Of {eyes} eyes without it that it had not learnt from, {called} {were} called referable. "
        "Its best round was chosen on these same eyes, so it flatters."
    )


def check_question(pack: Pack) -> None:
    """Raise ``Refusal`` if the pack does not answer this question, or not by this version."""
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
