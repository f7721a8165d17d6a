"""One frame of a photograph's view: pixels at the view's size, without a widget."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import Look
from viewer.layers.heatmap import HeatmapLayer
from viewer.panes.pyramid import Level, Pyramid, level_for
from viewer.panes.view_transform import ViewTransform

NEAREST_FROM = 4.0
"""Above this scale photograph pixels are shown as squares (LOOK 10)."""
DIMMED = 0.57


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


class Composer:
    """Draws frames into one buffer; a frame in which only the heatmap changed keeps the rest."""

    def __init__(self) -> None:
        self._base = np.zeros((0, 0, 4), np.uint8)
        self._of: tuple[object, ...] = ()
        self._buffer = np.zeros((0, 0, 4), np.uint8)

    def compose(
        self,
        pyramid: Pyramid,
        view: ViewTransform,
        tone: Tone,
        red_free: bool,
        heatmap: HeatmapLayer | None,
        detail: NDArray[np.float32] | None,
        look: Look,
    ) -> NDArray[np.uint8]:
        """The view's pixels, uint8 (y, x, 4): blue, green, red and 255, as Qt's RGB32 has them.

        They are valid until the next call.
        """
        base = self._photograph(pyramid, view, tone, red_free)
        if heatmap is None:
            return base
        if self._buffer.shape != base.shape:
            self._buffer = np.empty_like(base)
        np.copyto(self._buffer, base)
        heatmap.lay_over(self._buffer, detail, view.to_screen, look)
        return self._buffer

    def _photograph(
        self, pyramid: Pyramid, view: ViewTransform, tone: Tone, red_free: bool
    ) -> NDArray[np.uint8]:
        level = level_for(pyramid, view.scale)
        wanted = (level, view, tone, red_free)
        if wanted != self._of:
            shown = _toned(_warped(level, view), tone)
            if red_free:
                # Vessels and bleedings stand out most in green, which red-free light shows.
                grey = cv2.cvtColor(cv2.extractChannel(shown, 1), cv2.COLOR_GRAY2BGRA)
                shown = np.asarray(grey, np.uint8)
            self._base, self._of = shown, wanted
        return self._base


def _warped(level: Level, view: ViewTransform) -> NDArray[np.uint8]:
    """A level at the view's size, black beside it: uint8 (y, x, 4), blue, green, red, 255."""
    back = view.to_picture
    back[:2, 2] -= level.first
    back[:2] /= level.step
    height, width = level.pixels.shape[:2]
    spans = []
    for axis, side in enumerate((width, height)):
        first = back[axis, 2]
        last = first + back[axis, axis] * (view.view[axis] - 1)
        spans.append(slice(max(int(first) - 1, 0), max(min(int(last) + 3, side), 1)))
    across, down = spans
    # Only what is seen is turned to four channels, for which warping takes half the time of three.
    seen = cv2.cvtColor(level.pixels[down, across], cv2.COLOR_RGB2BGRA)
    back[:2, 2] -= across.start, down.start
    sampling = cv2.INTER_NEAREST if view.scale > NEAREST_FROM else cv2.INTER_LINEAR
    flags = sampling | cv2.WARP_INVERSE_MAP
    black = (0, 0, 0, 255)
    shown = cv2.warpAffine(seen, back[:2], view.view, flags=flags, borderValue=black)
    return np.asarray(shown, np.uint8)


def _toned(bgra: NDArray[np.uint8], tone: Tone) -> NDArray[np.uint8]:
    table = tone.table()
    if table is None:
        return bgra
    height, width = bgra.shape[:2]
    # One channel three times as wide is looked up twice as fast as three channels.
    flat = cv2.cvtColor(bgra, cv2.COLOR_BGRA2BGR).reshape(height, 3 * width)
    shown = cv2.LUT(flat, table).reshape(height, width, 3)
    return np.asarray(cv2.cvtColor(shown, cv2.COLOR_BGR2BGRA), np.uint8)
