"""Is this eye's retinopathy referable, and which pixels say so?"""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.answers import Criterion, Decision, Heatmap, Kinds, RetinopathyAnswer
from engine.errors import Refusal
from engine.evaluation.counted import Counted, counted
from engine.findings.regions import count_kinds
from engine.packs.manifest import CheckpointPart, Data, Figures, HeldPart, Manifest
from engine.packs.pack import Pack
from engine.pictures import Photograph
from engine.questions import joining, looking, pack_warnings
from engine.questions.joining import Voice
from engine.questions.looking import Ground, Seen
from engine.task import Task
from engine.telling import words

if TYPE_CHECKING:
    from engine.criteria.interface import Evidence
    from engine.networks.device import Device
    from engine.preparation.fundus import PreparedFundus

QUESTION = "retinopathy"

FEW_EYES = 20
"""Eyes below which a count is told and no per cent."""


def answer(
    photograph: Photograph,
    pack: Pack,
    criterion: Criterion | None,
    device_setting: str,
    task: Task,
    checkpoint: str = "",
    *,
    with_map: bool = True,
) -> tuple[RetinopathyAnswer, Heatmap | None]:
    """The calibrated probability of referable retinopathy, and the heatmap of its evidence.

    ``device_setting`` is "automatic", "processor" or a card such as "cuda:0". An ungradable
    photograph gets an answer too: its decision and the reasons, no probability and no heatmap.
    ``checkpoint`` is one of the pack's, to be asked alone; without a ``criterion`` it is the pack's
    usual one. Without a map the same is said for less; a network that draws lesions draws them all
    the same.

    Raises:
        Refusal: the pack or the device cannot be used, it has no such checkpoint or criterion, or
            the score is no number.
        Cancelled: the task was cancelled.
    """
    check_question(pack)
    voice = joining.alone(pack, checkpoint)
    by = pack.criterion(criterion)
    looked = look(photograph, pack, voice, by, device_setting, task, with_map=with_map)
    if isinstance(looked, RetinopathyAnswer):
        return looked, None
    return told(looked, pack, voice, voice.score(looked.scores))


@dataclass(frozen=True, eq=False)
class Looked:
    """What some of a pack's networks saw in one gradable photograph.

    ``scores`` (networks,) are uncalibrated; ``maps`` and ``signed`` (networks, y, x) lie on the
    network's grid, ``signed`` only where the criterion has a sign that is shown, neither where no
    map was wanted. ``kinds``
    (networks, kinds, y/2, x/2) are the chances of each kind of lesion, where they are drawn.
    """

    photograph: Photograph
    prepared: "PreparedFundus"
    ground: Ground
    criterion: Criterion
    scores: NDArray[np.float64]
    maps: NDArray[np.float32] | None
    signed: NDArray[np.float32] | None
    device: "Device"
    warnings: tuple[str, ...]
    kinds: NDArray[np.float32] | None = None


def look(
    photograph: Photograph,
    pack: Pack,
    voice: Voice,
    criterion: Criterion,
    device_setting: str,
    task: Task,
    *,
    with_map: bool = True,
) -> Looked | RetinopathyAnswer:
    """Ask all networks of ``voice`` about a photograph; the answer itself if it is ungradable.

    Raises as ``answer`` does.
    """
    from engine.networks import device as devices

    steps = len(voice.networks) + 1
    task.progress("Preparing the photograph", 0, steps)
    device = devices.choose(device_setting)
    size = pack.manifest.input.size
    seen = looking.see(photograph, size)
    prepared = seen.prepared
    if seen.reasons or prepared is None:
        return _ungradable(pack, voice, photograph, criterion, device, seen)
    ground = looking.ground(photograph, prepared, criterion, size)
    found: list[Evidence] = []
    said: list[float] = []
    warnings = pack_warnings.of(pack, prepared) + seen.warnings
    for number, name in enumerate(voice.networks, 1):
        task.progress("Asking the network", number, steps)
        build = partial(looking.network, pack, checkpoint=name)
        if with_map or criterion is Criterion.LESIONS:
            evidence, device, more = looking.evidence(
                build, prepared, ground, criterion, device, task
            )
            found.append(evidence)
            said.append(float(evidence.predictions[0]))
        else:
            score, device, more = looking.prediction(build, prepared, device, task)
            said.append(score)
        warnings += more
    scores = np.array(said)
    if not np.isfinite(scores).all():
        # "Not a number" is never above an operating point: it would read as "not referable".
        raise Refusal(
            f"The pack {pack.manifest.name} gave no number for this photograph.",
            "Its score should be a number and is none.",
            "Use another pack, and report this one to its source.",
        )
    maps = np.stack([ground.masked(evidence.maps) for evidence in found]) if found else None
    signed = None
    if criterion is Criterion.RELEVANCE:
        # Decided: pi has a sign too, but its magnitude is the paper's criterion.
        signs = [evidence.signed for evidence in found if evidence.signed is not None]
        signed = np.stack([ground.masked(sign) for sign in signs]) if signs else None
    drawn = [evidence.kinds[0].cpu().numpy() for evidence in found if evidence.kinds is not None]
    kinds = np.stack(drawn) if drawn else None
    task.progress("Asking the network", steps, steps)
    return Looked(
        photograph, prepared, ground, criterion, scores, maps, signed, device, warnings, kinds
    )


def told(
    looked: Looked,
    pack: Pack,
    voice: Voice,
    score: float,
    weights: NDArray[np.float64] | None = None,
) -> tuple[RetinopathyAnswer, Heatmap | None]:
    """The answer that ``voice`` makes of a score, and the blended heatmap (METHODS Q8).

    ``weights`` (networks,) blend the maps where they are not the voice's own.
    """
    calibration, point = voice.judge.calibration, voice.judge.operating_point
    probability = calibration.probability(score)
    blended = weights if weights is not None else voice.weights
    # Chances have one scale as they are.
    over = blended if looked.kinds is not None else blended / joining.scales(pack, voice)
    heatmap = _blended(looked, over.astype(np.float32))
    said = RetinopathyAnswer(
        question=QUESTION,
        decision=Decision.REFERABLE if probability >= point else Decision.NOT_REFERABLE,
        probability=probability,
        interval=calibration.interval(score),
        operating_point=point,
        pack=pack.reference,
        criterion=looked.criterion,
        assessed=looked.prepared.assessed,
        resolution=_grain(looked),
        device=looked.device.name,
        warnings=looked.photograph.warnings + looked.warnings,
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
        lesions=count_kinds(heatmap, looked.prepared.assessed, pack.manifest.lesion_threshold)
        if heatmap is not None
        else (),
    )
    return said, heatmap


def _grain(looked: Looked) -> float | None:
    """How many photograph pixels one pixel of the map is wide, on the grid it was drawn on."""
    if looked.maps is None:
        return None
    drawn = looked.maps if looked.kinds is None else looked.kinds
    return float(looked.ground.way_back[0, 0] * looked.maps.shape[-1] / drawn.shape[-1])


def _blended(looked: Looked, weights: NDArray[np.float32]) -> Heatmap | None:
    """The networks' maps as one; of each pixel the kind that is likeliest in their mean."""
    if looked.maps is None:
        return None
    pixels, back = looked.photograph.pixels, looked.ground.way_back
    shape = (pixels.shape[0], pixels.shape[1])
    values = np.tensordot(weights, looked.maps, 1)
    signed = None if looked.signed is None else np.tensordot(weights, looked.signed, 1)
    if looked.kinds is None:
        return Heatmap(values, back, shape, signed)
    from engine.networks.lesion_network import KINDS

    likeliest = np.tensordot(weights, looked.kinds, 1).argmax(0).astype(np.uint8)
    places = likeliest.repeat(2, axis=0).repeat(2, axis=1)
    return Heatmap(values, back, shape, chance=True, kinds=Kinds(KINDS, places))


def _ungradable(
    pack: Pack,
    voice: Voice,
    photograph: Photograph,
    criterion: Criterion,
    device: "Device",
    seen: Seen,
) -> RetinopathyAnswer:
    return RetinopathyAnswer(
        question=QUESTION,
        decision=Decision.UNGRADABLE,
        probability=None,
        interval=None,
        operating_point=voice.judge.operating_point,
        pack=pack.reference,
        criterion=criterion,
        assessed=seen.assessed,
        resolution=None,
        device=device.name,
        reasons=seen.reasons,
        warnings=seen.unsaid(photograph.warnings),
    )


def notes(manifest: Manifest, figures: Figures | None = None) -> tuple[str, ...]:
    """What a reader must know beside every number of a pack: its card's hardest sentences.

    ``figures`` are those of who answered, where that is not the pack's own network.
    """
    data, own = manifest.data, figures in (None, manifest.figures)
    figures = figures or manifest.figures
    prevalence = words.percent(data.prevalence)
    return (
        _of_held(1 - figures.specificity, manifest.held)
        if manifest.held
        else _of_folds(1 - figures.specificity, data if own else None),
        f"The probability assumes that {prevalence} of eyes are referable; where fewer are, it is "
        "too high.",
        f"Its photographs, and the figures told here, are of this alone: {data.name}.",
    )


def _of_folds(share: float, data: Data | None) -> str:
    """``data`` is what the figures are of, where that is known: a forest's cases are others."""
    others = data.pictures - round(data.pictures * data.prevalence) if data else 0
    called = f"Of eyes that are not referable, {words.percent(share)} were"
    if others:
        found = counted(round(share * others), others)
        called = f"Of {others} eyes that are not referable, {found.found} ({_told(found)}) were"
    return f"{called} called referable by networks trained alike that had not learnt from them."


def _told(found: Counted) -> str:
    level = words.percent(found.interval.level)
    ends = words.interval_words(found.interval)
    return f"{words.percent(found.share)}, {level} interval {ends}"


def _of_held(share: float, held: HeldPart) -> str:
    """decided: of fewer than ``FEW_EYES`` a count alone, for a per cent would claim too much."""
    called, eyes = round(share * held.other), held.other
    were = "was" if called == 1 else "were"
    if eyes >= FEW_EYES:
        were = f"({_told(counted(called, eyes))}) {were}"
    return (
        f"Of {eyes} eyes that are not referable and that it had not learnt from, {called} {were} "
        "called referable. "
        "Its best round was chosen on these same eyes, so it flatters."
    )


def check_question(pack: Pack) -> None:
    """Raise ``Refusal`` if the pack does not answer this question, or not by this version."""
    from engine.networks import lesion_network, table_1

    draws = pack.manifest.network.name == "lesions"
    looking.check(pack, QUESTION, lesion_network.SIZES if draws else table_1.SIZES)
