"""How long a frame takes while a reader scrolls through a CT with a mask, beside pyqtgraph.

Run in a process of its own (``python -m viewer.bench.scroll``); prints one JSON object.
"""

import json
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from engine import tint
from engine.answers import Look
from engine.pictures import GreyWindow, VolumeFacts, grid_of
from viewer.bench.frames import FRAMES, Motion, PaintCount, Side, bring_up, figures, in_turn
from viewer.panes.volume_view import VolumeView
from viewer.seen.arrangement import Layout
from viewer.seen.hanging import Axis
from viewer.seen.volume_overlay import VolumeOverlay
from viewer.theme import type as theme_type

SIZE = (512, 512, 300)
SPACING = (0.7, 0.7, 1.25)
VIEW = (1920, 1080)
REFERENCE = "pyqtgraph ImageItem: three slices, and the mask over each"
_LOOK = Look(0.72, 0.0, "azure")
_WINDOW = GreyWindow(-600, 1500)


def measure() -> dict[str, object]:
    """Both sides in turn; raises ``RuntimeError`` if a window does not paint."""
    with tempfile.TemporaryDirectory() as folder:
        # Mapped, as the engine hands volumes over.
        path = Path(folder) / "volume.npy"
        np.save(path, drawn_volume())
        values = np.load(path, mmap_mode="r")
        mask = drawn_mask()
        sides = (_ours(values, mask), _reference(values[0], mask))
        in_turn(*sides)
        told = figures("scroll", REFERENCE, *sides)
    return {**told, "volume": list(SIZE)}


# ---- what is shown


def drawn_volume() -> NDArray[np.int16]:
    """A chest-like cylinder with texture, int16 (1, z, y, x): no real CT is needed for speed."""
    generator = np.random.default_rng(1)
    width, height, count = SIZE
    coarse = generator.normal(-700, 150, (count // 4, height // 4, width // 4)).astype(np.float32)
    body = np.zeros((height, width), np.uint8)
    cv2.ellipse(body, (width // 2, height // 2), (220, 150), 0, 0, 360, 1, cv2.FILLED)
    values = np.empty((1, count, height, width), np.int16)
    for z in range(count):
        texture = cv2.resize(coarse[z // 4], (width, height), interpolation=cv2.INTER_CUBIC)
        values[0, z] = np.where(body, texture, -1000)
    return values


def drawn_mask() -> NDArray[np.uint8]:
    """A ball over half of the volume's width, uint8 (z, y, x), 1 within: more than a finding is."""
    width, height, count = SIZE
    z, y, x = np.ogrid[:count, :height, :width]
    away = ((x - width / 2) / 128) ** 2 + ((y - height / 2) / 128) ** 2
    return np.asarray(away + ((z - count / 2) / 72) ** 2 < 1, np.uint8)


def _ours(values: NDArray[np.int16], mask: NDArray[np.uint8]) -> Side:
    affine = np.diag([*SPACING, 1.0])
    facts = VolumeFacts(grid_of(affine, SIZE), "CT", "HU", value_range=(-1400.0, 0.0))
    view = VolumeView()
    view.resize(*VIEW)
    view.show_volume(values, facts)
    view.set_overlay(VolumeOverlay(mask, 1, "Mask"))
    view.set_look(_LOOK)
    view.set_layout(Layout.THREE)
    view.set_window(_WINDOW)
    bring_up(view)
    view.hide()
    axial = view.panes[0, Axis.Z]
    at = QPointF(0.3 * VIEW[0], 0.4 * VIEW[1])

    def fitted(number: int) -> None:  # noqa: ARG001
        view.reset()
        view.set_window(_WINDOW)
        view.go_to((256.0, 256.0, 150.0))

    def enlarged(number: int) -> None:
        fitted(number)
        axial.zoom_by(1.7)

    def crossed(number: int) -> None:
        away = 3.0 * (number % FRAMES)
        view.go_to((200.0 + away, 210.0 + away, 120.0 + away))

    def panned(number: int) -> None:
        state = axial.state
        axial.change(state.at_plane(state.plane.panned(*_pan_step(number))))

    motions: dict[str, tuple[Motion, Motion]] = {
        "scroll": (fitted, lambda number: axial.step(1 if number % FRAMES < FRAMES / 2 else -1)),
        "crosshair": (fitted, crossed),
        "window": (fitted, lambda number: view.set_window(_windowed(number))),
        "zoom": (fitted, lambda number: axial.zoom_by(_zoom_step(number), at)),
        "pan": (enlarged, panned),
    }
    return Side(view, PaintCount(*view.panes.values()), motions)


def _reference(values: NDArray[np.int16], mask: NDArray[np.uint8]) -> Side:
    pg.setConfigOptions(imageAxisOrder="row-major", antialias=False)
    window = pg.GraphicsLayoutWidget()
    window.resize(*VIEW)
    window.ci.setContentsMargins(0, 0, 0, 0)
    large = window.addViewBox(row=0, col=0, rowspan=2, border=None)
    small = [window.addViewBox(row=row, col=1, border=None) for row in (0, 1)]
    window.ci.layout.setColumnStretchFactor(0, 62)
    window.ci.layout.setColumnStretchFactor(1, 38)
    table = tint.colour_table(_LOOK.colour_map).copy()
    table[:, 3] = np.rint(table[:, 3] * _LOOK.opacity)
    boxes = (large, *small)
    across, down, through = SPACING
    aspects = (1.0, across / through, down / through)
    shown = []
    for box, aspect in zip(boxes, aspects, strict=True):
        box.invertY(True)
        box.setAspectLocked(True, ratio=aspect)
        box.setMenuEnabled(False)
        picture, over = pg.ImageItem(), pg.ImageItem()
        over.setLookupTable(table)
        box.addItem(picture)
        box.addItem(over)
        shown.append((picture, over))
    at = [256, 256, 150]
    levels = [-1350.0, 150.0]

    def draw(which: int) -> None:
        x, y, z = at
        cuts = ((z,), (slice(None), y), (slice(None), slice(None), x))
        picture, over = shown[which]
        picture.setImage(np.asarray(values[cuts[which]]), levels=levels)
        over.setImage(mask[cuts[which]], levels=(0, 1))

    def fitted(number: int) -> None:  # noqa: ARG001
        at[:] = 256, 256, 150
        levels[:] = -1350.0, 150.0
        for which, box in enumerate(boxes):
            draw(which)
            box.autoRange(padding=0)

    def enlarged(number: int) -> None:
        fitted(number)
        large.scaleBy((1 / 1.7, 1 / 1.7))

    def scrolled(number: int) -> None:
        at[2] += 1 if number % FRAMES < FRAMES / 2 else -1
        draw(0)

    def crossed(number: int) -> None:
        away = 3 * (number % FRAMES)
        at[:] = 200 + away, 210 + away, 120 + away
        for which in range(3):
            draw(which)

    def windowed(number: int) -> None:
        window = _windowed(number)
        levels[:] = window.centre - window.width / 2, window.centre + window.width / 2
        for picture, _ in shown:
            picture.setLevels(levels)

    def zoomed(number: int) -> None:
        seen = large.viewRect()
        place = QPointF(seen.left() + 0.5 * seen.width(), seen.top() + 0.4 * seen.height())
        step = 1 / _zoom_step(number)
        large.scaleBy((step, step), center=place)

    def panned(number: int) -> None:
        seen = large.viewRect()
        right, below = _pan_step(number)
        pixel = seen.width() / large.width()
        large.translateBy(x=-right * pixel, y=-below * pixel)

    motions: dict[str, tuple[Motion, Motion]] = {
        "scroll": (fitted, scrolled),
        "crosshair": (fitted, crossed),
        "window": (fitted, windowed),
        "zoom": (fitted, zoomed),
        "pan": (enlarged, panned),
    }
    return Side(window, PaintCount(window.viewport()), motions)


def _windowed(number: int) -> GreyWindow:
    # Never the window that was there before: nothing would be painted.
    return GreyWindow(_WINDOW.centre + 10 * (number + 1), _WINDOW.width - 20 * (number + 1))


def _zoom_step(number: int) -> float:
    return 1.08 if number % FRAMES < FRAMES // 2 else 1 / 1.08


def _pan_step(number: int) -> tuple[float, float]:
    return (13.0, 7.0) if number % FRAMES < FRAMES // 2 else (-13.0, -7.0)


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    theme_type.load()
    print(json.dumps(measure()))  # noqa: T201
