"""A random forest over the predictions of several checkpoints, of this and the other eye (Q8)."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.learning import growing
from engine.learning.growing import Cases, Size

Scores = NDArray[np.float64]

SIZE = Size(trees=500, depth=25)
FOLDS = 5
MOST = 6
"""The paper's: Kaggle's forest, and checkpoints in it."""


def chosen(
    areas: Mapping[str, Mapping[int, float]], validation: Mapping[int, float]
) -> tuple[int, ...]:
    """The checkpoints that are best for a lesion type, for the mean, and for referable eyes.

    ``areas`` are by type, then by checkpoint. decided: where one is best for several, the latest
    others take the places that are left.
    """
    rankings = [*areas.values(), validation]
    if areas:
        rankings.append({at: sum(of[at] for of in areas.values()) for at in validation})
    best = [max(ranking, key=ranking.__getitem__) for ranking in rankings]
    latest = sorted(validation, reverse=True)
    return tuple(sorted(list(dict.fromkeys([*best, *latest]))[:MOST]))


def features(scores: Sequence[Scores], other: NDArray[np.intp]) -> Scores:
    """This eye's predictions and then the other's, its own twice where there is none, (n, 2 k)."""
    own = np.stack(scores, axis=1)
    there = np.where(other >= 0, other, np.arange(len(other)))
    return np.concatenate([own, own[there]], axis=1)


def out_of_fold(cases: Cases, seed: int) -> Scores:
    """What forests say of eyes whose patients they have not learnt from, (n,)."""
    from sklearn.model_selection import StratifiedGroupKFold

    said = np.zeros(len(cases.truth))
    split = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for seen, held in split.split(cases.rows, cases.truth, cases.patients):
        said[held] = applied(cases.only(seen), cases.rows[held], seed)
    return said


def applied(cases: Cases, rows: Scores, seed: int) -> Scores:
    """What a forest that learnt from ``cases`` says of other rows, (m,)."""
    return growing.grow(cases, SIZE, seed).scores(rows)
