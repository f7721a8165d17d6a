"""What the files themselves draw over their slices: DICOM overlays, in white and never measured."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from engine.pictures import Overprint
from viewer.layers.around import Around
from viewer.seen.hanging import Axis
from viewer.seen.plane import Plane
from viewer.seen.slice_state import SliceState
from viewer.theme import tokens
from viewer.tools.tool import Hand, SliceView, Tool

_UNDER_ALPHA = 0.67
"""Of the dark edge under the white, as under all lines over pictures (LOOK 6)."""


class OverprintLayer:
    """One for all views: what lies on a slice is found by the view's state."""

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """Draw it over the slice that it was drawn on; not over other planes."""
        state = view.state
        there = None if state.bare else _on(state)
        if there is None:
            return
        image = _picture(_placed(there.bits(state.facts.grid.size[:2]), state.plane))
        painter.save()
        painter.scale(1 / view.ratio, 1 / view.ratio)
        painter.drawImage(0, 0, image)
        painter.restore()

    def around(self, view: SliceView) -> Around:  # noqa: ARG002
        """Nothing that words could keep off: it may lie anywhere."""
        return Around()

    def grab(self, view: SliceView, hand: Hand) -> Tool | None:  # noqa: ARG002
        """It cannot be taken hold of: it is the file's."""
        return None


def _on(state: SliceState) -> Overprint | None:
    plane = state.plane
    if plane.axis is not Axis.Z or not state.facts.overprints:
        return None
    place = plane.frame, plane.index
    return next((each for each in state.facts.overprints if (each.frame, each.z) == place), None)


def _placed(bits: NDArray[np.bool_], plane: Plane) -> NDArray[np.uint8]:
    """The bits at the view's size, 0 or 255, (y, x); lines stay whole in a small view."""
    mask = bits.astype(np.uint8) * 255
    across, down = (max(round(1 / each), 1) for each in _steps(plane))
    if max(across, down) > 1:
        mask = np.asarray(cv2.dilate(mask, np.ones((down, across), np.uint8)), np.uint8)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    placed = cv2.warpAffine(mask, plane.from_screen[:2], plane.view, flags=flags)
    return np.asarray(placed, np.uint8)


def _steps(plane: Plane) -> tuple[float, float]:
    """Device pixels from one voxel to the next, (across, down)."""
    across, down = np.linalg.norm(plane.to_screen[:2, :2], axis=0)
    return float(across), float(down)


def _picture(placed: NDArray[np.uint8]) -> QImage:
    height, width = placed.shape
    under = cv2.dilate(placed, np.ones((3, 3), np.uint8))
    inks = np.zeros((height, width), np.uint32)
    inks[np.asarray(under) > 0] = round(_UNDER_ALPHA * 255) << 24
    inks[placed > 0] = QColor(tokens.OVER_TEXT).rgba()
    image = QImage(inks.data, width, height, width * 4, QImage.Format.Format_ARGB32)
    return image.copy()
