"""How long a frame takes while a photograph with its heatmap is moved, beside pyqtgraph.

Run in a process of its own (``python -m viewer.bench.pan``); prints one JSON object. A frame lasts
from the movement until the window's events are worked off and its paint event has been counted:
without counting, a run in which nothing was painted would look infinitely fast (PLATFORM 4).
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine import tint
from engine.answers import Heatmap, Look
from engine.geometry import Circle, scaling
from viewer.panes.photograph import PhotographPane
from viewer.theme import type as theme_type

PHOTOGRAPH = (2848, 4288)
VIEW = (1920, 1080)
REFERENCE = "pyqtgraph ImageItem: photograph, and overlay at a quarter of the size"
_GRID = 224
_REPEATS = 5
_FRAMES = 24
_PATIENCE = 5.0
_LOOK = Look(0.72, 0.1, "azure")

Motion = Callable[[int], None]
"""Makes the n-th movement."""


class PaintCount(QObject):
    """Counts a widget's paint events and the area that they painted, logical pixels."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.events = 0
        self.area = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look, and let it pass."""
        if isinstance(event, QPaintEvent):
            self.events += 1
            box = event.region().boundingRect()
            self.area += box.width() * box.height()
        return super().eventFilter(watched, event)


@dataclass
class Side:
    """One way to show the picture: its window, its movements by name, its frames in ms."""

    window: QWidget
    paints: PaintCount
    motions: dict[str, tuple[Motion, Motion]]
    """Each with what comes before its first frame."""
    frames: dict[str, list[list[float]]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)
    """Processor time of all threads per frame, ms: what a busy machine does not change much."""

    def run(self, name: str) -> None:
        """Make one movement over and over and keep how long each frame took."""
        prepare, move = self.motions[name]
        prepare(0)
        _settle(self.paints)
        took: list[float] = []
        spent = self.processor.setdefault(name, [])
        for number in range(_FRAMES):
            before = self.paints.events
            begun, worked = time.perf_counter(), time.process_time()
            move(number)
            _until(lambda seen=before: self.paints.events > seen)  # type: ignore[misc]
            took.append(1000 * (time.perf_counter() - begun))
            spent.append(1000 * (time.process_time() - worked))
        self.frames.setdefault(name, []).append(took)

    def all_frames(self, name: str | None = None) -> NDArray[np.float64]:
        """Every frame of one motion or of all, ms."""
        runs = self.frames[name] if name else [one for runs in self.frames.values() for one in runs]
        return np.concatenate([np.asarray(run) for run in runs])


def measure() -> dict[str, object]:
    """Both sides in turn; raises ``RuntimeError`` if a window does not paint."""
    pixels = drawn_photograph()
    heatmap = drawn_heatmap()
    sides = (_ours(pixels, heatmap), _reference(pixels, heatmap))
    names = tuple(sides[0].motions)
    for _ in range(_REPEATS):
        for name in names:
            for side in sides:
                _bring_up(side.window)
                side.run(name)
                side.window.hide()
    return _figures(*sides)


def _figures(ours: Side, reference: Side) -> dict[str, object]:
    names = tuple(ours.motions)
    per_repeat = []
    for repeat in range(_REPEATS):
        one, other = (
            np.median(np.concatenate([side.frames[name][repeat] for name in names]))
            for side in (ours, reference)
        )
        per_repeat.append(float(one / other))
    low, high = np.percentile(per_repeat, (10, 90))
    frames = ours.all_frames()
    whole = ours.window.width() * ours.window.height()
    return {
        "benchmark": "pan",
        "reference": REFERENCE,
        "ratio": round(float(np.median(frames) / np.median(reference.all_frames())), 3),
        "repeats": _REPEATS,
        "spread": round(float(high / low), 3),
        "p95_ms": _ms(frames, 95),
        "reference_p95_ms": _ms(reference.all_frames(), 95),
        "motions": {
            name: {
                "median_ms": _ms(ours.all_frames(name), 50),
                "p95_ms": _ms(ours.all_frames(name), 95),
                "processor_ms": _ms(np.asarray(ours.processor[name]), 50),
                "reference_median_ms": _ms(reference.all_frames(name), 50),
                "reference_p95_ms": _ms(reference.all_frames(name), 95),
                "reference_processor_ms": _ms(np.asarray(reference.processor[name]), 50),
            }
            for name in names
        },
        "frames": len(frames),
        "views_painted_per_frame": round(ours.paints.area / ours.paints.events / whole, 3),
        "view": list(VIEW),
        "photograph": list(reversed(PHOTOGRAPH)),
    }


def _ms(frames: NDArray[np.float64], percentile: float) -> float:
    return round(float(np.percentile(frames, percentile)), 2)


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
    _bring_up(pane)
    _until(lambda: pane.state.detailed)
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
    return 1.12 if number % _FRAMES < _FRAMES // 2 else 1 / 1.12


def _pan_step(number: int) -> tuple[float, float]:
    return (13.0, 7.0) if number % _FRAMES < _FRAMES // 2 else (-13.0, -7.0)


# ---- Qt's events


def _bring_up(window: QWidget) -> None:
    if not window.isVisible():
        window.show()
    window.raise_()
    _until(lambda: (handle := window.windowHandle()) is not None and handle.isExposed())


def _settle(paints: PaintCount) -> None:
    """Work off what the preparation left to be painted."""
    for _ in _patiently():
        before = paints.events
        QApplication.processEvents()
        if paints.events == before:
            return


def _until(done: Callable[[], bool]) -> None:
    for _ in _patiently():
        QApplication.processEvents()
        if done():
            return


def _patiently() -> Iterator[None]:
    end = time.perf_counter() + _PATIENCE
    while time.perf_counter() < end:
        yield
    raise RuntimeError("The window did not paint.")


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    theme_type.load()
    print(json.dumps(measure()))  # noqa: T201
