"""What a slice's view shows: one frozen value that tools change and that can be kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.answers import Look
from engine.listing import Origin
from engine.pictures import GreyWindow, VolumeFacts
from engine.tint import COLOUR_MAPS
from viewer.seen.display import Display
from viewer.seen.plane import Plane
from viewer.seen.volume_overlay import VolumeOverlay


@dataclass(frozen=True, eq=False)
class ShownVolume:
    """A volume, whole or still being read.

    ``values`` is (frame, z, y, x) or uint8 (frame, z, y, x, 3), kept and not copied. ``read`` is
    bool (frame, z): which slices are there; None is all. What is not there is never shown.
    """

    values: NDArray[Any]
    facts: VolumeFacts
    origin: Origin = field(default_factory=Origin)
    read: NDArray[np.bool_] | None = None

    def with_slices(self, slices: Sequence[tuple[int, int]]) -> "ShownVolume":
        """With these (frame, z) read as well."""
        if self.read is None or not len(slices):
            return self
        read = self.read.copy()
        read[tuple(np.array(slices, int).T)] = True
        return replace(self, read=None if read.all() else read)

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it is there yet."""
        return self.read is not None and not self.read.any()

    def is_read(self, frame: int, z: int) -> bool:
        """Whether a slice is there."""
        return self.read is None or bool(self.read[frame, z])


@dataclass(frozen=True, eq=False)
class SliceState:
    """All that one view shows.

    ``cross`` is the voxel (x, y, z) at which the planes of the volume meet; the plane lies through
    it. ``texts`` are the words over the picture, ``names`` whether they may tell the patient's.
    ``link`` says how the view is linked, empty if it stands alone. ``plain`` is held: the whole
    range of values instead of the window; ``bare`` is held: no overlay. ``printed`` is while it
    leaves the window: nothing of the hand is seen, neither handles nor what lies under the pointer.
    """

    volume: ShownVolume
    plane: Plane
    display: Display
    cross: tuple[float, float, float]
    crosshair: bool = False
    texts: bool = True
    names: bool = True
    link: str = ""
    overlay: VolumeOverlay | None = None
    look: Look = field(default_factory=lambda: Look(0.72, 0.0, COLOUR_MAPS[0]))
    plain: bool = False
    bare: bool = False
    printed: bool = False

    @property
    def facts(self) -> VolumeFacts:
        """All that is known of the volume but its values."""
        return self.volume.facts

    @property
    def shown(self) -> Display:
        """The display in force: ``display``, or the whole range of values while it is held."""
        if not self.plain:
            return self.display
        return replace(self.display, window=whole_range(self.facts))

    @property
    def shown_overlay(self) -> VolumeOverlay | None:
        """The overlay as it is to be drawn, None while it is hidden."""
        return self.overlay if self.look.visible and not self.bare else None

    def looks_like(self, other: "SliceState") -> bool:
        """Whether both show the same."""
        names = (each.name for each in fields(self))
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def through(self, cross: tuple[float, float, float]) -> "SliceState":
        """With the planes meeting at another voxel, the slice that is nearest to it."""
        held = tuple(
            min(max(at, 0.0), side - 1.0)
            for at, side in zip(cross, self.facts.grid.size, strict=True)
        )
        x, y, z = held
        index = int(np.floor(held[self.plane.axis] + 0.5))
        return replace(self, cross=(x, y, z), plane=self.plane.at_index(index))

    def stepped(self, slices: int) -> "SliceState":
        """Further by ``slices`` as a reader counts."""
        return self.at_plane(self.plane.stepped(slices))

    def at_plane(self, plane: Plane) -> "SliceState":
        """Another plane; where it is another slice the crossing goes with it."""
        if plane.index == self.plane.index:
            return replace(self, plane=plane)
        cross = list(self.cross)
        cross[plane.axis] = float(plane.index)
        return replace(self, plane=plane, cross=(cross[0], cross[1], cross[2]))

    def windowed(self, centre: float, width: float, name: str = "") -> "SliceState":
        """With another window."""
        return replace(self, display=replace(self.display, window=GreyWindow(centre, width, name)))


def whole_range(facts: VolumeFacts) -> GreyWindow:
    """The window from the least to the greatest value."""
    low, high = facts.value_range or (0.0, 255.0)
    return GreyWindow((low + high) / 2, max(high - low, 1e-6), "Full range")
