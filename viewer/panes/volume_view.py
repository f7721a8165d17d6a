"""One volume in one or three views, or two volumes side by side, linked.

How to use it: ``show_volume`` for values that are whole; for a volume still being read ``begin``,
then ``slices_read`` as they come and ``complete`` at the end. Each takes ``side``: 0 is the left
volume, 1 the one beside it. Every command is a method that acts on the view last touched
(``active``); ``changed`` says that what a tool bar shows may be another.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.answers import Look
from engine.listing import Origin
from engine.pictures import GreyWindow, VolumeFacts
from viewer.panes.cine import Cine, later, plays_frames
from viewer.panes.linking import Linking, on_side
from viewer.panes.view_area import ViewArea
from viewer.seen.arrangement import Layout, Seat
from viewer.seen.display import Display, Sampling, Slab
from viewer.seen.hanging import Axis, hung
from viewer.seen.link import Link, Voxel
from viewer.seen.plane import Plane
from viewer.seen.presets import first_display, preset_window, presets, ranged, window_of_frame
from viewer.seen.slice_state import ShownVolume, SliceState
from viewer.seen.volume_overlay import VolumeOverlay
from viewer.tools.buttons import Buttons
from viewer.tools.pointing import Crosshair
from viewer.tools.tool import SliceLayer, Tool

Slices = Sequence[tuple[int, int]]


class VolumeView(ViewArea):
    """Volumes in the views, and what is done to them."""

    moved = Signal()
    """The active view shows another slice, or the same elsewhere or larger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tool: Tool = Crosshair()
        self.cine = Cine(self)
        self.cine.stepped.connect(self._cine_step)
        self.cine.toggled.connect(self.changed)
        self._linking = Linking(self.panes)
        self._first: dict[int, GreyWindow] = {}
        self._frames: dict[int, int] = {}
        self._told: Display | None = None
        self.set_tool(self.tool)

    # ---- what is shown

    def show_volume(
        self,
        values: NDArray[Any],
        facts: VolumeFacts,
        origin: Origin | None = None,
        side: int = 0,
    ) -> None:
        """Show a whole volume, (frame, z, y, x[, 3]); the values are kept, not copied."""
        self._show(ShownVolume(values, facts, origin or Origin()), side)

    def begin(
        self,
        values: NDArray[Any],
        facts: VolumeFacts,
        read: Slices,
        origin: Origin | None = None,
        side: int = 0,
    ) -> None:
        """Show a volume of which the slices ``read``, (frame, z), are there."""
        there = np.zeros(values.shape[:2], bool)
        volume = ShownVolume(values, facts, origin or Origin(), there).with_slices(read)
        self._show(volume, side)

    def slices_read(self, slices: Slices, side: int = 0) -> None:
        """More slices, (frame, z), are there."""
        pane = self.panes[side, Axis.Z]
        if not pane.has_state or not len(slices):
            return
        before, display = pane.state.volume, pane.state.display
        volume = before.with_slices(slices)
        if before.is_blank and display.window == self._first[side]:
            # Until now there was nothing to choose a window by.
            volume = ranged(volume)
            display = self._first_display(volume, side)
        on_side(self.panes, side, lambda each: replace(each, volume=volume, display=display))

    def complete(self, facts: VolumeFacts, side: int = 0) -> None:
        """The volume is whole; ``facts`` have its value range and content hash.

        A window that the reader has not touched is chosen anew from all that there is now.
        """
        pane = self.panes[side, Axis.Z]
        if not pane.has_state:
            return
        state = pane.state
        volume = replace(state.volume, facts=facts, read=None)
        if facts.grid != state.facts.grid:
            self._show(volume, side)
            return
        display = state.display
        if display.window == self._first[side]:
            display = self._first_display(volume, side)
        on_side(self.panes, side, lambda each: replace(each, volume=volume, display=display))
        self.changed.emit()

    def clear(self, side: int = 0) -> None:
        """Show nothing there, and keep no hold of the values."""
        self.cine.stop()
        for seat, pane in self.panes.items():
            if seat[0] == side:
                pane.show_state(None)
        self._linking.renew()
        self.set_layout(self.arrangement.layout)

    def set_busy(self, busy: bool) -> None:
        """Something is being opened: after a moment grey shapes stand where nothing is shown."""
        for pane in self.panes.values():
            pane.set_busy(busy)

    def set_overlay(self, overlay: VolumeOverlay | None, side: int = 0) -> None:
        """Lay a map or a mask over a volume, or take it away."""
        on_side(self.panes, side, lambda state: replace(state, overlay=overlay))

    def set_look(self, look: Look) -> None:
        """Opacity, *Hide below*, colour map, and whether the overlay is shown at all."""
        self._everywhere(lambda state: replace(state, look=look))

    # ---- how values are shown: by volume, not by view

    @property
    def display(self) -> Display | None:
        """How the active volume's values become colours."""
        return self.active.state.display if self.active.has_state else None

    def set_display(self, display: Display) -> None:
        """Another window, colour map, sampling or slab for the active volume."""
        on_side(self.panes, self.active_side, lambda state: replace(state, display=display))
        self.changed.emit()

    def set_window(self, window: GreyWindow) -> None:
        """Another window for the active volume."""
        self._redisplay(lambda display: replace(display, window=window))

    def has_preset(self, digit: int) -> bool:
        """Whether there is a preset behind a digit."""
        listed = presets(self.active.state.facts) if self.active.has_state else ()
        return any(preset.digit == digit for preset in listed)

    def choose_preset(self, digit: int) -> bool:
        """The preset behind a digit; False if there is none."""
        if not self.active.has_state:
            return False
        state = self.active.state
        window = preset_window(state.volume, state.plane.frame, digit, state.display.window)
        if window is not None:
            self.set_window(window)
        return window is not None

    def invert(self) -> None:
        """I: dark becomes bright, and back."""
        self._redisplay(lambda display: replace(display, inverted=not display.inverted))

    def set_colours(self, colours: str) -> None:
        """Another colour map, one of ``COLOURS``."""
        self._redisplay(lambda display: replace(display, colours=colours))

    def set_sampling(self, sampling: Sampling) -> None:
        """How voxels are enlarged."""
        self._redisplay(lambda display: replace(display, sampling=sampling))

    def set_slab(self, slab: Slab | None) -> None:
        """Several slices seen as one, or a plain slice."""
        self._redisplay(lambda display: replace(display, slab=slab))

    def reset(self) -> None:
        """R: the active volume whole, hung as at first, in its first window."""
        if not self.active.has_state:
            return
        side = self.active_side
        display = self._first_display(self.active.state.volume, side)

        def anew(state: SliceState) -> SliceState:
            plane = state.plane
            laid = plane.laid(hung(plane.grid, plane.axis)).refitted()
            return replace(state, plane=laid, display=display)

        on_side(self.panes, side, anew)
        self.changed.emit()

    def set_frame(self, frame: int, side: int = 0) -> None:
        """Another frame of a volume: time, b-value, echo."""

        def at_frame(state: SliceState) -> SliceState:
            held = min(max(frame, 0), len(state.facts.frames) - 1)
            return self._reframed(side, replace(state, plane=state.plane.at_frame(held)))

        pane = self.panes[side, Axis.Z]
        if pane.has_state:
            framed = at_frame(pane.state)
            on_side(self.panes, side, lambda each: replace(at_frame(each), display=framed.display))
        self.changed.emit()

    def go_to(self, voxel: Voxel, side: int = 0) -> None:
        """All planes of a volume through a voxel (x, y, z); what is linked follows."""
        pane = self.panes[side, Axis.Z]
        if pane.has_state:
            self._follow((side, Axis.Z), pane.state.through(voxel))
            self.moved.emit()

    # ---- held keys

    def hold_hidden(self, held: bool) -> None:
        """S: hide the overlay until told otherwise."""
        self._everywhere(lambda state: replace(state, bare=held))

    def hold_plain(self, held: bool) -> None:
        """G: show the whole range of values until told otherwise."""
        self._everywhere(lambda state: replace(state, plain=held))

    def hold_printed(self, held: bool) -> None:
        """Show the views as they leave the window, until told otherwise."""
        self._everywhere(lambda state: replace(state, printed=held))

    # ---- tools

    def set_tool(self, tool: Tool) -> None:
        """Put a tool into the hand."""
        self.tool = tool
        for pane in self.panes.values():
            pane.set_tool(tool)
        self.changed.emit()

    def set_buttons(self, buttons: Buttons) -> None:
        """Which gesture does what."""
        for pane in self.panes.values():
            pane.set_buttons(buttons)

    def set_layers(self, layers: Sequence[SliceLayer]) -> None:
        """What lies on the slices of every view, such as drawings; they are told which view."""
        for pane in self.panes.values():
            pane.set_layers(layers)

    # ---- cine

    def toggle_cine(self) -> None:
        """Space: pictures one after the other in the active view, and again to stop.

        Time goes at its own speed where the file tells it; slices go at the chosen rate.
        """
        if self.cine.is_running:
            self.cine.stop()
        elif self.active.has_state:
            state = self.active.state
            self.cine.start(state.facts.frame_ms if plays_frames(state) else None)

    # ---- two volumes

    @property
    def link(self) -> Link:
        """How one volume follows the other."""
        return self._linking.link if self.is_linked else Link()

    @property
    def is_linked(self) -> bool:
        """Whether one volume follows the other where it can."""
        return self._linking.is_on

    def set_linked(self, linked: bool) -> None:
        """L: whether one volume follows the other."""
        self._linking.is_on = linked
        self._linking.settle()
        self.changed.emit()

    def link_here(self) -> None:
        """What is shown in both volumes now is the same place, whatever their headers say."""
        self._linking.here()
        self.changed.emit()

    # ---- inside: what is shown

    def _show(self, volume: ShownVolume, side: int) -> None:
        self.cine.stop()
        self._frames[side] = 0
        volume = ranged(volume)
        display = self._first_display(volume, side)
        size, held = volume.facts.grid.size, self.arrangement
        cross = (float(size[0] // 2), float(size[1] // 2), float(size[2] // 2))
        for (its, axis), pane in self.panes.items():
            if its == side:
                plane = Plane.fitted(volume.facts.grid, axis, size[axis] // 2, (1, 1))
                pane.show_state(
                    SliceState(
                        volume,
                        plane,
                        display,
                        cross,
                        crosshair=held.crosshair,
                        texts=held.texts,
                        names=held.names,
                    )
                )
        self._linking.renew()
        if held.layout not in self.layouts or held.alone is not None:
            self.set_layout(held.layout)
        else:
            self._seat()
            self.changed.emit()

    def _reframed(self, side: int, state: SliceState) -> SliceState:
        """With the window of the frame that is shown now."""
        before, now = self._frames.get(side, 0), state.plane.frame
        self._frames[side] = now
        window = state.display.window
        found = window_of_frame(state.volume, window, before, now)
        if window == self._first.get(side):
            self._first[side] = found
        return replace(state, display=replace(state.display, window=found))

    def _first_display(self, volume: ShownVolume, side: int) -> Display:
        display = first_display(volume, self._frames.get(side, 0))
        self._first[side] = display.window
        return display

    def _redisplay(self, change: Callable[[Display], Display]) -> None:
        if self.active.has_state:
            self.set_display(change(self.active.state.display))

    # ---- inside: what follows a hand

    def _on_hand(self, seat: Seat, state: SliceState) -> None:
        self._follow(seat, state)
        self.moved.emit()
        if state.display != self._told:
            self._told = state.display
            self.changed.emit()

    def _follow(self, seat: Seat, state: SliceState) -> None:
        side = seat[0]
        state = self._reframed(side, state)
        on_side(self.panes, side, lambda each: _alike(each, state))
        beside = self.arrangement.layout is Layout.BESIDE
        self._linking.carry(side, state, zoomed=beside)

    # ---- inside: cine

    def _cine_step(self, further: int) -> None:
        if not self.active.has_state:
            self.cine.stop()
            return
        state = later(self.active.state, further)
        if state.plane.frame != self.active.state.plane.frame:
            self.set_frame(state.plane.frame, self.active_side)
        else:
            self._on_hand(self._active, state)


def _alike(one: SliceState, other: SliceState) -> SliceState:
    """What two views of one volume share: the place, the frame, and how values are shown."""
    placed = one.through(other.cross)
    return replace(placed, plane=placed.plane.at_frame(other.plane.frame), display=other.display)
