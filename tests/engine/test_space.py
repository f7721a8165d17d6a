"""Patient space against SimpleITK's own mapping, and axes by hand."""

import numpy as np
import pytest
import SimpleITK as sitk

from engine.space import affine_of, orientation_of, shear_of, spacing_of, to_patient, to_voxel


def _turned(degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    return np.array(
        [[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]]
    )


def test_voxels_go_where_simpleitk_puts_them() -> None:
    image = sitk.Image(4, 5, 6, sitk.sitkInt16)
    image.SetSpacing((0.5, 0.75, 3.0))
    image.SetOrigin((-10.0, 20.0, 30.0))
    image.SetDirection(_turned(18.5).ravel().tolist())
    affine = affine_of(_turned(18.5), (0.5, 0.75, 3.0), np.array([-10.0, 20.0, 30.0]))
    voxel = (1.5, 2.25, 3.0)
    expected = image.TransformContinuousIndexToPhysicalPoint(voxel)
    assert to_patient(affine, np.array([voxel])) == pytest.approx(np.array([expected]), abs=1e-12)
    assert to_voxel(affine, np.array([expected])) == pytest.approx(np.array([voxel]), abs=1e-12)


def test_spacing_is_that_of_each_axis() -> None:
    affine = affine_of(_turned(30), (0.5, 0.75, 3.0), np.zeros(3))
    assert spacing_of(affine) == pytest.approx((0.5, 0.75, 3.0))


def test_orientation_names_the_nearest_axes() -> None:
    assert orientation_of(np.diag([1.0, 1, 1, 1])) == "LPS"
    assert orientation_of(np.diag([-1.0, -1, 1, 1])) == "RAS"
    assert orientation_of(affine_of(_turned(30), (1, 1, 1), np.zeros(3))) == "LPS"
    assert orientation_of(affine_of(_turned(60), (1, 1, 1), np.zeros(3))) == "LSA"


def test_each_axis_is_named_once_even_between_two() -> None:
    assert sorted(orientation_of(affine_of(_turned(45), (1, 1, 1), np.zeros(3)))[1:]) in (
        ["P", "S"],
        ["A", "S"],
    )


def test_shear_is_the_angle_that_is_missing_to_a_right_one() -> None:
    affine = np.eye(4)
    assert shear_of(affine) == pytest.approx(0)
    affine[1, 2] = np.tan(np.radians(14))
    assert shear_of(affine) == pytest.approx(14)
