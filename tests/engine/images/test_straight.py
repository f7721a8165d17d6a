"""An oblique volume on a straight grid: the values are those at the same places of the patient."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from engine.errors import Refusal
from engine.images.straight import straight_grid, straighten, straightened
from engine.pictures import Grid, RepairKind, VolumeFacts, grid_of
from engine.space import affine_of, to_patient

SIZE = (24, 20, 12)
SPACING = (0.8, 0.9, 2.5)


def turned(degrees: list[float], missing: tuple[int, ...] = ()) -> Grid:
    turn = Rotation.from_euler("xyz", degrees, degrees=True).as_matrix()
    return grid_of(affine_of(turn, SPACING, np.array([-12.0, 5.0, 80.0])), SIZE, missing)


def patient(grid: Grid) -> NDArray[np.float64]:
    """Where each voxel lies, (z, y, x, 3)."""
    assert grid.affine is not None
    z, y, x = np.mgrid[: grid.size[2], : grid.size[1], : grid.size[0]]
    return to_patient(grid.affine, np.stack([x, y, z], -1).reshape(-1, 3).astype(float)).reshape(
        *z.shape, 3
    )


def ramp(grid: Grid) -> NDArray[np.float64]:
    """A linear field of the patient's space: linear interpolation keeps it exactly."""
    return patient(grid) @ np.array([3.0, -5.0, 7.0]) + 1000


def test_a_straight_volume_needs_no_other_grid() -> None:
    assert straight_grid(turned([0, 0, 0])) is None
    assert straight_grid(turned([90, 0, 180])) is None


def test_a_straight_grid_lies_along_the_nearest_axes_and_holds_the_whole_volume() -> None:
    grid = turned([25, -10, 95])
    straight = straight_grid(grid)
    assert straight is not None and straight.affine is not None
    assert straight.orientation == grid.orientation
    directions = straight.affine[:3, :3] / np.linalg.norm(straight.affine[:3, :3], axis=0)
    np.testing.assert_allclose(np.abs(directions).max(axis=0), 1)
    inverse = np.linalg.inv(straight.affine)
    voxels = to_patient(inverse, patient(grid).reshape(-1, 3))
    assert voxels.min() > -1e-6
    assert (voxels.max(axis=0) < np.array(straight.size) - 1 + 1e-6).all()
    assert (voxels.max(axis=0) - voxels.min(axis=0) > np.array(straight.size) - 2.1).all()


def test_its_voxels_are_square_and_as_fine_as_the_finest_acquired() -> None:
    straight = straight_grid(turned([15, 0, 0]))
    assert straight is not None
    assert straight.spacing == pytest.approx((0.8, 0.8, 2.5 / np.cos(np.radians(15))))
    # A row that climbs at 40 degrees passes a sample of 0.9 mm in less height than a slice.
    steeper = straight_grid(turned([40, 0, 0]))
    assert steeper is not None
    assert steeper.spacing[2] == pytest.approx(0.9 / np.sin(np.radians(40)))


def inner(grid: Grid, straight: Grid) -> NDArray[np.bool_]:
    """Which voxels of ``straight`` lie between centres of ``grid``, (z, y, x)."""
    assert grid.affine is not None
    voxels = to_patient(np.linalg.inv(grid.affine), patient(straight).reshape(-1, 3))
    between = (voxels >= 0) & (voxels <= np.array(grid.size) - 1)
    return between.all(axis=1).reshape(straight.size[::-1])


@pytest.mark.parametrize(("dtype", "error"), [(np.int16, 1.01), (np.float32, 1e-3), (float, 1e-6)])
def test_values_are_those_at_the_same_place(dtype: type, error: float) -> None:
    grid = turned([25, -10, 95])
    straight = straight_grid(grid)
    assert straight is not None
    values = np.rint(ramp(grid)).astype(dtype) if dtype is np.int16 else ramp(grid).astype(dtype)
    laid = np.stack(list(straighten(values, grid, straight)))
    assert laid.dtype == (np.float64 if dtype is float else np.float32)
    assert laid.shape == straight.size[::-1]
    inside = inner(grid, straight)
    assert inside.mean() > 0.2
    np.testing.assert_allclose(laid[inside], ramp(straight)[inside], atol=error)


def test_what_lies_outside_is_blank() -> None:
    grid = turned([25, -10, 95])
    straight = straight_grid(grid)
    assert straight is not None and grid.affine is not None
    laid = np.stack(list(straighten(ramp(grid), grid, straight)))
    voxels = to_patient(np.linalg.inv(grid.affine), patient(straight).reshape(-1, 3))
    outside = ((voxels < -0.51) | (voxels > np.array(grid.size) - 0.49)).any(axis=1)
    np.testing.assert_array_equal(np.isnan(laid.ravel()[outside]), True)


def test_nothing_is_read_off_a_missing_slice() -> None:
    grid = turned([10, 0, 0], missing=(5, 6))
    straight = straight_grid(grid)
    assert straight is not None and grid.affine is not None
    values = ramp(grid)
    values[5:7] = 0
    laid = np.stack(list(straighten(values, grid, straight)))
    inside = inner(grid, straight) & np.isfinite(laid)
    np.testing.assert_allclose(laid[inside], ramp(straight)[inside], atol=1e-6)
    depth = to_patient(np.linalg.inv(grid.affine), patient(straight).reshape(-1, 3))[:, 2]
    between = (depth > 4.01) & (depth < 6.99)
    np.testing.assert_array_equal(np.isnan(laid.ravel()[between]), True)


def test_nothing_is_made_of_padding() -> None:
    grid = turned([10, 0, 0])
    straight = straight_grid(grid)
    assert straight is not None
    values = np.full(SIZE[::-1], 40, np.int16)
    values[:, :, :8] = -2000
    laid = np.stack(list(straighten(values, grid, straight, -2000)))
    assert set(np.unique(laid[np.isfinite(laid)])) == {40}
    facts = straightened(VolumeFacts(grid, padding=-2000), straight)
    assert facts.interpolated and facts.padding is None


def test_colours_are_laid_straight_too() -> None:
    grid = turned([15, 0, 0])
    straight = straight_grid(grid)
    assert straight is not None
    colours = np.broadcast_to(np.array([10, 200, 30], np.uint8), (*SIZE[::-1], 3))
    laid = np.stack(list(straighten(colours, grid, straight)))
    assert laid.shape == (*straight.size[::-1], 3)
    assert {tuple(pixel) for pixel in laid.reshape(-1, 3)} == {(0, 0, 0), (10, 200, 30)}


def test_a_straight_volume_says_what_was_done() -> None:
    grid = turned([20, 0, 0])
    straight = straight_grid(grid)
    assert straight is not None
    facts = straightened(VolumeFacts(grid), straight)
    assert facts.grid == straight
    (repair,) = facts.repairs
    assert repair.kind is RepairKind.STRAIGHTENED
    assert "20.0°" in repair.detail
    assert "nothing is shown or measured" in repair.detail


def test_a_volume_without_a_place_or_depth_is_not_laid_straight() -> None:
    with pytest.raises(Refusal, match="do not say how it lies"):
        straight_grid(Grid((4, 4, 4), (1, 1, 1)))
    affine = turned([20, 0, 0]).affine
    assert affine is not None
    with pytest.raises(Refusal, match="one slice"):
        straight_grid(grid_of(affine, (24, 20, 1)))
