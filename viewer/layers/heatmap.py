"""The heatmap over a photograph, made anew at the view's own size for every frame."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import tint
from engine.answers import Heatmap, Look
from engine.geometry import Affine, scaling

_Kind = TypeVar("_Kind", np.float32, np.uint8)

_BAND = 256
"""Rows at a time: what is made in between stays in the cache and is not asked of the system."""
_ONE = 128.0
"""Detail goes up to 1.73; as 8 bits with this scale it ends at 221."""
_DETAIL_WAY = scaling(4.0, 1.5, 1.5)
"""A pixel of ``tint.detail`` is the mean of 4 x 4 photograph pixels, around 1.5."""


@dataclass(frozen=True, eq=False)
class Samples:
    """A map at a part of a view: ``values`` float32 from 0 to 1, ``detail`` uint8 in 128ths.

    Both are (y, x) and cover the device pixels ``rows`` x ``columns``.
    """

    rows: slice
    columns: slice
    values: NDArray[np.float32]
    detail: NDArray[np.uint8] | None


@dataclass(frozen=True, eq=False)
class HeatmapLayer:
    """A map in parts of its upper end, with the way from its grid to the picture.

    ``values`` is float32 (y, x) from 0 to 1, ``way_back`` maps network (x, y) to picture (x, y),
    ``upper_end`` is the evidence that is shown as 1.
    """

    values: NDArray[np.float32]
    way_back: Affine
    upper_end: float

    @classmethod
    def of(cls, heatmap: Heatmap) -> "HeatmapLayer":
        """Scale a map by its own upper end."""
        upper_end = tint.upper_end(heatmap.values)
        values = np.clip(heatmap.values / upper_end, 0, 1).astype(np.float32)
        return cls(values, heatmap.way_back, upper_end)

    def value_at(self, x: float, y: float) -> float | None:
        """The value at a picture position, bilinear as it is shown; None outside the map."""
        column = (x - self.way_back[0, 2]) / self.way_back[0, 0]
        row = (y - self.way_back[1, 2]) / self.way_back[1, 1]
        height, width = self.values.shape
        if not (-0.5 <= column <= width - 0.5 and -0.5 <= row <= height - 0.5):
            return None
        column, row = min(max(column, 0), width - 1), min(max(row, 0), height - 1)
        left, top = min(int(column), max(width - 2, 0)), min(int(row), max(height - 2, 0))
        right, bottom = min(left + 1, width - 1), min(top + 1, height - 1)
        across, down = column - left, row - top
        upper = self.values[top, left] * (1 - across) + self.values[top, right] * across
        lower = self.values[bottom, left] * (1 - across) + self.values[bottom, right] * across
        return float(upper * (1 - down) + lower * down)

    def sample(
        self, detail: NDArray[np.uint8] | None, to_screen: Affine, view: tuple[int, int]
    ) -> Samples | None:
        """The map at a view of ``view`` (width, height) device pixels; None if none of it is seen.

        ``to_screen`` maps picture (x, y) to device pixels, ``detail`` is ``local_detail`` of the
        whole photograph, None until it is made. Values are those of ``engine.geometry.place``.
        """
        forth = to_screen @ self.way_back
        rows, columns = visible_part(self._extent(), forth, view)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return None
        values = _sampled(self.values, forth, rows, columns)
        if detail is None:
            return Samples(rows, columns, values, None)
        local = _sampled(detail, to_screen @ _DETAIL_WAY, rows, columns)
        return Samples(rows, columns, values, local)

    def _extent(self) -> tuple[float, float, float, float]:
        """The part of the map's frame that is not all zero: left, top, right, bottom."""
        seen = self.values > 0
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        if not rows.size:
            return 0.0, 0.0, -1.0, -1.0
        height, width = self.values.shape
        # A pixel reaches as far as its neighbours' centres, the outermost to their own edge.
        return (
            max(columns[0] - 1.0, -0.5),
            max(rows[0] - 1.0, -0.5),
            min(columns[-1] + 1.0, width - 0.5),
            min(rows[-1] + 1.0, height - 0.5),
        )


def local_detail(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``tint.detail`` of a photograph, uint8 (y, x, 3), at a quarter of its size, in 128ths."""
    return np.asarray(cv2.convertScaleAbs(tint.detail(pixels), alpha=_ONE), np.uint8)


def lay_over(bgra: NDArray[np.uint8], samples: Samples, look: Look) -> None:
    """Tint a view, uint8 (y, x, 4), in place, as ``tint.lay_over`` does within three steps."""
    stretch = 255 / max(1 - look.threshold, 1e-6)
    added, remains = _inks(look.colour_map, look.opacity)
    part = bgra[samples.rows, samples.columns]
    for top in range(0, part.shape[0], _BAND):
        band = slice(top, top + _BAND)
        values = samples.values[band]
        # 8 bits saturate at both ends: what lies below the threshold becomes row 0.
        steps = cv2.addWeighted(
            values, stretch, values, 0.0, -look.threshold * stretch, dtype=cv2.CV_8U
        )
        ink, bare = _packed(steps, added), _packed(steps, remains)
        if samples.detail is not None:
            factor = cv2.cvtColor(samples.detail[band], cv2.COLOR_GRAY2BGRA)
            ink = np.asarray(cv2.multiply(ink, factor, scale=1 / _ONE), np.uint8)
        part[band] = cv2.add(cv2.multiply(part[band], bare, scale=1 / 255), ink)


@lru_cache(maxsize=8)
def _inks(colour_map: str, opacity: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """What is added, and what of the photograph remains: two tables of packed BGRA, int32 (256,).

    Looking up four bytes as one number takes a sixth of the time of four look-ups. The alpha of
    what is added is 0 and all of the photograph's remains, so that a view stays opaque.
    """
    table = tint.colour_table(colour_map).astype(np.float64)
    alpha = table[:, 3:] / 255 * opacity
    added, remains = np.zeros((256, 4)), np.full((256, 4), 255.0)
    added[:, :3] = table[:, 2::-1] * alpha
    remains[:, :3] = 255 * (1 - alpha)
    ink, bare = (
        np.rint(packed).astype(np.uint8).view(np.int32)[:, 0] for packed in (added, remains)
    )
    return ink, bare


def _packed(steps: cv2.typing.MatLike, table: NDArray[np.int32]) -> NDArray[np.uint8]:
    return np.asarray(cv2.LUT(steps, table)).view(np.uint8).reshape(*steps.shape, 4)


def _sampled(values: NDArray[_Kind], forth: Affine, rows: slice, columns: slice) -> NDArray[_Kind]:
    """Bilinear samples at device pixels; beyond its outermost centres the map goes on level."""
    back = np.array(
        [
            [1 / forth[0, 0], 0, (columns.start - forth[0, 2]) / forth[0, 0] + 1],
            [0, 1 / forth[1, 1], (rows.start - forth[1, 2]) / forth[1, 1] + 1],
        ]
    )
    size = (columns.stop - columns.start, rows.stop - rows.start)
    # One pixel repeated around it, in place of warping with a repeated border, which takes 1.5 to
    # 2.4 times as long (OpenCV 5.0, one thread).
    wider = cv2.copyMakeBorder(values, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    sampled = cv2.warpAffine(wider, back, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.asarray(sampled, values.dtype)


def visible_part(
    frame: tuple[float, float, float, float], to_screen: Affine, view: tuple[int, int]
) -> tuple[slice, slice]:
    """The device rows and columns whose centres lie within ``frame``.

    ``frame`` is (left, top, right, bottom) on the grid that ``to_screen`` maps from, its edges
    included; both slices are empty where nothing of it is in the view.
    """
    left, top, right, bottom = frame
    spans = []
    for axis, (low, high) in enumerate(((left, right), (top, bottom))):
        scale, shift = to_screen[axis, axis], to_screen[axis, 2]
        first = max(int(np.ceil(scale * low + shift)), 0)
        last = min(int(np.floor(scale * high + shift)), view[axis] - 1)
        spans.append(slice(min(first, view[axis]), max(last + 1, min(first, view[axis]))))
    return spans[1], spans[0]
