"""Which part of a volume is read: every n-th slice, within a box."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.pictures import (
    Grid,
    Overprint,
    Repair,
    RepairKind,
    VolumeFacts,
    grid_of,
    packed,
)

Box = tuple[int, int, int, int, int, int]
"""(x0, x1, y0, y1, z0, z1), the ends not included."""

Pictures = Iterator[tuple[int, int, NDArray[Any]]]
"""Frame, index of the slice in the part, and what lies there, in whichever order they come."""


class Extent(Struct, frozen=True):
    """The voxels that are read: x, y and z from a beginning to an end, every ``step``-th z."""

    x: tuple[int, int]
    y: tuple[int, int]
    z: tuple[int, int]
    step: int = 1

    @property
    def slices(self) -> range:
        """The indices of the slices that are read."""
        return range(*self.z, self.step)

    @property
    def size(self) -> tuple[int, int, int]:
        """(x, y, z) as read."""
        return self.x[1] - self.x[0], self.y[1] - self.y[0], len(self.slices)


def extent_of(size: tuple[int, int, int], step: int = 1, box: Box | None = None) -> Extent:
    """The part of a volume of ``size`` (x, y, z) that a step and a box name.

    What of the box lies outside the volume is left away. Raises ``Refusal`` if nothing is left.
    """
    x0, x1, y0, y1, z0, z1 = box or (0, size[0], 0, size[1], 0, size[2])
    extent = Extent(
        (max(x0, 0), min(x1, size[0])),
        (max(y0, 0), min(y1, size[1])),
        (max(z0, 0), min(z1, size[2])),
        step,
    )
    if min(extent.size) < 1:
        x, y, z = size
        raise Refusal(
            "This part of the volume cannot be shown.",
            f"It lies outside the volume, which has {x} × {y} × {z} voxels.",
            "Choose a part inside it.",
        )
    return extent


def reduced_grid(grid: Grid, extent: Extent) -> Grid:
    """The grid of the part: each voxel stays where it lies in the patient."""
    x, y, z = grid.spacing
    spacing = (x, y, None if z is None else z * extent.step)
    missing = tuple(new for new, old in enumerate(extent.slices) if old in grid.missing)
    rows = None
    if grid.affine is not None:
        to_whole = np.diag([1.0, 1.0, extent.step, 1.0])
        to_whole[:3, 3] = extent.x[0], extent.y[0], extent.z[0]
        rows = grid_of(grid.affine @ to_whole, extent.size).rows
    return Grid(extent.size, spacing, rows, missing, grid.approximate, grid.aspect)


def reduced(facts: VolumeFacts, extent: Extent) -> VolumeFacts:
    """The facts of the part, which say that it is one; the same for the whole volume."""
    if extent == extent_of(facts.grid.size):
        return facts
    repair = Repair(RepairKind.REDUCED, _words(facts.grid.size, extent))
    grid = reduced_grid(facts.grid, extent)
    overprints = tuple(_cropped(facts, extent))
    return replace(facts, grid=grid, repairs=(*facts.repairs, repair), overprints=overprints)


def _cropped(facts: VolumeFacts, extent: Extent) -> Iterator[Overprint]:
    """What the files draw over the part that is read."""
    places = {old: new for new, old in enumerate(extent.slices)}
    for each in facts.overprints:
        if each.z in places:
            bits = each.bits(facts.grid.size[:2])[slice(*extent.y), slice(*extent.x)]
            yield Overprint(each.frame, places[each.z], packed(bits))


def _words(size: tuple[int, int, int], extent: Extent) -> str:
    sentences = []
    if extent.step > 1:
        sentences.append(
            f"Only every {_ordinal(extent.step)} slice was read, {extent.size[2]} of "
            f"{extent.z[1] - extent.z[0]}: what lies between them is not shown and not measured."
        )
    sides = (
        ("columns", extent.x, size[0]),
        ("rows", extent.y, size[1]),
        ("slices", extent.z, size[2]),
    )
    cut = [
        f"{name} {begin + 1} to {end} of {whole}"
        for name, (begin, end), whole in sides
        if (begin, end) != (0, whole)
    ]
    if cut:
        sentences.append(f"Only a part was read: {', '.join(cut)}.")
    return " ".join(sentences)


def _ordinal(number: int) -> str:
    words = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    if number in words:
        return words[number]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"
