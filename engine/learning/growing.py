"""Growing a random forest with scikit-learn, its size chosen by cross-validation (METHODS Q8)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.learning.forest import LEAF, Forest
from engine.task import Task

FOLDS = 5
"""Of the cross-validation that chooses the size."""


@dataclass(frozen=True)
class Size:
    """How many trees a forest has, and how deep they may grow; depth 0 is no limit."""

    trees: int
    depth: int


@dataclass(frozen=True)
class Grid:
    """The sizes to choose from: every number of trees with every depth, 0 being no limit."""

    trees: tuple[int, ...] = (100, 200, 300, 400, 500)
    depths: tuple[int, ...] = (5, 10, 15, 20, 25, 0)


@dataclass(frozen=True, eq=False)
class Cases:
    """What a forest learns from: ``rows`` (n, features), ``truth`` and ``patients`` (n,)."""

    rows: NDArray[np.float64]
    truth: NDArray[np.bool_]
    patients: NDArray[np.str_]

    def only(self, chosen: NDArray[np.intp]) -> "Cases":
        """Some of them."""
        return Cases(self.rows[chosen], self.truth[chosen], self.patients[chosen])


def grow(cases: Cases, size: Size, seed: int) -> Forest:
    """A forest of this size: Gini, the square root of the features at each branch (Q8)."""
    return _from_trees(_model(cases, size, seed))


def choose(cases: Cases, grid: Grid, seed: int, task: Task) -> Size:
    """The size whose forests rank held-back patients best, by the area under the ROC curve.

    Patients are whole and classes shared evenly. Of sizes that are equally good the smallest; that
    also where a class has too few patients, so that nothing can be compared.
    """
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold

    fewest = min(len(np.unique(cases.patients[cases.truth == label])) for label in (True, False))
    smallest = Size(min(grid.trees), min(grid.depths, key=lambda depth: depth or np.inf))
    if fewest < 2:
        return smallest
    split = StratifiedGroupKFold(min(FOLDS, fewest), shuffle=True, random_state=seed)
    parts = list(split.split(cases.rows, cases.truth, cases.patients))
    if any(cases.truth[seen].all() or not cases.truth[seen].any() for seen, _ in parts):
        return smallest
    depths, counts = sorted(grid.depths, key=lambda depth: depth or np.inf), sorted(grid.trees)
    found: dict[Size, NDArray[np.float64]] = {
        Size(trees, depth): np.zeros(len(cases.truth)) for trees in counts for depth in depths
    }
    for depth in depths:
        for seen, held in parts:
            task.check()
            # The trees of a smaller forest are the first of the largest one's.
            model = _model(cases.only(seen), Size(counts[-1], depth), seed)
            each = np.array([tree.predict_proba(cases.rows[held])[:, 1] for tree in model])
            for trees in counts:
                found[Size(trees, depth)][held] = each[:trees].mean(axis=0)
    areas = {size: roc_auc_score(cases.truth, scores) for size, scores in found.items()}
    return max(areas, key=lambda size: (areas[size], -size.trees, -(size.depth or 10**9)))


def out_of_fold(
    parts: Sequence[tuple[Cases, NDArray[np.float64]]], grid: Grid, seed: int, task: Task
) -> list[NDArray[np.float64]]:
    """For each part the scores of its held-back rows, (m,), by a forest of its cases alone.

    The size is chosen on the part's cases too, so that nothing is chosen on what is scored.
    """
    scores = []
    for cases, held in task.over(parts, "Growing forests", len(parts)):
        size = choose(cases, grid, seed, task)
        scores.append(grow(cases, size, seed).scores(held))
    return scores


def _model(cases: Cases, size: Size, seed: int):  # type: ignore[no-untyped-def]
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(size.trees, max_depth=size.depth or None, random_state=seed)
    return model.fit(cases.rows, cases.truth)


def _from_trees(model) -> Forest:  # type: ignore[no-untyped-def]
    trees = [each.tree_ for each in model.estimators_]
    starts = np.cumsum([0, *(tree.node_count for tree in trees[:-1])])
    inner = np.concatenate([tree.children_left != LEAF for tree in trees])

    def joined(name: str) -> NDArray[np.generic]:
        return np.concatenate([getattr(tree, name) for tree in trees])

    def shifted(name: str) -> NDArray[np.int32]:
        pairs = zip(trees, starts, strict=True)
        moved = np.concatenate([getattr(tree, name) + start for tree, start in pairs])
        return np.where(inner, moved, LEAF).astype(np.int32)

    return Forest(
        roots=starts.astype(np.int32),
        feature=np.where(inner, joined("feature"), LEAF).astype(np.int16),
        threshold=np.where(inner, joined("threshold"), 0.0),
        left=shifted("children_left"),
        right=shifted("children_right"),
        probability=np.concatenate([tree.value[:, 0, 1] for tree in trees]),
        importances=np.asarray(model.feature_importances_, np.float64),
    )
