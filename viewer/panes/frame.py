"""One frame of a photograph's view: pixels at the view's size, without a widget."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import Look
from viewer.layers.heatmap import HeatmapLayer
from viewer.panes.pyramid import Pyramid, level_for
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
        self._base = np.zeros((0, 0, 3), np.uint8)
        self._of: tuple[object, ...] = ()
        self.buffer = np.zeros((1, 1, 4), np.uint8)
        """uint8 (y, x, 4): blue, green, red and 255, as Qt's RGB32 on little-endian machines."""

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
        """The view's pixels, in ``buffer``; made anew if the view's size has changed."""
        base = self._photograph(pyramid, view, tone, red_free)
        if heatmap is not None and look.visible:
            base = base.copy()
            heatmap.lay_over(base, detail, view.to_screen, look)
        if self.buffer.shape[:2] != base.shape[:2]:
            self.buffer = np.empty((*base.shape[:2], 4), np.uint8)
        cv2.cvtColor(base, cv2.COLOR_RGB2BGRA, dst=self.buffer)
        return self.buffer

    def _photograph(
        self, pyramid: Pyramid, view: ViewTransform, tone: Tone, red_free: bool
    ) -> NDArray[np.uint8]:
        level = level_for(pyramid, view.scale)
        wanted = (level, view, tone, red_free)
        if wanted == self._of:
            return self._base
        back = view.to_picture
        back[:2, 2] -= level.first
        back[:2] /= level.step
        sampling = cv2.INTER_NEAREST if view.scale > NEAREST_FROM else cv2.INTER_LINEAR
        flags = sampling | cv2.WARP_INVERSE_MAP
        shown = cv2.warpAffine(level.pixels, back[:2], view.view, flags=flags)
        table = tone.table()
        if table is not None:
            shown = cv2.LUT(shown, table)
        if red_free:
            # Vessels and haemorrhages stand out most in green, which is what red-free light shows.
            shown = cv2.cvtColor(cv2.extractChannel(shown, 1), cv2.COLOR_GRAY2RGB)
        self._base, self._of = np.asarray(shown, np.uint8), wanted
        return self._base
