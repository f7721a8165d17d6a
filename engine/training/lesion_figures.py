"""How well the maps of a run's networks find lesions that people marked (METHODS Q7).

Each photograph is told by a network that learnt nothing from its patient. Masks are looked at here
alone: nothing is trained or chosen by them in a run.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engine.answers import Criterion, Heatmap
from engine.criteria.interface import evidence
from engine.errors import Refusal
from engine.evaluation import froc, lesion_level, lesion_sets, lesion_truth
from engine.evaluation.froc import LimitedArea
from engine.evaluation.lesion_level import Level, Marked, Protocol, Seen, Variant
from engine.evaluation.lesion_truth import EVALUATED, LesionType, Truth
from engine.images.photograph import open_picture
from engine.networks.lesion_network import LesionNetwork
from engine.preparation.fundus import PreparedFundus, prepare
from engine.task import Task
from engine.training.lesions_plan import LesionsPlan

CRITERIA = (Criterion.LESIONS, Criterion.PI, Criterion.OMEGA)
PROTOCOL = Protocol()


@dataclass(frozen=True, eq=False)
class Masks:
    """Photographs with marked lesions, and whose each is, by its name."""

    pictures: tuple[lesion_truth.Labelled, ...]
    patients: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Ready:
    """A photograph with marked lesions, prepared, and its patient."""

    prepared: PreparedFundus
    shape: tuple[int, int]
    truth: Truth
    marked: Marked
    patient: str


@dataclass(frozen=True, eq=False)
class Areas:
    """Limited FROC areas by type, and their mean; None where there is no lesion."""

    of: Mapping[LesionType, LimitedArea | None]
    mean: LimitedArea | None


@dataclass(frozen=True, eq=False)
class OfMasks:
    """What was found: by networks that had not seen the patient, and by what ships.

    ``seen`` are the photographs whose patients what ships has learnt from.
    """

    pictures: int
    lesions: Mapping[LesionType, int]
    apart: Mapping[Criterion, Areas]
    shipped: Areas
    seen: int


def find(plan: LesionsPlan, folder: Path) -> Masks | None:
    """The photographs that a plan measures maps on; None if it names none. Raises ``Refusal``."""
    if not plan.masks.folder:
        return None
    place = folder / plan.masks.folder
    column = plan.data.patient
    try:
        with (place / plan.masks.table).open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        patients = {Path(row["image"]).stem: (row[column] or "").strip() for row in rows}
        pictures = lesion_sets.find(place).pictures
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as fault:
        raise Refusal(
            "The marked lesions that the plan names cannot be used.",
            f"{plan.masks.table} in {place.name} is no table with the columns image and {column}.",
            "Mend masks.folder and masks.table, or leave them out.",
        ) from fault
    if nobodys := [each.name for each in pictures if not patients.get(each.name)]:
        raise Refusal(
            "The marked lesions that the plan names cannot be used.",
            f"{plan.masks.table} tells no {column} of {nobodys[0]}: it may have been learnt from.",
            "Add it to the table, or take the photograph out of the folder.",
        )
    return Masks(pictures, patients)


def ready(masks: Masks, size: int, task: Task) -> list[Ready]:
    """All photographs of a set, prepared for networks of ``size``. Raises ``Refusal``."""
    made = []
    for picture in task.over(masks.pictures, "Reading marked lesions", len(masks.pictures)):
        pixels = open_picture(picture.photograph).pixels
        shape = (pixels.shape[0], pixels.shape[1])
        prepared = prepare(pixels, size)
        truth = lesion_truth.truth(picture.markings, shape)
        marked = lesion_level.mark(picture.name, truth, prepared.assessed, PROTOCOL)
        made.append(Ready(prepared, shape, truth, marked, masks.patients[picture.name]))
    return made


def measure(
    pictures: Sequence[Ready],
    networks: Sequence[LesionNetwork],
    learnt: Sequence[set[str]],
    together: LesionNetwork,
    device: torch.device,
    task: Task,
) -> OfMasks:
    """Limited FROC areas of maps by networks that had not ``learnt`` from a photograph's patient.

    ``together`` is what ships. Raises ``Cancelled``.
    """
    for network in (*networks, together):
        network.to(device)
    apart: dict[Criterion, list[Seen]] = {criterion: [] for criterion in CRITERIA}
    shipped: list[Seen] = []
    seen = 0
    for picture in task.over(pictures, "Measuring the maps", len(pictures)):
        knowing = [picture.patient in patients for patients in learnt]
        seen += any(knowing)
        network = networks[knowing.index(False)]
        for criterion, found in apart.items():
            found.append(_seen(network, picture, criterion, device, task))
        shipped.append(_seen(together, picture, Criterion.LESIONS, device, task))
    marked = [picture.marked for picture in pictures]
    return OfMasks(
        len(marked),
        {kind: sum(each.count(kind) for each in marked) for kind in EVALUATED},
        {criterion: _areas(found, marked) for criterion, found in apart.items()},
        _areas(shipped, marked),
        seen,
    )


def of_network(
    network: LesionNetwork, pictures: Sequence[Ready], device: torch.device, task: Task
) -> Areas:
    """Areas of one network's lesions. Raises ``Cancelled``."""
    network.to(device)
    seen = [_seen(network, picture, Criterion.LESIONS, device, task) for picture in pictures]
    return _areas(seen, [picture.marked for picture in pictures])


def _seen(
    network: LesionNetwork, picture: Ready, criterion: Criterion, device: torch.device, task: Task
) -> Seen:
    prepared = picture.prepared
    inputs = torch.from_numpy(prepared.values)[None].to(device)
    values = evidence(network, inputs, criterion, task).maps[0].cpu().numpy()
    values = np.where(prepared.mask, values, np.float32(0))
    heatmap = Heatmap(values, prepared.way_back, picture.shape)
    return lesion_level.see(heatmap, prepared.assessed, picture.truth, PROTOCOL)


def _areas(seen: Sequence[Seen], marked: Sequence[Marked]) -> Areas:
    level = Level(seen, marked)
    weights = froc.draw(len(marked), np.random.default_rng(0))
    of: dict[LesionType, LimitedArea | None] = {
        kind: froc.area(level.swept(kind, Variant()), weights) for kind in EVALUATED
    }
    return Areas(of, froc.mean([area for area in of.values() if area is not None]))
