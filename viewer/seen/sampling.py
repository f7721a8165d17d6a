"""A slice at the pixels of a view: laid as it is seen, reduced by means, enlarged in between."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.seen.hanging import Laying
from viewer.seen.plane import Plane

_REACH = 1
"""Voxels beyond the view that sampling looks at."""
_MOST_OFF = 1 / 16
_MOST_BEFORE = 256.0
"""Device pixels that may be made in vain, so that a resize begins where it should."""


@dataclass(frozen=True, eq=False)
class Source:
    """A slice ready to be sampled: (down, right) or (down, right, 3) as it lies on the screen.

    ``step`` says how many voxels to the right and down make one of its pixels.
    """

    values: NDArray[Any]
    step: tuple[int, int]


def source_of(values: NDArray[Any], laying: Laying, step: tuple[int, int]) -> Source:
    """Turn and mirror a slice, (down, across) as stored, and reduce it by the mean."""
    mirrored = values[:, ::-1] if laying.mirrored else values
    laid = np.ascontiguousarray(np.rot90(mirrored, -laying.turns))
    right, down = step
    if step == (1, 1):
        return Source(laid, step)
    height, width = laid.shape[:2]
    # Repeating the last row or column keeps the step whole and loses no voxel.
    evened = cv2.copyMakeBorder(laid, 0, -height % down, 0, -width % right, cv2.BORDER_REPLICATE)
    size = (-(-width // right), -(-height // down))
    return Source(np.asarray(cv2.resize(evened, size, interpolation=cv2.INTER_AREA)), step)


def reduction(plane: Plane) -> tuple[int, int]:
    """By how much a slice is reduced (right, down) before it is sampled: no voxel is skipped."""
    steps = []
    for scale in _scales(plane):
        step = 1
        while scale * step < 0.5:
            step *= 2
        steps.append(step)
    return steps[0], steps[1]


def seen(plane: Plane) -> tuple[slice, slice]:
    """The device rows and columns whose centres lie on the slice."""
    left, top, right, bottom = plane.box
    width, height = plane.view
    spans = []
    for first, last, side in ((top, bottom, height), (left, right, width)):
        start = min(max(int(np.ceil(first)), 0), side)
        # The last edge is the first beyond: a centre on it belongs to the ground.
        stop = min(int(np.ceil(last)), side)
        spans.append(slice(start, max(stop, start)))
    return spans[0], spans[1]


def sampled(
    source: Source, plane: Plane, rows: slice, columns: slice, *, squares: bool
) -> NDArray[Any]:
    """A source at a part of the view; beyond its outermost centres it goes on level.

    In between it is linear, or each of its pixels is a square.
    """
    height, width = source.values.shape[:2]
    right, down = (scale * step for scale, step in zip(_scales(plane), source.step, strict=True))
    across = _Span(plane.box[0], right, width, columns)
    along = _Span(plane.box[1], down, height, rows)
    if squares or max(across.off, along.off) > _MOST_OFF:
        return _warped(source, across, along, squares)
    return _resized(source, across, along)


@dataclass(frozen=True)
class _Span:
    """Along one side of the screen: a source of ``side`` pixels of ``scale`` device pixels each.

    It begins at the device position ``edge``; the device pixels ``wanted`` are sampled.
    """

    edge: float
    scale: float
    side: int
    wanted: slice

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The first and the last source pixel that is looked at."""
        low, high = (
            (at - self.edge) / self.scale - 0.5 for at in (self.wanted.start, self.wanted.stop - 1)
        )
        first = min(max(int(np.floor(low)) - _REACH, 0), self.side - 1)
        return first, max(min(int(np.ceil(high)) + _REACH, self.side - 1), first)

    @cached_property
    def begun(self) -> int:
        """The source pixel at or before the first that best begins on a whole device pixel.

        The slice itself does (``Plane.to_screen``).
        """
        first = self.ends[0]
        choices = np.arange(max(first - int(_MOST_BEFORE / self.scale), 0), first + 1)
        off = np.abs(choices * self.scale - np.rint(choices * self.scale))
        return int(choices[off.argmin()])

    @property
    def off(self) -> float:
        """By how much that one misses a whole device pixel."""
        return abs(self.begun * self.scale - round(self.begun * self.scale))

    @property
    def begins(self) -> int:
        """The device pixel at which that one begins."""
        return round(self.edge + 0.5 + self.begun * self.scale)


def _resized(source: Source, across: _Span, along: _Span) -> NDArray[Any]:
    """By a resize, which takes a fifth of a warp's time but begins at a pixel's edge."""
    part = source.values[along.begun : along.ends[1] + 1, across.begun : across.ends[1] + 1]
    large = cv2.resize(part, None, fx=across.scale, fy=along.scale, interpolation=cv2.INTER_LINEAR)
    rows = slice(along.wanted.start - along.begins, along.wanted.stop - along.begins)
    columns = slice(across.wanted.start - across.begins, across.wanted.stop - across.begins)
    lower, right = max(rows.stop - large.shape[0], 0), max(columns.stop - large.shape[1], 0)
    if lower or right:
        # The last device pixel of a slice may have been rounded away.
        large = cv2.copyMakeBorder(large, 0, lower, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(large[rows, columns])


def _warped(source: Source, across: _Span, along: _Span, squares: bool) -> NDArray[Any]:
    """By an affine warp, which may begin anywhere."""
    (left, right), (top, bottom) = across.ends, along.ends
    # One pixel repeated around it: beyond the outermost centres a slice goes on level.
    part = cv2.copyMakeBorder(
        source.values[top : bottom + 1, left : right + 1], 1, 1, 1, 1, cv2.BORDER_REPLICATE
    )
    back = np.zeros((2, 3))
    for axis, (span, first) in enumerate(((across, left), (along, top))):
        back[axis, axis] = 1 / span.scale
        back[axis, 2] = (span.wanted.start - span.edge) / span.scale - 0.5 - (first - 1)
    size = [span.wanted.stop - span.wanted.start for span in (across, along)]
    way = cv2.INTER_NEAREST if squares else cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(part, back, size, flags=way | cv2.WARP_INVERSE_MAP))


def _scales(plane: Plane) -> tuple[float, float]:
    """Device pixels per voxel to the right and down."""
    right, down = np.abs(plane.laying.matrix @ (plane.scale * np.array(plane.pitch))).tolist()
    return right, down
