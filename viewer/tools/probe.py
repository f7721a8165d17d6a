"""What lies under the pointer: the photograph's own values and the heatmap's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.seen.heatmap import HeatmapLayer
from viewer.seen.view_transform import ViewTransform


@dataclass(frozen=True)
class Probe:
    """A photograph pixel: place, red, green and blue as the file has them, and the evidence.

    ``value`` is on the legend's scale from 0 to 1, of a ``signed`` map from -1; None where there is
    no heatmap. ``lesion`` is the kind that the network most likely drew here, "" if it draws none.
    """

    x: int
    y: int
    r: int
    g: int
    b: int
    value: float | None
    signed: bool = False
    lesion: str = ""


def probe(
    pixels: NDArray[np.uint8],
    view: ViewTransform,
    heatmap: HeatmapLayer | None,
    at: tuple[float, float],
) -> Probe | None:
    """Read the pixel (y, x, 3) under the device position ``at``; None beside the picture."""
    place = view.pixel_at(at)
    if place is None:
        return None
    x, y = place
    r, g, b = (int(channel) for channel in pixels[y, x])
    if heatmap is None:
        return Probe(x, y, r, g, b, None)
    value, kind = heatmap.value_at(x, y), heatmap.kind_at(x, y)
    return Probe(x, y, r, g, b, value, heatmap.signed, kind)
