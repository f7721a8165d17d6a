"""Drawn volumes and states for the tests of slices."""

from dataclasses import replace

import numpy as np

from engine.listing import Origin
from engine.pictures import GreyWindow, Grid, VolumeFacts, grid_of
from engine.space import affine_of
from viewer.seen.display import Display
from viewer.seen.hanging import Axis, Laying
from viewer.seen.plane import Plane
from viewer.seen.slice_state import ShownVolume, SliceState

SIZE = (60, 50, 20)
SPACING = (0.5, 0.8, 3.0)
VIEW = (401, 301)
_TOWARD = {
    "R": (-1, 0, 0), "L": (1, 0, 0), "A": (0, -1, 0), "P": (0, 1, 0), "I": (0, 0, -1),
    "S": (0, 0, 1),
}  # fmt: skip


def grid(code: str = "LPS", spacing=SPACING, size=SIZE, origin=(-30.0, 12.0, 400.0)) -> Grid:
    """A grid whose axes grow toward ``code``."""
    directions = np.array([_TOWARD[letter] for letter in code], float).T
    return grid_of(affine_of(directions, spacing, np.array(origin)), size)


def volume(values: np.ndarray, lies: Grid | None = None, **facts) -> ShownVolume:
    """A volume of one frame, (z, y, x), or of several."""
    framed = values if values.ndim >= 4 else values[None]
    if lies is None:
        lies = grid(size=framed.shape[3:0:-1])
    told = VolumeFacts(lies, **{"modality": "CT", "unit": "HU", **facts})
    if told.value_range is None and not told.colour:
        told = replace(told, value_range=(float(np.nanmin(values)), float(np.nanmax(values))))
    return ShownVolume(framed, told, Origin())


def state(
    shown: ShownVolume,
    axis: Axis = Axis.Z,
    index: int = 0,
    *,
    view: tuple[int, int] = VIEW,
    laying: Laying | None = None,
    window: tuple[float, float] = (500.0, 1000.0),
    **display,
) -> SliceState:
    """A view of one slice, fitted."""
    plane = Plane.fitted(shown.facts.grid, axis, index, view, laying)
    size = shown.facts.grid.size
    cross = [float(side // 2) for side in size]
    cross[axis] = float(index)
    display = Display(GreyWindow(*window), **display)
    return SliceState(shown, plane, display, (cross[0], cross[1], cross[2]))
