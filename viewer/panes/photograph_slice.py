"""A photograph as drawing tools know pictures: a volume of one slice, in the view's own place."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from engine.geometry import Affine, scaling
from engine.pictures import GreyWindow, Grid, VolumeFacts
from viewer.panes.state import PaneState
from viewer.seen.cut import Cut, Held
from viewer.seen.display import Display
from viewer.seen.hanging import Axis
from viewer.seen.plane import Plane
from viewer.seen.slice_state import ShownVolume, SliceState
from viewer.seen.view_transform import ViewTransform


@dataclass(frozen=True)
class PhotographPlane(Plane):
    """The one slice, where the photograph's own view lays it: ``shift`` is its first pixel's."""

    shift: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def to_screen(self) -> Affine:
        """Maps picture (x, y) to the view's device pixels, as ``ViewTransform`` does."""
        forth = scaling(self.scale, *self.shift)
        forth.setflags(write=False)
        return forth


class PhotographSlice:
    """The view of a photograph, for tools and layers; ``widget`` is the pane.

    Its subject is the hash of the photograph's file: what is drawn on it is kept under that.
    """

    def __init__(self, widget: QWidget) -> None:
        self.widget = widget
        self._volume: ShownVolume | None = None
        self._state: SliceState | None = None
        self._of: tuple[object, ...] = ()

    def show(self, pixels: NDArray[np.uint8], content_hash: str) -> None:
        """Another photograph, uint8 (y, x, 3), kept and not copied."""
        height, width = pixels.shape[:2]
        facts = VolumeFacts(Grid((width, height, 1)), colour=True, content_hash=content_hash)
        self._volume = ShownVolume(pixels[None, None], facts)
        self._state = None

    def update(self, shown: PaneState, ratio: float) -> bool:
        """Take over where the view is; whether there is anything to draw on."""
        if self._volume is None or shown.view is None:
            return False
        wanted = (self._volume, shown.view, shown.texts, shown.hidden, ratio)
        if self._state is None or wanted != self._of:
            self._of = wanted
            self._ratio = ratio
            self._state = _state(self._volume, shown.view, shown.texts, bare=shown.hidden)
        return True

    @property
    def volume(self) -> ShownVolume | None:
        """The photograph as a volume, None before there is one."""
        return self._volume

    # ---- what tools ask of a view

    @property
    def state(self) -> SliceState:
        """What the view shows now."""
        assert self._state is not None
        return self._state

    @property
    def ratio(self) -> float:
        """Device pixels per logical pixel."""
        return self._ratio

    @property
    def cut(self) -> Cut:
        """The photograph's own values."""
        values = self.state.volume.values[0, 0]
        return Cut(values, np.full(len(values), Held.THERE, np.uint8))

    def change(self, state: SliceState) -> None:
        """Where the view is, is the pane's to change: drawing tools never do."""

    def refresh(self) -> None:
        """Paint the tool and the layers anew."""
        self.widget.update()

    def place(self, voxels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where voxels (n, 3) lie in the view, (n, 2) in logical pixels."""
        placed: NDArray[np.float64] = (self.state.plane.to_device(voxels) + 0.5) / self.ratio
        return placed


def _state(volume: ShownVolume, view: ViewTransform, texts: bool, *, bare: bool) -> SliceState:
    forth = view.to_screen
    plane = PhotographPlane(
        grid=volume.facts.grid,
        axis=Axis.Z,
        index=0,
        view=view.view,
        scale=view.scale,
        centre=view.centre,
        shift=(float(forth[0, 2]), float(forth[1, 2])),
    )
    state = SliceState(volume, plane, Display(GreyWindow(127.5, 255.0)), (0.0, 0.0, 0.0))
    return replace(state, texts=texts, bare=bare)
