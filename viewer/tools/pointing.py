"""Tools that point: the crosshair, at which the planes of a volume meet, and the probe."""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QPainter

from engine.telling.measure_words import position_words, value_words
from viewer.layers.crosshair import draw_crosshair
from viewer.seen.cut import Cut, Held, reached
from viewer.seen.display import Projection
from viewer.seen.slice_state import SliceState
from viewer.tools.moving import Drag
from viewer.tools.tool import Hand, SliceView, Tool

Value = float | tuple[int, int, int] | None


@dataclass(frozen=True)
class VoxelProbe:
    """What lies at a place: ``value`` is None where nothing was measured, and ``why`` says why.

    A colour's value is red, green and blue. ``position`` is LPS mm, None if unknown: that of the
    place itself, as drawings tell it, not that of the middle of its voxel. ``slab`` is the
    projection that the value is of: then it is no single voxel's.
    """

    voxel: tuple[int, int, int]
    value: Value
    unit: str | None = None
    position: tuple[float, float, float] | None = None
    why: str = ""
    slab: Projection | None = None

    def lines(self, where: str = "") -> tuple[str, ...]:
        """In words: the value and ``where``, the patient's position, the voxel's index."""
        match self.value:
            case None:
                words = self.why
            case (red, green, blue):
                words = f"red {red}, green {green}, blue {blue}"
            case number:
                words = value_words(number, self.unit)
        if self.slab is not None and self.value is not None:
            words = f"{self.slab} {words}"
        x, y, z = self.voxel
        place = () if self.position is None else (position_words(self.position),)
        voxel = () if self.slab is not None else (f"voxel {x}, {y}, {z}",)
        return (f"{words} {where}".rstrip(), *place, *voxel)


def probe(state: SliceState, shown: Cut, at: tuple[float, float]) -> VoxelProbe | None:
    """What a view shows at a device position; None beside the slice."""
    x, y, z = state.plane.to_voxel(np.array([at]))[0].tolist()
    return probe_place(state, shown, (x, y, z)) if state.plane.voxel_at(at) else None


def probe_cross(state: SliceState, shown: Cut) -> VoxelProbe:
    """What a view shows where the planes meet."""
    return probe_place(state, shown, state.cross)


def probe_place(state: SliceState, shown: Cut, place: tuple[float, float, float]) -> VoxelProbe:
    """What a view shows at a place (x, y, z) of its slice, in voxels: the nearest voxel's value.

    In a slab it is that of the slices together.
    """
    facts, plane, slab = state.facts, state.plane, state.shown.slab
    x, y, z = (int(np.floor(side + 0.5)) for side in place)
    position = None
    if facts.grid.affine is not None:
        right, back, up = (facts.grid.affine @ (*place, 1.0))[:3].tolist()
        position = (right, back, up)
    several = slab.projection if slab is not None and len(reached(plane, slab)) > 1 else None
    found = VoxelProbe((x, y, z), None, None, position, slab=several)
    across, down = ((x, y, z)[axis] for axis in plane.axes)
    held = Held(shown.held[down])
    if held is not Held.THERE:
        why = "Still being read" if held is Held.UNREAD else "There is no picture here"
        return replace(found, why=why)
    value = shown.values[down, across]
    if facts.colour:
        red, green, blue = (int(channel) for channel in value)
        return replace(found, value=(red, green, blue))
    if not np.isfinite(value) or (facts.padding is not None and value == facts.padding):
        return replace(found, why="Nothing was measured here")
    return replace(found, value=float(value), unit=facts.unit)


def pointed_lines(
    state: SliceState, shown: Cut, pointed: VoxelProbe | None, *, chief: bool
) -> tuple[str, ...]:
    """What a view tells of the place ``pointed`` at; the ``chief`` one else of the crosshair's."""
    if pointed is not None and not state.printed:
        return pointed.lines()
    if not (chief and state.crosshair and state.plane.shows(state.cross)):
        return ()
    return probe_cross(state, shown).lines("at crosshair")


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
