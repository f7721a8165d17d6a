"""How long a frame takes while a photograph with its heatmap is moved, beside pyqtgraph.

Run in a process of its own (``python -m viewer.bench.pan``); prints one JSON object.
"""

import json
import sys

import cv2
import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication

from engine import tint
from engine.answers import Heatmap, Look
from engine.geometry import Circle, scaling
from viewer.bench.frames import (
    FRAMES,
    Motion,
    PaintCount,
    Side,
    bring_up,
    figures,
    in_turn,
    until,
)
from viewer.panes.photograph import PhotographPane
from viewer.theme import type as theme_type

PHOTOGRAPH = (2848, 4288)
VIEW = (1920, 1080)
REFERENCE = "pyqtgraph ImageItem: photograph, and overlay at a quarter of the size"
_GRID = 224
_LOOK = Look(0.72, 0.1, "azure")


def measure() -> dict[str, object]:
    """Both sides in turn; raises ``RuntimeError`` if a window does not paint."""
    pixels = drawn_photograph()
    heatmap = drawn_heatmap()
    sides = (_ours(pixels, heatmap), _reference(pixels, heatmap))
    in_turn(*sides)
    told = figures("pan", REFERENCE, *sides)
    return {**told, "photograph": list(reversed(PHOTOGRAPH))}


# ---- what is shown


def drawn_photograph() -> NDArray[np.uint8]:
    """A reddish disc with texture, uint8 (y, x, 3): no real picture is needed for speed."""
    generator = np.random.default_rng(1)
    height, width = PHOTOGRAPH
    coarse = generator.integers(60, 180, (height // 32, width // 32, 3), dtype=np.uint8)
    pixels = np.array(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))
    pixels[..., 2] = pixels[..., 2] // 3
    disc = np.zeros((height, width), np.uint8)
    cv2.circle(disc, (width // 2, height // 2), int(0.44 * width), 1, cv2.FILLED)
    return np.asarray(pixels * disc[..., None], np.uint8)


def drawn_heatmap() -> Heatmap:
    """Smooth evidence all over the eye, more than a real map shows: nothing can be skipped."""
    generator = np.random.default_rng(2)
    values = cv2.GaussianBlur(generator.random((_GRID, _GRID)).astype(np.float32), (0, 0), 2)
    height, width = PHOTOGRAPH
    step = 0.88 * width / _GRID
    half = (_GRID - 1) / 2 * step
    way_back = scaling(step, (width - 1) / 2 - half, (height - 1) / 2 - half)
    spread = (values - values.min()) / (values.max() - values.min())
    return Heatmap(np.asarray(spread, np.float32), way_back, PHOTOGRAPH)


def _ours(pixels: NDArray[np.uint8], heatmap: Heatmap) -> Side:
    pane = PhotographPane()
    pane.resize(*VIEW)
    pane.show_photograph(pixels, "drawn")
    pane.show_heatmap(heatmap)
    pane.set_assessed(Circle(PHOTOGRAPH[1] / 2, PHOTOGRAPH[0] / 2, 0.44 * PHOTOGRAPH[1]))
    pane.set_look(_LOOK)
    bring_up(pane)
    until(lambda: pane.state.detailed)
    pane.hide()
    at = QPointF(0.6 * VIEW[0], 0.4 * VIEW[1])

    def zoomed(scale: float) -> Motion:
        def set_up(number: int) -> None:  # noqa: ARG001
            pane.reset()
            pane.actual_size()
            pane.zoom_by(scale * 1.003)

        return set_up

    def opacity(number: int) -> None:
        pane.set_look(Look(0.3 + 0.025 * (number % 20), 0.1, "azure"))

    def threshold(number: int) -> None:
        pane.set_look(Look(0.72, 0.02 * (number % 20), "azure"))

    def fitted(number: int) -> None:  # noqa: ARG001
        pane.reset()
        pane.set_look(_LOOK)

    motions: dict[str, tuple[Motion, Motion]] = {
        "zoom": (fitted, lambda number: pane.zoom_by(_zoom_step(number), at)),
        "pan at 1:1": (zoomed(1), lambda number: pane.pan_by(*_pan_step(number))),
        "pan at 4:1": (zoomed(4), lambda number: pane.pan_by(*_pan_step(number))),
        "opacity": (fitted, opacity),
        "threshold": (fitted, threshold),
    }
    return Side(pane, PaintCount(pane), motions)


def _reference(pixels: NDArray[np.uint8], heatmap: Heatmap) -> Side:
    pg.setConfigOptions(imageAxisOrder="row-major", antialias=False)
    window = pg.GraphicsLayoutWidget()
    window.resize(*VIEW)
    window.ci.setContentsMargins(0, 0, 0, 0)
    box = window.addViewBox(invertY=True, lockAspect=True, enableMenu=False, border=None)
    box.addItem(pg.ImageItem(pixels))
    detail = tint.detail(pixels)
    quarter = (PHOTOGRAPH[0] // 4, PHOTOGRAPH[1] // 4)
    back = scaling(0.25, -0.375, -0.375) @ heatmap.way_back
    values = Heatmap(heatmap.values / tint.upper_end(heatmap.values), back, quarter).on_picture()
    overlay = pg.ImageItem()
    overlay.setRect(QRectF(0, 0, PHOTOGRAPH[1], PHOTOGRAPH[0]))
    box.addItem(overlay)
    table = tint.colour_table(_LOOK.colour_map)

    def threshold(number: int) -> None:
        laid = tint.overlay(np.clip(values, 0, 1), detail, table, 0.02 * (number % 20))
        overlay.setImage(laid, levels=(0, 255))

    def fitted(number: int) -> None:  # noqa: ARG001
        threshold(5)
        overlay.setRect(QRectF(0, 0, PHOTOGRAPH[1], PHOTOGRAPH[0]))
        overlay.setOpacity(_LOOK.opacity)
        box.setRange(QRectF(0, 0, PHOTOGRAPH[1], PHOTOGRAPH[0]), padding=0)

    def zoomed(scale: float) -> Motion:
        def set_up(number: int) -> None:
            fitted(number)
            width, height = (side / scale for side in VIEW)
            left, top = (PHOTOGRAPH[1] - width) / 2, (PHOTOGRAPH[0] - height) / 2
            box.setRange(QRectF(left, top, width, height), padding=0)

        return set_up

    def pan(number: int) -> None:
        seen = box.viewRect()
        across, down = _pan_step(number)
        pixel = seen.width() / VIEW[0]
        box.translateBy(x=-across * pixel, y=-down * pixel)

    def zoom(number: int) -> None:
        seen = box.viewRect()
        at = QPointF(seen.left() + 0.6 * seen.width(), seen.top() + 0.4 * seen.height())
        step = 1 / _zoom_step(number)
        box.scaleBy((step, step), center=at)

    motions: dict[str, tuple[Motion, Motion]] = {
        "zoom": (fitted, zoom),
        "pan at 1:1": (zoomed(1), pan),
        "pan at 4:1": (zoomed(4), pan),
        "opacity": (fitted, lambda n: overlay.setOpacity(0.3 + 0.025 * (n % 20))),
        "threshold": (fitted, threshold),
    }
    return Side(window, PaintCount(window.viewport()), motions)


def _zoom_step(number: int) -> float:
    return 1.12 if number % FRAMES < FRAMES // 2 else 1 / 1.12


def _pan_step(number: int) -> tuple[float, float]:
    return (13.0, 7.0) if number % FRAMES < FRAMES // 2 else (-13.0, -7.0)


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    theme_type.load()
    print(json.dumps(measure()))  # noqa: T201
