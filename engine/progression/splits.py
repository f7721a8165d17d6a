"""Splits of staged pictures that keep a patient whole and every stage in each part (L2, L4.5)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Staged:
    """Pictures by row: ``stages`` (n,) from 0, and ``patients`` (n,)."""

    stages: Rows
    patients: NDArray[np.str_]
    names: tuple[str, ...]
    """The stages' names, in their order."""

    @property
    def count(self) -> int:
        """How many stages there are."""
        return len(self.names)


@dataclass(frozen=True, eq=False)
class Split:
    """Rows to learn from, to choose the best pass on, and to test on."""

    train: Rows
    validation: Rows
    test: Rows


def draw(
    staged: Staged, seed: int, *, test: float = 0.2, validation: float = 0.1, even: bool = True
) -> Split:
    """A random split by patients, every stage in each part.

    With ``even`` every stage first gets as many pictures as the rarest has, as the paper draws
    them (L2). ``test`` and ``validation`` are shares. Decided: a fifth is tested, where the paper
    tests a tenth of four times as many pictures.

    Raises:
        Refusal: a stage has too few patients for its parts.
    """
    generator = np.random.default_rng(seed)
    rows = _even(staged, generator) if even else np.arange(len(staged.stages))
    rest, tested = _part(staged, rows, test, generator)
    train, validated = _part(staged, rest, validation, generator)
    for part in (train, validated, tested):
        found = set(staged.stages[part].tolist())
        missing = [name for stage, name in enumerate(staged.names) if stage not in found]
        if missing:
            raise Refusal(
                "The pictures cannot be split.",
                f"The stage “{missing[0]}” has too few patients to be in every part.",
                "Add pictures of that stage, or put it together with its neighbour.",
            )
    return Split(train, validated, tested)


def _even(staged: Staged, generator: np.random.Generator) -> Rows:
    least = int(np.bincount(staged.stages, minlength=staged.count).min())
    drawn = [
        generator.choice(np.flatnonzero(staged.stages == stage), least, replace=False)
        for stage in range(staged.count)
    ]
    return np.sort(np.concatenate(drawn))


def _part(
    staged: Staged, rows: Rows, share: float, generator: np.random.Generator
) -> tuple[Rows, Rows]:
    """The rest, and about ``share`` of each stage's rows, patients whole.

    Patients are taken in random order, each if no stage then has more than its share; after that
    the smallest that a stage still without any has.
    """
    patients, member = np.unique(staged.patients[rows], return_inverse=True)
    counts = np.zeros((len(patients), staged.count), np.intp)
    np.add.at(counts, (member, staged.stages[rows]), 1)
    wanted = np.maximum(1, np.rint(share * counts.sum(axis=0)))
    order = generator.permutation(len(patients))
    taken, found = np.zeros(len(patients), bool), np.zeros(staged.count, np.intp)
    for patient in order:
        if (found + counts[patient] <= wanted).all():
            taken[patient] = True
            found += counts[patient]
    for stage in np.flatnonzero(found == 0):
        having = [p for p in order if counts[p, stage] and not taken[p]]
        if having and not found[stage]:
            smallest = min(having, key=lambda p: int(counts[p].sum()))
            taken[smallest] = True
            found += counts[smallest]
    chosen = taken[member]
    return rows[~chosen], rows[chosen]
