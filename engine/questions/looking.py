"""What every question about a photograph of the eye does first: prepare, judge, look, map."""

import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine import own_mark
from engine.answers import Criterion, Reason
from engine.errors import Refusal
from engine.geometry import Affine, Circle
from engine.packs.pack import Pack, load_sealed
from engine.pictures import Photograph
from engine.questions.kept import Kept
from engine.task import Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.criteria.interface import Evidence
    from engine.networks.device import Device
    from engine.preparation.differentiable import Resized
    from engine.preparation.field_of_view import FieldOfView
    from engine.preparation.fundus import PreparedFundus

Found = TypeVar("Found")

log = logging.getLogger(__name__)

_KEPT = Kept()

_THREADS = min(2, os.cpu_count() or 1)
"""That make a photograph ready for its networks: on one core two take a twelfth longer than one."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A photograph made ready for a network; ``reasons`` tell why it is ungradable, if it is.

    ``prepared`` is None where no field of view was found. ``warnings`` tell what in a gradable
    one a network is likely to take for lesions.
    """

    prepared: "PreparedFundus | None"
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def assessed(self) -> Circle | None:
        """The eroded field in photograph pixels; None where no round field was found, but guessed
        or stretched.

        A circle there would tell what the reason beside it denies.
        """
        from engine.preparation.field_of_view import Method

        if self.prepared is None or self.prepared.field.method is not Method.CIRCLE:
            return None
        return self.prepared.assessed

    def unsaid(self, warnings: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a photograph's warnings that no reason says already."""
        return tuple(each for each in warnings if each not in {why.why for why in self.reasons})


def see(photograph: Photograph, size: int) -> Seen:
    """Prepare a photograph for a network of ``size`` pixels, and judge whether it can be graded.

    Decided: an annotated picture of ours is judged as any that is no photograph of an eye. A
    network would read the tint and the legend that stand on it.
    """
    from engine.preparation import appearance, fundus
    from engine.preparation.disturbances import disturbances

    if own_mark.WHY in photograph.warnings:
        return Seen(None, (Reason(own_mark.WHY, own_mark.ADVICE),))
    pixels = photograph.pixels
    try:
        field = fundus.find_field_of_view(pixels)
    except Refusal as refusal:
        return Seen(None, (Reason(refusal.reason, refusal.advice),))
    resized, mask, (box,) = fundus.resize_beside(
        pixels, field, size, appearance.GRID, threads=_THREADS
    )
    with ThreadPoolExecutor(1, "judging") as beside:
        judged = beside.submit(_judge, box, field, pixels)
        prepared = fundus.prepare_resized(resized, mask, field, size)
    reasons = judged.result()
    return Seen(prepared, reasons, () if reasons else disturbances(pixels, prepared))


def _judge(
    box: NDArray[np.float32], field: "FieldOfView", pixels: NDArray[np.uint8]
) -> tuple[Reason, ...]:
    from engine.preparation import gradability
    from engine.preparation.appearance import Appearance

    shape = pixels.shape[:2]
    found = gradability.reasons(Appearance.of_box(box, field, shape), field, shape)
    return found or gradability.another_eye(pixels, field)


@dataclass(frozen=True, eq=False)
class Ground:
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


def ground(
    photograph: Photograph, prepared: "PreparedFundus", criterion: Criterion, size: int
) -> Ground:
    """The grid on which ``criterion`` draws its map of a network of ``size`` pixels."""
    if criterion is not Criterion.PI_PHOTOGRAPH:
        return Ground(prepared.mask, prepared.way_back)
    import torch

    from engine.preparation import fundus
    from engine.preparation.differentiable import Resized

    values, mask = fundus.resize(photograph.pixels, prepared.field, size)
    colours_first = torch.from_numpy(values).permute(2, 0, 1)[None].contiguous()
    resized = Resized(colours_first, torch.from_numpy(mask)[None])
    return Ground(mask, fundus.working_way_back(prepared.field, size), resized)


def evidence(
    build: "Callable[[str], nn.Module]",
    prepared: "PreparedFundus",
    ground: Ground,
    criterion: Criterion,
    device: "Device",
    task: Task,
) -> tuple["Evidence", "Device", tuple[str, ...]]:
    """The evidence that a network finds, the device that found it, and what went otherwise.

    ``build`` gives the network on a device of that name. Where a card cannot, the processor does
    it, and a sentence says so. Raises ``Cancelled`` and what ``build`` and the criterion raise.
    """
    import torch

    from engine.criteria import interface

    inputs, resized = torch.from_numpy(prepared.values)[None], ground.resized

    def find(on: "Device") -> "Evidence":
        there, photograph = inputs.to(on.name), resized and resized.to(on.name)
        return interface.evidence(
            build(on.name), there, criterion, task, photograph, with_error=False
        )

    return or_processor(find, device)


def prediction(
    build: "Callable[[str], nn.Module]", prepared: "PreparedFundus", device: "Device", task: Task
) -> tuple[float, "Device", tuple[str, ...]]:
    """What the network says alone, as ``evidence`` finds it, and for less."""
    import torch

    from engine.criteria import gradient

    inputs = torch.from_numpy(prepared.values)[None]

    def find(on: "Device") -> float:
        return float(gradient.predictions(build(on.name), inputs.to(on.name), task)[0])

    return or_processor(find, device)


def or_processor(
    find: "Callable[[Device], Found]", device: "Device"
) -> tuple[Found, "Device", tuple[str, ...]]:
    """What ``find`` finds on the device, or, where a card cannot, on the processor."""
    import torch

    from engine.networks import device as devices

    try:
        return find(device), device, ()
    except RuntimeError as fault:
        # Not every want of memory comes as OutOfMemoryError: cuDNN's is a plain RuntimeError.
        if device.name == "cpu":
            raise
        short = isinstance(fault, torch.cuda.OutOfMemoryError)
        log.warning("%s on %s", type(fault).__name__, device.name)
        _KEPT.clear()
    torch.cuda.empty_cache()  # behind the handler, which keeps the failed tensors alive
    processor = devices.choose("processor")
    fault_words = "has too little free memory" if short else "could not compute this"
    warning = f"The graphics card {device.name} {fault_words}; the processor did it."
    return find(processor), processor, (warning,)


def network(pack: Pack, device: str, checkpoint: str = "") -> "nn.Module":
    """One of a pack's networks on a device, for reading alone: it is kept and shared.

    Raises:
        Refusal: the pack was replaced, or its weights are not those of its network.
    """
    return _network(pack.folder, pack.sha256, device, checkpoint)


def _network(folder: Path, sha256: str, device: str, checkpoint: str) -> "nn.Module":
    """A pack's network, kept for the next picture. ``sha256`` keys the pack's content."""
    key = (folder, sha256, device, checkpoint)
    return _KEPT.get(key, lambda: load_sealed(folder, sha256).network(checkpoint).to(device))


def check(pack: Pack, question: str, sizes: tuple[int, ...]) -> None:
    """Raise ``Refusal`` if the pack does not answer ``question``, or not by this version.

    ``sizes`` are the network pixels that this version prepares for it.
    """
    if pack.manifest.question != question:
        raise Refusal(
            f"The pack {pack.manifest.name} was not asked.",
            f"It answers {pack.manifest.question}, and {question} was asked.",
            f"Choose a pack for {question}.",
        )
    if pack.manifest.input.preparation != "fundus":
        raise Refusal(
            f"The pack {pack.manifest.name} cannot read a photograph of an eye.",
            f"It expects pictures prepared as {pack.manifest.input.preparation}.",
            "Choose a pack for photographs of the eye.",
        )
    if pack.manifest.input.size not in sizes:
        *first, last = map(str, sizes)
        raise Refusal(
            f"The pack {pack.manifest.name} cannot read a photograph of an eye.",
            f"Its network reads {pack.manifest.input.size} pixels, and this version prepares "
            f"{', '.join(first)} or {last}.",
            "Update LesionLens, or choose another pack.",
        )
