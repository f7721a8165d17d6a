"""The grid of a volume that is one file: as its affine says, or straight where that is sheared."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.pictures import Grid, Repair, RepairKind, grid_of
from engine.space import COARSEST, FINEST, Affine4, affine_of, shear_of, spacing_of

TOLERANCE = 0.1
"""Decided: a shear that moves no voxel by more than so much of a voxel is rounding."""

Spacing = tuple[float | None, float | None, float | None]
Size = tuple[int, int, int]


@dataclass(frozen=True)
class Placement:
    """Where a volume lies once it is read, and what that took.

    ``sheared`` is the grid on which the stored voxels lie, where it is not at right angles.
    """

    grid: Grid
    repairs: tuple[Repair, ...]
    warnings: tuple[str, ...]
    sheared: Grid | None = None


def place(
    affine: Affine4, size: Size, repairs: tuple[Repair, ...], warnings: tuple[str, ...]
) -> Placement:
    """A volume by the affine of its voxels to LPS mm."""
    grid = grid_of(affine, size)
    if _moved_by_shear(affine, size) <= TOLERANCE:
        return Placement(grid, repairs, warnings)
    detail = (
        f"The axes of the stored picture are not at right angles: {shear_of(affine):.1f}° off. "
        "Its values were interpolated onto a straight grid; lengths and angles are right there."
    )
    repairs = (*repairs, Repair(RepairKind.SHEAR, detail))
    return Placement(straightened(affine, size), repairs, warnings, sheared=grid)


def unplaced(
    size: Size, spacing: Spacing, repairs: tuple[Repair, ...], warnings: tuple[str, ...]
) -> Placement:
    """A volume of which only the spacing is known, and perhaps not even that."""
    x, y, z = (long if long and FINEST < long < COARSEST else None for long in spacing)
    spacing = (x, y, z)
    lost = " and ".join(
        name
        for name, long, count in zip("xyz", spacing, size, strict=True)
        if not long and count > 1
    )
    if lost:
        said = f"The header gives no voxel size along {lost}: no millimetres there."
        warnings = (*warnings, said)
    unknown = (
        "The file does not say how the picture lies in the patient: left and right are not known."
    )
    return Placement(Grid(size, spacing), repairs, (*warnings, unknown))


def single(placed: Placement) -> Placement:
    """One picture, whose file gives no spacing across it."""
    x, y, _ = placed.grid.spacing
    return replace(placed, grid=replace(placed.grid, spacing=(x, y, None)))


def is_volume(affine: Affine4) -> bool:
    """Whether the three directions span a volume at all."""
    if not np.isfinite(affine).all():
        return False
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    if not (lengths.min() > FINEST and lengths.max() < COARSEST):
        return False
    return abs(float(np.linalg.det(affine[:3, :3] / lengths))) > 1e-3


def straightened(affine: Affine4, size: Size) -> Grid:
    """A grid at right angles over all voxels of a sheared one.

    The rows keep their direction; columns and slices are turned upright to them. Spacing is that
    between neighbouring columns, rows and slices.
    """
    directions = np.empty((3, 3))
    columns = affine[:3, :3]
    for axis in range(3):
        before = directions[:, :axis]
        rest = columns[:, axis] - before @ (before.T @ columns[:, axis])
        directions[:, axis] = rest / np.linalg.norm(rest)
    x, y, z = (abs(float(directions[:, axis] @ columns[:, axis])) for axis in range(3))
    to_straight = np.linalg.inv(affine_of(directions, (x, y, z), affine[:3, 3]))
    reach = (to_straight @ affine @ _corners(size))[:3]
    least = np.floor(reach.min(axis=1) + 1e-3)
    most = np.ceil(reach.max(axis=1) - 1e-3)
    origin = affine[:3, 3] + directions @ (least * (x, y, z))
    across, down, deep = (most - least + 1).astype(int).tolist()
    return grid_of(affine_of(directions, (x, y, z), origin), (across, down, deep))


def _moved_by_shear(affine: Affine4, size: Size) -> float:
    """How far, in voxels of the smallest spacing, shear moves a corner at most."""
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    extent = (np.array(size) - 1) * lengths
    unit = affine[:3, :3] / lengths
    cosines = np.abs(unit.T @ unit - np.eye(3))
    return float((cosines * np.minimum.outer(extent, extent)).max() / min(spacing_of(affine)))


def _corners(size: Size) -> NDArray[np.float64]:
    ends = [(0, length - 1) for length in size]
    return np.array([[x, y, z, 1] for x in ends[0] for y in ends[1] for z in ends[2]], float).T
