"""Disease progression learning, reproduced: the paired experiment beside Tables I and II.

METHODS L2, L3.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np

from engine.cohort import pages
from engine.errors import Refusal
from engine.evaluation.ordinal import ResampledTest
from engine.folders import write_bytes, write_whole
from engine.networks import backbones
from engine.plain_json import plain
from engine.progression import experiment
from engine.progression.experiment import Experiment
from engine.progression.figures import ArmFigures, Learnt, figures, order_learnt
from engine.progression.splits import Staged
from engine.progression.table import StagedPictures
from engine.reports import confusion
from engine.reproduction.printed_lao import TABLES, TITLES
from engine.task import Task
from engine.training import normalised

TITLE = "Lao, disease progression learning, reproduced"
_COLUMNS = (("baseline", "vision"), ("", "vision"), ("", "lstm"))


@dataclass(frozen=True, eq=False)
class Reproduced:
    """What was found, with the folder that the report lies in."""

    asked: Experiment
    staged: Staged
    figures: tuple[ArmFigures, ...]
    order: tuple[Learnt, ...]
    folder: Path

    def in_words(self) -> str:
        """For a terminal."""
        told = [*map(self._sentence, self.figures), *map(_order, self.order)]
        return "\n".join([*self._about(), "", *told])

    def as_json(self) -> dict[str, Any]:
        """For a script."""
        return {
            "stages": list(self.staged.names),
            "pictures": len(self.staged.stages),
            "splits": self.asked.splits,
            "backbone": self.asked.backbone,
            "arms": [_json(each) for each in self.figures],
            "cyclic_less_shuffled": [
                {
                    "head": each.head,
                    "difference": each.difference.mean,
                    "difference_deviation": each.difference.deviation,
                    "p": each.difference.p,
                }
                for each in self.order
            ],
        }

    def write(self) -> None:
        """report.md, report.json and the confusion matrices."""
        folder = pages.folder(self.folder)
        parts = [pages.bullets(self._about())]
        parts += [self._printed(order) for order in TABLES]
        parts.append(self._all())
        if self.order:
            told = pages.bullets([_order(each) for each in self.order])
            parts.append(f"## Whether the order is learnt\n\n{told}")
        for each in self.figures:
            name = f"confusion-{each.arm}-{each.head}.png"
            picture = confusion.draw(
                each.confusion, self.staged.names, f"{each.arm}, {_HEADS[each.head]}, all splits"
            )
            write_whole(folder / name, lambda file, drawn=picture: drawn.save(file, "PNG"))  # type: ignore[misc]
            parts.append(f"![{each.arm}, {_HEADS[each.head]}]({name})")
        write_bytes(
            folder / "report.json",
            json.dumps(plain(self.as_json()), ensure_ascii=False, indent=1).encode(),
        )
        pages.write(folder, TITLE, parts)

    def _about(self) -> list[str]:
        counts = np.bincount(self.staged.stages, minlength=self.staged.count)
        stages = ", ".join(
            f"{name} ({count})" for name, count in zip(self.staged.names, counts, strict=True)
        )
        patients = len(np.unique(self.staged.patients))
        asked, schedule = self.asked, self.asked.schedule
        start = "weights that were given" if asked.start else "random weights"
        return [
            f"{len(self.staged.stages)} pictures of {patients} patients; stages {stages}.",
            f"{asked.splits} random splits by patient, the same for every arm"
            + (", each stage as often as the rarest." if asked.even else "."),
            f"Backbone {asked.backbone} from {start}; passes of {schedule.steps} steps of "
            f"{schedule.sequences} sequences, {schedule.passes} at most.",
        ]

    def _sentence(self, each: ArmFigures) -> str:
        told = f"{each.arm}, {_HEADS[each.head]}: {_accuracy(each)} %, kappa {each.kappa:.2f}"
        if each.against is None:
            return f"{told}."
        return f"{told}, {_difference(each)}."

    def _printed(self, order: str) -> str:
        found = {(each.arm, each.head): each for each in self.figures}
        rows = []
        for (backbone, steps), printed in TABLES[order].items():
            cells = [f"{mean} ± {deviation}" for mean, deviation in printed]
            rows.append([f"printed: {backbone}, {steps} steps", *cells])
        own = [found.get((arm or order, head)) for arm, head in _COLUMNS]
        cells = [_accuracy(each) if each else "not asked" for each in own]
        rows.append([f"here: {self.asked.backbone}, {self.asked.schedule.steps} steps", *cells])
        head = ["", "baseline", "vision head", "LSTM head"]
        return f"## {TITLES[order]}\n\n{pages.table(head, rows)}"

    def _all(self) -> str:
        rows = [
            [
                each.arm,
                _HEADS[each.head],
                _accuracy(each),
                _difference(each) if each.against else "",
                f"{each.kappa:.3f}",
                f"{each.stage_error:.2f}",
                ", ".join(f"{100 * share:.0f}" for share in each.steps),
            ]
            for each in self.figures
        ]
        head = [
            "arm", "head", "accuracy, %", "against the baseline", "quadratic kappa",
            "error of the expected stage", "% right at each step",
        ]  # fmt: skip
        about = (
            "Means ± deviations over splits. Differences are paired, in points; p by the corrected "
            "resampled t-test, whose pictures learnt from are those of training and validation; in "
            "brackets those of training alone. Steps are those of the held-out sequences in the "
            "kept pass."
        )
        return f"## All arms\n\n{about}\n\n{pages.table(head, rows)}"


_HEADS = {"vision": "vision head", "lstm": "LSTM head"}


def carry_out(
    found: StagedPictures,
    asked: Experiment,
    out: Path,
    task: Task,
    *,
    eyes: bool,
    processes: int = 1,
    devices: Sequence[str] = ("cpu",),
) -> Reproduced:
    """Prepare, train what is not trained yet, and write the report.

    ``eyes`` tells whether the pictures are photographs of an eye, or are taken as they are.

    Raises:
        Refusal: a picture or the folder cannot be used.
        Cancelled: the task was cancelled; what was trained is kept.
    """
    out.mkdir(parents=True, exist_ok=True)
    file = out / "pictures.npy"
    size = backbones.build(asked.backbone).input_size
    _hold_to(found, eyes, out)
    prepare = normalised.photographs if eyes else normalised.plain
    prepare(found.paths, size, file, task)
    results = experiment.carry_out(asked, out, file, found.staged, processes, task, devices)
    told = Reproduced(
        asked,
        found.staged,
        tuple(figures(results, found.staged)),
        tuple(order_learnt(results, found.staged)),
        out,
    )
    told.write()
    return told


def _hold_to(found: StagedPictures, eyes: bool, out: Path) -> None:
    """Let the pictures that were prepared be used for themselves alone, by name and size."""
    seal = sha256(f"eyes {eyes}".encode())
    for path in found.paths:
        seal.update(f"\0{path.name}\0{path.stat().st_size}".encode())
    kept = out / "pictures.sha256"
    if not kept.exists():
        write_bytes(kept, seal.hexdigest().encode())
    elif kept.read_text("utf-8") != seal.hexdigest():
        raise Refusal(
            "The experiment cannot go on.",
            f"{out.name} holds one with other pictures.",
            "Give another folder, or the pictures that it began with.",
        )


def _accuracy(each: ArmFigures) -> str:
    return f"{100 * each.accuracy:.1f} ± {100 * each.deviation:.1f}"


def _difference(each: ArmFigures) -> str:
    assert each.against is not None
    told = _points(each.against)
    if each.p_of_trained is None or isnan(each.p_of_trained):
        return told
    return f"{told} ({each.p_of_trained:.3f} without validation)"


def _order(each: Learnt) -> str:
    return f"Cyclic less shuffled, {_HEADS[each.head]}: {_points(each.difference)}."


def _points(test: ResampledTest) -> str:
    sign = "−" if test.mean < 0 else "+"
    p = "no p: every split the same" if isnan(test.p) else f"p {test.p:.3f}"
    return f"{sign}{abs(100 * test.mean):.1f} ± {100 * test.deviation:.1f} points, {p}"


def _json(each: ArmFigures) -> dict[str, Any]:
    test = each.against
    return {
        "arm": each.arm,
        "head": each.head,
        "accuracy": each.accuracy,
        "deviation": each.deviation,
        "quadratic_kappa": each.kappa,
        "expected_stage_error": each.stage_error,
        "confusion": each.confusion.tolist(),
        "steps": list(each.steps),
        "difference": None if test is None else test.mean,
        "difference_deviation": None if test is None else test.deviation,
        "p": None if test is None else test.p,
        "p_of_trained": each.p_of_trained,
    }
