"""The heatmap over a photograph, made anew at the view's own size for every frame."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import tint
from engine.answers import Heatmap, Look
from engine.geometry import Affine


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

    def lay_over(
        self,
        rgb: NDArray[np.uint8],
        detail: NDArray[np.float32] | None,
        to_screen: Affine,
        look: Look,
    ) -> None:
        """Tint a view in place.

        ``rgb`` is uint8 (y, x, 3) at the view's device pixels, ``to_screen`` maps picture (x, y)
        to them, ``detail`` is ``tint.detail`` of the whole photograph at a quarter of its size
        (None until it is made). Sampled bilinearly as ``engine.geometry.place`` does.
        """
        shown = self._shown(look.threshold)
        if shown is None:
            return
        forth = to_screen @ self.way_back
        rows, columns = visible_part(shown, forth, (rgb.shape[1], rgb.shape[0]))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        values = _sampled(self.values, forth, rows, columns)
        local = np.ones((1, 1), np.float32)
        if detail is not None:
            # A pixel of the quarter-size grid is the mean of 4 x 4, around 1.5 (tint.detail).
            quarter = np.array([[4.0, 0.0, 1.5], [0.0, 4.0, 1.5], [0.0, 0.0, 1.0]])
            local = _sampled(detail, to_screen @ quarter, rows, columns)
        part = np.ascontiguousarray(rgb[rows, columns])
        table = tint.colour_table(look.colour_map)
        rgb[rows, columns] = tint.lay_over(part, values, local, table, look.opacity, look.threshold)

    def _shown(self, threshold: float) -> tuple[float, float, float, float] | None:
        """The part of the map's frame that holds all that is seen: left, top, right, bottom."""
        seen = self.values > threshold
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        if not rows.size:
            return None
        height, width = self.values.shape
        # A pixel reaches as far as its neighbours' centres, the outermost to their own edge.
        return (
            max(columns[0] - 1.0, -0.5),
            max(rows[0] - 1.0, -0.5),
            min(columns[-1] + 1.0, width - 0.5),
            min(rows[-1] + 1.0, height - 0.5),
        )


def _sampled(
    values: NDArray[np.float32], forth: Affine, rows: slice, columns: slice
) -> NDArray[np.float32]:
    """Bilinear samples at device pixels; beyond its outermost centres the map goes on level."""
    back = np.array(
        [
            [1 / forth[0, 0], 0, (columns.start - forth[0, 2]) / forth[0, 0]],
            [0, 1 / forth[1, 1], (rows.start - forth[1, 2]) / forth[1, 1]],
        ]
    )
    size = (columns.stop - columns.start, rows.stop - rows.start)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    sampled = cv2.warpAffine(values, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sampled, np.float32)


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
