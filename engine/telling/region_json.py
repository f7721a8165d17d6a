"""Regions, disc and fovea as plain numbers and names for JSON: all in photograph pixels."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.answers import Bearing, Landmarks, Position, Region, Regions


def regions_json(found: Regions) -> dict[str, Any]:
    """The list with what it leaves out, and how many of each kind of lesion it found.

    Shares are parts of the map's whole evidence.
    """
    listed = [region_json(number, each) for number, each in enumerate(found.regions, 1)]
    return list_json(found, listed)


def list_json(found: Any, listed: list[dict[str, Any]]) -> dict[str, Any]:
    """The same of regions that are told already; ``found`` has what ``Regions`` has beside them."""
    return {
        "threshold": found.threshold,
        "regions": listed,
        "lesions": dict(found.kinds) or None,
        "left_out": {
            "specks": found.specks,
            "specks_share": found.specks_share,
            "regions": found.rest,
            "regions_share": found.rest_share,
        },
    }


def region_json(number: int, region: Region) -> dict[str, Any]:
    """One region: ``box`` is left, top, right, bottom; outlines are closed lines of (x, y)."""
    return placed_json(number, region, region.position, region.outline)


def placed_json(
    number: int, region: Any, position: Position, outline: Sequence[NDArray[np.float64]]
) -> dict[str, Any]:
    """The same where place and outline are known apart; ``region`` has a ``Region``'s numbers."""
    return {
        "number": number,
        "share": region.share,
        "peak": region.peak,
        "centre": list(region.centre),
        "summit": list(region.summit),
        "box": list(region.box),
        "extent": region.extent,
        "area": region.area,
        "tint": str(region.tint),
        "kind": region.kind or None,
        "position": position_json(position),
        "outline": [line.tolist() for line in outline],
    }


def position_json(position: Position) -> dict[str, Any]:
    """A region in the eye's own measures; null where no landmark or no scale is known."""
    return {
        "disc_diameters": position.diameters,
        "millimetres": position.millimetres,
        "from_disc": _bearing(position.from_disc),
        "from_fovea": _bearing(position.from_fovea),
        "on_disc": position.on_disc,
        "at_fovea": position.at_fovea,
    }


def landmarks_json(found: Landmarks) -> dict[str, Any]:
    """Disc and fovea; confidences are no probabilities."""
    disc, fovea = found.disc, found.fovea
    return {
        "disc": None if disc is None else {"x": disc.x, "y": disc.y, "radius": disc.radius},
        "disc_confidence": found.disc_confidence,
        "fovea": None if fovea is None else list(fovea),
        "fovea_confidence": found.fovea_confidence,
        "laterality": None if found.laterality is None else str(found.laterality),
        "notes": list(found.notes),
    }


def _bearing(bearing: Bearing | None) -> dict[str, Any] | None:
    if bearing is None:
        return None
    return {"hour": bearing.hour, "disc_diameters": bearing.diameters}
