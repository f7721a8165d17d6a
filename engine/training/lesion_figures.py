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
from engine.evaluation.lesion_truth import EVALUATED, LesionType
from engine.images.photograph import open_picture
from engine.networks.lesion_network import LesionNetwork
from engine.preparation.fundus import PreparedFundus, prepare
from engine.task import Task
from engine.training.lesions_plan import LesionsPlan

CRITERIA = (Criterion.LESIONS, Criterion.PI, Criterion.OMEGA)
PROTOCOL = Protocol()


@dataclass(frozen=True, eq=False)
class Masks:
    """Photographs with marked lesions, and whose each is; "" where nobody knows."""

    pictures: tuple[lesion_truth.Labelled, ...]
    patients: Mapping[str, str]


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
        patients = {Path(row["image"]).stem: row[column].strip() for row in rows}
        pictures = lesion_sets.find(place).pictures
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as fault:
        raise Refusal(
            "The marked lesions that the plan names cannot be used.",
            f"{plan.masks.table} in {place.name} is no table with the columns image and {column}.",
            "Mend masks.folder and masks.table, or leave them out.",
        ) from fault
    return Masks(pictures, patients)


def measure(
    masks: Masks,
    networks: Sequence[LesionNetwork],
    learnt: Sequence[set[str]],
    together: LesionNetwork,
    device: torch.device,
    task: Task,
) -> OfMasks:
    """Limited FROC areas of maps by networks that had not ``learnt`` from a photograph's patient.

    ``together`` is what ships. Raises ``Refusal`` and ``Cancelled``.
    """
    for network in (*networks, together):
        network.to(device)
    apart: dict[Criterion, list[Seen]] = {criterion: [] for criterion in CRITERIA}
    shipped: list[Seen] = []
    marked: list[Marked] = []
    seen = 0
    for picture in task.over(masks.pictures, "Measuring the maps", len(masks.pictures)):
        pixels = open_picture(picture.photograph).pixels
        shape = (pixels.shape[0], pixels.shape[1])
        prepared = prepare(pixels, together.input_size)
        truth = lesion_truth.truth(picture.markings, shape)
        marked.append(lesion_level.mark(picture.name, truth, prepared.assessed, PROTOCOL))
        patient = masks.patients.get(picture.name, "")
        knowing = [patient in patients for patients in learnt]
        seen += any(knowing)
        network = networks[knowing.index(False)]
        for criterion, found in apart.items():
            heatmap = _map(network, prepared, criterion, shape, device, task)
            found.append(lesion_level.see(heatmap, prepared.assessed, truth, PROTOCOL))
        heatmap = _map(together, prepared, Criterion.LESIONS, shape, device, task)
        shipped.append(lesion_level.see(heatmap, prepared.assessed, truth, PROTOCOL))
    weights = froc.draw(len(marked), np.random.default_rng(0))
    return OfMasks(
        len(marked),
        {kind: sum(each.count(kind) for each in marked) for kind in EVALUATED},
        {criterion: _areas(found, marked, weights) for criterion, found in apart.items()},
        _areas(shipped, marked, weights),
        seen,
    )


def _map(
    network: LesionNetwork,
    prepared: PreparedFundus,
    criterion: Criterion,
    shape: tuple[int, int],
    device: torch.device,
    task: Task,
) -> Heatmap:
    inputs = torch.from_numpy(prepared.values)[None].to(device)
    values = evidence(network, inputs, criterion, task).maps[0].cpu().numpy()
    return Heatmap(np.where(prepared.mask, values, np.float32(0)), prepared.way_back, shape)


def _areas(seen: Sequence[Seen], marked: Sequence[Marked], weights: froc.Values) -> Areas:
    level = Level(seen, marked)
    of: dict[LesionType, LimitedArea | None] = {
        kind: froc.area(level.swept(kind, Variant()), weights) for kind in EVALUATED
    }
    return Areas(of, froc.mean([area for area in of.values() if area is not None]))
