"""One frame of a photograph's view: pixels at the view's size, without a widget."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import Look
from engine.geometry import Affine, scaling
from viewer.seen.heatmap import ONE, HeatmapLayer, Samples, lay_over
from viewer.seen.pyramid import Level, Pyramid, bgra, level_for
from viewer.seen.view_transform import ViewTransform

NEAREST_FROM = 4.0
"""Above this scale photograph pixels are shown as squares (LOOK 10)."""
DIMMED = 0.57
_MOST_WORKERS = 4
_OPAQUE = np.array([0, 0, 0, 255], np.uint8).view(np.uint32)


@dataclass(frozen=True)
class Tone:
    """How the view alone changes the photograph's brightness; the file's values stay.

    ``contrast`` multiplies around the middle grey, ``brightness`` is added in parts of white.
    """

    contrast: float = 1.0
    brightness: float = 0.0
    dimmed: bool = False

    def table(self) -> NDArray[np.uint8] | None:
        """The 256 values as they are shown, uint8 (256,); None if nothing changes."""
        if self == Tone():
            return None
        grey = np.arange(256) / 255
        shown = (grey - 0.5) * self.contrast + 0.5 + self.brightness
        if self.dimmed:
            shown = np.clip(shown, 0, 1) * DIMMED
        return np.rint(255 * np.clip(shown, 0, 1)).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Scene:
    """All that a frame shows, whatever part of it is looked at.

    ``heatmap`` is None while it is hidden; the fourth channel of a ``detailed`` pyramid is
    ``local_detail`` of the photograph.
    """

    pyramid: Pyramid
    tone: Tone
    red_free: bool
    heatmap: HeatmapLayer | None
    detailed: bool
    look: Look

    def shows_what(self, other: "Scene") -> bool:
        """Whether photograph and map are those of ``other``, however the map is coloured."""
        return (
            self.pyramid is other.pyramid
            and self.tone == other.tone
            and self.red_free == other.red_free
            and self.heatmap is other.heatmap
            and self.detailed == other.detailed
        )


class Composer:
    """Draws frames, and keeps of the frame before what the next one shows again.

    Bands of a frame are shared among threads of its own; OpenCV lets go of the interpreter while
    it works. That uses two cores for every step, where OpenCV's own threads serve warping alone.
    """

    def __init__(self) -> None:
        # Process-wide, and meant so: two kinds of threads on the same cores hinder each other.
        cv2.setNumThreads(1)
        workers = min(os.cpu_count() or 1, _MOST_WORKERS)
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="frame")
        self._bands = 2 * workers
        self._scene: Scene | None = None
        self._view: ViewTransform | None = None
        self._frame = np.zeros((0, 0, 4), np.uint8)
        self._kept: list[_Kept] = []

    def compose(self, scene: Scene, view: ViewTransform) -> NDArray[np.uint8]:
        """The view's pixels, uint8 (y, x, 4): blue, green, red and 255, as Qt's RGB32 has them.

        They are valid until the next call.
        """
        before, seen = self._scene, self._view
        self._scene, self._view = scene, view
        if before is None or seen is None or not scene.shows_what(before):
            return self._anew(scene, view)
        shift = whole_shift(seen, view)
        if shift == (0, 0):
            return self._frame if scene.look == before.look else self._tinted(scene, view)
        if shift is not None and scene.look == before.look:
            return self._shifted(scene, view, *shift)
        return self._anew(scene, view)

    def _anew(self, scene: Scene, view: ViewTransform) -> NDArray[np.uint8]:
        self._kept = []
        width, height = view.view
        if self._frame.shape[:2] != (height, width):
            self._frame = np.empty((height, width, 4), np.uint8)
        frame = self._frame

        def draw(rows: slice) -> None:
            _draw(scene, view.to_screen, rows, slice(0, width), frame[rows])

        list(self._workers.map(draw, self._split(height)))
        return frame

    def _tinted(self, scene: Scene, view: ViewTransform) -> NDArray[np.uint8]:
        """The same photograph and map, coloured otherwise: both are kept while a slider moves."""
        width, height = view.view
        frame = self._frame

        def keep(rows: slice) -> _Kept:
            photograph = np.empty_like(frame[rows])
            samples = _draw_bare(scene, view.to_screen, rows, slice(0, width), photograph)
            return _Kept(rows, photograph, samples)

        if not self._kept:
            self._kept = list(self._workers.map(keep, self._split(height)))

        def draw(kept: _Kept) -> None:
            part = frame[kept.rows]
            np.copyto(part, kept.photograph)
            if kept.samples is not None:
                lay_over(part, kept.samples, scene.look)

        list(self._workers.map(draw, self._kept))
        return frame

    def _shifted(
        self, scene: Scene, view: ViewTransform, across: int, down: int
    ) -> NDArray[np.uint8]:
        """The frame before, moved, and only what comes into the view drawn anew."""
        self._kept = []
        width, height = view.view
        old, self._frame = self._frame, np.empty_like(self._frame)
        stays = _overlap(height, down), _overlap(width, across)
        came_from = _overlap(height, -down), _overlap(width, -across)
        self._frame[stays] = old[came_from]
        rows, columns = stays
        fresh = (
            (slice(0, rows.start), slice(0, width)),
            (slice(rows.stop, height), slice(0, width)),
            (rows, slice(0, columns.start)),
            (rows, slice(columns.stop, width)),
        )
        for rows, columns in fresh:
            if rows.start < rows.stop and columns.start < columns.stop:
                drawn = np.ascontiguousarray(self._frame[rows, columns])
                _draw(scene, view.to_screen, rows, columns, drawn)
                self._frame[rows, columns] = drawn
        return self._frame

    def _split(self, height: int) -> list[slice]:
        edges = np.linspace(0, height, self._bands + 1).round().astype(int)
        return [slice(*pair) for pair in pairwise(edges.tolist()) if pair[0] < pair[1]]


@dataclass(frozen=True, eq=False)
class _Kept:
    """The bare photograph and the map's samples in a band of rows."""

    rows: slice
    photograph: NDArray[np.uint8]
    samples: Samples | None


def whole_shift(before: ViewTransform, after: ViewTransform) -> tuple[int, int] | None:
    """By how many whole device pixels the picture moved; None if it did anything else."""
    if (before.picture, before.view, before.scale) != (after.picture, after.view, after.scale):
        return None
    moved = after.to_screen[:2, 2] - before.to_screen[:2, 2]
    whole = np.rint(moved)
    limits = np.array(after.view)
    if np.abs(moved - whole).max() > 1e-6 or (np.abs(whole) >= limits).any():
        return None
    return int(whole[0]), int(whole[1])


def _overlap(side: int, shift: int) -> slice:
    return slice(max(shift, 0), min(side + shift, side))


def _draw(
    scene: Scene, to_screen: Affine, rows: slice, columns: slice, out: NDArray[np.uint8]
) -> None:
    """Draw a part of a frame into ``out``, uint8 (y, x, 4) and contiguous."""
    samples = _draw_bare(scene, to_screen, rows, columns, out)
    if samples is not None:
        lay_over(out, samples, scene.look)


def _draw_bare(
    scene: Scene, to_screen: Affine, rows: slice, columns: slice, out: NDArray[np.uint8]
) -> Samples | None:
    """Draw the photograph alone, and sample the map that belongs over it."""
    moved = scaling(1.0, -columns.start, -rows.start) @ to_screen
    _warp(level_for(scene.pyramid, float(to_screen[0, 0])), moved, out)
    samples = None
    if scene.heatmap is not None:
        samples = scene.heatmap.sample(moved, (out.shape[1], out.shape[0]))
    if samples is not None and scene.detailed:
        samples = samples.with_detail(out)
    _tone(out, scene.tone, scene.red_free)
    return samples


def _warp(level: Level, to_screen: Affine, out: NDArray[np.uint8]) -> None:
    """Draw a level at the view's size, black beside it: blue, green, red, the level's fourth."""
    scale = float(to_screen[0, 0])
    back = scaling(1 / scale, -to_screen[0, 2] / scale, -to_screen[1, 2] / scale)
    back[:2, 2] -= level.first
    back[:2] /= level.step
    size = (out.shape[1], out.shape[0])
    height, width = level.pixels.shape[:2]
    spans = []
    for axis, side in enumerate((width, height)):
        first = back[axis, 2]
        last = first + back[axis, axis] * (size[axis] - 1)
        low = min(max(int(np.floor(first)) - 1, 0), side - 1)
        spans.append(slice(low, max(min(int(np.ceil(last)) + 2, side), low + 1)))
    across, down = spans
    seen = bgra(level.pixels[down, across])
    back[:2, 2] -= across.start, down.start
    sampling = cv2.INTER_NEAREST if scale > NEAREST_FROM else cv2.INTER_LINEAR
    flags = sampling | cv2.WARP_INVERSE_MAP
    cv2.warpAffine(seen, back[:2], size, dst=out, flags=flags, borderValue=(0, 0, 0, ONE))


def _tone(bgra: NDArray[np.uint8], tone: Tone, red_free: bool) -> None:
    """Change the photograph's brightness in place, and make it opaque."""
    table = tone.table()
    if table is not None:
        # One channel four times as wide is looked up faster than four channels.
        flat = bgra.reshape(bgra.shape[0], -1)
        cv2.LUT(flat, table, dst=flat)
    if red_free:
        # Vessels and bleedings stand out most in green, which is what red-free light shows.
        cv2.cvtColor(cv2.extractChannel(bgra, 1), cv2.COLOR_GRAY2BGRA, dst=bgra)
    else:
        packed = bgra.view(np.uint32)
        np.bitwise_or(packed, _OPAQUE, out=packed)
