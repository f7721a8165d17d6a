"""A volume that was acquired obliquely is laid on a grid along the patient's own axes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.images.laid import as_laid, floats_of
from engine.pictures import Grid, Repair, RepairKind, VolumeFacts, grid_of
from engine.space import Affine4, orientation_of

ALONG = 1e-4
"""Sine of 0.006 degrees: a volume that is turned by less lies straight already."""

SLAB = 16
"""How many slices are computed at once."""

_AXES = {
    letter: sign * np.eye(3)[axis]
    for axis, ends in enumerate((("R", "L"), ("A", "P"), ("I", "S")))
    for letter, sign in zip(ends, (-1.0, 1.0), strict=True)
}


def straight_grid(grid: Grid) -> Grid | None:
    """The grid along the patient's axes that holds all of ``grid``; None if it is that already.

    Each axis points along the patient's axis that was nearest to it. Within a slice the voxels are
    square, as fine as the finest acquired spacing; from slice to slice the distance is the largest
    at which no acquired sample is skipped.

    Raises ``Refusal`` where the volume's place in the patient is not known, or it is one slice.
    """
    if grid.affine is None:
        raise Refusal(
            "This volume cannot be laid straight.",
            "Its files do not say how it lies in the patient.",
            "Look at it in its own planes.",
        )
    axes = _nearest_axes(grid.affine)
    spacing = np.linalg.norm(grid.affine[:3, :3], axis=0)
    cosines = axes.T @ (grid.affine[:3, :3] / spacing)
    if np.abs(cosines - np.eye(3)).max() < ALONG:
        return None
    if grid.size[2] < 2:
        raise Refusal(
            "This picture cannot be laid straight.",
            "It is one slice, and nothing is known of what lies beside it.",
            "Look at it in its own plane.",
        )
    finest = spacing.min()
    onward = np.abs(cosines[2])
    between = (spacing[onward > ALONG] / onward[onward > ALONG]).min()
    steps = np.array([finest, finest, max(between, finest)])
    corners = np.array(np.meshgrid(*((0, n - 1) for n in grid.size))).reshape(3, -1)
    reach = axes.T @ (grid.affine[:3, :3] @ corners + grid.affine[:3, 3:])
    least, greatest = reach.min(axis=1), reach.max(axis=1)
    size = np.ceil((greatest - least) / steps - 1e-6) + 1
    affine = np.eye(4)
    affine[:3, :3] = axes * steps
    # What the whole number of steps is too long by sticks out evenly at both ends.
    affine[:3, 3] = axes @ ((least + greatest - (size - 1) * steps) / 2)
    x, y, z = size.astype(int).tolist()
    return replace(grid_of(affine, (x, y, z)), approximate=grid.approximate)


def straightened(facts: VolumeFacts, target: Grid) -> VolumeFacts:
    """The facts of a volume once it lies on ``target``."""
    assert facts.grid.affine is not None
    unit = facts.grid.affine[:3, :3] / np.linalg.norm(facts.grid.affine[:3, :3], axis=0)
    cosines = (_nearest_axes(facts.grid.affine) * unit).sum(axis=0)
    turned = np.degrees(np.arccos(np.clip(cosines.min(), -1, 1)))
    x, y, z = target.spacing
    repair = Repair(
        RepairKind.STRAIGHTENED,
        f"The volume was turned by {turned:.1f}° to lie along the patient's axes, and its values "
        f"interpolated linearly to voxels of {x:.2f} × {y:.2f} × {z:.2f} mm. "
        "Where nothing was acquired, nothing is shown or measured.",
    )
    repairs = (*facts.repairs, repair)
    return replace(
        facts, grid=target, repairs=repairs, padding=None, interpolated=True, overprints=()
    )


def straighten(
    values: NDArray[Any], grid: Grid, target: Grid, padding: float | None = None
) -> Iterator[NDArray[Any]]:
    """Yield the slices of ``target``, (y, x) or (y, x, 3), of one frame that lies on ``grid``.

    ``values`` is (z, y, x) or (z, y, x, 3), of ``padding`` where nothing was measured. What comes
    is as ``engine.images.laid`` says; voxels that lie further outside than half an acquired voxel
    hold nothing, and those that a missing slice or padding takes part in. Takes memory for another
    copy in floats.
    """
    import SimpleITK as sitk

    colour = values.ndim == 4
    floats = floats_of(values, padding)
    # Whatever a voxel without a value takes part in has no value.
    floats[list(grid.missing)] = np.nan
    image = sitk.GetImageFromArray(floats, isVector=colour)
    del floats
    assert grid.affine is not None and target.affine is not None
    to_acquired = np.linalg.inv(grid.affine) @ target.affine
    for begin in range(0, target.size[2], SLAB):
        count = min(SLAB, target.size[2] - begin)
        slab = _resampled(image, to_acquired, (*target.size[:2], count), begin)
        yield from as_laid(slab, colour)


def _resampled(
    image: Any, to_acquired: Affine4, size: tuple[int, int, int], begin: int
) -> NDArray[Any]:
    """Slices ``begin`` and on, NaN where there is no value. Both images count in voxels."""
    import SimpleITK as sitk

    transform = sitk.AffineTransform(3)
    transform.SetMatrix(to_acquired[:3, :3].ravel().tolist())
    transform.SetTranslation(to_acquired[:3, 3].tolist())
    resampling = sitk.ResampleImageFilter()
    resampling.SetTransform(transform)
    resampling.SetInterpolator(sitk.sitkLinear)
    resampling.SetDefaultPixelValue(float("nan"))
    resampling.SetOutputOrigin((0.0, 0.0, float(begin)))
    resampling.SetSize(size)
    slab: NDArray[Any] = sitk.GetArrayFromImage(resampling.Execute(image))
    return slab


def _nearest_axes(affine: Affine4) -> NDArray[np.float64]:
    """The patient's axes, as unit columns, that x, y and z lie nearest to."""
    return np.column_stack([_AXES[letter] for letter in orientation_of(affine)])
