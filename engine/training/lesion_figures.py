"""How well the maps of a run's networks find lesions that people marked (METHODS Q7).

Each photograph is told by a network that learnt nothing from its patient. Masks are looked at here
alone: nothing is trained or chosen by them in a run.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engine import csv_rows
from engine.answers import Criterion, Heatmap
from engine.criteria.interface import evidence
from engine.errors import Refusal
from engine.evaluation import froc, lesion_level, lesion_sets, lesion_truth
from engine.evaluation.froc import LimitedArea
from engine.evaluation.lesion_level import Level, Marked, Protocol, Seen, Variant
from engine.evaluation.lesion_truth import EVALUATED, LesionType, Truth
from engine.images.photograph import open_picture
from engine.networks.lesion_network import LesionNetwork
from engine.networks.operator_network import OperatorNetwork
from engine.preparation.fundus import PreparedFundus, prepare
from engine.task import Task
from engine.training.patients import learnt_first
from engine.training.plan import LesionMasks

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
class Column:
    """What a table calls a criterion, and the network of each fold that it is asked of."""

    name: str
    criterion: Criterion
    networks: tuple[OperatorNetwork | LesionNetwork, ...]


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
    apart: Mapping[str, Areas]
    shipped: Areas
    seen: int


def find(
    asked: LesionMasks, column: str, folder: Path, learnt: Iterable[tuple[str, str]]
) -> Masks | None:
    """The photographs that a plan measures maps on; None if it names none. Raises ``Refusal``.

    ``column`` tells patients apart; ``folder`` is that of the plan's data. ``learnt`` are the
    photographs that are learnt from, by name, and whose each is.
    """
    if not asked.folder:
        return None
    place = folder / asked.folder
    try:
        with (place / asked.table).open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv_rows.rows_of(file))
        patients = {
            Path((row["image"] or "").strip()).stem: (row[column] or "").strip() for row in rows
        }
        pictures = lesion_sets.find(place).pictures
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as fault:
        raise Refusal(
            "The marked lesions that the plan names cannot be used.",
            f"{asked.table} in {place.name} is no table with the columns image and {column}.",
            "Mend masks.folder and masks.table, or leave them out.",
        ) from fault
    if nobodys := [each.name for each in pictures if not patients.get(each.name)]:
        raise Refusal(
            "The marked lesions that the plan names cannot be used.",
            f"{asked.table} tells no {column} of {nobodys[0]}: it may have been learnt from.",
            "Add it to the table, or take the photograph out of the folder.",
        )
    return Masks(pictures, learnt_first(pictures, patients, learnt))


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
    columns: Sequence[Column],
    learnt: Sequence[set[str]],
    shipped: Column,
    seen_by: set[str],
    device: torch.device,
    task: Task,
) -> OfMasks:
    """Limited FROC areas of maps by networks that had not ``learnt`` from a photograph's patient.

    ``shipped`` has one network, the pack's, which learnt from the patients ``seen_by``. Of a
    patient whom none learnt from, networks tell by turns, as ``reproduction.unseen`` has it. Raises
    ``Cancelled``.
    """
    for column in (*columns, shipped):
        for network in column.networks:
            network.to(device)
    apart: dict[str, list[Seen]] = {column.name: [] for column in columns}
    together: list[Seen] = []
    seen = 0
    for number, picture in enumerate(task.over(pictures, "Measuring the maps", len(pictures))):
        apart_from = [at for at, each in enumerate(learnt) if picture.patient not in each]
        seen += picture.patient in seen_by
        fold = apart_from[number % len(apart_from)]
        for column in columns:
            told = _seen(column.networks[fold], picture, column.criterion, device, task)
            apart[column.name].append(told)
        together.append(_seen(shipped.networks[0], picture, shipped.criterion, device, task))
    marked = [picture.marked for picture in pictures]
    return OfMasks(
        len(marked),
        {kind: sum(each.count(kind) for each in marked) for kind in EVALUATED},
        {name: _areas(found, marked) for name, found in apart.items()},
        _areas(together, marked),
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
    network: OperatorNetwork | LesionNetwork,
    picture: Ready,
    criterion: Criterion,
    device: torch.device,
    task: Task,
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
