"""The heatmap over a photograph, made anew at the view's own size for every frame."""

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from engine import tint
from engine.answers import Heatmap, Kinds, Look
from engine.geometry import Affine
from viewer.seen.label_colours import label_table

_BAND = 128
"""Rows at a time: what is made in between stays in the cache and is not asked of the system."""
ONE = 128
"""Detail goes up to 1.73; as 8 bits with this scale it ends at 221."""
_SIGNED = "signed"
"""The name here of the two ramps of a signed map as one table."""
LABELS = "labels"
"""The name here of the colours of a mask's labels as a table."""
_HALF = 127
"""Steps of each of them."""
_BLOCK = 16
"""Rows whose samples come from few rows of a map. So few that numpy multiplies within the calling
thread: several threads each for several of ours hinder each other (OpenBLAS, twice the time)."""


@dataclass(frozen=True, eq=False)
class Samples:
    """A map at a part of a view: ``values`` float32 from 0 to 1, ``detail`` uint8 in 128ths.

    Both are (y, x) and cover the device pixels ``rows`` x ``columns``. ``signed`` values are from
    -1 to 1.
    """

    rows: slice
    columns: slice
    values: NDArray[np.float32]
    detail: NDArray[np.uint8] | None = None
    signed: bool = False

    def with_detail(self, view: NDArray[np.uint8]) -> "Samples":
        """The same with the detail that is the fourth channel of ``view``, uint8 (y, x, 4)."""
        detail = cv2.extractChannel(view[self.rows, self.columns], 3)
        return replace(self, detail=np.asarray(detail, np.uint8))


@dataclass(frozen=True, eq=False)
class HeatmapLayer:
    """A map in parts of its upper end, with the way from its grid to the picture.

    ``values`` is float32 (y, x) from 0 to 1, of a ``signed`` map from -1; ``way_back`` maps
    network (x, y) to picture (x, y), ``upper_end`` is the evidence that is shown as 1. The values
    of a ``chance`` mean the same in every picture; ``kinds`` lies on the same grid.
    """

    values: NDArray[np.float32]
    way_back: Affine
    upper_end: float
    signed: bool = False
    chance: bool = False
    kinds: Kinds | None = None

    @classmethod
    def of(cls, heatmap: Heatmap, upper_end: float | None = None) -> "HeatmapLayer":
        """Scale a map by ``upper_end``, by its own if None; a chance is never scaled by another."""
        if upper_end is None or heatmap.chance:
            upper_end = heatmap.upper_end
        signed = heatmap.signed is not None
        numbers = heatmap.values if heatmap.signed is None else heatmap.signed
        values = np.clip(numbers / upper_end, -1 if signed else 0, 1).astype(np.float32)
        more = heatmap.chance, heatmap.kinds
        return cls(values, heatmap.way_back, upper_end, signed, *more)

    def kind_at(self, x: float, y: float) -> str:
        """Which lesion the map's pixel at a picture position most likely shows; "" if untold."""
        if self.kinds is None:
            return ""
        column = round((x - self.way_back[0, 2]) / self.way_back[0, 0])
        row = round((y - self.way_back[1, 2]) / self.way_back[1, 1])
        height, width = self.kinds.places.shape
        place = self.kinds.places[min(max(row, 0), height - 1), min(max(column, 0), width - 1)]
        return self.kinds.names[int(place)]

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

    def sample(self, to_screen: Affine, view: tuple[int, int]) -> Samples | None:
        """The map at a view of ``view`` (width, height) device pixels; None if none of it is seen.

        ``to_screen`` maps picture (x, y) to device pixels. Values are those of
        ``engine.geometry.place``.
        """
        forth = to_screen @ self.way_back
        rows, columns = visible_part(self._extent(), forth, view)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return None
        values = _sampled(self.values, forth, rows, columns)
        return Samples(rows, columns, values, signed=self.signed)

    def _extent(self) -> tuple[float, float, float, float]:
        """The part of the map's frame that is not all zero: left, top, right, bottom."""
        seen = self.values != 0
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
    return np.asarray(cv2.convertScaleAbs(tint.detail(pixels), alpha=ONE), np.uint8)


def lay_over(bgra: NDArray[np.uint8], samples: Samples, look: Look) -> None:
    """Tint a view, uint8 (y, x, 4), contiguous and opaque, in place, as ``tint.lay_over`` does.

    Within three steps of that. A signed map is laid over a red-free view as ``tint.lay_signed``
    does, within four.
    """
    inks = _inks(_SIGNED if samples.signed else look.colour_map, look.opacity)
    height, width = bgra.shape[:2]
    under = QImage(bgra.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    # Qt lays one picture over another in a third of the time that OpenCV's multiply and add take.
    painter = QPainter(under)
    for top in range(0, samples.values.shape[0], _BAND):
        values = samples.values[top : top + _BAND]
        steps = _signed_steps(values, look) if samples.signed else _steps(values, look)
        if samples.detail is None:
            ink = cv2.LUT(steps, np.ascontiguousarray(inks[:, ONE]))
        else:
            both = cv2.merge([samples.detail[top : top + _BAND], steps])
            ink = cv2.LUT(np.asarray(both).view("<u2")[..., 0], inks.reshape(-1))
        over = np.asarray(ink)
        rows, columns = over.shape
        image = QImage(
            over.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied
        )
        painter.drawImage(samples.columns.start, samples.rows.start + top, image)
    painter.end()


def _steps(
    values: NDArray[np.float32], look: Look, most: int = 255, way: int = 1
) -> cv2.typing.MatLike:
    """Rows of the colour table, 0 to ``most``; ``way`` -1 takes the negative values instead."""
    stretch = most / max(1 - look.threshold, 1e-6)
    # 8 bits saturate at both ends: what lies below the threshold becomes row 0.
    return cv2.addWeighted(
        values, way * stretch, values, 0.0, -look.threshold * stretch, dtype=cv2.CV_8U
    )


def _signed_steps(values: NDArray[np.float32], look: Look) -> cv2.typing.MatLike:
    """Rows of the signed table: 128 is nothing, 255 all for, 1 all against."""
    pro = _steps(values, look, _HALF)
    return cv2.addWeighted(pro, 1.0, _steps(values, look, _HALF, -1), -1.0, _HALF + 1.0)


@lru_cache(maxsize=8)
def _inks(colour_map: str, opacity: float) -> NDArray[np.int32]:
    """What is laid over for every step (0 to 255) and detail (in 128ths): int32 (256, 256).

    Packed as Qt's premultiplied ARGB32: one look-up a pixel, and the detail is in it.
    """
    return np.asarray(cv2.convertScaleAbs(_full_inks(colour_map), alpha=opacity)).view(np.int32)


@lru_cache
def _full_inks(colour_map: str) -> NDArray[np.uint8]:
    """At full opacity, uint8 (256, 256 * 4): blue, green, red and alpha side by side."""
    table = _table(colour_map)[:, None]
    alpha = table[..., 3:] / 255
    inks = np.empty((256, 256, 4))
    # Cut off before alpha: a premultiplied colour above its alpha would run into its neighbour.
    inks[..., :3] = np.minimum(table[..., 2::-1] * np.arange(256)[:, None] / ONE, 255) * alpha
    inks[..., 3:] = 255 * alpha
    return np.rint(inks).astype(np.uint8).reshape(256, -1)


def _table(colour_map: str) -> NDArray[np.float64]:
    if colour_map == LABELS:
        return label_table()
    if colour_map != _SIGNED:
        return tint.colour_table(colour_map).astype(np.float64)
    table = np.zeros((256, 4))
    rows = np.rint(np.linspace(0, 255, _HALF + 1)).astype(int)
    table[_HALF + 1 :] = tint.colour_table(tint.FOR)[rows]
    table[_HALF + 1 : 0 : -1] = tint.colour_table(tint.AGAINST)[rows]
    return table


def _sampled(
    values: NDArray[np.float32], forth: Affine, rows: slice, columns: slice
) -> NDArray[np.float32]:
    """Bilinear samples at device pixels; beyond its outermost centres the map goes on level.

    First across, for the map's few rows, then down: a sixth of the time of both in one warp.
    """
    height = values.shape[0]
    at = (np.arange(rows.start, rows.stop) - forth[1, 2]) / forth[1, 1]
    at = np.clip(at, 0, height - 1).astype(np.float32)
    first, last = int(at[0]), int(np.ceil(at[-1]))
    # One pixel repeated around it, in place of warping with a repeated border, which takes 1.5 to
    # 2.4 times as long (OpenCV 5.0, one thread).
    wider = cv2.copyMakeBorder(values[first : last + 1], 0, 0, 1, 1, cv2.BORDER_REPLICATE)
    start = (columns.start - forth[0, 2]) / forth[0, 0] + 1
    across = cv2.warpAffine(
        wider,
        np.array([[1 / forth[0, 0], 0, start], [0, 1, 0]]),
        (columns.stop - columns.start, last + 1 - first),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    weights = np.maximum(1 - np.abs(at[:, None] - np.arange(first, last + 1, dtype=np.float32)), 0)
    sampled = np.empty((len(at), across.shape[1]), np.float32)
    for top in range(0, len(at), _BLOCK):
        block = slice(top, top + _BLOCK)
        near = slice(int(at[block][0]) - first, int(np.ceil(at[block][-1])) - first + 1)
        np.matmul(weights[block, near], across[near], out=sampled[block])
    return sampled


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
