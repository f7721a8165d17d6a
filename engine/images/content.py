"""What only the values of a volume tell: their range, and a hash that names it for ever.

Told picture by picture, so that several processes can share the work and no volume need be held.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pictures import VolumeFacts


@dataclass(frozen=True)
class PictureContent:
    """One picture (y, x) or (y, x, 3): its finite values' range, None if it has none, and hash."""

    least: float | None
    greatest: float | None
    digest: bytes


def content_of(picture: NDArray[Any]) -> PictureContent:
    """Measure one picture."""
    digest = hashlib.sha256(np.ascontiguousarray(picture).data).digest()
    finite = picture[np.isfinite(picture)] if picture.dtype.kind == "f" else picture
    if not finite.size:
        return PictureContent(None, None, digest)
    return PictureContent(float(finite.min()), float(finite.max()), digest)


def blank_content(picture: NDArray[Any]) -> PictureContent:
    """A picture that stands where none was found: it has a hash, but no values."""
    return PictureContent(None, None, content_of(picture).digest)


def with_content(
    facts: VolumeFacts, dtype: str, shape: tuple[int, ...], pictures: Iterable[PictureContent]
) -> VolumeFacts:
    """The facts with range and hash. ``pictures`` are in the order of (frame, z).

    The hash is of the values, their type and shape, and of where they lie: what was drawn on a
    volume in patient space fits no other place.
    """
    placed = [dtype, list(shape), facts.grid.rows, facts.grid.spacing]
    whole = hashlib.sha256(json.dumps(placed).encode())
    least: list[float] = []
    greatest: list[float] = []
    for picture in pictures:
        whole.update(picture.digest)
        if picture.least is not None and picture.greatest is not None:
            least.append(picture.least)
            greatest.append(picture.greatest)
    span = (min(least), max(greatest)) if least else None
    return replace(facts, value_range=span, content_hash=whole.hexdigest())
