"""A pack against graded photographs: A_z, and the two rates at its operating point (METHODS Q7.1).

decided: an ungradable photograph has no score and is left out of all three figures, and counted.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.answers import Decision
from engine.cohort import doubles
from engine.cohort.asking import Asker
from engine.cohort.graded import YES_AND_NO, Graded, about
from engine.cohort.stream import stream
from engine.cohort.taught import Taught
from engine.cohort.unseen import Unseen
from engine.errors import Refusal
from engine.evaluation import predictions, roc
from engine.evaluation.calibrated import Calibrated, calibrated
from engine.evaluation.counted import Counted, counted
from engine.evaluation.photographs import numbers_of
from engine.evaluation.predictions import Cell
from engine.packs.pack import Pack
from engine.task import Task
from engine.telling import words

MORE = ("dr_grade", "decision", "seen_in_training", "reason")
"""Columns of the predictions table beside the first ones."""


@dataclass(frozen=True)
class Scored:
    """One photograph of the table: what the pack said of it, or the reason why nothing.

    ``seen`` tells whether the pack learnt from it, or from a copy; None where that is not known.
    """

    row: Graded
    decision: Decision | None
    score: float | None
    reason: str = ""
    seen: bool | None = None


@dataclass(frozen=True)
class GradeFigures:
    """What is known of a pack from one table; ``n`` photographs were scored.

    ``fewest`` counts the smaller class as the area's interval does: by patients where
    ``patients_told``, else by photographs. ``repeated`` says that a patient has several.
    """

    area: roc.Area
    sensitivity: Counted
    specificity: Counted
    calibrated: Calibrated
    n: int
    fewest: int
    patients_told: bool
    repeated: bool


@dataclass(frozen=True)
class Asked:
    """All photographs of a table with what the pack said.

    ``warnings`` and ``notes`` are of the pack, ``of_table`` warnings that hold for any.
    """

    scored: tuple[Scored, ...]
    device: str
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    of_table: tuple[str, ...] = ()

    @property
    def answered(self) -> tuple[Scored, ...]:
        """Those that have a score."""
        return tuple(each for each in self.scored if each.score is not None)

    @property
    def left_out(self) -> tuple[Scored, ...]:
        """Those that have none."""
        return tuple(each for each in self.scored if each.score is None)


def ask(
    table: Path,
    rows: Sequence[Graded],
    pack: Pack,
    device: str,
    task: Task,
    unseen: Unseen | None = None,
) -> Asked:
    """Ask the pack about each photograph of a table, or what of it is ``unseen`` by it.

    Raises:
        Refusal: the pack cannot be asked, or nothing in the table could be scored.
        Cancelled: the task was cancelled.
    """
    asker = Asker(pack, device, unseen)
    devices: dict[str, None] = {}
    notes: dict[str, None] = {}
    contents: dict[str, str] = {}
    taught = Taught(pack)
    seal = hashlib.sha256(table.read_bytes())

    def one(row: Graded, step: Task) -> Scored:
        asked = asker.ask(row.open(), None, step)
        seal.update(bytes.fromhex(asked.photograph.content_hash))
        answer = asked.answer
        if answer.probability is not None:
            contents[row.image] = asked.photograph.content_hash
        devices.setdefault(answer.device)
        notes.update(dict.fromkeys(answer.notes))
        why = " ".join(reason.why for reason in answer.reasons)
        alone = unseen is not None and unseen.by(asked.photograph)
        seen = False if alone else taught.by(asked.photograph, answer.assessed)
        return Scored(row, answer.decision, answer.probability, why, seen)

    scored = [
        each.made or Scored(each.item, None, None, each.reason)
        for each in stream(rows, one, "Asking about photographs", task)
    ]
    twice = doubles.reasons(rows, [contents.get(row.image, "") for row in rows])
    for place, why in twice.items():
        scored[place] = replace(scored[place], decision=None, score=None, reason=why)
    if all(each.score is None for each in scored):
        raise Refusal(
            "The pack was not evaluated.",
            f"None of {len(scored)} photographs could be scored; the first: {scored[0].reason}",
            "Put the photographs into the table's folder, or name another pack.",
        )
    used = [each for each in scored if each.score is not None]
    answered = [each.seen for each in used]
    if unseen is None:
        warnings, unknown = taught.words(seal.hexdigest(), answered)
    else:
        warnings, unknown = (), unseen.words(contents[each.row.image] for each in used)
    return Asked(
        tuple(scored),
        ", ".join(devices),
        warnings,
        (*notes, *unknown),
        (*about(rows), *doubles.told(rows, twice)),
    )


def both_classes(rows: Sequence[Graded]) -> None:
    """Raise ``Refusal`` if a table is of one class: nothing is asked about in vain."""
    referable = sum(row.referable for row in rows)
    if min(referable, len(rows) - referable) >= 2:
        return
    photographs = "photograph" if len(rows) == 1 else "photographs"
    of = f"Of its {len(rows)} {photographs} {referable} {'is' if referable == 1 else 'are'}"
    why = f"{of} referable, and it takes two of each class."
    if max(row.grade for row in rows) == 1:
        why = YES_AND_NO
    raise Refusal(
        "The area under the ROC curve cannot be computed.",
        why,
        "Add graded pictures of the class that is short, or mend the grades.",
    )


def figures(asked: Asked) -> GradeFigures:
    """The figures of what was scored. Raises ``Refusal`` if a class is missing."""
    answered = asked.answered
    scores = np.array([each.score for each in answered], float)
    truth = np.array([each.row.referable for each in answered], bool)
    called = np.array([each.decision is Decision.REFERABLE for each in answered], bool)
    whose = patients(answered)
    try:
        area = roc.area(scores, truth, patients=whose)
    except Refusal as short:
        raise _with_left_out(short, asked.left_out) from short
    return GradeFigures(
        area,
        counted(int(called[truth].sum()), int(truth.sum())),
        counted(int((~called[~truth]).sum()), int((~truth).sum())),
        calibrated(scores, truth),
        len(answered),
        min(len(np.unique(whose[truth == label])) for label in (True, False)),
        any(each.row.patient for each in answered),
        len(np.unique(whose)) < len(whose),
    )


def _with_left_out(short: Refusal, left_out: Sequence[Scored]) -> Refusal:
    """A class that is too short, with the photographs that it may be short of."""
    if not left_out:
        return short
    named = words.first_sentences([f"{each.row.image}: {each.reason}" for each in left_out])
    were = "One of the table was" if len(left_out) == 1 else f"{len(left_out)} of the table were"
    return Refusal(short.what, f"{short.why} {were} left out: {named}", short.advice)


def patients(scored: Sequence[Scored]) -> NDArray[np.intp]:
    """A number for each photograph's patient; where the table does not tell, each has its own."""
    return numbers_of(each.row.patient for each in scored)


def prediction_rows(asked: Asked) -> list[dict[str, Cell]]:
    """Those of the predictions table, one for every photograph of the grades."""
    found: list[dict[str, Cell]] = []
    for each in asked.scored:
        cells: dict[str, Cell] = {
            "case": each.row.image,
            "patient": each.row.patient,
            "truth": int(each.row.referable),
            "dr_grade": each.row.grade,
            "decision": str(each.decision or ""),
            "seen_in_training": "" if each.seen is None else int(each.seen),
            "reason": each.reason,
        }
        if each.score is not None:
            cells["score"] = each.score
        found.append(cells)
    return found


def write_predictions(path: Path, asked: Asked) -> None:
    """The predictions table. Raises ``Refusal``."""
    predictions.write(path, prediction_rows(asked), MORE)
