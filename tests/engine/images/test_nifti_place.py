"""Where a NIfTI volume lies in the patient: sform, qform, units and sizes, sheared or unknown."""

from pathlib import Path

import numpy as np
import pytest
import volume_files as files
from numpy.typing import NDArray
from volumes_read import LPS, opened, repairs

from engine.pictures import RepairKind


def turned(degrees: float) -> NDArray[np.float64]:
    """About z."""
    angle = np.radians(degrees)
    affine = np.eye(4)
    affine[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return affine


def test_the_sform_is_used_and_a_differing_qform_said(tmp_path: Path) -> None:
    other = files.PLAIN.copy()
    other[:3, 3] += (0, 30, 0)
    volume = opened(files.nifti(files.ramp(), sform=files.PLAIN, qform=other), tmp_path)
    assert volume.facts.grid.affine == pytest.approx(LPS @ files.PLAIN, abs=1e-5)
    words = repairs(volume)[RepairKind.ORIENTATION]
    assert "30.0 mm" in words
    assert "sform is used" in words


def test_forms_that_differ_by_rounding_are_not_spoken_of(tmp_path: Path) -> None:
    affine = turned(0.3) @ files.PLAIN
    volume = opened(files.nifti(files.ramp(64, 64, 20), sform=affine, qform=affine), tmp_path)
    assert not volume.facts.repairs


def test_the_qform_is_used_where_the_sform_has_no_code(tmp_path: Path) -> None:
    other = turned(5) @ files.PLAIN
    content = files.nifti(files.ramp(), sform=files.PLAIN, sform_code=0, qform=other)
    assert opened(content, tmp_path).facts.grid.affine == pytest.approx(LPS @ other, abs=1e-4)


@pytest.mark.parametrize("step", [1e-38, 1e30])
def test_a_size_that_no_voxel_has_is_not_believed(step: float, tmp_path: Path) -> None:
    sheared = files.PLAIN.copy()
    sheared[1, 1], sheared[1, 2] = step, 2
    volume = opened(files.nifti(files.ramp(), sform=sheared), tmp_path)
    assert volume.facts.grid.rows is None
    assert volume.facts.grid.spacing[1] is None
    assert any("no voxel size along y" in said for said in volume.facts.warnings)


def test_an_empty_sform_gives_way_to_the_qform(tmp_path: Path) -> None:
    content = files.nifti(
        files.ramp(), qform=files.PLAIN, srow_x=np.zeros(4), srow_y=np.zeros(4), srow_z=np.zeros(4)
    )
    volume = opened(content, tmp_path)
    assert volume.facts.grid.affine == pytest.approx(LPS @ files.PLAIN, abs=1e-4)
    assert "qform is used" in repairs(volume)[RepairKind.ORIENTATION]


@pytest.mark.parametrize("odd", [{"quatern_b": 2.0}, {"quatern_b": np.nan}])
def test_a_qform_that_is_no_rotation_leaves_the_orientation_unknown(
    odd: dict[str, float], tmp_path: Path
) -> None:
    content = files.nifti(files.ramp(), sform=None, qform=files.PLAIN, **odd)
    volume = opened(content, tmp_path)
    assert volume.facts.grid.orientation is None
    assert volume.facts.grid.spacing == (0.7, 0.8, 3)


def test_without_codes_left_and_right_are_not_known(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), sform_code=0), tmp_path)
    assert volume.facts.grid.orientation is None
    assert volume.facts.grid.spacing == (0.7, 0.8, 3)
    assert any("left and right are not known" in warning for warning in volume.facts.warnings)


def test_a_voxel_size_of_zero_is_no_size(tmp_path: Path) -> None:
    pixdim = [1, 2, 2, 0, 0, 0, 0, 0]
    volume = opened(files.nifti(files.ramp(), sform=None, pixdim=pixdim), tmp_path)
    assert volume.facts.grid.spacing == (2, 2, None)
    assert any("along z" in warning for warning in volume.facts.warnings)


@pytest.mark.parametrize(("unit", "factor"), [(1, 1000.0), (3, 0.001)])
def test_other_units_become_millimetres(unit: int, factor: float, tmp_path: Path) -> None:
    affine = files.PLAIN / factor
    affine[3, 3] = 1
    volume = opened(files.nifti2(files.ramp(), sform=affine, xyzt_units=unit), tmp_path)
    assert volume.facts.grid.affine == pytest.approx(LPS @ files.PLAIN)
    assert "millimetres" in repairs(volume)[RepairKind.UNITS]


def test_an_unknown_unit_is_taken_as_millimetres_and_said(tmp_path: Path) -> None:
    volume = opened(files.nifti(files.ramp(), xyzt_units=0), tmp_path)
    assert volume.facts.grid.spacing == pytest.approx((0.7, 0.8, 3))
    assert any("taken as mm" in warning for warning in volume.facts.warnings)


def test_two_voxel_sizes_in_one_header_are_said(tmp_path: Path) -> None:
    pixdim = [1, 0.7, 0.8, 5, 0, 0, 0, 0]
    volume = opened(files.nifti(files.ramp(), pixdim=pixdim), tmp_path)
    assert volume.facts.grid.spacing == pytest.approx((0.7, 0.8, 3))
    assert "× 5 mm" in repairs(volume)[RepairKind.SPACING]


def test_a_ball_in_a_sheared_file_is_a_ball_once_it_is_straight(tmp_path: Path) -> None:
    affine = np.array([[1, 0, 0, -20], [0, 1, 0.5, -20], [0, 0, 1, -20], [0, 0, 0, 1]], float)
    voxels = np.indices((40, 40, 40)).reshape(3, -1)
    centre = affine[:3, :3] @ (20, 20, 20) + affine[:3, 3]
    away = np.linalg.norm(affine[:3, :3] @ voxels + affine[:3, 3:] - centre[:, None], axis=0)
    ball = (1000 * np.clip(9 - away, 0, 1)).reshape(40, 40, 40).astype(np.int16)

    volume = opened(files.nifti(ball, sform=affine), tmp_path)
    assert "26.6°" in repairs(volume)[RepairKind.SHEAR]
    grid = volume.facts.grid
    assert grid.affine is not None
    axes = grid.affine[:3, :3]
    assert axes.T @ axes == pytest.approx(np.diag(np.square(grid.spacing)), abs=1e-9)
    z, y, x = np.nonzero(volume.frame() >= 500)
    inside = grid.affine[:3, :3] @ np.array([x, y, z]) + grid.affine[:3, 3:]
    middle = (LPS @ (*centre, 1))[:3]
    assert inside.mean(axis=1) == pytest.approx(middle, abs=0.1)
    radii = np.linalg.norm(inside - middle[:, None], axis=0)
    volume_of_it = len(x) * np.prod(grid.spacing)
    assert volume_of_it == pytest.approx(4 / 3 * np.pi * 8.5**3, rel=0.03)
    assert radii.max() == pytest.approx(8.5, abs=0.7)


def test_a_shear_within_rounding_is_left_alone(tmp_path: Path) -> None:
    affine = files.PLAIN.copy()
    affine[1, 2] = 1e-5
    volume = opened(files.nifti(files.ramp(), sform=affine), tmp_path)
    assert not volume.facts.repairs
