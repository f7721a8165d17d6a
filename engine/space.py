"""Patient space: millimetres, LPS, and the affine from a volume's voxels to it.

A voxel (x, y, z) is a column index, a row index and a slice index, its centre at whole numbers;
x, y and z of patient space grow toward the patient's left, back (posterior) and head (superior).
"""

import numpy as np
from numpy.typing import NDArray

Affine4 = NDArray[np.float64]
"""4x4, float64: maps a column (x, y, z, 1) of voxels to LPS millimetres."""

FINEST, COARSEST = 1e-6, 1e4
"""mm. No picture of a patient, or of its cells, has voxels beyond these."""

_TOWARD = (("R", "L"), ("A", "P"), ("I", "S"))


def affine_of(
    directions: NDArray[np.float64],
    spacing: tuple[float, float, float],
    origin: NDArray[np.float64],
) -> Affine4:
    """The affine of a grid.

    ``directions`` is 3x3, its columns the unit vectors along which x, y and z grow; ``spacing`` is
    in mm; ``origin`` is where the centre of voxel (0, 0, 0) lies.
    """
    affine = np.eye(4)
    affine[:3, :3] = directions * np.asarray(spacing)
    affine[:3, 3] = origin
    return affine


def spacing_of(affine: Affine4) -> tuple[float, float, float]:
    """The distance in mm between neighbours along x, y and z."""
    x, y, z = np.linalg.norm(affine[:3, :3], axis=0).tolist()
    return x, y, z


def orientation_of(affine: Affine4) -> str:
    """Toward which x, y and z grow, by their nearest patient axes: "LPS" for a plain axial stack.

    Each patient axis is used once: the assignment whose cosines are largest in sum.
    """
    from itertools import permutations

    unit = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    axes = max(
        permutations(range(3)), key=lambda order: sum(abs(unit[order[i], i]) for i in range(3))
    )
    return "".join(_TOWARD[axis][int(unit[axis, i] > 0)] for i, axis in enumerate(axes))


def to_patient(affine: Affine4, voxels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map voxels (n, 3) to patient positions (n, 3) in mm."""
    moved: NDArray[np.float64] = voxels @ affine[:3, :3].T + affine[:3, 3]
    return moved


def to_voxel(affine: Affine4, positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map patient positions (n, 3) in mm to voxels (n, 3), not rounded."""
    inverse = np.linalg.inv(affine).astype(np.float64)
    return to_patient(inverse, positions)


def shear_of(affine: Affine4) -> float:
    """The largest deviation of an angle between two axes from 90 degrees, in degrees."""
    unit = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    cosines = unit.T @ unit - np.eye(3)
    return float(np.degrees(np.arcsin(np.clip(np.abs(cosines).max(), 0, 1))))
