"""Tools that point: the crosshair, at which the planes of a volume meet, and the probe."""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QPainter

from engine.measure_words import position_words, value_words
from viewer.layers.crosshair import draw_crosshair
from viewer.panes.cut import Cut, Held
from viewer.panes.slice_state import SliceState
from viewer.tools.moving import Drag
from viewer.tools.tool import Hand, SliceView, Tool

Value = float | tuple[int, int, int] | None


@dataclass(frozen=True)
class VoxelProbe:
    """What lies at a place: ``value`` is None where nothing was measured, and ``why`` says why.

    A colour's value is red, green and blue. ``position`` is LPS mm, None if unknown.
    """

    voxel: tuple[int, int, int]
    value: Value
    unit: str | None = None
    position: tuple[float, float, float] | None = None
    why: str = ""

    def lines(self, where: str = "") -> tuple[str, ...]:
        """In words: the value and ``where``, the patient's position, the voxel's index."""
        match self.value:
            case None:
                words = self.why
            case (red, green, blue):
                words = f"red {red}, green {green}, blue {blue}"
            case number:
                words = value_words(number, self.unit)
        x, y, z = self.voxel
        place = () if self.position is None else (position_words(self.position),)
        return (f"{words} {where}".rstrip(), *place, f"voxel {x}, {y}, {z}")


def probe(state: SliceState, shown: Cut, at: tuple[float, float]) -> VoxelProbe | None:
    """What a view shows at a device position; None beside the slice."""
    voxel = state.plane.voxel_at(at)
    return None if voxel is None else probe_voxel(state, shown, voxel)


def probe_voxel(state: SliceState, shown: Cut, voxel: tuple[int, int, int]) -> VoxelProbe:
    """What a view shows of a voxel of its slice: in a slab that of the slices together."""
    affine, facts = state.facts.grid.affine, state.facts
    position = None
    if affine is not None:
        x, y, z = (affine @ (*voxel, 1.0))[:3].tolist()
        position = (x, y, z)
    across, down = (voxel[axis] for axis in state.plane.axes)
    held = Held(shown.held[down])
    if held is not Held.THERE:
        why = "Still being read" if held is Held.UNREAD else "No slice was found here"
        return VoxelProbe(voxel, None, None, position, why)
    found = shown.values[down, across]
    if facts.colour:
        red, green, blue = (int(channel) for channel in found)
        return VoxelProbe(voxel, (red, green, blue), None, position)
    if not np.isfinite(found) or (facts.padding is not None and found == facts.padding):
        return VoxelProbe(voxel, None, None, position, "Nothing was measured here")
    return VoxelProbe(voxel, float(found), facts.unit, position)


def probe_cross(state: SliceState, shown: Cut) -> VoxelProbe:
    """What a view shows where the planes meet: the nearest voxel's value, the point's position."""
    x, y, z = (int(np.floor(side + 0.5)) for side in state.cross)
    found = probe_voxel(state, shown, (x, y, z))
    affine = state.facts.grid.affine
    if affine is None:
        return found
    right, back, up = (affine @ (*state.cross, 1.0))[:3].tolist()
    return replace(found, position=(right, back, up))


class Crosshair(Drag):
    """Moves the point at which the planes meet."""

    name = "Crosshair"

    def press(self, view: SliceView, hand: Hand) -> None:
        """Go there at once."""
        super().press(view, hand)
        self.move(view, hand)

    def dragged(
        self,
        view: SliceView,
        state: SliceState,
        start: tuple[float, float],
        moved: tuple[float, float],
    ) -> SliceState:
        """Where the hand is, on the slice that is seen."""
        at = np.array([start]) + np.array([moved]) * view.ratio
        x, y, z = state.plane.to_voxel(at)[0].tolist()
        return state.through((x, y, z))

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """While it is held the point is seen also where no crosshair is drawn."""
        state = view.state
        if self.is_held and not state.crosshair:
            x, y = view.place(np.array([state.cross]))[0].tolist()
            width, height = (side / view.ratio for side in state.plane.view)
            draw_crosshair(painter, QSizeF(width, height), (x, y), view.ratio)


class Pointer(Tool):
    """Reads values where it points; the corner tells them."""

    name = "Probe"

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """A cross."""
        return Qt.CursorShape.CrossCursor
