"""Which checkpoint, chosen on other pictures: METHODS Q7.6's cross-validation.

On the pictures of all other folds the candidate is chosen that is best for the lesion type, and
scores the fold. Folds may choose different networks, whose scores have different scales: each score
becomes the false positives a picture that its threshold had on the pictures it was chosen on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.froc import Found, Peaks, limited_area

FOLDS = 10


@dataclass(frozen=True)
class Choice:
    """The candidate that one fold chose, and its limited area on the other folds."""

    fold: int
    candidate: str
    area: float


@dataclass(frozen=True, eq=False)
class CrossValidated:
    """What was found in every picture by a candidate chosen without it, ready to be pooled."""

    found: tuple[Found, ...]
    choices: tuple[Choice, ...]


def fold_of(pictures: int, folds: int = FOLDS) -> NDArray[np.intp]:
    """The fold of each picture in the sorted order of files, (pictures,)."""
    return np.arange(pictures) % folds


def cross_validated(
    candidates: Mapping[str, Sequence[Found]], folds: NDArray[np.intp]
) -> CrossValidated:
    """Choose for each fold and score it.

    ``candidates`` holds for each checkpoint, or checkpoint and nu, what it found of one lesion
    type in every picture, in one order; ``folds`` is (pictures,). Of equal candidates the first is
    taken, and any where no other fold has a lesion.
    """
    pooled: list[Found | None] = [None] * len(folds)
    choices: list[Choice] = []
    for fold in sorted(set(folds.tolist())):
        others = np.flatnonzero(folds != fold).tolist()
        areas = {
            name: limited_area(Peaks([found[row] for row in others]))
            for name, found in candidates.items()
        }
        best = max(areas, key=lambda name: np.nan_to_num(areas[name], nan=-1.0))
        choices.append(Choice(fold, best, areas[best]))
        chosen = candidates[best]
        false = np.sort(np.concatenate([chosen[row].false for row in others]))
        for row in np.flatnonzero(folds == fold).tolist():
            pooled[row] = Found(
                _surer(chosen[row].false, false, len(others)),
                _surer(chosen[row].hits, false, len(others)),
            )
    return CrossValidated(tuple(each for each in pooled if each is not None), tuple(choices))


def _surer(
    scores: NDArray[np.float64], false: NDArray[np.float64], pictures: int
) -> NDArray[np.float64]:
    """Minus the false positives a picture at each score's threshold, so that more is surer."""
    at_least = len(false) - np.searchsorted(false, scores, side="left")
    return np.where(scores == -np.inf, -np.inf, -at_least / max(pictures, 1))
