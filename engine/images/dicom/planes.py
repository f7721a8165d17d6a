"""Which way pictures look: their orientation checked, put right, told apart and named."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Orientation = tuple[float, float, float, float, float, float]
Floats = NDArray[np.float64]

ANGLE = 0.5
"""Degrees. Decided: pictures that are turned against each other by less belong to one stack; a
scanner that follows a moving head turns its pictures by tenths of a degree."""

SAID_ANGLE = 0.01
"""Degrees. Decided: from here on it is said; at the rim of a head it is a fiftieth of a mm."""

_WRITTEN = 1e-3
"""Decided: directions that are written with three decimals are off by less, and put right."""

_CROOKED = 0.05
"""Decided: directions that are further from unit length or from a right angle (cosine) than this
say nothing that can be trusted."""

_NAMES = ("sagittal", "coronal", "axial")


@dataclass(frozen=True, eq=False)
class Plane:
    """Where the columns (``across``) and rows (``down``) of a picture grow, and its normal.

    All of unit length, in LPS, at right angles; ``normal`` is ``across`` x ``down``. ``mended`` is
    whether the header's own directions were visibly not so.
    """

    across: Floats
    down: Floats
    mended: bool = False

    @cached_property
    def normal(self) -> Floats:
        """The direction in which slices are stacked."""
        return np.cross(self.across, self.down)

    @cached_property
    def basis(self) -> Floats:
        """3x3: its columns are ``across``, ``down`` and ``normal``."""
        return np.column_stack((self.across, self.down, self.normal))

    @property
    def axes(self) -> Floats:
        """2x3: ``across`` and ``down``."""
        return np.stack((self.across, self.down))

    @property
    def name(self) -> str:
        """The patient's plane that is nearest: "axial", "coronal" or "sagittal"."""
        return _NAMES[int(np.abs(self.normal).argmax())]


def plane_of(orientation: Orientation) -> Plane | None:
    """The plane of an orientation as the header has it, None if it is no plane at all."""
    told = np.array(orientation, np.float64).reshape(2, 3)
    if not np.isfinite(told).all():
        return None
    lengths = np.linalg.norm(told, axis=1)
    off = max(float(np.abs(lengths - 1).max()), abs(float(told[0] @ told[1])))
    if off > _CROOKED:
        return None
    across = told[0] / lengths[0]
    down = told[1] - (told[1] @ across) * across
    return Plane(across, down / np.linalg.norm(down), mended=off > _WRITTEN)


def told_apart(
    orientations: Iterable[Orientation], planes: Mapping[Orientation, Plane]
) -> dict[Orientation, Orientation]:
    """To each orientation the one that stands for its stack: the most frequent within ``ANGLE``."""
    leaders: list[Orientation] = []
    axes = np.empty((0, 2, 3))
    led: dict[Orientation, Orientation] = {}
    counted = Counter(orientations)
    for orientation in sorted(counted, key=lambda each: (-counted[each], each)):
        own = planes[orientation].axes
        near = np.flatnonzero(_degrees(axes - own) < ANGLE)
        if not len(near):
            leaders.append(orientation)
            axes = np.concatenate([axes, own[None]])
        led[orientation] = leaders[near[0]] if len(near) else orientation
    return led


def angle(one: Plane, other: Plane) -> float:
    """Degrees by which two planes are turned against each other, in any way."""
    return float(_degrees(one.axes - other.axes))


def _degrees(chords: Floats) -> Floats:
    """The larger angle of two axes, from the chords (..., 2, 3) between them and two others."""
    # The chord and not the cosine: near 0 the cosine has no digits left.
    chord = np.linalg.norm(chords, axis=-1).max(axis=-1)
    degrees: Floats = np.degrees(2 * np.arcsin(np.minimum(chord / 2, 1.0)))
    return degrees
