"""What is trained, with all its numbers: the paper's schedule, or one for two cores."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from engine.answers import Criterion
from engine.training.plan import Name, Network, Optimisation

NUS = (0.0, 1e-4, 1e-3, 1e-2)
"""Table 2's weights of the sparsity term."""

CHOSEN = 1e-3
"""The one that the paper chose by Table 2; Table 3's third row is trained with it."""

Size = Literal[448, 224, 112]
SIZES: Mapping[str, Size] = {"448": 448, "224": 224, "112": 112}

NETWORKS = ("net_a", "net_b", "alexnet")

MINI_BATCHES = 350_000
EVERY = 4_000
"""Mini-batches between two checkpoints (METHODS Q3)."""


@dataclass(frozen=True)
class Recipe:
    """How every network is trained.

    ``first`` is drawn eyes to begin with and the numbers of their passes, for small data; ``start``
    a network without the sparsity term, which all weights ν go on from; ``passes`` then are those
    of each ν, 0 among them. Without ``start`` each ν begins anew, as in the paper.
    """

    name: str
    networks: tuple[str, ...]
    nus: tuple[float, ...]
    size: Size
    gain: float
    passes: Optimisation
    start: Optimisation | None = None
    first: Optimisation | None = None
    eyes: int = 0
    folds: int = 3
    kept: int = 8
    seed: int = 1

    def network(self, name: str) -> Network:
        """A network as a plan names it; AlexNet has one size."""
        return Network(cast(Name, name), 448 if name == "alexnet" else self.size, self.gain)

    @property
    def sparse(self) -> float:
        """The ν of Table 3's third row: the paper's, else the largest but one, or 0."""
        above = sorted(nu for nu in self.nus if nu)
        if not above:
            return 0.0
        return CHOSEN if CHOSEN in above else above[max(len(above) - 2, 0)]


# decided: where hours and photographs are few, networks begin on drawn eyes, and every ν goes on
# from the same network, so that nothing but ν differs between them.
_QUICK = Recipe(
    name="quick",
    networks=("net_b",),
    nus=NUS,
    size=224,
    gain=1.343,
    first=Optimisation(passes=6, batch=18, learning_rate=3e-4, schedule="cosine"),
    start=Optimisation(passes=50, batch=18, learning_rate=3e-4, schedule="cosine"),
    passes=Optimisation(passes=15, batch=18, learning_rate=5e-5, schedule="cosine"),
    eyes=3000,
)


def quick(drawn: bool) -> Recipe:
    """Net B at 224 pixels: for drawn eyes alone, or for a few hundred photographs."""
    if not drawn:
        return _QUICK
    few = Optimisation(passes=1, batch=18, learning_rate=1e-4, schedule="cosine")
    return replace(_QUICK, start=_QUICK.first, first=None, passes=few, folds=1)


def paper(pictures: int) -> Recipe:
    """The paper's: three networks at 448 pixels, 350,000 mini-batches of 36, each ν anew."""
    numbers = Optimisation(passes=max(1, round(MINI_BATCHES * 36 / pictures)))
    kept = max(2, round(MINI_BATCHES / EVERY))
    return Recipe("paper", NETWORKS, NUS, size=448, gain=1.0, passes=numbers, folds=1, kept=kept)


CRITERIA = (Criterion.OMEGA, Criterion.PI, Criterion.RELEVANCE)
"""Of every network without the sparsity term, in Table 3's order; π of one with it."""
