"""Criteria, networks and weights ν side by side on photographs whose lesions are marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from engine.answers import Criterion
from engine.cohort import lesion_report, lesions
from engine.cohort.lesions import Judged, LesionFigures
from engine.evaluation import froc
from engine.evaluation.lesion_level import Level, Protocol
from engine.evaluation.lesion_truth import EVALUATED, LesionType
from engine.evaluation.photographs import numbers_of
from engine.networks.operator_network import OperatorNetwork
from engine.reproduction import tables, unseen
from engine.reproduction.networks import Trained
from engine.reproduction.printed import TITLES
from engine.reproduction.recipe import CRITERIA
from engine.reproduction.unseen import Shared
from engine.task import Task
from engine.training.lesion_figures import Column

Key = tuple[str, str, float]
"""Criterion, network, ν."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One checkpoint on the way of a network: which, and after how many passes in all."""

    trained: Trained
    passes: int
    after: int


@dataclass
class Columns:
    """What is asked for: columns for tables, and π of each network's checkpoints on its way."""

    several: bool
    columns: list[Column] = field(default_factory=list)
    keys: dict[str, Key] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, nu: float, of_folds: tuple[OperatorNetwork, ...]) -> None:
        """A network's criteria; of one that was trained with the sparsity term π alone."""
        for criterion in CRITERIA if nu == 0 else (Criterion.PI,):
            sign = f"π, ν {nu:g}" if nu else tables.ROWS[str(criterion)]
            label = f"{sign}, {TITLES[name]}" if self.several else sign
            self.columns.append(Column(label, criterion, of_folds))
            self.keys[label] = (str(criterion), name, nu)

    def add_way(self, name: str, way: Sequence[Snapshot]) -> None:
        """The checkpoints of a network on its way."""
        for each in way:
            folds = range(len(each.trained.folds))
            label = f"{name} after {each.after} passes"
            of_folds = tuple(each.trained.network(fold, each.passes) for fold in folds)
            self.columns.append(Column(label, Criterion.PI, of_folds))
            self.ways[label] = name


def compare(shared: Shared, asked: Columns, device: torch.device, task: Task) -> "Compared":
    """Judge all columns on all photographs. Raises ``Refusal`` and ``Cancelled``."""
    protocol = Protocol()
    source = unseen.Unseen(asked.columns, shared.fold_of, device)
    judged = unseen.comparable(
        lesions.judge(shared.lesions, source, protocol, task), shared.fold_of
    )
    chief = Judged(judged.marked, {name: judged.seen[name] for name in asked.keys}, judged.left_out)
    on_way: dict[str, dict[LesionType, list[float]]] = {}
    for label, name in task.over(asked.ways.items(), "Following a network", len(asked.ways)):
        level = Level(judged.seen[label], judged.marked)
        for kind in EVALUATED:
            area = froc.limited_area(level.swept(kind, protocol.variants[0]))
            on_way.setdefault(name, {}).setdefault(kind, []).append(area)
    whose = numbers_of(shared.patient_of.get(each.name, "") for each in chief.marked)
    figures = lesions.figures(chief, protocol, task, whose)
    return Compared(chief, figures, protocol, asked.keys, on_way, shared.foreign, whose)


@dataclass(frozen=True, eq=False)
class Compared:
    """Lesions found: by column, and on the way of each network by type.

    ``patients`` are the numbers of the photographs' patients, (n,).
    """

    judged: Judged
    figures: LesionFigures
    protocol: Protocol
    keys: Mapping[str, Key]
    on_way: Mapping[str, Mapping[LesionType, list[float]]]
    foreign: int
    patients: NDArray[np.intp]

    @property
    def areas(self) -> dict[Key, dict[LesionType | None, froc.LimitedArea]]:
        """The areas of the primary way to count, by criterion, network and ν."""
        of = self.figures.areas[self.protocol.variants[0]]
        found: dict[Key, dict[LesionType | None, froc.LimitedArea]] = {}
        for label, key in self.keys.items():
            found[key] = dict(of[label].areas.items())
            mean = of[label].mean
            if mean is not None:
                found[key][None] = mean
        return found

    def differences(self, names: Sequence[str]) -> list[str]:
        """π against ω and relevance, and each ν against none; in each way to count."""
        labels = {key: label for label, key in self.keys.items()}
        said: list[str] = []
        for variant in self.protocol.variants:
            for name in names:
                chief = labels[str(Criterion.PI), name, 0.0]
                for key, label in labels.items():
                    if key[1] == name and label != chief:
                        said += lesion_report.difference_words(
                            self.figures, variant, (chief, label)
                        )
        return said
