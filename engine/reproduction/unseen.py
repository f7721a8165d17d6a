"""Heatmaps by the networks that have not seen a photograph's patient, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.answers import Heatmap
from engine.cohort.heatmaps import About, Placed
from engine.cohort.lesions import Judged
from engine.criteria.interface import evidence
from engine.evaluation.detections import Detections
from engine.evaluation.lesion_level import Seen
from engine.evaluation.lesion_truth import LeftOut, LesionSet
from engine.pictures import Photograph
from engine.preparation import fundus
from engine.task import Task
from engine.training.lesion_figures import Column


class Unseen:
    """Each photograph's heatmaps by the network that has not seen its patient; for ``lesions``.

    ``fold_of`` tells by a photograph's name, without its ending, whose networks have not. decided:
    gradability is not judged, as in the paper, so that all columns have the same photographs.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        fold_of: Mapping[str, int],
        device: torch.device,
        notes: tuple[str, ...] = (),
    ) -> None:
        self._columns, self._fold_of = columns, fold_of
        self._device, self._notes = device, notes
        for column in columns:
            for network in column.networks:
                network.to(device)

    @property
    def criteria(self) -> tuple[str, ...]:
        """See ``cohort.heatmaps.Heatmaps``."""
        return tuple(column.name for column in self._columns)

    @property
    def about(self) -> About:
        """See ``cohort.heatmaps.Heatmaps``."""
        return About(None, str(self._device), self._notes)

    def of(self, photograph: Photograph, task: Task) -> Mapping[str, Placed]:
        """See ``cohort.heatmaps.Heatmaps``."""
        fold = self._fold_of[Path(photograph.name).stem]
        prepared: dict[int, fundus.PreparedFundus] = {}
        found: dict[str, Placed] = {}
        height, width = photograph.pixels.shape[:2]
        for column in self._columns:
            network = column.networks[fold]
            size = network.input_size
            if size not in prepared:
                prepared[size] = fundus.prepare(photograph.pixels, size)
            of_size = prepared[size]
            inputs = torch.from_numpy(of_size.values)[None].to(self._device)
            maps = evidence(network, inputs, column.criterion, task, with_error=False).maps
            values = np.where(of_size.mask, maps[0].cpu().numpy(), 0).astype(np.float32)
            heatmap = Heatmap(values, of_size.way_back, (height, width))
            found[column.name] = Placed(heatmap, of_size.assessed)
        return found


@dataclass(frozen=True)
class Shared:
    """Photographs with marked lesions that some networks have not seen, and whose.

    ``fold_of`` tells by a photograph's name the fold that judges it, ``patient_of`` its patient
    where that is known; ``foreign`` of them show patients whom no network has seen.
    """

    lesions: LesionSet
    fold_of: Mapping[str, int]
    patient_of: Mapping[str, str]
    foreign: int


def share(
    lesions: LesionSet,
    patient_of: Mapping[str, str],
    fold_of_patient: Mapping[str, int | None],
    folds: int,
) -> Shared:
    """Give each photograph to the fold that holds its patient back.

    ``fold_of_patient`` has None for patients whom every network has seen: these photographs are
    left out. decided: those whose patient is in no fold were seen by no network, and are shared
    out in the order of their names.
    """
    fold_of: dict[str, int] = {}
    foreign = 0
    seen: list[LeftOut] = []
    for number, picture in enumerate(lesions.pictures):
        patient = patient_of.get(picture.name, "")
        if patient not in fold_of_patient:
            fold_of[picture.name] = number % folds
            foreign += 1
            continue
        fold = fold_of_patient[patient]
        if fold is None:
            seen.append(LeftOut(picture.photograph, "The networks have learnt from its patient."))
        else:
            fold_of[picture.name] = fold
    pictures = tuple(each for each in lesions.pictures if each.name in fold_of)
    return Shared(LesionSet(pictures, (*lesions.left_out, *seen)), fold_of, patient_of, foreign)


def comparable(judged: Judged, fold_of: Mapping[str, int]) -> Judged:
    """Scores of several networks on one scale: how surely, among the photographs of their fold.

    METHODS Q7.6 replaces a score by the false positives that its threshold had on other pictures.
    decided: where folds hold the photographs back that networks have not seen, by all detections a
    photograph that its threshold has on the fold's own; that takes no truth, so it flatters nobody.
    One fold's scores are left as they are.
    """
    folds = np.array([fold_of[marked.name] for marked in judged.marked])
    if len(set(folds.tolist())) < 2:
        return judged
    seen = {name: _ranked(each, folds) for name, each in judged.seen.items()}
    return replace(judged, seen=seen)


def _ranked(seen: Sequence[Seen], folds: NDArray[np.intp]) -> tuple[Seen, ...]:
    ranked: dict[int, Seen] = {}
    for fold in set(folds.tolist()):
        rows = np.flatnonzero(folds == fold).tolist()
        detected = np.sort(np.concatenate([seen[row].detections.scores for row in rows]))

        def surely(
            scores: NDArray[np.float64],
            detected: NDArray[np.float64] = detected,
            n: int = len(rows),
        ) -> NDArray[np.float64]:
            above = len(detected) - np.searchsorted(detected, scores, side="left")
            return -above.astype(np.float64) / n

        for row in rows:
            one = seen[row]
            found = one.detections
            ranked[row] = replace(
                one,
                highest=float(surely(np.array([one.highest]))[0]),
                detections=Detections(found.points, surely(found.scores), found.reach),
            )
    return tuple(ranked[row] for row in range(len(seen)))
