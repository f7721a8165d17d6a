"""A random forest as plain arrays: grown by scikit-learn elsewhere, evaluated here by numpy alone.

Breiman, "Random forests" (2001). What a pack ships is numbers, never a program's objects; scores
are bit for bit those of scikit-learn's ``RandomForestClassifier.predict_proba`` on one core.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

LEAF = -1
_ROWS = 1024
"""Rows that go down all trees at once: 4 MB at 500 trees."""


@dataclass(frozen=True, eq=False)
class Forest:
    """The trees' nodes, laid end to end.

    ``roots`` (trees,) is each tree's first node. Of every node, (n,): ``feature``, the column that
    it looks at, ``LEAF`` where it ends; ``threshold``, up to which a row goes ``left``, else
    ``right``, both later in the tree; ``probability``, the share of positives that it was grown
    on. ``importances`` (features,) add up to 1, or are all 0 where no tree has a branch.
    """

    roots: NDArray[np.int32]
    feature: NDArray[np.int16]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    probability: NDArray[np.float64]
    importances: NDArray[np.float64]

    @property
    def features(self) -> int:
        """Columns of a row."""
        return len(self.importances)

    def scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean of the trees' leaves for each row of (m, features): (m,), from 0 to 1."""
        # float32, as scikit-learn has it: a value next to a threshold must go the same way.
        values = np.asarray(rows, np.float32)
        parts = [self._part(values[at : at + _ROWS]) for at in range(0, len(values), _ROWS)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _part(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        nodes = np.broadcast_to(self.roots, (len(values), len(self.roots))).copy()
        rows = np.arange(len(values))[:, None]
        while True:
            looked_at = self.feature[nodes]
            inner = looked_at != LEAF
            if not inner.any():
                break
            lower = values[rows, np.where(inner, looked_at, 0)] <= self.threshold[nodes]
            below = np.where(lower, self.left[nodes], self.right[nodes])
            nodes = np.where(inner, below, nodes)
        # One tree after the other, as scikit-learn adds them: pairwise sums differ in the last bit.
        total: NDArray[np.float64] = np.cumsum(self.probability[nodes], axis=1)[:, -1]
        return total / len(self.roots)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What is kept, by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def from_arrays(arrays: Mapping[str, NDArray[np.generic]]) -> Forest:
    """A forest from what ``arrays`` gave, checked: it may come from anybody.

    Raises ``ValueError`` with what is wrong.
    """
    kinds = {
        "roots": np.int32,
        "feature": np.int16,
        "threshold": np.float64,
        "left": np.int32,
        "right": np.int32,
        "probability": np.float64,
        "importances": np.float64,
    }
    if set(arrays) != set(kinds):
        raise ValueError(f"it has the arrays {', '.join(sorted(arrays))}")
    for name, kind in kinds.items():
        if arrays[name].dtype != kind or arrays[name].ndim != 1:
            raise ValueError(f"{name} is no list of {np.dtype(kind).name}")
    forest = Forest(**arrays)  # type: ignore[arg-type]
    _check(forest)
    return forest


def _check(forest: Forest) -> None:
    nodes = len(forest.feature)
    sizes = {len(each) for each in (forest.threshold, forest.left, forest.right)}
    if sizes | {len(forest.probability)} != {nodes}:
        raise ValueError("its nodes are not of one number")
    if not len(forest.roots) or not ((forest.roots >= 0) & (forest.roots < nodes)).all():
        raise ValueError("a tree begins outside it")
    if not ((forest.feature >= LEAF) & (forest.feature < forest.features)).all():
        raise ValueError("a node looks at a column that there is not")
    inner = forest.feature != LEAF
    here = np.flatnonzero(inner)
    for side in (forest.left[inner], forest.right[inner]):
        # Downwards only: a circle would never end.
        if not ((side > here) & (side < nodes)).all():
            raise ValueError("a branch does not lead on")
    if not (np.isfinite(forest.threshold).all() and np.isfinite(forest.importances).all()):
        raise ValueError("a number of it is none")
    if not ((forest.probability >= 0) & (forest.probability <= 1)).all():
        raise ValueError("a leaf is no probability")
    if (forest.importances < 0).any():
        raise ValueError("an importance is below zero")
