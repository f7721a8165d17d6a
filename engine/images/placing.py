"""A grid for a volume of one file: as its affine says, or laid straight where that is sheared."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.images.plan import Resampling
from engine.pictures import Grid, Repair, RepairKind, grid_of
from engine.space import Affine4, affine_of, shear_of, spacing_of

TOLERANCE = 0.1
"""Decided: a shear that moves no voxel by more than so much of a voxel is rounding."""

Spacing = tuple[float | None, float | None, float | None]
Size = tuple[int, int, int]


@dataclass(frozen=True)
class Placement:
    """Where a volume lies once it is read, and what that took."""

    grid: Grid
    resampling: Resampling | None
    repairs: tuple[Repair, ...]
    warnings: tuple[str, ...]


def unplaced(
    size: Size, spacing: Spacing, repairs: tuple[Repair, ...], warnings: tuple[str, ...]
) -> Placement:
    """A volume whose place in the patient is not known."""
    return Placement(Grid(size, spacing), None, repairs, warnings)


def place(
    affine: Affine4, size: Size, repairs: tuple[Repair, ...], warnings: tuple[str, ...]
) -> Placement:
    """A volume by the affine of its voxels to LPS mm; a sheared one is planned to be resampled."""
    if _moved_by_shear(affine, size) <= TOLERANCE:
        return Placement(grid_of(affine, size), None, repairs, warnings)
    straight, new_size = straightened(affine, size)
    rows = tuple(_rows(affine, z) for z in range(size[2]))
    detail = (
        f"The axes of the stored picture are not at right angles: {shear_of(affine):.1f}° off. "
        "Its values were interpolated onto a straight grid; lengths and angles are right there."
    )
    return Placement(
        grid_of(straight, new_size),
        Resampling(rows, blank=0.0),
        (*repairs, Repair(RepairKind.SHEAR, detail)),
        warnings,
    )


def straightened(affine: Affine4, size: Size) -> tuple[Affine4, Size]:
    """A grid at right angles over all voxels of a sheared one: its affine and size.

    The rows keep their direction; columns and slices are turned upright to them. Spacing is that
    between neighbouring rows and slices.
    """
    directions = np.empty((3, 3))
    columns = affine[:3, :3]
    directions[:, 0] = _unit(columns[:, 0])
    directions[:, 1] = _unit(_across(columns[:, 1], directions[:, :1]))
    directions[:, 2] = _unit(_across(columns[:, 2], directions[:, :2]))
    x, y, z = (abs(float(directions[:, axis] @ columns[:, axis])) for axis in range(3))
    inverse = np.linalg.inv(affine_of(directions, (x, y, z), affine[:3, 3]))
    corners = inverse @ affine @ _corners(size)
    least = np.floor(corners[:3].min(axis=1) + 1e-3)
    most = np.ceil(corners[:3].max(axis=1) - 1e-3)
    origin = affine[:3, 3] + directions @ (least * (x, y, z))
    new = (most - least + 1).astype(int).tolist()
    return affine_of(directions, (x, y, z), origin), (new[0], new[1], new[2])


def _moved_by_shear(affine: Affine4, size: Size) -> float:
    """How far, in voxels of the smallest spacing, shear moves a corner at most."""
    extent = (np.array(size) - 1) * np.linalg.norm(affine[:3, :3], axis=0)
    unit = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    cosines = np.abs(unit.T @ unit - np.eye(3))
    return float((cosines * np.minimum.outer(extent, extent)).max() / min(spacing_of(affine)))


def _across(vector: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    rest: NDArray[np.float64] = vector - others @ (others.T @ vector)
    return rest


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    unit: NDArray[np.float64] = vector / np.linalg.norm(vector)
    return unit


def _corners(size: Size) -> NDArray[np.float64]:
    ends = [(0, length - 1) for length in size]
    return np.array([[x, y, z, 1] for x in ends[0] for y in ends[1] for z in ends[2]], float).T


def _rows(affine: Affine4, z: int) -> tuple[tuple[float, float, float, float], ...]:
    """The affine of one slice: from (x, y, 0, 1) to LPS mm."""
    here = affine.copy()
    here[:3, 3] += affine[:3, 2] * z
    return tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in here)
