"""What a pack says of itself: ``manifest.json``, its form and its words."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from engine.answers import LESION_THRESHOLD
from engine.errors import Refusal
from engine.learning.calibration import Calibration

FORMAT = 2
"""2 has ``lesion_threshold``. Grows when an older program could no longer read a pack rightly."""

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


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """All of ``manifest.json``. ``files`` maps each other file of the pack to its SHA-256.

    ``lesion_threshold`` is from where on a pixel of its heatmaps belongs to a region, in parts of
    the map's upper end; a pack of format 1 has none and gets the usual one.
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
    """The manifest as it lies on disk."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
