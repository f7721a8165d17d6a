"""What comes back from a question: words and numbers, frozen, ready to be sent or printed."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.geometry import Affine, Circle, place


class Decision(StrEnum):
    """The three words that a screening question ends in."""

    REFERABLE = "referable"
    NOT_REFERABLE = "not referable"
    UNGRADABLE = "ungradable"


class Criterion(StrEnum):
    """A way to draw a heatmap (METHODS Q4, Q6)."""

    PI = "pi"
    OMEGA = "omega"
    RELEVANCE = "relevance"
    PI_PHOTOGRAPH = "pi_photograph"


@dataclass(frozen=True)
class Interval:
    """The range from ``low`` to ``high`` that holds with probability ``level``."""

    low: float
    high: float
    level: float = 0.9


@dataclass(frozen=True)
class PackReference:
    """Which trained model answered: its name, version and the SHA-256 of its manifest."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)
class PackSummary:
    """A pack as a chooser shows it; ``fault`` is a sentence if it cannot be used."""

    name: str
    version: str
    title: str
    question: str
    sha256: str
    path: str
    shipped: bool
    fault: str = ""


@dataclass(frozen=True)
class Reason:
    """Why a picture was not scored, and what to do now: one sentence each."""

    why: str
    advice: str


@dataclass(frozen=True)
class RetinopathyAnswer:
    """What a pack says about one photograph of an eye.

    ``probability`` is the calibrated probability of referable retinopathy, ``interval`` the
    uncertainty of that calibration; both are None when the photograph is ungradable, and then
    ``reasons`` tells why. ``operating_point`` is the probability from which on the decision is
    "referable". ``assessed`` is the area that the network was given, in photograph pixels.
    ``resolution`` is photograph pixels per network pixel. ``warnings`` are sentences about this
    photograph, ``notes`` those that hold for every answer of the pack.
    """

    question: str
    decision: Decision
    probability: float | None
    interval: Interval | None
    operating_point: float
    pack: PackReference
    criterion: Criterion
    assessed: Circle | None
    resolution: float | None
    device: str
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """How the heatmap is laid over the picture: everything that a drawn picture depends on.

    ``opacity`` and ``threshold`` are from 0 to 1; below ``threshold``, in parts of the map's upper
    end, nothing is shown. ``colour_map`` is one of ``engine.tint.COLOUR_MAPS``.
    """

    opacity: float
    threshold: float
    colour_map: str
    visible: bool = True


@dataclass(frozen=True, eq=False)
class Heatmap:
    """Evidence per network pixel, with the exact way back to the picture.

    ``values`` is float32 (y, x), zero or more, on the network's grid; ``way_back`` maps network
    (x, y) to picture (x, y); ``picture_shape`` is the picture's (y, x).
    """

    values: NDArray[np.float32]
    way_back: Affine
    picture_shape: tuple[int, int]

    def on_picture(self) -> NDArray[np.float32]:
        """The map on the picture's own grid, float32 (y, x), unscaled."""
        return place(self.values, self.way_back, self.picture_shape)
