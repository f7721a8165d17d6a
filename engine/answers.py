"""What comes back from a question: words and numbers, frozen, ready to be sent or printed."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.geometry import Affine, Circle, place
from engine.pictures import Laterality

LESION_THRESHOLD = 0.25
"""Share of a heatmap's upper end from which a pixel belongs to a region, where no pack says one.

Decided: lower and the regions of a whole arcade run together, higher and faint ones are missed.
"""


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
    LESIONS = "lesions"


PAPERS = (Criterion.PI, Criterion.OMEGA, Criterion.RELEVANCE, Criterion.PI_PHOTOGRAPH)
"""The criteria of a network of the papers, the usual one first."""


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
    """A pack as a chooser shows it; ``fault`` is a sentence if it cannot be used.

    ``checkpoints`` can be asked one by one; ``forests`` join their scores, of an "eye", a "pair" of
    eyes or an "examination".
    ``lesion_threshold`` is from where on its heatmaps are cut into regions, in parts of the upper
    end. ``criteria`` are those that its heatmaps can be drawn by, its usual one first.
    """

    name: str
    version: str
    title: str
    question: str
    sha256: str
    path: str
    shipped: bool
    fault: str = ""
    checkpoints: tuple[str, ...] = ()
    forests: tuple[str, ...] = ()
    lesion_threshold: float = LESION_THRESHOLD
    criteria: tuple[Criterion, ...] = PAPERS

    def criterion(self, wanted: Criterion | None) -> Criterion:
        """The one that is wanted, or its usual one where none is, or where it has not this one."""
        return wanted if wanted in self.criteria else self.criteria[0]


@dataclass(frozen=True)
class Reason:
    """Why a picture was not scored, and what to do now: one sentence each."""

    why: str
    advice: str


@dataclass(frozen=True)
class CheckpointShare:
    """A checkpoint's part in an ensemble's answer: its own score of the photograph, uncalibrated,
    and its ``weight`` in the blended heatmap, 0 to 1, the weights of all making 1.
    """

    checkpoint: str
    score: float
    weight: float


@dataclass(frozen=True)
class RetinopathyAnswer:
    """What a pack says about one photograph of an eye.

    ``probability`` is the calibrated probability of referable retinopathy, ``interval`` the
    uncertainty of that calibration; both are None when the photograph is ungradable, and then
    ``reasons`` tells why. ``operating_point`` is the probability from which on the decision is
    "referable". ``assessed`` is the area that the network was given, in photograph pixels; None
    where no round field was found.
    ``resolution`` is photograph pixels per pixel that the network draws its map with: its own, or
    twice that where it draws at half its grid. ``warnings`` are sentences about this photograph,
    ``notes`` those that hold for every answer of the pack. ``checkpoint`` names the one that was
    asked for alone; ``blend`` the checkpoints that a forest joined. ``lesions`` counts the regions
    of each kind that the network drew, from the pack's threshold on; it is empty where the heatmap
    tells no kinds.
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
    checkpoint: str = ""
    blend: tuple[CheckpointShare, ...] = ()
    lesions: tuple[tuple[str, int], ...] = ()


class Together(StrEnum):
    """How several photographs of one patient are scored: as two eyes, or as one examination."""

    PAIR = "pair"
    EXAMINATION = "examination"


class Basis(StrEnum):
    """What a score of several photographs rests on."""

    FOREST = "forest"
    """All of them at once."""
    WORST = "worst"
    """Each by itself; the worst one's is told, since the pack joins them in no other way."""
    SINGLE = "single"
    """The only one that could be scored."""


@dataclass(frozen=True)
class JointAnswer:
    """What a pack says about several photographs of one patient.

    ``probability`` is calibrated, of an examination's forest for the patient, else of the worst
    photograph, the one at ``worst`` in ``photographs``; None where none could be scored. ``said``
    is one sentence that tells which. ``photographs`` are in the order in which they were given,
    None where one could not be read; under a pair's forest each has its own probability, found
    with the other eye in view. The decision of a pair is "not referable" only where both eyes were
    scored: with one of them missing it is "referable" or "ungradable", and ``probability`` is
    still the scored eye's. ``missing`` names fields of context for which a median stood in.
    """

    question: str
    together: Together
    basis: Basis
    said: str
    decision: Decision
    probability: float | None
    interval: Interval | None
    operating_point: float
    worst: int | None
    photographs: tuple[RetinopathyAnswer | None, ...]
    pack: PackReference
    criterion: Criterion
    device: str
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


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
class Kinds:
    """Which kind of lesion each pixel most likely shows: ``places``, uint8 (y, x), in ``names``."""

    names: tuple[str, ...]
    places: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Heatmap:
    """Evidence per network pixel, with the exact way back to the picture.

    ``values`` is float32 (y, x), zero or more, on the network's grid; ``way_back`` maps network
    (x, y) to picture (x, y); ``picture_shape`` is the picture's (y, x). ``signed`` is the same
    with its sign, positive for referable, where the criterion's map is shown with it (relevance).
    The values of a ``chance`` are from 0 to 1 and mean the same in every picture; ``kinds`` lies on
    the same grid.
    """

    values: NDArray[np.float32]
    way_back: Affine
    picture_shape: tuple[int, int]
    signed: NDArray[np.float32] | None = None
    chance: bool = False
    kinds: Kinds | None = None

    @property
    def upper_end(self) -> float:
        """The value that is shown as 1: of a chance 1, so that an eye without lesions stays empty;
        else the map's own upper end.
        """
        from engine import tint  # OpenCV, which the window's start does without

        return 1.0 if self.chance else tint.upper_end(self.values)

    def on_picture(self) -> NDArray[np.float32]:
        """The map on the picture's own grid, float32 (y, x), unscaled."""
        return place(self.values, self.way_back, self.picture_shape)


@dataclass(frozen=True)
class Mark:
    """A line over a picture: the model's region of ``number``, or the reader's where that is 0.

    ``lines`` hold points (x, y) in picture pixels, closed ones their first point at the end as
    well. ``words`` stand beside it.
    """

    lines: tuple[tuple[tuple[float, float], ...], ...]
    number: int = 0
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Landmarks:
    """Optic disc and fovea of one photograph, in picture pixels; None where not found.

    Confidences are from 0 to 1 and no probabilities. ``laterality`` is a guess from where the disc
    lies; ``notes`` are sentences that say what was not found.
    """

    disc: Circle | None = None
    disc_confidence: float = 0.0
    fovea: tuple[float, float] | None = None
    fovea_confidence: float = 0.0
    laterality: Laterality | None = None
    notes: tuple[str, ...] = ()


class Tint(StrEnum):
    """What a region's colour looks like against its surroundings: a guess, no diagnosis."""

    BRIGHT = "bright"
    RED = "red"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Bearing:
    """A place seen from a landmark: hour of the clock, 1 to 12, and disc diameters.

    The clock is the picture's as it is shown, 12 up and 3 to the right, for both eyes.
    """

    hour: int
    diameters: float


@dataclass(frozen=True)
class Position:
    """A region in the eye's own measures; None where no landmark or no scale is known.

    ``diameters`` is the longest extent in disc diameters, ``millimetres`` the same in mm.
    ``on_disc`` tells that its centre lies within the disc, ``at_fovea`` that it covers the fovea.
    """

    diameters: float | None = None
    millimetres: float | None = None
    from_disc: Bearing | None = None
    from_fovea: Bearing | None = None
    on_disc: bool = False
    at_fovea: bool = False


@dataclass(frozen=True, eq=False)
class Region:
    """A part of the photograph that the model looked at, in picture pixels.

    ``share`` is its part of the map's evidence, 0 to 1; ``peak`` the map's greatest value in it, in
    parts of the upper end. ``centre`` (x, y) is weighed by the evidence, ``summit`` (x, y) is where
    the map is greatest. ``box`` is left, top, right and bottom of its pixels' outer edges;
    ``thumbnail`` the same as whole bounds of slices, with surroundings, square unless the picture's
    border cuts it. ``outline`` holds closed lines (n, 2), the longest first; others go round holes,
    or pieces that touch at a corner. ``extent``
    is its longest diameter, ``area`` in square pixels. ``cells`` (y, x) are the map's own pixels;
    ``way_back`` lays them on the picture. ``kind`` is the lesion that most of its evidence is for,
    empty where the map tells none.
    """

    share: float
    peak: float
    centre: tuple[float, float]
    summit: tuple[float, float]
    box: tuple[float, float, float, float]
    thumbnail: tuple[int, int, int, int]
    outline: tuple[NDArray[np.float64], ...]
    extent: float
    area: float
    tint: Tint
    position: Position
    cells: NDArray[np.bool_]
    way_back: Affine
    kind: str = ""

    def mask(self, shape: tuple[int, int]) -> NDArray[np.bool_]:
        """Which pixels of a picture of ``shape`` (y, x) have their centre inside, bool (y, x)."""
        rows = _nearest(shape[0], self.way_back[1, 1], self.way_back[1, 2])
        columns = _nearest(shape[1], self.way_back[0, 0], self.way_back[0, 2])
        padded = np.pad(self.cells, 1)
        height, width = padded.shape
        return padded[np.clip(rows + 1, 0, height - 1)][:, np.clip(columns + 1, 0, width - 1)]


def _nearest(count: int, scale: float, shift: float) -> NDArray[np.intp]:
    """The cell in which each of ``count`` pixels has its centre."""
    nearest: NDArray[np.intp] = np.floor((np.arange(count) - shift) / scale + 0.5).astype(np.intp)
    return nearest


@dataclass(frozen=True, eq=False)
class Regions:
    """What a heatmap holds above ``threshold`` (in parts of its upper end), most evidence first.

    ``specks`` counts what was too small for a region, ``rest`` the regions left out at the end;
    each with its share of the map's evidence. ``kinds`` counts regions by kind, those left out at
    the end among them; empty where the map tells no kinds.
    """

    regions: tuple[Region, ...]
    threshold: float
    specks: int = 0
    specks_share: float = 0.0
    rest: int = 0
    rest_share: float = 0.0
    kinds: tuple[tuple[str, int], ...] = ()
