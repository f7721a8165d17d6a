"""A stage pack against graded photographs: quadratic kappa, accuracy, expected stage (METHODS L3).

Decided: an ungradable photograph has no stage and is left out of all figures, and counted.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.answers import Interval
from engine.cohort import doubles
from engine.cohort.graded import Graded, about
from engine.cohort.stream import stream
from engine.cohort.taught import Taught
from engine.cohort.unseen import Unseen
from engine.errors import Refusal
from engine.evaluation import ordinal, predictions
from engine.evaluation.counted import Counted, counted
from engine.evaluation.predictions import Cell
from engine.packs.manifest import StagePart
from engine.packs.pack import Pack
from engine.questions import stage
from engine.stage_answers import StageAnswer, grade_runs
from engine.table_cells import as_text, columns_beside
from engine.task import Task

LEVEL = 0.95

_MORE = ("dr_grade", "stage", "seen_in_training", "reason")
"""Columns of the predictions table beside the first ones and the stages' own."""


@dataclass(frozen=True)
class Staged:
    """One photograph of the table: its true stage's place, and what the pack said of it.

    ``seen`` tells whether the pack learnt from it, or from a copy; None where that is not known.
    """

    row: Graded
    truth: int
    answer: StageAnswer | None
    reason: str = ""
    seen: bool | None = None


@dataclass(frozen=True)
class Asked:
    """All photographs of a table with what the pack said, ``warnings`` about them together."""

    part: StagePart
    staged: tuple[Staged, ...]
    device: str
    warnings: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def answered(self) -> tuple[tuple[Staged, StageAnswer], ...]:
        """Those that have stages."""
        return tuple(
            (each, each.answer) for each in self.staged if each.answer and each.answer.stages
        )

    @property
    def left_out(self) -> tuple[Staged, ...]:
        """Those that have none."""
        return tuple(each for each in self.staged if not (each.answer and each.answer.stages))


@dataclass(frozen=True, eq=False)
class StageFound:
    """What is known of a stage pack from one table; ``n`` photographs were staged.

    Where the table tells no patients, each photograph counts as one of ``patients``.

    ``confusion`` (K, K) has a row for each true stage, of the likeliest ones; ``quadratic_kappa``,
    ``interval`` (as all three, of draws of patients) and ``accuracy`` are of it.
    ``kappa_of_expected`` is of the stages that lie nearest to the expected one.
    ``expected_stage_error`` is the mean distance of the expected stage from the true one on the
    scale's grades. ``heads_agree`` is a share.
    """

    quadratic_kappa: float
    interval: Interval
    kappa_of_expected: float
    interval_of_expected: Interval
    accuracy: Counted
    expected_stage_error: float
    error_interval: Interval
    heads_agree: float
    confusion: NDArray[np.intp]
    n: int
    patients: int
    patients_told: bool


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
        Refusal: the pack cannot be asked, or nothing in the table could be staged.
        Cancelled: the task was cancelled.
    """
    from engine.networks import device as devices

    part = stage.check_question(pack)
    places = _places(rows, part)
    devices.choose(device)
    pack.network()
    seal = hashlib.sha256(table.read_bytes())
    contents: dict[str, str] = {}
    taught = Taught(pack)

    def one(row: Graded, step: Task) -> tuple[StageAnswer, bool | None]:
        photograph = row.open()
        seal.update(bytes.fromhex(photograph.content_hash))
        by = unseen.by(photograph) if unseen else ""
        answer, _ = stage.answer(photograph, pack, None, device, step, member=by, with_map=False)
        if answer.stages:
            contents[row.image] = photograph.content_hash
        return answer, False if by else taught.by(photograph, answer.assessed)

    staged = []
    asking = stream(rows, one, "Asking about photographs", task)
    for each, place in zip(asking, places, strict=True):
        answer, seen = each.made or (None, None)
        why = " ".join(reason.why for reason in answer.reasons) if answer else each.reason
        staged.append(Staged(each.item, place, answer, why, seen))
    twice = doubles.reasons(rows, [contents.get(row.image, "") for row in rows])
    for place, why in twice.items():
        staged[place] = replace(staged[place], answer=None, reason=why)
    answers = [each.answer for each in staged if each.answer]
    if not any(answer.stages for answer in answers):
        raise Refusal(
            "The pack was not evaluated.",
            f"None of {len(staged)} photographs could be staged; the first: {staged[0].reason}",
            "Put the photographs into the table's folder, or name another pack.",
        )
    used = [each for each in staged if each.answer and each.answer.stages]
    scored = [each.seen for each in used]
    if unseen is None:
        warnings, unknown = taught.words(seal.hexdigest(), scored)
    else:
        warnings, unknown = (), unseen.words(contents[each.row.image] for each in used)
    devices_used = ", ".join(dict.fromkeys(answer.device for answer in answers))
    return Asked(
        part,
        tuple(staged),
        devices_used,
        (*about(rows), *doubles.told(rows, twice), *warnings),
        (*stage.notes(pack, part), *unknown),
    )


def place_of(grades: Sequence[float], grade: int) -> int | None:
    """The place of the stage that a grade belongs to; None where it belongs to none."""
    runs = grade_runs(grades) or ()
    return next((at for at, (low, high) in enumerate(runs) if low <= grade <= high), None)


def _places(rows: Sequence[Graded], part: StagePart) -> list[int]:
    """The true stage of each row. Raises ``Refusal``."""
    found = []
    for row in rows:
        place = place_of(part.grades, row.grade)
        if place is None:
            raise Refusal(
                "The pack was not evaluated.",
                f"{row.image} has the grade {row.grade}, and none of the pack's stages, "
                f"{', '.join(part.names)} of {part.scale}, holds that grade.",
                "Name a table of this scale, or another pack.",
            )
        found.append(place)
    return found


def figures(asked: Asked) -> StageFound:
    """The figures of what was staged."""
    answered, part = asked.answered, asked.part
    count, grades = len(part.names), np.array(part.grades)
    truth = np.array([each.truth for each, _ in answered], np.intp)
    shares = np.array([[share.probability for share in said.stages] for _, said in answered])
    expected = shares @ grades
    told = shares.argmax(axis=1)
    nearest = np.abs(expected[:, None] - grades).argmin(axis=1)
    confusion = ordinal.confusion(truth, told, count)
    names = [each.row.patient or each.row.image for each, _ in answered]
    patients = np.unique(names, return_inverse=True)[1]
    errors = np.abs(expected - grades[truth])

    def kappa_interval(said: NDArray[np.intp]) -> Interval:
        draw = np.random.default_rng(0)
        return ordinal.kappa_interval(truth, said, count, draw, groups=patients, level=LEVEL)

    return StageFound(
        ordinal.quadratic_kappa(confusion),
        kappa_interval(told),
        ordinal.quadratic_kappa(ordinal.confusion(truth, nearest, count)),
        kappa_interval(nearest),
        counted(int((told == truth).sum()), len(answered)),
        float(errors.mean()),
        ordinal.drawn(
            lambda rows: float(errors[rows].mean()),
            len(errors),
            np.random.default_rng(0),
            groups=patients,
            level=LEVEL,
        ),
        float(np.mean([said.heads_agree for _, said in answered])),
        confusion,
        len(answered),
        len(np.unique(patients)),
        any(each.row.patient for each, _ in answered),
    )


def write_predictions(path: Path, asked: Asked) -> None:
    """The predictions table; ``truth`` is the true stage's place, ``score`` the expected stage.

    Raises ``Refusal``.
    """
    names = asked.part.names
    columns = columns_beside(names, (*predictions.FIRST, *_MORE))
    rows: list[dict[str, Cell]] = []
    for each in asked.staged:
        cells: dict[str, Cell] = {
            "case": each.row.image,
            "patient": each.row.patient,
            "truth": each.truth,
            "dr_grade": each.row.grade,
            "seen_in_training": "" if each.seen is None else int(each.seen),
            "reason": each.reason,
        }
        said = each.answer
        if said and said.expected_stage is not None and said.likeliest is not None:
            cells |= {"score": said.expected_stage, "stage": as_text(names[said.likeliest])}
            shares = (share.probability for share in said.stages)
            cells |= dict(zip(columns, shares, strict=True))
        rows.append(cells)
    predictions.write(path, rows, [*_MORE[:2], *columns, *_MORE[2:]])
