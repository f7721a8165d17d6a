"""A view on a drawn volume, with a reader's tools and a mouse."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from engine.drawings import Drawing
from engine.phantoms.volume import Ball, PhantomVolume, Rod
from engine.pictures import GreyWindow, VolumeFacts
from viewer.drawings.marking import Marking
from viewer.drawings.store import Drawings
from viewer.layers.drawings import DrawingsLayer
from viewer.panes.slice_pane import SlicePane
from viewer.seen.display import Display
from viewer.seen.plane import Axis, Plane
from viewer.seen.slice_state import ShownVolume, SliceState
from viewer.tools.measuring import KINDS, Draw, measuring_tools

NO_KEY = Qt.KeyboardModifier.NoModifier
NO_BUTTON, LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton


class DrawingDesk:
    """A pane that shows one slice, with measuring tools at hand."""

    def __init__(self, qtbot: Any, folder: Path, values: Any, facts: VolumeFacts) -> None:
        self.qtbot = qtbot
        self.drawings = Drawings(folder)
        self.marking = Marking(self.drawings)
        tools = measuring_tools(self.marking, lambda view: self.layer.around(view).boxes)
        self.tools = {kind: tools[name] for name, kind in KINDS.items()}
        self.volume = ShownVolume(values, facts)
        self.pane = SlicePane()
        self.pane.resize(700, 600)
        qtbot.addWidget(self.pane)
        self.layer = DrawingsLayer(self.marking)
        self.pane.set_layers((self.layer,))
        self.marking.changed.connect(self.pane.refresh)
        self.go(Axis.Z, 0)
        with qtbot.waitExposed(self.pane):
            self.pane.show()

    # ---- what is shown

    def go(self, axis: int, index: int, zoom: float = 1.0) -> None:
        """Show a slice, whole or larger."""
        plane = Plane.fitted(self.volume.facts.grid, Axis(axis), index, (700, 600))
        cross = tuple((side - 1) / 2 for side in self.volume.facts.grid.size)
        state = SliceState(
            self.volume, plane.zoomed(zoom), Display(GreyWindow(-200, 1400)), (*cross,)
        )
        self.pane.show_state(state)

    def look_at(self, *positions: tuple[float, float, float], axis: int, zoom: float) -> None:
        """Show the slice on which positions in LPS mm lie, with them in the middle."""
        middle = self.voxels(*positions).mean(axis=0)
        self.go(axis, round(middle[axis]))
        state = self.pane.state
        plane = state.plane.zoomed(zoom).centred(middle)
        self.pane.show_state(state.at_plane(plane))

    def voxels(self, *positions: tuple[float, float, float]) -> Any:
        affine = self.volume.facts.grid.affine
        assert affine is not None
        placed = np.array([(*position, 1.0) for position in positions])
        return (placed @ np.linalg.inv(affine).T)[:, :3]

    def seen(self, *positions: tuple[float, float, float]) -> list[QPointF]:
        """Where positions in LPS mm are seen, logical pixels of the view."""
        return self.at(*self.voxels(*positions).tolist())

    def at(self, *voxels: Sequence[float]) -> list[QPointF]:
        """Where voxels are seen, logical pixels of the view."""
        return [QPointF(x, y) for x, y in self.pane.place(np.array(voxels)).tolist()]

    @property
    def scale(self) -> float:
        """Logical pixels per mm."""
        return self.pane.state.plane.scale / self.pane.ratio

    def device(self, at: QPointF) -> tuple[float, float]:
        """A place in the view as a device position, whose pixel centres are whole."""
        return at.x() * self.pane.ratio - 0.5, at.y() * self.pane.ratio - 0.5

    # ---- the hand

    def take(self, kind: type[Drawing]) -> Draw:
        tool = self.tools[kind]
        self.pane.set_tool(tool)
        return tool

    def mouse(self, kind: QEvent.Type, at: QPointF, held: Any, keys: Any = NO_KEY) -> None:
        """One event of a mouse whose position is not rounded to pixels."""
        button = NO_BUTTON if kind is QEvent.Type.MouseMove else LEFT
        event = QMouseEvent(kind, at, self.pane.mapToGlobal(at), button, held, keys)
        QApplication.sendEvent(self.pane, event)

    def press(self, at: QPointF, keys: Any = NO_KEY) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, at, LEFT, keys)

    def move(self, at: QPointF, *, pressed: bool = False, keys: Any = NO_KEY) -> None:
        self.mouse(QEvent.Type.MouseMove, at, LEFT if pressed else NO_BUTTON, keys)

    def release(self, at: QPointF, keys: Any = NO_KEY) -> None:
        self.mouse(QEvent.Type.MouseButtonRelease, at, NO_BUTTON, keys)

    def drag(self, start: QPointF, end: QPointF, keys: Any = NO_KEY) -> None:
        self.move(start)
        self.press(start, keys)
        self.move((start + end) / 2, pressed=True, keys=keys)
        self.move(end, pressed=True, keys=keys)
        self.release(end, keys)

    def click(self, at: QPointF) -> None:
        self.move(at)
        self.press(at)
        self.release(at)

    # ---- what came of it

    @property
    def drawn(self) -> tuple[Drawing, ...]:
        return self.marking.all_of(self.volume)

    @property
    def words(self) -> tuple[str, ...]:
        """The words beside the only drawing."""
        (drawing,) = self.drawn
        return self.marking.lines(self.pane.state, drawing)

    def close(self) -> None:
        self.drawings.close()


def rod_on(phantom: PhantomVolume, axis: int) -> Rod:
    """The rod that lies within a slice along ``axis``."""
    return next(rod for rod in phantom.rods if rod.axis == axis)


def largest(phantom: PhantomVolume) -> Ball:
    return max(phantom.balls, key=lambda ball: ball.radius)
