"""Heatmaps against marked lesions, photograph after photograph, and all figures of METHODS Q7."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.cohort import doubles
from engine.cohort.heatmaps import Heatmaps
from engine.cohort.stream import stream
from engine.errors import Refusal
from engine.evaluation import froc, lesion_level, predictions
from engine.evaluation.froc import Curve, LimitedArea
from engine.evaluation.image_level import GROUPS, ImageLevel, contains, image_level
from engine.evaluation.lesion_level import Level, Marked, Protocol, Seen, Variant
from engine.evaluation.lesion_truth import (
    EVALUATED,
    Labelled,
    LeftOut,
    LesionSet,
    LesionType,
    truth,
)
from engine.evaluation.predictions import Cell
from engine.images.photograph import open_picture
from engine.task import Task

SEED = 0
"""Of the bootstrap: the same pictures give the same intervals."""


@dataclass(frozen=True, eq=False)
class Judged:
    """All photographs that were judged, in one order, and what was left out.

    ``seen`` holds for each criterion what its map says of each photograph.
    """

    marked: tuple[Marked, ...]
    seen: Mapping[str, tuple[Seen, ...]]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, eq=False)
class CriterionFigures:
    """One criterion, counted in one way: the area of each type that occurs, and their mean."""

    areas: Mapping[LesionType, LimitedArea]
    mean: LimitedArea | None


@dataclass(frozen=True, eq=False)
class LesionFigures:
    """All figures. ``areas`` are by variant and criterion; the others of the primary variant."""

    areas: Mapping[Variant, Mapping[str, CriterionFigures]]
    curves: Mapping[str, Mapping[LesionType, Curve]]
    images: Mapping[str, Mapping[str, ImageLevel | None]]


def judge(found: LesionSet, heatmaps: Heatmaps, protocol: Protocol, task: Task) -> Judged:
    """Open each photograph, get its heatmaps and compare them with its lesions.

    The same picture under several names is counted once, and not at all where its lesions differ.

    Raises:
        Refusal: no photograph could be judged.
        Cancelled: the task was cancelled.
    """

    def one(labelled: Labelled, step: Task) -> _One:
        photograph = open_picture(labelled.photograph)
        height, width = photograph.pixels.shape[:2]
        maps = heatmaps.of(photograph, step)
        marks = truth(labelled.markings, (height, width), protocol.contained)
        step.check()
        # Every map of a photograph is made of the same field.
        assessed = next(iter(maps.values())).assessed
        marked = lesion_level.mark(labelled.name, marks, assessed, protocol)
        seen = {
            criterion: lesion_level.see(placed.heatmap, placed.assessed, marks, protocol)
            for criterion, placed in maps.items()
        }
        return _One(labelled, photograph.content_hash, (height, width), marked, seen)

    judged: list[_One] = []
    left_out = list(found.left_out)
    for row in stream(found.pictures, one, "Judging heatmaps", task):
        if row.made is None:
            left_out.append(LeftOut(row.item.photograph, row.reason))
        else:
            judged.append(row.made)
    twice = _doubles(judged, protocol)
    left_out += [LeftOut(judged[at].labelled.photograph, why) for at, why in twice.items()]
    judged = [each for at, each in enumerate(judged) if at not in twice]
    if not judged:
        raise Refusal(
            "The heatmaps were not judged.",
            f"None of {len(found.pictures)} photographs could be; the last: {left_out[-1].reason}",
            "Mend what it says, or name another pack or folder.",
        )
    seen = {name: tuple(each.seen[name] for each in judged) for name in heatmaps.criteria}
    return Judged(tuple(each.marked for each in judged), seen, tuple(left_out))


def figures(
    judged: Judged, protocol: Protocol, task: Task, patients: NDArray[np.intp] | None = None
) -> LesionFigures:
    """All areas with the percentiles of the same draws of photographs. Raises ``Cancelled``.

    ``patients`` are the numbers (n,) of the photographs' patients, who are drawn in their place.
    """
    weights = froc.draw(len(judged.marked), np.random.default_rng(SEED), patients)
    levels = {name: Level(seen, judged.marked) for name, seen in judged.seen.items()}
    steps = [(variant, name) for variant in protocol.variants for name in levels]
    areas: dict[Variant, dict[str, CriterionFigures]] = {each: {} for each in protocol.variants}
    for variant, name in task.over(steps, "Computing areas", len(steps)):
        known: dict[LesionType, LimitedArea] = {}
        for kind in EVALUATED:
            area = froc.area(levels[name].swept(kind, variant), weights)
            if area is not None:
                known[kind] = area
        areas[variant][name] = CriterionFigures(known, froc.mean(list(known.values())))
    primary = protocol.variants[0]
    return LesionFigures(
        areas,
        {
            name: {
                kind: froc.curve(level.swept(kind, primary)) for kind in areas[primary][name].areas
            }
            for name, level in levels.items()
        },
        {name: _image_level(seen, judged.marked, patients) for name, seen in judged.seen.items()},
    )


@dataclass(frozen=True, eq=False)
class _One:
    """One photograph that was judged. ``shape`` is (y, x), ``content`` the hash of its file."""

    labelled: Labelled
    content: str
    shape: tuple[int, int]
    marked: Marked
    seen: Mapping[str, Seen]


def _doubles(judged: Sequence[_One], protocol: Protocol) -> dict[int, str]:
    """Why some are left out that are the same picture as another, by their place."""
    contents = [each.content for each in judged]
    times = Counter(contents)

    def lesions(each: _One) -> Hashable:
        found = truth(each.labelled.markings, each.shape, protocol.contained)
        seal = sha256(b"" if found.uncertain is None else found.uncertain.tobytes())
        for kind, labels in found.labels.items():
            seal.update(kind.encode() + labels.tobytes())
        return seal.digest()

    named = [
        # Read again of doubles alone, which are few.
        doubles.Named(each.labelled.photograph.name, times[each.content] > 1 and lesions(each))
        for each in judged
    ]
    return doubles.same(named, contents, "the marked lesions differ")


def counts(marked: Sequence[Marked], merge: float = 0.0) -> dict[LesionType, int]:
    """How many lesions of each type there are."""
    return {kind: sum(each.count(kind, merge) for each in marked) for kind in EVALUATED}


def write_detections(path: Path, judged: Judged) -> None:
    """The predictions table: a row for every detection, truth 1 on a lesion of any type.

    ``x`` and ``y`` are photograph pixels; a column for each type holds the numbers of the lesions
    that are hit, from 1, in the order of their topmost pixels. Raises ``Refusal``.
    """
    rows: list[dict[str, Cell]] = []
    for criterion, all_seen in judged.seen.items():
        for marked, seen in zip(judged.marked, all_seen, strict=True):
            rows += _detections(marked.name, criterion, seen)
    predictions.write(path, rows, ["criterion", "x", "y", *map(str, LesionType)])


def _detections(name: str, criterion: str, seen: Seen) -> list[dict[str, Cell]]:
    rows: list[dict[str, Cell]] = []
    points, scores = seen.detections.points, seen.detections.scores
    for number, ((x, y), score) in enumerate(zip(points, scores, strict=True)):
        hit = {
            str(kind): " ".join(str(lesion + 1) for at, lesion in pairs if at == number)
            for kind, pairs in seen.judgement.touches.items()
        }
        rows.append(
            {
                "case": name,
                "truth": int(any(hit.values())),
                "score": float(score),
                "criterion": criterion,
                "x": round(float(x), 1),
                "y": round(float(y), 1),
                **hit,
            }
        )
    return rows


def _image_level(
    seen: Sequence[Seen], marked: Sequence[Marked], patients: NDArray[np.intp] | None
) -> dict[str, ImageLevel | None]:
    scores = np.array([each.highest for each in seen])
    return {
        name: image_level(scores, contains(marked, kinds), patients)
        for name, kinds in GROUPS.items()
    }
