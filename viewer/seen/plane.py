"""Which slice of a volume a view shows, how it is laid, and where each of its voxels comes to lie.

Device positions are device pixels of the view, voxels are (x, y, z); both have their centres at
whole numbers. A slice has two axes of its own: ``across`` and ``down`` are the voxel axes that run
to the right and down before it is mirrored and turned.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine import space
from engine.geometry import Affine
from engine.pictures import Grid
from viewer.seen.hanging import (
    AS_STORED,
    IN_PLANE,
    Laying,
    Letters,
    PlaneName,
    counts_down,
    hung,
    letters_of,
    plane_name,
    screen_directions,
)
from viewer.seen.hanging import (
    Axis as Axis,
)

MOST_ZOOM = 32.0
"""The largest zoom: one voxel on 32 device pixels."""
_LEAST_OF_FIT = 0.5
_TIE = 1e-6
"""Of two device pixels that are as near the second is taken, whatever the last digit says."""

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Plane:
    """Slice ``index`` along ``axis`` of ``grid`` in a view of ``view`` (width, height) pixels.

    ``scale`` is device pixels per mm, or per voxel where the spacing in the plane is not known:
    pixels are then taken as square. ``centre`` is the place on the slice, in voxels along its
    axes (across, down), that lies in the middle of the view.
    """

    grid: Grid
    axis: Axis
    index: int
    view: tuple[int, int]
    scale: float
    centre: tuple[float, float]
    laying: Laying = AS_STORED
    frame: int = 0

    @classmethod
    def fitted(
        cls,
        grid: Grid,
        axis: Axis,
        index: int,
        view: tuple[int, int],
        laying: Laying | None = None,
        frame: int = 0,
    ) -> "Plane":
        """The whole slice as large as the view allows, laid as radiologists hang it.

        ``index`` is held within the grid. ``laying`` is ``hung(grid, axis)`` if None.
        """
        across, down = IN_PLANE[axis]
        sides = (max(view[0], 1), max(view[1], 1))
        middle = ((grid.size[across] - 1) / 2, (grid.size[down] - 1) / 2)
        held = min(max(index, 0), grid.size[axis] - 1)
        laid = hung(grid, axis) if laying is None else laying
        plane = cls(grid, axis, held, sides, 1.0, middle, laid, frame)
        return replace(plane, scale=plane.fit_scale)

    # ---- what it is a slice of

    @property
    def axes(self) -> tuple[int, int]:
        """The voxel axes (across, down) of the slice, before it is mirrored and turned."""
        return IN_PLANE[self.axis]

    @property
    def size(self) -> tuple[int, int]:
        """The slice's own size in voxels, (across, down)."""
        return self.grid.size[self.axes[0]], self.grid.size[self.axes[1]]

    @property
    def count(self) -> int:
        """How many slices there are along the axis."""
        return self.grid.size[self.axis]

    @property
    def number(self) -> int:
        """The slice's number as a reader counts, from 1: see ``counts_down``."""
        return self.count - self.index if counts_down(self.grid, self.axis) else self.index + 1

    @property
    def is_missing(self) -> bool:
        """Whether no slice was found at this place: its voxels are blank."""
        return self.axis is Axis.Z and self.index in self.grid.missing

    @property
    def in_millimetres(self) -> bool:
        """Whether lengths within the slice are known."""
        return all(self.grid.spacing[axis] is not None for axis in self.axes)

    @property
    def pitch(self) -> tuple[float, float]:
        """From one voxel to the next (across, down): mm, or in proportion."""
        if self.axis is Axis.Z:
            return self.grid.pixel
        across, down = (self.grid.spacing[axis] for axis in self.axes)
        return (1.0, 1.0) if across is None or down is None else (across, down)

    @property
    def name(self) -> PlaneName | None:
        """The patient's plane that this one is nearest to; None if the orientation is unknown."""
        return plane_name(self.grid, self.axis)

    @property
    def obliquity(self) -> float:
        """By how many degrees its normal leans from the nearest patient axis; 0 if unknown."""
        affine = self.grid.affine
        if affine is None:
            return 0.0
        across, down = (affine[:3, axis] for axis in self.axes)
        normal = np.cross(across, down)
        return float(np.degrees(np.arccos(min(np.abs(normal / np.linalg.norm(normal)).max(), 1.0))))

    def position_at(self, index: float) -> float | None:
        """Where a slice lies along its normal, in mm of patient space; None if unknown.

        The normal looks toward the patient's left, back or head.
        """
        affine = self.grid.affine
        if affine is None:
            return None
        across, down = (affine[:3, axis] for axis in self.axes)
        normal = np.cross(across, down)
        normal *= np.sign(normal[np.abs(normal).argmax()]) / np.linalg.norm(normal)
        voxel = np.zeros((1, 3))
        voxel[0, self.axis] = index
        return float(space.to_patient(affine, voxel)[0] @ normal)

    @cached_property
    def letters(self) -> Letters | None:
        """What the four edges look toward; None if the orientation is not known."""
        affine = self.grid.affine
        if affine is None:
            return None
        right, down = screen_directions(affine, self.axes, self.laying)
        return Letters(letters_of(-right), letters_of(-down), letters_of(right), letters_of(down))

    # ---- where things are

    @cached_property
    def to_screen(self) -> Affine:
        """Maps a place on the slice (across, down), in voxels, to the view's device pixels."""
        forth = np.eye(3)
        forth[:2, :2] = self.scale * self.laying.matrix @ np.diag(self.pitch)
        middle = (np.array(self.view) - 1) / 2
        shift = middle - forth[:2, :2] @ np.array(self.centre)
        # The slice begins on a whole device pixel: at 1:1 every voxel gets one of its own.
        edges = shift + self._corners @ forth[:2, :2].T
        begins = edges.min(axis=0) + 0.5
        forth[:2, 2] = shift + np.floor(begins + 0.5 + _TIE) - begins
        forth.setflags(write=False)
        return forth

    @cached_property
    def from_screen(self) -> Affine:
        """Maps the view's device pixels to a place on the slice (across, down), in voxels."""
        forth = self.to_screen
        back = np.eye(3)
        # A turned diagonal: its inverse is exact without an elimination.
        unit = self.laying.matrix
        back[:2, :2] = np.diag(1 / (self.scale * np.array(self.pitch))) @ unit.T
        back[:2, 2] = -back[:2, :2] @ forth[:2, 2]
        back.setflags(write=False)
        return back

    def to_device(self, voxels: Points) -> Points:
        """Map voxels (n, 3) to device positions (n, 2); how deep they lie does not matter."""
        forth = self.to_screen
        placed: Points = voxels[:, list(self.axes)] @ forth[:2, :2].T + forth[:2, 2]
        return placed

    def to_voxel(self, points: Points) -> Points:
        """Map device positions (n, 2) to voxels (n, 3) on the slice, not rounded."""
        back = self.from_screen
        voxels = np.full((len(points), 3), float(self.index))
        voxels[:, list(self.axes)] = points @ back[:2, :2].T + back[:2, 2]
        return voxels

    def to_patient(self, points: Points) -> Points | None:
        """Map device positions (n, 2) to patient positions (n, 3), LPS mm; None if unknown."""
        affine = self.grid.affine
        return None if affine is None else space.to_patient(affine, self.to_voxel(points))

    def shows(self, voxel: tuple[float, float, float] | Points) -> bool:
        """Whether a voxel (x, y, z), also one between slices, lies within half a slice."""
        return abs(float(voxel[self.axis]) - self.index) <= 0.5

    def voxel_at(self, at: tuple[float, float]) -> tuple[int, int, int] | None:
        """The voxel (x, y, z) that covers a device position; None beside the slice."""
        x, y, z = np.floor(self.to_voxel(np.array([at]))[0] + 0.5).astype(int).tolist()
        inside = all(0 <= at < side for at, side in zip((x, y, z), self.grid.size, strict=True))
        return (x, y, z) if inside else None

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The slice's left, top, right and bottom in device pixels, at its outer edges.

        A pixel's centre is a whole number, so that the view itself begins at -1/2.
        """
        placed = self._corners @ self.to_screen[:2, :2].T + self.to_screen[:2, 2]
        (left, top), (right, bottom) = placed.min(axis=0), placed.max(axis=0)
        return float(left), float(top), float(right), float(bottom)

    @property
    def _corners(self) -> Points:
        """The slice's outer corners that lie opposite each other, (across, down), 2x2."""
        across, down = self.size
        return np.array([[-0.5, -0.5], [across - 0.5, down - 0.5]])

    # ---- how large

    @property
    def zoom(self) -> float:
        """Device pixels per voxel, along the axis where voxels are closer."""
        return self.scale * min(self.pitch)

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole slice fills the view."""
        extent = np.array(self.size) * np.array(self.pitch)
        across, down = np.abs(self.laying.matrix @ extent)
        return float(min(self.view[0] / across, self.view[1] / down))

    @property
    def is_fitted(self) -> bool:
        """Whether this shows the whole slice, as large as the view allows."""
        whole = self.refitted()
        return (self.scale, self.centre) == (whole.scale, whole.centre)

    # ---- moving

    def at_index(self, index: int) -> "Plane":
        """Another slice along the same axis, the nearest that there is."""
        return replace(self, index=min(max(index, 0), self.count - 1))

    def stepped(self, slices: int) -> "Plane":
        """Further by ``slices`` as a reader counts: toward feet, back or left."""
        forward = -1 if counts_down(self.grid, self.axis) else 1
        return self.at_index(self.index + forward * slices)

    def at_number(self, number: int) -> "Plane":
        """The slice with this number, the nearest that there is."""
        return self.stepped(number - self.number)

    def at_frame(self, frame: int) -> "Plane":
        """The same of another frame."""
        return replace(self, frame=frame)

    def refitted(self) -> "Plane":
        """The whole slice, as large as the view allows."""
        return Plane.fitted(self.grid, self.axis, self.index, self.view, self.laying, self.frame)

    def resized(self, view: tuple[int, int]) -> "Plane":
        """The same in a view of another size: a fitted slice stays fitted."""
        sides = (max(view[0], 1), max(view[1], 1))
        if self.is_fitted:
            return replace(self, view=sides).refitted()
        return replace(self, view=sides)

    def laid(self, laying: Laying) -> "Plane":
        """Laid otherwise; what lies in the middle of the view stays there."""
        if self.is_fitted:
            return replace(self, laying=laying).refitted()
        return replace(self, laying=laying)

    def at_scale(self, scale: float, at: tuple[float, float] | None = None) -> "Plane":
        """At ``scale``, within its limits; what lies under ``at``, or the middle, stays there.

        Within half a device pixel, since slices begin on whole ones.
        """
        most = max(MOST_ZOOM / min(self.pitch), self.fit_scale)
        least = _LEAST_OF_FIT * min(self.fit_scale, 1 / min(self.pitch))
        held = min(max(scale, least), most)
        if at is None:
            return replace(self, scale=held)._held()
        place = (self.from_screen @ (*at, 1.0))[:2]
        away = np.subtract(at, (np.array(self.view) - 1) / 2)
        middle = place - self.laying.matrix.T @ away / (held * np.array(self.pitch))
        across, down = middle.tolist()
        return replace(self, scale=held, centre=(across, down))._held()

    def zoomed(self, factor: float, at: tuple[float, float] | None = None) -> "Plane":
        """Larger by ``factor``; what lies under the device position ``at`` stays under it."""
        return self.at_scale(self.scale * factor, at)

    def panned(self, right: float, down: float) -> "Plane":
        """Moved by whole device pixels, as if dragged."""
        moved = self.from_screen[:2, :2] @ np.rint([right, down])
        across, along = (np.array(self.centre) - moved).tolist()
        return replace(self, centre=(across, along))._held()

    def centred(self, voxel: Points) -> "Plane":
        """With a voxel in the middle of the view, on the slice that is nearest to it."""
        across, down = (float(voxel[axis]) for axis in self.axes)
        nearest = int(np.floor(voxel[self.axis] + 0.5))
        return replace(self.at_index(nearest), centre=(across, down))._held()

    def _held(self) -> "Plane":
        """The middle of the view stays on the slice, so that it cannot get lost."""
        across, down = (
            min(max(at, 0.0), side - 1.0) for at, side in zip(self.centre, self.size, strict=True)
        )
        return replace(self, centre=(across, down))
