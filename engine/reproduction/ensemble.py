"""A random forest over the predictions of several checkpoints, of this and the other eye (Q8)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

TREES = 500
DEPTH = 25
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


def out_of_fold(
    values: Scores, truth: NDArray[np.bool_], patients: NDArray[np.str_], seed: int
) -> Scores:
    """What forests say of eyes whose patients they have not learnt from, (n,)."""
    from sklearn.model_selection import StratifiedGroupKFold

    said = np.zeros(len(truth))
    split = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for seen, held in split.split(values, truth, patients):
        said[held] = _forest(values[seen], truth[seen], seed).predict_proba(values[held])[:, 1]
    return said


def applied(values: Scores, truth: NDArray[np.bool_], others: Scores, seed: int) -> Scores:
    """What a forest that learnt from ``values`` says of ``others``, (n,)."""
    said: Scores = _forest(values, truth, seed).predict_proba(others)[:, 1]
    return said


def _forest(values: Scores, truth: NDArray[np.bool_], seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(TREES, max_depth=DEPTH, random_state=seed)
    return forest.fit(values, truth)
