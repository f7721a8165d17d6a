"""What comes back from "Is this heatmap true?": curves and measures, frozen, ready to be sent.

They say how well a map follows the network. Whether the network is right is another question.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.answers import Criterion, PackReference
from engine.geometry import Affine


@dataclass(frozen=True)
class Curve:
    """The calibrated probability while pixels go (deletion) or come (insertion).

    ``shares`` are of the assessed pixels, from 0 to 1, ascending; ``area`` is that below the curve.
    """

    shares: tuple[float, ...]
    probabilities: tuple[float, ...]
    area: float


@dataclass(frozen=True)
class RandomCurve:
    """The same in random order: the mean of ``orders`` orders, the lowest and the highest.

    ``area_low`` and ``area_high`` are the least and the greatest area of one order.
    """

    shares: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    area: float
    area_low: float
    area_high: float
    orders: int


@dataclass(frozen=True)
class Agreement:
    """How alike two maps are, from -1 to 1: Spearman's by rank, Pearson's by value.

    A map that is the same everywhere agrees with none: 0.
    """

    rank: float
    value: float


@dataclass(frozen=True)
class Stability:
    """The map of a moved picture, laid back, against the map.

    ``shift`` is by one pixel of the map's grid, the least of four directions; ``rotation`` by
    ``degrees`` either way, the lesser of the two.
    """

    shift: Agreement
    rotation: Agreement
    degrees: float


@dataclass(frozen=True)
class Overlap:
    """The map against what was marked as lesions, each from 0 to 1.

    ``evidence`` is the share of the map's evidence inside, ``area`` the share of the assessed
    pixels that are marked: what a map that knows nothing would have. ``strongest`` is the share
    inside among the strongest pixels, as many as are marked; ``peak`` whether the strongest one is.
    """

    evidence: float
    area: float
    strongest: float
    peak: bool


@dataclass(frozen=True)
class Painted:
    """The probability ``without`` the regions that the map shows, painted over in the colours
    around them, and the lowest and the highest with as large ones ``elsewhere``, in three places.

    ``share`` is what the map's take of the assessed pixels.
    """

    share: float
    without: float
    elsewhere: tuple[float, float]


@dataclass(frozen=True)
class CriterionTruth:
    """What was measured of one heatmap.

    ``randomised`` compares it with the map of the same network whose layers' weights were shuffled,
    the last step alone first, all of them last (``faithfulness.randomised``). ``hoyer`` is Hoyer's
    sparsity, 0 for evidence that is the same everywhere, 1 for a single pixel; ``top_share`` the
    evidence in the strongest hundredth of the pixels. ``arithmetic_error`` is the criterion's own
    (see ``criteria.interface.Evidence``), None where it has none; ``overlap`` None where nothing
    is marked, ``painted`` where the map shows no region, or too much.
    """

    criterion: Criterion
    deletion: Curve
    insertion: Curve
    stability: Stability
    randomised: tuple[Agreement, ...]
    hoyer: float
    top_share: float
    arithmetic_error: float | None
    overlap: Overlap | None = None
    painted: Painted | None = None


@dataclass(frozen=True)
class TruthCheck:
    """The answer about one photograph: a part for each criterion, and the yardstick of all.

    ``probability`` is the photograph's, ``empty`` that with all its pixels removed;
    the curves run between these two. ``seconds`` is how long it took.
    """

    pack: PackReference
    device: str
    probability: float
    empty: float
    operating_point: float
    parts: tuple[CriterionTruth, ...]
    random_deletion: RandomCurve
    random_insertion: RandomCurve
    seconds: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class RemovalOrder:
    """When each pixel of a map's grid is removed: strongest evidence first.

    ``shares`` is float32 (y, x): the share of the assessed pixels, above 0 up to 1, from which on
    this one is removed; above 1 outside the assessed field, which is never removed. ``way_back``
    and ``picture_shape`` are as in ``Heatmap``.
    """

    criterion: Criterion
    shares: NDArray[np.float32]
    way_back: Affine
    picture_shape: tuple[int, int]

    def removed(self, share: float) -> NDArray[np.bool_]:
        """Which pixels of the map's grid are removed once ``share`` of them are, (y, x)."""
        mask: NDArray[np.bool_] = self.shares <= share
        return mask
