"""Who in a pack answers: its own network, one checkpoint alone, or a forest over all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.answers import CheckpointShare
from engine.learning import features
from engine.learning.features import Asks
from engine.learning.forest import Forest
from engine.packs.manifest import CheckpointPart, ForestPart, Manifest
from engine.packs.pack import Pack, load_sealed

Judge = Manifest | CheckpointPart | ForestPart
"""What turns a score into a probability and a decision: calibration, operating point, figures."""

Row = Callable[[NDArray[np.float64]], NDArray[np.float64]]

# decided: of the forests that a pack has, the nearest to one photograph is asked about it.
_ONE: dict[Asks, tuple[Row, str]] = {
    Asks.EYE: (np.asarray, ""),
    Asks.PAIR: (
        features.pair,
        "One eye: the forest for both eyes was given this eye's scores twice.",
    ),
    Asks.EXAMINATION: (
        lambda scores: features.examination(scores[None]),
        "One photograph: the forest for whole examinations was given its scores alone.",
    ),
}


@dataclass(frozen=True, eq=False)
class Voice:
    """The networks to ask by their names, "" the pack's own, and what makes one of their scores.

    ``weights`` (networks,) are those of the blended heatmap, ``note`` a sentence about the answer.
    """

    networks: tuple[str, ...]
    judge: Judge
    weights: NDArray[np.float64]
    forest: Forest | None = None
    note: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of who answered; the last sentence is of how."""
        if self.forest is not None:
            how = f"{len(self.networks)} checkpoints joined by a forest; the heatmap blends theirs."
            return (self.note, how) if self.note else (how,)
        if isinstance(self.judge, CheckpointPart):
            return (f"Checkpoint {self.networks[0]} alone.",)
        return (f"The network of {self.networks[0]} alone.",) if self.networks[0] else ()

    def score(self, scores: NDArray[np.float64]) -> float:
        """One score of the networks', (networks,), of one photograph alone."""
        if not isinstance(self.judge, ForestPart):
            return float(scores[0])
        row, _ = _ONE[self.judge.asks]
        columns = row(scores)
        if self.judge.context:
            from engine.learning import context

            columns = np.concatenate([columns, context.features(self.judge.context, {})])
        return self.of(columns)

    def of(self, row: NDArray[np.float64]) -> float:
        """The forest's score of one row of features."""
        assert self.forest is not None
        return float(self.forest.scores(row[None])[0])

    def shares(self, scores: NDArray[np.float64]) -> tuple[CheckpointShare, ...]:
        """What each checkpoint said and weighs; none where no forest joins them."""
        if self.forest is None:
            return ()
        rows = zip(self.networks, scores.tolist(), self.weights.tolist(), strict=True)
        return tuple(CheckpointShare(*row) for row in rows)


def alone(pack: Pack, checkpoint: str = "") -> Voice:
    """Who answers about one photograph. Raises ``Refusal`` if there is no such checkpoint.

    One of the pack's members is judged as all of them are.
    """
    if checkpoint in pack.members:
        return Voice((checkpoint,), pack.manifest, np.ones(1))
    if checkpoint:
        return Voice((checkpoint,), pack.checkpoint(checkpoint), np.ones(1))
    for asks, (_, note) in _ONE.items():
        if (voice := joined(pack, asks, note)) is not None:
            return voice
    return Voice(("",), pack.manifest, np.ones(1))


def joined(pack: Pack, asks: Asks, note: str = "") -> Voice | None:
    """Who answers about several photographs at once; None if the pack has no forest for it."""
    part = pack.manifest.forest(asks)
    if part is None:
        return None
    forest = _forest(pack.folder, pack.sha256, asks)
    names = tuple(checkpoint.name for checkpoint in pack.manifest.checkpoints)
    weights = features.weights(forest.importances, asks, len(names))
    return Voice(names, part, weights, forest, note)


def scales(pack: Pack, voice: Voice) -> NDArray[np.float64]:
    """What each network's map is divided by before it is blended: (networks,)."""
    known = {checkpoint.name: checkpoint.scale for checkpoint in pack.manifest.checkpoints}
    if voice.forest is None:
        return np.ones(len(voice.networks))
    return np.array([known[name] for name in voice.networks])


@lru_cache(maxsize=8)
def _forest(folder: Path, sha256: str, asks: Asks) -> Forest:
    """A pack's forest, kept for the next photograph. ``sha256`` keys the pack's content."""
    pack = load_sealed(folder, sha256)
    part = pack.manifest.forest(asks)
    assert part is not None
    return pack.forest(part)
