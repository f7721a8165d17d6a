"""A heatmap becomes a list of regions that the model looked at."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import LESION_THRESHOLD, Heatmap, Kinds, Landmarks, Region, Regions
from engine.findings.colour import Green, guess_tint, sample_green
from engine.findings.outline import outline
from engine.geometry import Affine, Circle, apply, scaling
from engine.telling.positions import position
from engine.tint import upper_end

SMOOTHING = 1.0
"""Standard deviation, in network pixels, by which the map is smoothed before it is cut.

As for peaks (METHODS Q7.3): pi flickers from pixel to pixel, and a lesion would fall to crumbs.
Shares and centres are of the map itself.
"""

LEAST = 3 / 448**2
"""Part of the map's grid below which a region is a speck: three pixels of 448 x 448.

Decided: at 50 degrees that is a circle of some 60 micrometres, the size of a microaneurysm.
"""

MOST = 40  # regions in a list: what a reader goes through

_THUMBNAIL = (0.05, 2.0)  # of the field's width at least, and times the region's longer side


@dataclass(frozen=True, eq=False)
class _Part:
    """One connected part of the map: its corner (y, x) on the grid, its pixels and evidence."""

    top: int
    left: int
    cells: NDArray[np.bool_]
    values: NDArray[np.float32]
    evidence: float


def find_regions(
    heatmap: Heatmap,
    assessed: Circle,
    pixels: NDArray[np.uint8],
    landmarks: Landmarks,
    *,
    threshold: float = LESION_THRESHOLD,
    smoothing: float = SMOOTHING,
    most: int = MOST,
    millimetres_per_pixel: float | None = None,
) -> Regions:
    """The 8-connected parts of ``heatmap`` at or above ``threshold``, most evidence first.

    ``assessed`` is the area that the network was given; evidence outside it does not count.
    ``pixels`` is the photograph, uint8 (y, x, 3), for a guess at the colour. ``threshold`` is in
    parts of the upper end of the smoothed map, of a chance it is the chance itself. Decided:
    regions are made of the network's own pixels, which is all the map knows; smaller than LEAST
    they are counted only. Decided: lesions of two kinds that touch are one region, of the kind that
    has more of its evidence; apart they would fall to rims and crumbs wherever kinds are in doubt.
    """
    cut = _cut(heatmap, assessed, threshold, smoothing)
    values, large, specks = cut.values, cut.large, cut.specks
    total = float(values.sum(dtype=np.float64))
    if total <= 0:
        return Regions((), threshold, kinds=_counted(large, heatmap.kinds))
    surveyor = _Surveyor(
        heatmap.way_back,
        1.0 if heatmap.chance else upper_end(values),
        total,
        sample_green(pixels, heatmap, cut.below),
        assessed,
        (pixels.shape[0], pixels.shape[1]),
        landmarks,
        millimetres_per_pixel,
        heatmap.kinds,
    )
    regions = tuple(surveyor.region(part) for part in large[:most])
    return Regions(
        regions,
        threshold,
        specks=len(specks),
        specks_share=sum(part.evidence for part in specks) / total,
        rest=len(large[most:]),
        rest_share=sum(part.evidence for part in large[most:]) / total,
        kinds=_counted(large, heatmap.kinds),
    )


def count_kinds(
    heatmap: Heatmap, assessed: Circle, threshold: float
) -> tuple[tuple[str, int], ...]:
    """How many regions of each kind ``find_regions`` would find; empty where no kinds are told."""
    if heatmap.kinds is None:
        return ()
    return _counted(_cut(heatmap, assessed, threshold, SMOOTHING).large, heatmap.kinds)


@dataclass(frozen=True, eq=False)
class _Cut:
    """A map within the assessed area, what of it lies ``below``, and its parts, strongest first."""

    values: NDArray[np.float32]
    below: NDArray[np.bool_]
    large: list[_Part]
    specks: list[_Part]


def _cut(heatmap: Heatmap, assessed: Circle, threshold: float, smoothing: float) -> _Cut:
    values, seen = _within(heatmap, assessed)
    smooth, end = values, 1.0
    # A chance was smoothed by the network, as far as it needs it.
    if not heatmap.chance:
        if smoothing:
            smooth = np.asarray(cv2.GaussianBlur(values, (0, 0), smoothing), np.float32)
        end = upper_end(smooth)
    above = seen & (smooth > 0) & (smooth >= threshold * end)
    parts = sorted(_parts(values, above), key=lambda part: -part.evidence)
    least = LEAST * values.size
    return _Cut(
        values,
        seen & ~above,
        [part for part in parts if np.count_nonzero(part.cells) >= least],
        [part for part in parts if np.count_nonzero(part.cells) < least],
    )


def _counted(parts: Sequence[_Part], kinds: Kinds | None) -> tuple[tuple[str, int], ...]:
    if kinds is None:
        return ()
    found = Counter(_kind(part, kinds) for part in parts)
    return tuple((name, found[name]) for name in kinds.names)


def _kind(part: _Part, kinds: Kinds | None) -> str:
    """The kind that has most of a part's evidence."""
    if kinds is None:
        return ""
    height, width = part.cells.shape
    own = kinds.places[part.top : part.top + height, part.left : part.left + width]
    weights = np.bincount(own.ravel(), part.values.ravel(), len(kinds.names))
    return kinds.names[int(weights.argmax())]


def _within(heatmap: Heatmap, assessed: Circle) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The map, 0 outside the assessed circle and the picture, and where it is inside."""
    rows, columns = (np.arange(length) for length in heatmap.values.shape)
    back = heatmap.way_back
    x, y = back[0, 0] * columns + back[0, 2], back[1, 1] * rows + back[1, 2]
    # A network pixel counts if it touches the circle: its centre may lie half a pixel outside.
    reach = assessed.radius + 0.5 * float(back[0, 0])
    # Squares are exact enough, and ten times quicker than distances.
    seen = (x - assessed.x) ** 2 + ((y - assessed.y) ** 2)[:, None] <= reach**2
    height, width = heatmap.picture_shape
    seen &= ((y >= -0.5) & (y <= height - 0.5))[:, None] & (x >= -0.5) & (x <= width - 0.5)
    return np.where(seen, heatmap.values, 0).astype(np.float32), seen


def _parts(values: NDArray[np.float32], above: NDArray[np.bool_]) -> list[_Part]:
    # OpenCV's own choice, on several threads, takes longer.
    count, labels, boxes, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        above.astype(np.uint8), 8, cv2.CV_32S, cv2.CCL_BBDT
    )
    parts = []
    for label in range(1, count):
        left, top, width, height = (int(side) for side in boxes[label, :4])
        window = np.s_[top : top + height, left : left + width]
        cells = labels[window] == label
        own = np.where(cells, values[window], 0).astype(np.float32)
        evidence = float(own.sum(dtype=np.float64))
        if evidence > 0:  # smoothing may fill a gap alone
            parts.append(_Part(top, left, cells, own, evidence))
    return parts


@dataclass(frozen=True, eq=False)
class _Surveyor:
    """What is needed to describe any part of one map."""

    way_back: Affine
    end: float
    total: float
    green: Green
    assessed: Circle
    shape: tuple[int, int]
    landmarks: Landmarks
    millimetres_per_pixel: float | None
    kinds: Kinds | None

    def region(self, part: _Part) -> Region:
        back = self.way_back @ scaling(1, part.left, part.top)
        # The network's pixels at the border reach beyond the photograph's.
        most = np.array(self.shape[::-1]) - 0.5
        lines = tuple(np.clip(apply(back, line), -0.5, most) for line in outline(part.cells))
        corners = np.concatenate(lines)
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        box = (float(left), float(top), float(right), float(bottom))
        y, x = np.nonzero(part.cells)
        weights = part.values[y, x].astype(np.float64)
        middle = np.average(np.stack([x, y], axis=1), axis=0, weights=weights)
        centre_x, centre_y = apply(back, middle[None])[0]
        centre, extent = (float(centre_x), float(centre_y)), _longest(corners)
        row, column = np.unravel_index(int(part.values.argmax()), part.values.shape)
        summit_x, summit_y = apply(back, np.array([[column, row]], np.float64))[0]
        return Region(
            share=part.evidence / self.total,
            peak=float(part.values.max()) / self.end,
            centre=centre,
            summit=(float(summit_x), float(summit_y)),
            box=box,
            thumbnail=_thumbnail(box, self.assessed, self.shape),
            outline=lines,
            extent=extent,
            area=float(len(x) * back[0, 0] * back[1, 1]),
            tint=guess_tint(self.green, part.cells, part.top, part.left),
            position=position(centre, extent, self.landmarks, self.millimetres_per_pixel, lines),
            cells=part.cells,
            way_back=back,
            kind=_kind(part, self.kinds),
        )


def _longest(corners: NDArray[np.float64]) -> float:
    """The greatest distance between two corners (n, 2)."""
    hull = cv2.convexHull(corners.astype(np.float32))[:, 0].astype(np.float64)
    return float(np.hypot(*(hull[:, None] - hull[None]).transpose(2, 0, 1)).max())


def _thumbnail(
    box: tuple[float, float, float, float], assessed: Circle, shape: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The square round a box, with surroundings, cut at the picture's border: pixels' edges."""
    left, top, right, bottom = box
    least, times = _THUMBNAIL
    half = max(times * max(right - left, bottom - top), least * 2 * assessed.radius) / 2
    # Pixel i covers [i - 1/2, i + 1/2]; a slice counts edges from the first pixel's.
    x, y = (left + right) / 2 + 0.5, (top + bottom) / 2 + 0.5
    return (
        max(0, round(x - half)),
        max(0, round(y - half)),
        min(shape[1], round(x + half)),
        min(shape[0], round(y + half)),
    )
