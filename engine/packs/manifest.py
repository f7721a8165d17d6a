"""What a pack says of itself: ``manifest.json``, its form and its words."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from engine.answers import LESION_THRESHOLD
from engine.errors import Refusal
from engine.learning.calibration import Calibration
from engine.learning.context import Field
from engine.learning.features import Asks
from engine.learning.stage_calibration import StageCalibration

FORMAT = 5
"""2 has ``lesion_threshold``, 3 checkpoints and forests, 4 stages, 5 ``held``. Grows when an older
program could no longer read a pack rightly; a pack is written in the oldest one that holds it."""

NAME = "manifest.json"


class Input(Struct, frozen=True, forbid_unknown_fields=True):
    """What the network is given: the preparation's name and its side in network pixels."""

    preparation: str
    size: int


class NetworkPart(Struct, frozen=True, forbid_unknown_fields=True):
    """A network by its name in ``networks.registry``, its arguments, and its weights' file."""

    name: str
    arguments: dict[str, Any]
    weights: str


class Data(Struct, frozen=True, forbid_unknown_fields=True):
    """What a pack was trained on. ``fingerprint`` is the SHA-256 of the grades and the pictures."""

    name: str
    licence: str
    pictures: int
    patients: int
    prevalence: float
    fingerprint: str


class Figures(Struct, frozen=True, forbid_unknown_fields=True):
    """Out-of-fold figures: A_z with its interval, and the two rates at the operating point."""

    area: float
    area_interval: tuple[float, float]
    level: float
    sensitivity: float
    specificity: float
    calibration_error: float


class HeldPart(Struct, frozen=True, forbid_unknown_fields=True):
    """The eyes held out that a pack's figures are of, on which its best round was chosen, too."""

    referable: int
    other: int


class CheckpointPart(Struct, frozen=True, forbid_unknown_fields=True):
    """The network as it was after so many ``batches``, which can be asked alone.

    ``scale`` is what its maps are divided by before they are blended; 1 leaves them as they are.
    """

    name: str
    batches: int
    weights: str
    calibration: Calibration
    operating_point: float
    figures: Figures
    scale: Annotated[float, Meta(gt=0)] = 1.0


class ForestPart(Struct, frozen=True, forbid_unknown_fields=True):
    """A forest that joins the scores of all checkpoints, in the manifest's order.

    ``stacked_on`` are the photographs that it learnt from: those that its networks had not seen
    ("validation"), or those that they were trained on ("train", as the paper did). ``depth`` 0 is
    no limit; ``cases`` are eyes, or examinations.
    """

    asks: Asks
    arrays: str
    stacked_on: str
    trees: int
    depth: int
    cases: int
    calibration: Calibration
    operating_point: float
    figures: Figures
    context: tuple[Field, ...] = ()


class StageFigures(Struct, frozen=True, forbid_unknown_fields=True):
    """Out-of-fold figures of stages; ``expected_stage_error`` is a mean on the grades."""

    quadratic_kappa: float
    kappa_interval: tuple[float, float]
    level: float
    accuracy: float
    expected_stage_error: float


class StagePart(Struct, frozen=True, forbid_unknown_fields=True):
    """The ordered stages of a scale, from the first to the last, and how they are told.

    ``grades`` is where each stage lies on the scale's own grades: 1.5 for one that puts 1 and 2
    together. From the stage ``positive_from`` on the manifest's own question is answered with
    yes: its calibration, operating point and figures are about that.
    """

    scale: str
    names: Annotated[tuple[str, ...], Meta(min_length=2)]
    grades: tuple[float, ...]
    positive_from: Annotated[int, Meta(ge=1)]
    calibration: StageCalibration
    figures: StageFigures


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """All of ``manifest.json``. ``files`` maps each other file of the pack to its SHA-256.

    ``lesion_threshold`` is from where on a pixel of its heatmaps belongs to a region, in parts of
    the map's upper end; a pack of format 1 has none and gets the usual one. ``network`` is the one
    that answers where there is no forest. ``held`` is None where the figures are of folds.
    """

    format: int
    name: str
    version: str
    title: str
    question: str
    recipe: str
    input: Input
    network: NetworkPart
    calibration: Calibration
    operating_point: float
    data: Data
    figures: Figures
    licence: str
    created: str
    program: str
    files: dict[str, str] = field(default_factory=dict)
    lesion_threshold: Annotated[float, Meta(gt=0.0, lt=1.0)] = LESION_THRESHOLD
    checkpoints: tuple[CheckpointPart, ...] = ()
    forests: tuple[ForestPart, ...] = ()
    stages: StagePart | None = None
    held: HeldPart | None = None

    @property
    def oldest_format(self) -> int:
        """The oldest format that holds all of it."""
        if self.held:
            return 5
        if self.stages:
            return 4
        return 3 if self.checkpoints or self.forests else 2

    def forest(self, asks: Asks) -> ForestPart | None:
        """The forest that is asked about this, if there is one."""
        return next((part for part in self.forests if part.asks is asks), None)


class _Format(Struct):
    format: int


def parse(text: bytes, pack: str) -> Manifest:
    """Read a manifest. ``pack`` is the name that a refusal uses.

    Raises:
        Refusal: it is no manifest, or of a newer format.
    """
    try:
        found = msgspec.json.decode(text, type=_Format).format
        if found > FORMAT:
            raise Refusal(
                f"The pack {pack} is newer than this program.",
                f"It has format {found}; this program reads formats up to {FORMAT}.",
                "Update LesionLens, or ask for the pack in an older format.",
            )
        return msgspec.json.decode(text, type=Manifest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refusal(
            f"The pack {pack} cannot be read.",
            f"Its description, {NAME}, is damaged or incomplete.",
            "Fetch the pack again from where it came from.",
        ) from error


def encode(manifest: Manifest) -> bytes:
    """The manifest as it lies on disk, without what an older format does not know."""
    values = msgspec.to_builtins(manifest)
    for name in ("checkpoints", "forests", "stages", "held"):
        if not values[name]:
            del values[name]
    return msgspec.json.format(msgspec.json.encode(values), indent=1) + b"\n"
