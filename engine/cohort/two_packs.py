"""Two packs on the same graded photographs: which is better, and of whom they differ.

decided: only photographs that both packs scored are compared; a pack that leaves out what is hard
would else look better.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.answers import Decision
from engine.cohort import grades
from engine.cohort.graded import Graded
from engine.cohort.grades import Asked, GradeFigures, Scored
from engine.errors import Refusal
from engine.evaluation import mcnemar, predictions, roc
from engine.evaluation.mcnemar import Disagreed
from engine.packs.pack import Pack
from engine.task import Task
from engine.telling import words


@dataclass(frozen=True)
class Side:
    """One of the two packs, what it said of every photograph, and what that is worth.

    ``found`` is of the photographs that both packs scored. ``name`` tells it from the other.
    """

    name: str
    pack: Pack
    asked: Asked
    found: GradeFigures


@dataclass(frozen=True)
class Compared:
    """Both packs, and how they differ on the photographs that both scored.

    ``difference`` is of A_z, the first pack's less the second's. ``referable`` and ``other`` tell
    whose call was right at its own operating point, where they called a photograph differently.
    """

    first: Side
    second: Side
    difference: roc.Comparison
    referable: Disagreed
    other: Disagreed

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both."""
        return self.first, self.second

    @property
    def same_weights(self) -> bool:
        """Whether both ask the same networks and forests, bit for bit."""
        first, second = (_weights(side.pack) for side in self.sides)
        return first == second

    @property
    def asked(self) -> tuple[Asked, Asked]:
        """What both said of every photograph."""
        return self.first.asked, self.second.asked

    @property
    def left_out(self) -> tuple[tuple[Graded, str], ...]:
        """Rows that one pack or both did not score, and why."""
        found = []
        for one, other in zip(self.first.asked.scored, self.second.asked.scored, strict=True):
            if one.score is None or other.score is None:
                found.append((one.row, self._why(one, other)))
        return tuple(found)

    def _why(self, one: Scored, other: Scored) -> str:
        if one.reason == other.reason:
            return one.reason
        both = zip(self.sides, (one, other), strict=True)
        return " ".join(f"{side.name}: {said.reason}" for side, said in both if said.reason)


def ask(
    table: Path, rows: Sequence[Graded], packs: tuple[Pack, Pack], device: str, task: Task
) -> tuple[Asked, Asked]:
    """Ask both packs about each photograph of a table.

    Raises:
        Refusal: they are the same pack, or as ``grades.ask``.
        Cancelled: the task was cancelled.
    """
    if packs[0].sha256 == packs[1].sha256:
        raise Refusal(
            "The packs were not compared.",
            f"Both are {words.pack_words(packs[0].reference)}.",
            "Name another pack with --against.",
        )
    first, second = (grades.ask(table, rows, pack, device, task) for pack in packs)
    return first, second


def compare(packs: tuple[Pack, Pack], asked: tuple[Asked, Asked]) -> Compared:
    """The figures of what both scored. Raises ``Refusal`` if a class is missing there."""
    both = [
        (one, other)
        for one, other in zip(asked[0].scored, asked[1].scored, strict=True)
        if one.score is not None and other.score is not None
    ]
    if not both:
        raise Refusal(
            "The packs were not compared.",
            "There is no photograph that both of them scored.",
            "Add photographs, or name another pack with --against.",
        )
    out = tuple(
        replace(one, score=None, decision=None, reason=one.reason or other.reason)
        for one, other in zip(asked[0].scored, asked[1].scored, strict=True)
        if one.score is None or other.score is None
    )
    first, second = (
        Side(name, pack, said, grades.figures(replace(said, scored=(*scored, *out))))
        for name, pack, said, scored in zip(
            _names(packs), packs, asked, zip(*both, strict=True), strict=True
        )
    )
    truth = np.array([one.row.referable for one, _ in both], bool)
    scores = np.array([[one.score, other.score] for one, other in both], float)
    called = np.array([[each.decision is Decision.REFERABLE for each in pair] for pair in both])
    right = called == truth[:, None]
    patients = grades.patients([one for one, _ in both])
    return Compared(
        first,
        second,
        roc.compare(scores[:, 0], scores[:, 1], truth, patients=patients),
        mcnemar.disagreed(*right[truth].T),
        mcnemar.disagreed(*right[~truth].T),
    )


def _weights(pack: Pack) -> set[str]:
    manifest = pack.manifest
    names = [manifest.network.weights, *(part.weights for part in manifest.checkpoints)]
    names += [part.arrays for part in manifest.forests]
    return {manifest.files[name] for name in names}


def _names(packs: tuple[Pack, Pack]) -> list[str]:
    """Names with versions; with the beginning of their seals where these are the same."""
    plain = [f"{pack.reference.name} {pack.reference.version}" for pack in packs]
    if plain[0] != plain[1]:
        return plain
    return [words.pack_words(pack.reference) for pack in packs]


def write_predictions(path: Path, asked: tuple[Asked, Asked]) -> None:
    """The predictions table of the first pack, with the second's columns. Raises ``Refusal``."""
    rows = grades.prediction_rows(asked[0])
    for cells, other in zip(rows, asked[1].scored, strict=True):
        cells |= {
            "decision_against": str(other.decision or ""),
            "seen_in_training_against": "" if other.seen is None else int(other.seen),
            "reason_against": other.reason,
        }
        if other.score is not None:
            cells["score_against"] = other.score
    more = [f"{name}_against" for name in ("score", *grades.MORE[1:])]
    predictions.write(path, rows, [*grades.MORE, *more])
