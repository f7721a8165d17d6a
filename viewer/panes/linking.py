"""Two volumes side by side: where a hand takes one of them, the other follows."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from viewer.panes.slice_pane import SlicePane
from viewer.seen.arrangement import Seat
from viewer.seen.hanging import Axis
from viewer.seen.link import Link, LinkKind, is_beyond, link_here, natural_link
from viewer.seen.slice_state import SliceState

Panes = Mapping[Seat, SlicePane]

ANOTHER_PATIENT = "Two patients"


def on_side(panes: Panes, side: int, change: Callable[[SliceState], SliceState]) -> None:
    """Change what the views of one volume show."""
    for (its, _), pane in panes.items():
        if its == side and pane.has_state:
            pane.show_state(change(pane.state))


class Linking:
    """The link between the volumes of side 0 and side 1, and the words about it in their views."""

    def __init__(self, panes: Panes) -> None:
        self._panes = panes
        self.link = Link()
        self.is_on = True

    def renew(self) -> None:
        """Other volumes are shown: linked by the patient's position where that can be."""
        if self._both():
            one, other = (self._chief(side) for side in (0, 1))
            self.link = natural_link(one.facts, other.facts)
            self.settle()
        else:
            self.link = Link()
            self._say("")

    def here(self) -> None:
        """What both show now is the same place, whatever their headers say."""
        if self._both():
            one, other = (self._chief(side) for side in (0, 1))
            self.link = link_here(one.facts, one.cross, other.facts, other.cross)
            self.is_on = True
            self.settle()

    def settle(self) -> None:
        """Say how they are linked, and take the second to where the first is."""
        if self._both():
            self._say(str(self.link.kind if self.is_on else LinkKind.NONE))
            self.carry(0, self._chief(0), zoomed=False)

    def carry(self, side: int, state: SliceState, *, zoomed: bool) -> None:
        """Take the other volume to where ``state`` of this side is; ``zoomed``: as large, too."""
        if not (self.is_on and self._both()):
            return
        other = self._chief(1 - side)
        voxel = self.link.carried(state.cross, state.facts, other.facts, back=side == 1)
        if voxel is None:
            return
        kind = str(self.link.kind)
        words = f"{kind}, beyond this series" if is_beyond(voxel, other.facts) else kind
        words = f"{self._whose()}{words}"
        self._say(kind)
        on_side(self._panes, 1 - side, lambda each: replace(each.through(voxel), link=words))
        if zoomed:
            self._carry_zoom(side)

    def _carry_zoom(self, side: int) -> None:
        """The same place in the middle, and as large in mm, where both show the same plane."""
        mine, theirs = self._chief(side), self._chief(1 - side)
        plane, other = mine.plane, theirs.plane
        same = plane.name is other.name and plane.in_millimetres and other.in_millimetres
        if not same or plane.is_fitted or self.link.kind is LinkKind.SLICES:
            return
        middle = np.full(3, float(plane.index))
        middle[list(plane.axes)] = plane.centre
        x, y, z = middle.tolist()
        voxel = self.link.carried((x, y, z), mine.facts, theirs.facts, back=side == 1)
        if voxel is not None:
            centre = (voxel[other.axes[0]], voxel[other.axes[1]])
            moved = replace(other, scale=plane.scale, centre=centre)
            self._panes[1 - side, Axis.Z].show_state(replace(theirs, plane=moved))

    def _both(self) -> bool:
        return all(self._panes[side, Axis.Z].has_state for side in (0, 1))

    def _chief(self, side: int) -> SliceState:
        return self._panes[side, Axis.Z].state

    def _say(self, words: str) -> None:
        words = f"{self._whose()}{words}"
        for side in (0, 1):
            on_side(self._panes, side, lambda state: replace(state, link=words))

    def _whose(self) -> str:
        """Two people beside each other must be told apart before anything else."""
        if not self._both():
            return ""
        one, other = (self._chief(side).volume.origin.patient_key for side in (0, 1))
        return f"{ANOTHER_PATIENT}   " if one != other else ""
